"""Questions of a run, answered: each once, side by side within bounds, and nothing raised."""

import asyncio
from typing import Any

import pytest

from tests.unit.engine.graders import DOWN, CountingEmbedder, ToldJudge, WordDetector
from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.assertions.kinds import AnyOf
from vivavoce.domain.assertions.language import LanguageIs
from vivavoce.domain.assertions.similar import Similar
from vivavoce.domain.assertions.starts_with import StartsWith
from vivavoce.domain.questions import (
    AskJudge,
    AskLanguage,
    AskSimilarity,
    Language,
    Question,
    Similarity,
    Turn,
    Unanswered,
    Vote,
    Votes,
)
from vivavoce.domain.secrecy import Secrets
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step, TestCase
from vivavoce.engine.grading import Grading, asking_kinds, cosine, unanswerable
from vivavoce.engine.ports.graders import NO_GRADERS, Graders, GradingFault

POLITE = AskJudge("it is polite", "Hello")


async def test_each_question_has_its_answer() -> None:
    graders = Graders(ToldJudge(Vote(True)), CountingEmbedder(), WordDetector())
    near, language = AskSimilarity("abc", "cab"), AskLanguage("ihre Karte")
    answers = await Grading(graders).answer([POLITE, near, language, POLITE])
    likeness = answers.pop(near)
    assert isinstance(likeness, Similarity) and likeness.score == pytest.approx(1.0)
    assert answers == {POLITE: Votes((Vote(True),)), language: Language("de")}


async def test_a_judge_is_asked_for_every_vote_and_anew_each_time() -> None:
    judge = ToldJudge(Vote(True, "a"), Vote(False, "b"), Vote(True, "c"))
    grading, question = Grading(Graders(judge)), AskJudge("it is polite", "Hello", votes=3)
    first = await grading.answer([question, question])
    assert first == {question: Votes((Vote(True, "a"), Vote(False, "b"), Vote(True, "c")))}
    await grading.answer([question])
    assert len(judge.asked) == 6


async def test_similarity_and_language_are_asked_once_a_run() -> None:
    embedder, detector = CountingEmbedder(), WordDetector()
    graders = Graders(embedder=embedder, languages=detector)
    asked: list[Question] = [AskSimilarity("abc", "xyz"), AskLanguage("the card")]
    grading = Grading(graders)
    assert await grading.answer(asked) == await grading.answer(asked)
    assert (embedder.asked, detector.asked) == ([["abc", "xyz"]], ["the card"])
    await Grading(graders).answer(asked)  # another run
    assert (len(embedder.asked), len(detector.asked)) == (2, 2)


async def test_a_fault_is_not_remembered() -> None:
    embedder = CountingEmbedder(GradingFault("busy"))
    grading, question = Grading(Graders(embedder=embedder)), AskSimilarity("a", "b")
    assert await grading.answer([question]) == {question: Unanswered("busy")}
    await grading.answer([question])
    assert len(embedder.asked) == 2


async def test_who_is_not_configured_is_named_with_the_way_out() -> None:
    similar, language = AskSimilarity("a", "b"), AskLanguage("a")
    answers = await Grading(NO_GRADERS).answer([POLITE, similar, language])
    for question, way_out in ((POLITE, "VIVA_JUDGE_URL"), (similar, "VIVA_EMBEDDING_MODEL")):
        answer = answers[question]
        assert isinstance(answer, Unanswered)
        assert way_out in answer.reason
    assert isinstance(answers[language], Unanswered)


async def test_a_vote_that_cannot_be_had_is_undecided_as_long_as_others_can() -> None:
    question = AskJudge("it is polite", "Hello", votes=3)
    judge = ToldJudge(Vote(True), DOWN, ValueError("unforeseen"))
    (answer,) = (await Grading(Graders(judge)).answer([question])).values()
    assert isinstance(answer, Votes)
    assert [vote.met for vote in answer.votes] == [True, None, None]
    assert answer.votes[1].reason == str(DOWN)
    (answer,) = (await Grading(Graders(ToldJudge(DOWN))).answer([question])).values()
    assert answer == Unanswered(str(DOWN))


async def test_an_unforeseen_fault_is_an_answer_too() -> None:
    grading = Grading(Graders(embedder=CountingEmbedder(ValueError("secret detail"))))
    (answer,) = (await grading.answer([AskSimilarity("a", "b")])).values()
    assert answer == Unanswered("fault in the grader: ValueError")


class SlowJudge(ToldJudge):
    """Says how many votes it was asked for at a time."""

    def __init__(self) -> None:
        super().__init__(Vote(True))
        self.now = self.most = 0

    async def vote(self, question: AskJudge) -> Vote:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        return await super().vote(question)


async def test_votes_are_asked_side_by_side_within_bounds() -> None:
    judge = SlowJudge()
    grading = Grading(Graders(judge), at_a_time=3)
    asked = [AskJudge(f"criterion {number}", "Hello", votes=4) for number in range(3)]
    await asyncio.gather(grading.answer(asked[:2]), grading.answer(asked[2:]))
    assert (judge.most, len(judge.asked)) == (3, 12)


async def test_no_grader_sees_a_secret() -> None:
    """In whatever text it stands; answers are found under the questions as they were asked."""
    secrets = Secrets({"VIVA_BOT_PIN": "hush-4711"})
    judge, embedder, detector = ToldJudge(Vote(True)), CountingEmbedder(), WordDetector()
    said = "the pin is hush-4711"
    asked: list[Question] = [
        AskJudge(said, said, (Turn(said, said),), said),
        AskSimilarity(said, said),
        AskLanguage(said),
    ]
    answers = await Grading(Graders(judge, embedder, detector), mask=secrets.mask).answer(asked)
    assert list(answers) == asked
    seen = [*map(repr, judge.asked), *map(repr, embedder.asked), *detector.asked]
    assert all("hush" not in text and "${VIVA_BOT_PIN}" in text for text in seen)


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ([1, 0], [2, 0], 1.0),
        ([1, 0], [0, 1], 0.0),
        ([1, 0], [-3, 0], -1.0),
        ([1, 1], [1, 0], 0.7071067811865475),
    ],
)
def test_cosine(one: list[float], other: list[float], score: float) -> None:
    assert cosine(one, other) == pytest.approx(score)


@pytest.mark.parametrize(
    ("one", "other"), [([0, 0], [1, 0]), ([1], [1, 0]), ([float("nan")], [1.0]), ([], [])]
)
def test_no_cosine(one: list[float], other: list[float]) -> None:
    with pytest.raises(GradingFault):
        cosine(one, other)


def case(*own: Any, also: tuple[Any, ...] = ()) -> TestCase:
    output = ExpectedOutput("", Assertions(), also=also)
    return TestCase("c", (Step("hi", (output,), assertions=own),))


def test_what_nobody_can_answer_is_known_before() -> None:
    judge, similar, language = MeetsCriterion(criterion="x"), Similar(to="x"), LanguageIs(codes=("en",))
    inside = AnyOf(groups=((StartsWith(texts=("a",)),), (AnyOf(groups=((judge,),)),)))
    assert asking_kinds([case(inside), case(also=(similar,))]) == {MeetsCriterion, Similar}
    assert asking_kinds([case(StartsWith(texts=("a",)))]) == set()
    told = unanswerable({MeetsCriterion, Similar, LanguageIs}, Graders(languages=WordDetector()))
    assert [line.split(":")[0] for line in told] == ["`judge`", "`similar`"]
    assert unanswerable({type(language)}, NO_GRADERS) != []
    assert unanswerable({MeetsCriterion}, Graders(ToldJudge(Vote(True)))) == []
