"""Entity values as text, structured ones flattened (testing-api.md 4.1)."""

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
    """One text a value: a list holds several; a known structure's values joined by blanks; else JSON."""
    if value is None:
        return []
    if isinstance(value, list):
        return [text for item in value for text in flat_values(item)]
    if isinstance(value, dict) and (shape := _shape(value)):
        return [" ".join(as_text(value[key]) for key in shape if value.get(key) is not None)]
    return [as_text(value)]


def _shape(value: dict[str, Any]) -> tuple[str, ...]:
    """The structure that has the most of its keys here, its first one among them; at least two."""
    shared = {shape: len(value.keys() & set(shape)) for shape in SHAPES if shape[0] in value}
    best = max(shared, key=lambda shape: shared[shape], default=())
    return best if best and shared[best] >= 2 else ()
