"""`${VIVA_BOT_...}` in a bot's settings: what the environment of the playing process keeps secret."""

from collections.abc import Callable, Mapping
from typing import Any

from vivavoce.domain import secrecy
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.secrecy import ALLOWED, REFERENCE, references

__all__ = ["ALLOWED", "REFERENCE", "Resolve", "Secrets", "references"]

Resolve = Callable[[str], str]
"""Puts values in the place of the references in a text."""


class Secrets(secrecy.Secrets):
    """The values of all variables that some settings refer to."""

    def __init__(self, settings: Any, environment: Mapping[str, str]) -> None:
        """Raises Malformed naming every variable that is not set."""
        places: dict[str, str] = {}
        for place, name in references(settings):
            places.setdefault(name, place)
        missing = [
            Problem(f"the environment variable {name} is not set", place, "set it for the process that plays")
            for name, place in places.items()
            if name not in environment
        ]
        if missing:
            raise Malformed(missing)
        super().__init__({name: environment[name].rstrip("\r\n") for name in places})

    def resolve(self, text: str) -> str:
        return REFERENCE.sub(lambda found: self.values[found[1]], text) if "${" in text else text
