"""A corpus as it was read."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, get_args

import msgspec

from vivavoce.domain.batch.utterance import BatchCase, EntityExpectation
from vivavoce.domain.errors import Malformed, Problem

Part = Literal["training", "test"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)


class Sample(msgspec.Struct, frozen=True):
    """One utterance of a corpus, and the part it belongs to where the file tells."""

    case: BatchCase
    part: Part | None = None


class Corpus(msgspec.Struct, frozen=True):
    """What a file of a corpus holds. `notes`: what of it no batch case can say, a sentence each."""

    name: str
    samples: tuple[Sample, ...]
    notes: tuple[str, ...] = ()

    def cases(self, part: Part | None) -> Iterator[BatchCase]:
        """The utterances of a part, or all. Raises Malformed where the file does not tell parts."""
        if part is not None and not any(sample.part for sample in self.samples):
            hint = f"leave --part out: its parts are files of their own ({self.name})"
            raise Malformed(Problem("the file does not say which utterances are for training", "", hint))
        return (sample.case for sample in self.samples if part in (None, sample.part))


def expectations(found: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[EntityExpectation, ...]:
    """Entities as a case expects them: each is a name with the forms in which its value may be told.

    An entity that is found several times is one expectation of several items, each in its first form:
    `v1||v2`.
    """
    by_name: dict[str, list[tuple[str, ...]]] = {}
    for name, forms in found:
        by_name.setdefault(name, []).append(tuple(dict.fromkeys(form.strip() for form in forms)))
    return tuple(
        EntityExpectation(name, forms[0] if len(forms) == 1 else ("||".join(form[0] for form in forms),))
        for name, forms in by_name.items()
    )


def wrong(place: str, wanted: str) -> Malformed:
    """What is raised for a part of a corpus that is not as it should be."""
    return Malformed(Problem(f"{wanted} is wanted", place))


def text_at(value: Any, place: str) -> str:
    """A text. Raises Malformed."""
    if not isinstance(value, str):
        raise wrong(place, "a text")
    return value


def list_at(value: Any, place: str) -> list[Any]:
    """A list. Raises Malformed."""
    if not isinstance(value, list):
        raise wrong(place, "a list")
    return value


def mapping_at(value: Any, place: str) -> dict[str, Any]:
    """An object. Raises Malformed."""
    if not isinstance(value, dict):
        raise wrong(place, "an object")
    return value
