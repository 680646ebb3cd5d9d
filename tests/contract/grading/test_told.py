"""The graders that tests use keep the contracts."""

import pytest
from tests.contract.grading.contract import DetectorContract, EmbedderContract, JudgeContract
from tests.unit.engine.graders import DOWN, CountingEmbedder, ToldJudge, WordDetector

from vivavoce.domain.questions import Vote
from vivavoce.engine.ports.graders import Embedder, Judge, LanguageDetector


class TestToldJudge(JudgeContract):
    @pytest.fixture
    async def judge(self) -> Judge:
        return ToldJudge(Vote(True, "it names it"), Vote(False, "it does not"))

    @pytest.fixture
    async def broken(self) -> Judge:
        return ToldJudge(DOWN)


class TestCountingEmbedder(EmbedderContract):
    @pytest.fixture
    async def embedder(self) -> Embedder:
        return CountingEmbedder()


class TestWordDetector(DetectorContract):
    @pytest.fixture
    def detector(self) -> LanguageDetector:
        return WordDetector()
