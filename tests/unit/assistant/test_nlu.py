"""Understanding: labels, traits, sub-intents, thresholds; one by one as in bulk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest

from tests.unit.assistant.tools import small_bot
from vivavoce.assistant.entities import Entity
from vivavoce.assistant.nlu import NO_LABEL, Nlu
from vivavoce.assistant.recognizer import Recognizer, Recognizers, train
from vivavoce.assistant.scorer import TextScorer

TODAY = date(2025, 3, 14)
UTTERANCES = {
    "tea": ["I want tea", "a cup of tea please", "bring me some green tea"],
    "cake": ["I want cake", "a piece of cake please", "bring me some apple pie"],
    "bill": ["the bill please", "can I pay", "how much is it"],
}


def best(nlu: Nlu, text: str) -> str:
    return nlu.labels[int(nlu.understand(text, TODAY).scores.argmax())]


def test_it_learns_labels_from_utterances() -> None:
    nlu = Nlu.train(UTTERANCES)
    assert best(nlu, "some tea, please") == "tea"
    assert best(nlu, "I'd like to pay the bill") == "bill"
    assert best(nlu, "apple pies") == "cake"


def test_one_by_one_and_in_bulk_are_the_same() -> None:
    nlu = Nlu.train(
        UTTERANCES,
        entities=[Entity(name="count", kind="number")],
        traits={"polite": ["please", "would you kindly"], "rude": ["hurry up", "now!"]},
    )
    texts = ["two teas please", "", "???", "the bill, now!", "Ünïcode pie", "tea tea tea cake"]
    bulk = nlu.understand_many(texts, TODAY)
    for at, text in enumerate(texts):
        single = nlu.understand(text, TODAY)
        assert np.allclose(single.scores, bulk.scores[at], atol=1e-12)
        assert (single.traits, single.mentions) == (bulk.traits[at], bulk.mentions[at])


def test_training_twice_gives_the_same_scores() -> None:
    first, second = (Nlu.train(UTTERANCES).understand("a tea", TODAY).scores for _ in range(2))
    assert first.tolist() == second.tolist()


def test_traits_are_independent_of_each_other() -> None:
    nlu = Nlu.train(
        UTTERANCES,
        traits={
            "hurry": ["be quick", "quickly please", "quick, I am late"],
            "angry": ["this is awful", "awful service", "I am angry"],
        },
    )
    assert nlu.understand("be quick, this is awful", TODAY).traits == ("hurry", "angry")
    assert nlu.understand("I want tea", TODAY).traits == ()


def test_without_intents_or_with_one_it_still_answers() -> None:
    assert Nlu.train({}).labels == ()
    assert Nlu.train({}).understand("anything", TODAY).scores.tolist() == []
    alone = Nlu.train({"tea": UTTERANCES["tea"]})
    scores = dict(zip(alone.labels, alone.understand("green tea please", TODAY).scores, strict=True))
    assert scores["tea"] > scores[NO_LABEL]


def test_two_labels_score_against_each_other() -> None:
    scorer = TextScorer.exclusive(["hot tea", "green tea", "old cheese", "hard cheese"], ["t", "t", "c", "c"])
    tea = dict(zip(scorer.labels, scorer.one("tea"), strict=True))
    assert tea["t"] > 0.5 > tea["c"]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return train(small_bot().in_development)


def test_a_classification_tells_winner_candidates_and_why(recognizer: Recognizer) -> None:
    order, nothing, talk, faq = recognizer.classify(
        ["please order black tea", "xyzzy plugh", "Thanks!", "opening times please"], TODAY
    )
    assert [winner.name for winner in order.winning] == ["Order tea"]
    assert order.winning[0].type == "dialog" and order.winning[0].score is not None
    assert [(entity.name, entity.value) for entity in order.entities] == [("tea", "black tea")]
    assert order.task_state == "configured" and order.elimination == ""
    assert nothing.winning == () and nothing.candidates and "is below 0.20" in nothing.elimination
    assert [(winner.name, winner.type) for winner in talk.winning] == [("thank~you", "smalltalk")]
    assert [(winner.name, winner.type) for winner in faq.winning] == [("When do you open?", "faq")]


def test_out_of_scope_wins_nothing(recognizer: Recognizer) -> None:
    (weather,) = recognizer.classify(["what is the weather like today"], TODAY)
    assert weather.winning == () and weather.elimination == "out of scope"


def test_sub_intents_need_their_parent(recognizer: Recognizer) -> None:
    text = "what is the reason for asking"
    without, within, elsewhere = recognizer.classify(
        [text, text, text], TODAY, [(), ("Returns",), ("Order tea",)]
    )
    assert [winner.name for winner in within.winning] == ["reason"]
    assert within.parent_intent == "returns"
    assert all(candidate.name != "reason" for candidate in without.candidates)
    assert all(candidate.name != "reason" for candidate in elsewhere.candidates)


def test_an_edition_is_trained_once_a_process() -> None:
    recognizers = Recognizers()
    edition = small_bot().in_development
    with ThreadPoolExecutor(4) as pool:
        trained = list(pool.map(lambda _: recognizers.of(small_bot().in_development), range(4)))
    assert all(one is trained[0] for one in trained)
    assert recognizers.of(edition) is trained[0]
    assert recognizers.of(small_bot().published) is not trained[0]


def test_only_the_last_editions_are_kept() -> None:
    recognizers = Recognizers(keep=1)
    first = recognizers.of(small_bot().in_development)
    recognizers.of(small_bot().published)
    assert recognizers.of(small_bot().in_development) is not first
