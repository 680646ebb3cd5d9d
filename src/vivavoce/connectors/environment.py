"""`${VIVA_BOT_...}` in a bot's settings: what the environment of the playing process keeps secret."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from vivavoce.domain.errors import Malformed, Problem

REFERENCE = re.compile(r"\$\{([^{}]*)\}")
ALLOWED = re.compile(r"VIVA_BOT_[A-Za-z0-9_]+")

Resolve = Callable[[str], str]
"""Puts values in the place of the references in a text."""


class Secrets:
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
        self._values = {name: environment[name].rstrip("\r\n") for name in places}

    def resolve(self, text: str) -> str:
        return REFERENCE.sub(lambda found: self._values[found[1]], text) if "${" in text else text

    def mask(self, text: str) -> str:
        """A text in which no value of a variable stands, neither plain nor in a JSON text or a URL."""
        for name, value in sorted(self._values.items(), key=lambda item: -len(item[1])):
            if value:
                in_json = msgspec.json.encode(value).decode()[1:-1]
                for form in {value, in_json, quote(value, safe=""), quote(value)}:
                    text = text.replace(form, f"${{{name}}}")
        return text


def references(settings: Any, place: str = "$") -> Iterator[tuple[str, str]]:
    """(place, variable's name) of every reference in the values of some settings."""
    if isinstance(settings, str):
        for found in REFERENCE.finditer(settings):
            yield place, found[1]
    elif isinstance(settings, Mapping):
        for key, value in settings.items():
            yield from references(value, f"{place}.{key}")
    elif isinstance(settings, list | tuple):
        for index, value in enumerate(settings):
            yield from references(value, f"{place}[{index}]")
