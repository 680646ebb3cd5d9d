"""Who is behind a suite or a run: the wire's `createdBy` and `triggeredBy` (testing-api.md 8.30)."""

from uuid import UUID, uuid5

_PEOPLE = UUID("5b7f4f0e-3a3c-5d0e-9c53-6f0c8c7b9a11")


def user_id(person: str) -> str:
    """`u-<uuid>`, the same for the same mail address or token subject, in any case and in every install."""
    name = person.strip().casefold().encode("utf-8", "replace").decode()
    return f"u-{uuid5(_PEOPLE, name)}"
