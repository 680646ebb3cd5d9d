"""Parts of a run that are evaluated apart, also in other processes, come to what the whole comes to."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.batch.scoring import case_in_error, score_case
from vivavoce.domain.batch.utterance import (
    BatchCase,
    Candidate,
    CaseResult,
    Classification,
    EntityExpectation,
    FoundEntity,
    IntentType,
)
from vivavoce.domain.evaluation.evaluating import Evaluator, evaluate

NAMES = st.sampled_from(["a", "A ", "b", "~hi", "None"])
TYPES: st.SearchStrategy[IntentType] = st.sampled_from(("", "dialog", "faq"))


@st.composite
def results(draw: st.DrawFn) -> CaseResult:
    asked = BatchCase(
        draw(st.text(max_size=3)),
        intents=tuple(draw(st.lists(NAMES, max_size=2))),
        traits=draw(st.sampled_from([(), ("T",), ("U", "T")])),
        entities=draw(st.sampled_from([(), (EntityExpectation("E", ("1",)),)])),
    )
    if draw(st.integers(0, 5)) == 0:
        return case_in_error(0, asked, "no answer")
    candidate = Candidate(draw(NAMES), draw(st.none() | st.floats(0, 1)), draw(TYPES))
    found = Classification(
        winning=draw(st.sampled_from([(), (candidate,)])),
        candidates=(candidate,),
        traits=draw(st.sampled_from([(), ("t",), ("T", "V")])),
        entities=draw(st.sampled_from([(), (FoundEntity("e", "1"),), (FoundEntity("E", "2"),)])),
    )
    return score_case(0, asked, found, 1.0)


@given(st.lists(st.lists(results(), max_size=12), max_size=5))
def test_parts_come_to_the_whole(parts: list[list[CaseResult]]) -> None:
    whole = Evaluator()
    for part in parts:
        own = Evaluator()
        for result in part:
            own.add(result)
        whole.absorb(pickle.loads(pickle.dumps(own)))
    assert whole.evaluation() == evaluate(result for part in parts for result in part)


@given(st.lists(results(), max_size=12))
def test_figures_can_be_asked_for_at_any_time(cases: list[CaseResult]) -> None:
    evaluator = Evaluator()
    for at, case in enumerate(cases, 1):
        evaluator.add(case)
        assert evaluator.evaluation() == evaluate(cases[:at])
