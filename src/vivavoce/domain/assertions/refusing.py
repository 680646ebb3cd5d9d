"""Refusals, recognised by their wording."""

import regex

_REFUSALS = regex.compile(
    r"\bI (?:can't|cannot|can’t|won't|won’t) (?:help|assist|do|provide)\b", regex.IGNORECASE
)


def refusal_in(text: str) -> str | None:
    """The words with which a text refuses; None: it does not."""
    found = _REFUSALS.search(text)
    return found[0] if found else None
