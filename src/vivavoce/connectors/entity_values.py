"""Entity values as text, structured ones flattened (testing-api.md 4.1)."""

from collections.abc import Mapping
from typing import Any

from vivavoce.connectors.mapping import as_text

SHAPES: tuple[tuple[str, ...], ...] = (
    ("fromDate", "toDate"),
    ("amount", "unit", "type", "source"),
    ("amount", "code"),
    ("formatted_address", "lat", "lng"),
    ("alpha2", "alpha3", "numericalCode", "localName", "shortName"),
    ("AirportName", "IATA", "ICAO", "Latitude", "Longitude", "City", "CityLocal"),
)
"""Keys of date period, quantity, currency, location, country and airport, in the order they are joined."""


def flat_values(value: Any) -> list[str]:
    """One text a value; a list holds several.

    A known structure is its values joined by blanks, missing and null ones left out; another object is a
    composite, `comp1:val|comp2:val`. A whole number is written without a fraction.
    """
    if value is None:
        return []
    if isinstance(value, list):
        return [text for item in value for text in flat_values(item)]
    return [_flat(value)]


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        if shape := _shape(value):
            return " ".join(_flat(value[key]) for key in shape if value.get(key) is not None)
        return "|".join(f"{name}:{_flat(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, list):  # inside of a structure, whose parts are one text each
        return ", ".join(flat_values(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return as_text(value)


def _shape(value: Mapping[str, Any]) -> tuple[str, ...]:
    """The structure that all its keys belong to; else the one that has the most of its keys, its first one
    among them and two at least: some platforms add keys of their own."""
    told = {key for key, part in value.items() if part is not None}
    if not told:
        return ()
    shared = {shape: len(told & set(shape)) for shape in SHAPES}
    best = max(SHAPES, key=lambda shape: (shared[shape], shape[0] in told))
    if shared[best] == len(told):
        return best
    best = max((shape for shape in SHAPES if shape[0] in told), key=shared.__getitem__, default=())
    return best if best and shared[best] >= 2 else ()
