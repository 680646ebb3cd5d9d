"""What every grader must do, real or told beforehand. Tests of a grader subclass its contract."""

import asyncio
import math

import pytest

from vivavoce.domain.questions import AskJudge, Turn
from vivavoce.engine.grading import cosine
from vivavoce.engine.ports.graders import Embedder, GradingFault, Judge, LanguageDetector


class JudgeContract:
    """`judge` finds that GOOD meets its criterion and BAD does not; `broken` cannot be asked."""

    GOOD = AskJudge("The reply names the fee", "The fee is 5 euros.", (Turn("hi", "Hello!"),), "How much?")
    BAD = AskJudge("The reply names the fee", "No idea.")

    @pytest.fixture
    async def judge(self) -> Judge:
        raise AssertionError("subclasses build their judge here")

    @pytest.fixture
    async def broken(self) -> Judge:
        raise AssertionError("subclasses build a judge here that cannot be asked")

    async def test_it_tells_good_from_bad_with_a_reason(self, judge: Judge) -> None:
        good, bad = await judge.vote(self.GOOD), await judge.vote(self.BAD)
        assert (good.met, bad.met) == (True, False)
        assert good.reason and bad.reason
        await judge.aclose()

    async def test_votes_side_by_side(self, judge: Judge) -> None:
        votes = await asyncio.gather(*(judge.vote(self.GOOD) for _ in range(2)))
        assert len(votes) == 2
        await judge.aclose()

    async def test_one_that_cannot_be_asked_says_why(self, broken: Judge) -> None:
        with pytest.raises(GradingFault, match=r"\w+ \w+"):
            await broken.vote(self.GOOD)
        await broken.aclose()

    async def test_closing_twice_is_fine(self, judge: Judge) -> None:
        await judge.aclose()
        await judge.aclose()


class EmbedderContract:
    @pytest.fixture
    async def embedder(self) -> Embedder:
        raise AssertionError("subclasses build their embedder here")

    async def test_a_vector_for_each_text_in_order(self, embedder: Embedder) -> None:
        texts = ["the card is blocked", "sunny weather", "the card is blocked"]
        vectors = await embedder.embed(texts)
        assert len(vectors) == 3
        assert len({len(vector) for vector in vectors}) == 1
        assert all(math.isfinite(number) for vector in vectors for number in vector)
        assert list(vectors[0]) == pytest.approx(list(vectors[2]))
        assert list(vectors[0]) != pytest.approx(list(vectors[1]))
        await embedder.aclose()

    async def test_near_texts_are_nearer_than_far_ones(self, embedder: Embedder) -> None:
        base, near, far = await embedder.embed(
            ["your card is blocked", "the card is blocked", "funny penguins jump high"]
        )
        assert cosine(base, near) > cosine(base, far)
        assert cosine(base, base) == pytest.approx(1)
        await embedder.aclose()

    async def test_no_texts_no_vectors(self, embedder: Embedder) -> None:
        assert await embedder.embed([]) == []
        await embedder.aclose()


class DetectorContract:
    @pytest.fixture
    def detector(self) -> LanguageDetector:
        raise AssertionError("subclasses build their detector here")

    def test_it_tells_languages(self, detector: LanguageDetector) -> None:
        assert detector.detect("Please bring the card to your bank.").code == "en"
        assert detector.detect("Ihre Karte wurde gesperrt.").code == "de"
        assert 0 < detector.detect("Votre carte a été bloquée.").confidence <= 1

    def test_what_is_in_no_language_has_no_code(self, detector: LanguageDetector) -> None:
        for text in ("", "42", "12:30", "👍"):
            assert detector.detect(text).code == ""

    def test_it_says_the_same_again(self, detector: LanguageDetector) -> None:
        assert detector.detect("Ihre Karte") == detector.detect("Ihre Karte")
