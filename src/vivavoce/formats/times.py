"""Times as the wire writes them."""

from datetime import UTC, datetime


def wire_time(value: datetime) -> str:
    """`2023-08-23T10:03:37.404Z`: UTC, milliseconds (cut, not rounded). `value` must be aware."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
