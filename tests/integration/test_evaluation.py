"""Evaluations of what the embedded assistant really answers."""

import asyncio
import csv
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import precision_recall_fscore_support

from vivavoce.assistant.bank import definition_path
from vivavoce.assistant.connector import AssistantClassifier, training_utterances
from vivavoce.assistant.definition import Definition
from vivavoce.assistant.reader import read_definition
from vivavoce.domain.advising.advising import advise
from vivavoce.domain.advising.weakest import weakest
from vivavoce.domain.batch.scoring import score_case
from vivavoce.domain.batch.utterance import BatchCase, CaseResult, Classification
from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.evaluation.values import SweepPoint
from vivavoce.domain.metrics import tally_of
from vivavoce.engine.ports.bots import Utterance

BANKING77 = Path(__file__).parents[2].parent / "shared" / "data" / "banking77"

needs_banking77 = pytest.mark.skipif(not BANKING77.is_dir(), reason="the dataset is not here")


def played(definition: Definition, cases: Sequence[BatchCase]) -> list[CaseResult]:
    """The cases against the assistant, judged."""
    classifier = AssistantClassifier(definition.published)
    utterances = [Utterance(case.utterance, "en", case.parent_intents) for case in cases]

    async def classify() -> list[Any]:
        answers: list[Any] = []
        for at in range(0, len(utterances), classifier.chunk):
            answers += await classifier.classify(utterances[at : at + classifier.chunk])
        return answers

    results = []
    for at, (case, answer) in enumerate(zip(cases, asyncio.run(classify()), strict=True)):
        assert isinstance(answer, Classification)
        results.append(score_case(at, case, answer, 0.0))
    return results


def bank(threshold: float) -> Definition:
    text = definition_path().read_text(encoding="utf-8")
    assert text.count("  threshold: 0.15\n") == 1
    return read_definition(text.replace("  threshold: 0.15\n", f"  threshold: {threshold}\n"), "bank.yaml")


def bank_cases() -> list[BatchCase]:
    """Its own training utterances, some of them cut so that they are hard to understand, and nonsense."""
    cases = list(training_utterances(bank(0.15), "published"))
    cut = [
        BatchCase(" ".join(case.utterance.split()[::2]), case.intents, parent_intents=case.parent_intents)
        for case in cases
    ]
    nothing = [
        BatchCase(text)
        for text in ("the moon is blue", "sing me a song", "card games tonight", "send flowers", "hm", "bank")
    ]
    return cases + cut + nothing


def test_the_sweep_is_what_running_again_with_each_threshold_gives() -> None:
    cases = bank_cases()
    sweep = evaluate(played(bank(0.15), cases)).sweep
    changed = set()
    for hundredths in (0, 7, 15, 29, 50, 80, 100):
        again = tally_of(played(bank(hundredths / 100), cases))
        point = SweepPoint(hundredths / 100, again.tp, again.tn, again.fp, again.fn)
        assert sweep[hundredths] == point
        changed.add((point.tp, point.fn))
    assert len(changed) > 4, "the thresholds make a difference"


@pytest.fixture(scope="module")
def banking77() -> list[CaseResult]:
    utterances: Mapping[str, list[str]] = defaultdict(list)
    for text, intent in rows_of("train"):
        utterances[intent].append(text)
    document = {
        "name": "Banking77",
        "nlu": {"threshold": 0.3},
        "intents": {intent: {"utterances": texts} for intent, texts in utterances.items()},
    }
    definition = read_definition(json.dumps(document), "banking77")
    return played(definition, [BatchCase(text, (intent,)) for text, intent in rows_of("test")])


@pytest.mark.data
@needs_banking77
def test_figures_by_intent_and_averages_equal_scikit_learns(banking77: list[CaseResult]) -> None:
    evaluation = evaluate(banking77)
    truth = [result.case.intents[0] for result in banking77]
    found = [
        result.classification.winning[0].name
        if result.classification and result.classification.winning
        else ""
        for result in banking77
    ]
    labels = [row.name for row in evaluation.intents]
    assert len(labels) == 77
    assert found.count("") > 100
    every = precision_recall_fscore_support(truth, found, labels=labels, zero_division=math.nan)
    for row, *theirs in zip(evaluation.intents, *every, strict=True):
        assert (row.precision, row.recall, row.f1, row.support) == pytest.approx(tuple(theirs)), row.name
    for kind in ("micro", "macro", "weighted"):
        average = getattr(evaluation.averages, kind)
        theirs = precision_recall_fscore_support(
            truth, found, labels=labels, average=kind, zero_division=math.nan
        )
        assert (average.precision, average.recall, average.f1) == pytest.approx(theirs[:3]), kind


@pytest.mark.data
@needs_banking77
def test_at_its_own_threshold_the_sweep_gives_the_runs_figures(banking77: list[CaseResult]) -> None:
    evaluation = evaluate(banking77)
    tally = evaluation.tally
    assert evaluation.sweep[30] == SweepPoint(0.3, tally.tp, tally.tn, tally.fp, tally.fn)


@pytest.mark.data
@needs_banking77
def test_the_advice_rests_on_its_figures(banking77: list[CaseResult]) -> None:
    evaluation = evaluate(banking77)
    advice = advise(evaluation)
    first = advice[0]
    assert first.topic == "threshold"
    assert "no utterances for which nothing must be matched" in first.text
    missed = {each.intents[0] for each in advice if each.topic == "missed"}
    assert {row.name for row in weakest(evaluation, 3)} <= missed
    assert "support" not in {each.topic for each in advice}, "40 utterances an intent say something"


def rows_of(part: str) -> list[tuple[str, str]]:
    with (BANKING77 / f"{part}.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["text"], row["category"]) for row in csv.DictReader(stream)]
