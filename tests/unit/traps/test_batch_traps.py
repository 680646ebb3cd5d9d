"""Classifications that look right and are wrong, and the other way round: outcomes decided by hand."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from vivavoce.domain.batch.scoring import DGPT, score_case
from vivavoce.domain.batch.utterance import BatchCase, Candidate, Classification, FoundEntity
from vivavoce.formats.batches import read_batch

GROUPS: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "batch" / "utterances.yaml").read_text("utf-8"), yaml.BaseLoader
)


def traps() -> Iterator[Any]:
    for group in GROUPS:
        for answer, decided in group["answers"]:
            name = ascii(f"{group['about']}: {answer!r}")
            yield pytest.param(group["case"], answer, decided, group.get("engine", DGPT), id=name)


def case_of(written: dict[str, Any]) -> BatchCase:
    document = msgspec.json.encode({"testCases": [{"input": "x", **written}]})
    (case,) = read_batch(BytesIO(document), file_type="json", delimiter=None, warn=None)
    return case


def names(told: str | list[str]) -> list[str]:
    return told if isinstance(told, list) else [name for name in told.split(", ") if name]


def classification_of(answer: str | dict[str, Any]) -> Classification:
    told: dict[str, Any] = answer if isinstance(answer, dict) else {"won": answer}
    talk = names(told.get("smalltalk", ""))
    won = tuple(Candidate(name, 0.9, "smalltalk" if name in talk else "") for name in names(told["won"]))
    lost = tuple(Candidate(name, 0.1) for name in names(told.get("considered", "")))
    return Classification(
        winning=won,
        candidates=won + lost,
        traits=tuple(names(told.get("traits", ""))),
        entities=tuple(
            FoundEntity(name, value)
            for name, values in told.get("entities", {}).items()
            for value in (values if isinstance(values, list) else [values])
        ),
        parent_intent=told.get("parent", ""),
        bot_names=tuple(names(told.get("bots", ""))),
        fulfillment=told.get("category", ""),
    )


@pytest.mark.parametrize(("written", "answer", "decided", "engine"), list(traps()))
def test_the_outcome_is_the_one_that_was_decided(
    written: dict[str, Any], answer: str | dict[str, Any], decided: str, engine: str
) -> None:
    outcome, _, fails = decided.partition(", ")
    result = score_case(0, case_of(written), classification_of(answer), 1.0, engine)
    assert result.outcome == outcome
    assert result.passed is (outcome in ("TP", "TN") and not fails)


def test_there_are_near_misses_of_each_kind() -> None:
    assert sum(len(group["answers"]) for group in GROUPS) >= 150
    for group in GROUPS:
        decided = {answer[1] for answer in group["answers"]}
        assert decided & {"TP", "TN"}, group["about"]
        assert decided - {"TP", "TN"}, group["about"]
