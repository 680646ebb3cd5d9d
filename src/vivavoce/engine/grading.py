"""Has questions answered by whoever is configured to answer them."""

import asyncio
import logging
import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from operator import mul
from typing import TypeVar

import msgspec

from vivavoce.domain.assertions.base import Assertion
from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.assertions.kinds import AnyAssertion, AnyOf
from vivavoce.domain.assertions.language import LanguageIs
from vivavoce.domain.assertions.similar import Similar
from vivavoce.domain.questions import (
    Answer,
    AskJudge,
    AskLanguage,
    AskSimilarity,
    Question,
    Similarity,
    Turn,
    Unanswered,
    Vote,
    Votes,
)
from vivavoce.domain.suite import TestCase
from vivavoce.engine.ports.graders import Embedder, Graders, GradingFault, Judge, LanguageDetector

NO_JUDGE = "no judge is configured: set VIVA_JUDGE_URL and VIVA_JUDGE_MODEL"
NO_EMBEDDER = (
    "no embedding is configured: set VIVA_EMBEDDING_URL and VIVA_EMBEDDING_MODEL, or"
    " VIVA_EMBEDDING_MODEL=local for the extra local-embeddings"
)
NO_DETECTOR = "nothing is configured that tells languages"

_KEPT = 10_000  # answers about similarity and language
_T = TypeVar("_T")
log = logging.getLogger(__name__)


class Grading:
    """Answers the questions of one run.

    A question about similarity or language that was answered once is not asked again in it; a judge is asked
    anew each time, since its votes are opinions. `mask` takes secrets out of a text before anybody else sees
    it. At most `at_a_time` calls of models are in flight.
    """

    def __init__(
        self, graders: Graders, *, mask: Callable[[str], str] = lambda text: text, at_a_time: int = 4
    ) -> None:
        self._graders = graders
        self._mask = mask
        self._slots = asyncio.Semaphore(at_a_time)
        self._known: OrderedDict[Question, Answer] = OrderedDict()

    async def answer(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        """An answer for each question; never raises: what cannot be told stays unanswered, with why."""
        asked = list(dict.fromkeys(questions))
        answers = await asyncio.gather(*(self._answer(question) for question in asked))
        return dict(zip(asked, answers, strict=True))

    async def _answer(self, question: Question) -> Answer:
        if question in self._known:
            self._known.move_to_end(question)
            return self._known[question]
        try:
            answer = await self._ask(_masked(question, self._mask))
        except GradingFault as fault:
            return Unanswered(str(fault))
        except Exception as fault:
            return Unanswered(_unforeseen(fault))
        if not isinstance(answer, Votes | Unanswered):
            self._known[question] = answer
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return answer

    async def _ask(self, question: Question) -> Answer:
        """Raises GradingFault."""
        match question:
            case AskJudge():
                return await self._votes(_configured(self._graders.judge, NO_JUDGE), question)
            case AskSimilarity(one, other):
                return await self._similarity(_configured(self._graders.embedder, NO_EMBEDDER), one, other)
            case AskLanguage(text):
                detector: LanguageDetector = _configured(self._graders.languages, NO_DETECTOR)
                # In a thread: its model may have to be loaded first.
                return await asyncio.to_thread(detector.detect, text)

    async def _votes(self, judge: Judge, question: AskJudge) -> Answer:
        """All votes, side by side; one that cannot be had is undecided as long as others can."""

        async def vote() -> Vote | GradingFault:
            try:
                async with self._slots:
                    return await judge.vote(question)
            except GradingFault as fault:
                return fault
            except Exception as fault:  # the other votes are not lost for it
                return GradingFault(_unforeseen(fault))

        cast = await asyncio.gather(*(vote() for _ in range(question.votes)))
        faults = [one for one in cast if isinstance(one, GradingFault)]
        if len(faults) == len(cast):
            raise GradingFault("; ".join(dict.fromkeys(map(str, faults))) or "no vote was asked for")
        return Votes(tuple(one if isinstance(one, Vote) else Vote(None, str(one)) for one in cast))

    async def _similarity(self, embedder: Embedder, one: str, other: str) -> Answer:
        async with self._slots:
            vectors = await embedder.embed([one, other])
        if len(vectors) != 2:
            raise GradingFault(f"two texts were given, {len(vectors)} embeddings came back")
        return Similarity(cosine(*vectors))


def asking_kinds(cases: Iterable[TestCase]) -> set[type[Assertion]]:
    """Which kinds that ask for an opinion stand in the cases."""
    found: set[type[Assertion]] = {type(one) for case in cases for one in _assertions(case)}
    return found & {MeetsCriterion, Similar, LanguageIs}


def unanswerable(kinds: Set[type[Assertion]], graders: Graders) -> list[str]:
    """For each of the kinds that nobody can answer, the way out."""
    ways = (
        (MeetsCriterion, graders.judge, "judge", NO_JUDGE),
        (Similar, graders.embedder, "similar", NO_EMBEDDER),
        (LanguageIs, graders.languages, "language", NO_DETECTOR),
    )
    return [f"`{key}`: {way}" for kind, grader, key, way in ways if kind in kinds and grader is None]


def _assertions(case: TestCase) -> Iterator[AnyAssertion]:
    """All of the case's own assertions, those inside of others too."""
    for step in case.steps:
        pending = [*step.assertions, *(one for output in step.outputs for one in output.also)]
        while pending:
            assertion = pending.pop()
            yield assertion
            if isinstance(assertion, AnyOf):
                pending += [one for group in assertion.groups for one in group]


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """From -1 to 1. Raises GradingFault where there is none."""
    if len(one) != len(other):
        raise GradingFault("the embeddings of two texts have different sizes")
    size = math.hypot(*one) * math.hypot(*other)
    if not size or not math.isfinite(size):
        raise GradingFault("a text has no embedding: nothing of it is known to the model")
    return max(-1.0, min(1.0, math.fsum(map(mul, one, other)) / size))


def _configured(grader: _T | None, otherwise: str) -> _T:
    if grader is None:
        raise GradingFault(otherwise)
    return grader


def _unforeseen(fault: Exception) -> str:
    log.error("a grader failed in an unforeseen way", exc_info=fault)
    return f"fault in the grader: {type(fault).__name__}"


def _masked(question: Question, mask: Callable[[str], str]) -> Question:
    """The question with all its texts masked."""
    match question:
        case AskJudge():
            return msgspec.structs.replace(
                question,
                criterion=mask(question.criterion),
                reply=mask(question.reply),
                user=mask(question.user),
                transcript=tuple(Turn(mask(turn.user), mask(turn.bot)) for turn in question.transcript),
            )
        case AskSimilarity(one, other):
            return AskSimilarity(mask(one), mask(other))
        case AskLanguage(text):
            return AskLanguage(mask(text))
