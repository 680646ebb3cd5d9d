"""Public training sets under the checks and in cross-validation."""

import csv
import json
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from vivavoce.assistant.learning import EditionLearner, reference_edition
from vivavoce.assistant.similarity import TextSimilarity
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.training.folds import deal
from vivavoce.domain.training.values import Training, label, stratum
from vivavoce.engine.checking_training import LIKE, check_training
from vivavoce.engine.cross_validating import CrossValidation, cross_validate
from vivavoce.wiring.machine import SystemClock

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = [pytest.mark.data, pytest.mark.skipif(not DATA.is_dir(), reason="the datasets are not here")]


@cache
def banking(part: str) -> Training:
    with (DATA / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as stream:
        rows = enumerate(csv.DictReader(stream), 2)
        cases = [BatchCase(row["text"], (row["category"],), line=line) for line, row in rows]
    return Training(source=f"{part}.csv", cases=tuple(cases))


def about_money(training: Training) -> Training:
    """More than half of Banking77, the intents that are most like each other; the rest only takes time."""
    topics = ("card", "payment", "top_up", "transfer")
    cases = [case for case in training.cases if any(topic in case.intents[0] for topic in topics)]
    return Training(source=training.source, cases=tuple(cases))


def corpus(name: str) -> Training:
    sentences = json.loads((DATA / "nlu-evaluation-corpora" / f"{name}.json").read_text(encoding="utf-8"))[
        "sentences"
    ]
    cases = [BatchCase(one["text"], (one["intent"],)) for one in sentences]
    return Training(source=name, cases=tuple(cases))


def validated(training: Training, *, together: bool = True, folds: int = 5) -> CrossValidation:
    texts, labels = [case.utterance for case in training.cases], [stratum(case) for case in training.cases]
    groups = TextSimilarity().groups(texts, labels, LIKE) if together else None
    dealt = deal(training.cases, folds, groups=groups)
    learner = EditionLearner(reference_edition(training.cases), SystemClock().now().date())
    return cross_validate(learner, training.cases, dealt, SystemClock())


def test_banking77_contradicts_itself_where_it_is_known_to() -> None:
    training, tested = about_money(banking("train")), about_money(banking("test"))
    checked = check_training(training, TextSimilarity(), {"test.csv": tested.cases})
    trained: dict[str, set[str]] = defaultdict(set)
    for case in training.cases:
        trained["".join(filter(str.isalpha, case.utterance.lower()))].add(case.intents[0])
    assert trained["hasmytopupgonethrough"] == {"pending_top_up", "top_up_reverted"}
    [contradiction] = [found for found in checked.findings if found.kind == "contradiction"]
    assert {place.intent for place in contradiction.places} == {"pending_top_up", "top_up_reverted"}
    assert {place.line for place in contradiction.places} <= {case.line for case in training.cases}
    pairs = {
        frozenset(place.utterance.strip() for place in one.places)
        for one in checked.findings
        if one.kind == "near_duplicate"
    }
    assert frozenset(["My card payment didn't work", "The card payment didn't work"]) in pairs
    assert frozenset(["Why did my payment get declined?", "Why did my card payment get declined?"]) in pairs
    assert 20 <= checked.counts["near_duplicate"] <= 50
    assert "few_utterances" not in checked.counts
    [share] = checked.suites
    assert share.utterances == 1_800 and 10 <= share.leaked <= 40


@pytest.mark.long
def test_banking77_cross_validated() -> None:
    together = validated(banking("train"))
    assert len(together.results) == 10_003 and len(together.folds) == 5
    accuracy, spread = together.accuracy.mean, together.accuracy.deviation
    assert accuracy is not None and 0.86 <= accuracy <= 0.91
    assert spread is not None and spread < 0.02
    assert together.macro_f1.mean is not None and 0.85 <= together.macro_f1.mean <= 0.91


@pytest.mark.parametrize(
    ("name", "least"), [("AskUbuntuCorpus", 0.75), ("ChatbotCorpus", 0.95), ("WebApplicationsCorpus", 0.6)]
)
def test_nlu_evaluation_corpora(name: str, least: float) -> None:
    training = corpus(name)
    checked = check_training(training, TextSimilarity(), {})
    small = {
        label(case)
        for case in training.cases
        if sum(label(one) == label(case) for one in training.cases) < 10
    }
    few = {found.places[0].intent for found in checked.findings if found.kind == "few_utterances"}
    assert few >= small - {"None"}
    done = validated(training)
    assert done.accuracy.mean is not None and least <= done.accuracy.mean <= 1.0
    assert all(result.outcome is not None for result in done.results)
    if any(label(case) == "None" for case in training.cases):
        assert {result.outcome for result in done.results if label(result.case) == "None"} <= {"TN", "FP"}
