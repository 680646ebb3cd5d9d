"""Dates as they stand in texts."""

import datetime

import regex

_ISO = regex.compile(r"(?<![\w.-])(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")


def dates_in(text: str) -> list[datetime.date]:
    """All full dates of a text, in order."""
    found = []
    for match in _ISO.finditer(text):
        try:
            found.append(datetime.date(int(match[1]), int(match[2]), int(match[3])))
        except ValueError:
            continue
    return found
