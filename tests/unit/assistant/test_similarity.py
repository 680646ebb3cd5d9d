"""Likeness of texts, against every pair computed one by one."""

import math
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivavoce.assistant import similarity
from vivavoce.assistant.similarity import TextSimilarity
from vivavoce.assistant.words import words

WORDS = ["pay", "paying", "card", "cards", "Tom", "money", "?", "transfer", "I", "zahlen", "überweisen"]
texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), min_size=1, max_size=12)
LEAST = [0.3, 0.7, 0.9]
NEAR = 1e-5  # figures are of single precision


def cosines(said: list[str]) -> list[list[float]]:
    """TF-IDF of groups of four letters as its documentation says (smooth, sublinear), pair by pair."""
    counts = []
    for text in said:
        groups: Counter[str] = Counter()
        for word in words(text):
            framed = f" {word} "
            groups.update(framed[at : at + 4] for at in range(max(1, len(framed) - 3)))
        counts.append(groups)
    documents = Counter(group for groups in counts for group in groups)
    rows = []
    for groups in counts:
        row = {
            group: (1 + math.log(count)) * (1 + math.log((1 + len(said)) / (1 + documents[group])))
            for group, count in groups.items()
        }
        length = math.sqrt(sum(value * value for value in row.values())) or 1.0
        rows.append({group: value / length for group, value in row.items()})
    return [
        [sum(value * right.get(group, 0.0) for group, value in left.items()) for right in rows]
        for left in rows
    ]


@st.composite
def labelled(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    said = draw(texts)
    return said, draw(st.lists(st.sampled_from("abc"), min_size=len(said), max_size=len(said)))


@pytest.fixture(params=[1, 40, 4_000_000], autouse=True)
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row at a time, a few, all."""
    monkeypatch.setattr(similarity, "CELLS", request.param)


@settings(max_examples=25)
@given(labelled(), st.sampled_from(LEAST))
def test_the_most_alike_under_another_label(given_: tuple[list[str], list[str]], least: float) -> None:
    said, labels = given_
    expected = cosines(said)
    found = TextSimilarity().elsewhere(said, labels, least)
    assert all(pair.left < pair.right and labels[pair.left] != labels[pair.right] for pair in found)
    assert len({(pair.left, pair.right) for pair in found}) == len(found)
    for pair in found:
        assert pair.score == pytest.approx(expected[pair.left][pair.right], abs=NEAR)
    for at in range(len(said)):
        others = [expected[at][other] for other in range(len(said)) if labels[other] != labels[at]]
        best = max(others, default=0.0)
        own = [pair.score for pair in found if at in (pair.left, pair.right)]
        if best >= least + NEAR:
            assert max(own) == pytest.approx(best, abs=NEAR)
        elif best < least - NEAR:
            assert own == []


@settings(max_examples=25)
@given(texts, texts, st.sampled_from(LEAST))
def test_the_most_alike_of_known_ones(said: list[str], known: list[str], least: float) -> None:
    expected = cosines([*known, *said])[len(known) :]
    found = {pair.left: pair for pair in TextSimilarity().nearest(said, known, least)}
    for at in range(len(said)):
        best = max(expected[at][: len(known)])
        if best >= least + NEAR:
            assert found[at].score == pytest.approx(best, abs=NEAR)
            assert expected[at][found[at].right] == pytest.approx(best, abs=NEAR)
        elif best < least - NEAR:
            assert at not in found


@settings(max_examples=25)
@given(labelled(), st.sampled_from(LEAST))
def test_chains_of_like_texts_are_one_group(given_: tuple[list[str], list[str]], least: float) -> None:
    said, labels = given_
    expected = cosines(said)
    groups = list(range(len(said)))
    for left, right in combinations(range(len(said)), 2):
        if labels[left] == labels[right] and expected[left][right] >= least - NEAR:
            groups = [groups[left] if group == groups[right] else group for group in groups]
    found = TextSimilarity().groups(said, labels, least)
    assert [groups.index(group) for group in groups] == [found.index(group) for group in found]


def test_case_punctuation_and_typing_errors() -> None:
    [pair] = TextSimilarity().elsewhere(["Transfer money!", "transfer, MONEY"], ["a", "b"], 0.99)
    assert (pair.left, pair.right) == (0, 1) and pair.score == pytest.approx(1.0)
    said = ["I want to transfer money", "I want to tranfser money", "show me my cards"]
    assert [(pair.left, pair.right) for pair in TextSimilarity().elsewhere(said, ["a", "b", "b"], 0.5)] == [
        (0, 1)
    ]


def test_nothing_to_compare() -> None:
    alike = TextSimilarity()
    assert (
        alike.elsewhere([], [], 0.5) == alike.nearest([], ["a"], 0.5) == alike.nearest(["a"], [], 0.5) == []
    )
    assert alike.groups([], [], 0.5) == []
    assert alike.elsewhere(["?", "!"], ["a", "b"], 0.5) == []
    assert alike.groups(["?", "?"], ["a", "a"], 0.5) == [0, 1]
    assert alike.elsewhere(["pay", "pay"], ["a", "a"], 0.5) == []
