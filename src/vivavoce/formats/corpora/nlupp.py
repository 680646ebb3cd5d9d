"""NLU++: a JSON list of utterances, each with several intents at once and slots with normalised values.

All intents of an utterance must be found together, which is what traits say (several intents of a batch case
are alternatives): `trait: A||B`. An utterance without intents expects none. A slot is an entity whose value
may be told as it was said or in its normalised form: a date as 2022-03-21, a time as 09:05, a period as both
ends with a blank between, an amount of money as `340 USD`.
"""

from collections.abc import Iterator
from typing import Any

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.formats.corpora.values import Sample, expectations, list_at, mapping_at, text_at

NAME = "NLU++"

_KEYS = {"text", "intents", "slots"}


def reads(document: Any) -> bool:
    """Whether a JSON document is of this format."""
    if not isinstance(document, list) or not document:
        return False
    first = document[0]
    return isinstance(first, dict) and "text" in first and first.keys() <= _KEYS


def samples(document: Any) -> Iterator[Sample]:
    """Raises Malformed."""
    for number, found in enumerate(document):
        place = f"$[{number}]"
        utterance = mapping_at(found, place)
        intents = list_at(utterance.get("intents", []), f"{place}.intents")
        slots = mapping_at(utterance.get("slots", {}), f"{place}.slots")
        case = BatchCase(
            text_at(utterance.get("text"), f"{place}.text").strip(),
            traits=tuple(text_at(name, f"{place}.intents[{at}]").strip() for at, name in enumerate(intents)),
            entities=expectations(_slot(name, slot, f"{place}.slots.{name}") for name, slot in slots.items()),
        )
        yield Sample(case)


def unsaid(document: Any) -> int:
    """How many slots have a normalised value that has no text form: a period told by its kind alone."""
    return sum(
        1
        for utterance in document
        for slot in utterance.get("slots", {}).values()
        if ("value" in slot or "values" in slot) and not _normalised(slot)
    )


def _slot(name: str, found: Any, place: str) -> tuple[str, tuple[str, ...]]:
    slot = mapping_at(found, place)
    spoken = text_at(slot.get("text"), f"{place}.text")
    normalised = _normalised(slot)
    return name, (spoken, normalised) if normalised else (spoken,)


def _normalised(slot: dict[str, Any]) -> str:
    period = slot.get("values")
    if isinstance(period, dict):
        ends = [_flat(period[end]) for end in ("from", "to") if end in period]
        return " ".join(ends) if all(ends) else ""
    return _flat(slot.get("value"))


def _flat(value: Any) -> str:
    """A normalised value as a text; empty where it has none."""
    match value:
        case str():
            return value.strip()
        case bool() | None:
            return ""
        case int() | float():
            return f"{value:g}" if abs(value) < 1_000_000 else str(value)
        case {"year": int(year), "month": int(month), "day": int(day)}:
            return f"{year:04}-{month:02}-{day:02}"
        case {"hour": int(hour), "minute": int(minute)}:
            return f"{hour:02}:{minute:02}"
        case {"amount": int() | float() as amount, "currency": str(code)}:
            return f"{_flat(amount)} {code}"
        case _:
            return ""
