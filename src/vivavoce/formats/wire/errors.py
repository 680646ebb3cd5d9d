"""The one shape of refusals (testing-api.md 1)."""

from collections.abc import Iterable

from vivavoce.formats.wire.encoding import encode


def error_body(errors: Iterable[tuple[str, int]]) -> bytes:
    """`{"errors": [{"msg", "code"}]}` from pairs of message and code."""
    return encode({"errors": [{"msg": message, "code": code} for message, code in errors]})
