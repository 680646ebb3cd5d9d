"""Graders that are told beforehand; they pass the contract of the real ones."""

from collections.abc import Sequence
from typing import ClassVar

from vivavoce.domain.questions import AskJudge, Language, Vote
from vivavoce.engine.ports.graders import GradingFault


class ToldJudge:
    """Votes in the order of what it was told, then again from the start."""

    def __init__(self, *votes: Vote | Exception) -> None:
        self._votes = votes
        self.asked: list[AskJudge] = []
        self.closed = 0

    async def vote(self, question: AskJudge) -> Vote:
        self.asked.append(question)
        vote = self._votes[(len(self.asked) - 1) % len(self._votes)]
        if isinstance(vote, Exception):
            raise vote
        return vote

    async def aclose(self) -> None:
        self.closed += 1


class CountingEmbedder:
    """A text's vector counts its letters: texts of the same letters are equal, of other letters far apart."""

    def __init__(self, fault: Exception | None = None) -> None:
        self._fault = fault
        self.asked: list[list[str]] = []

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        self.asked.append(list(texts))
        if self._fault is not None:
            raise self._fault
        return [[float(text.casefold().count(letter)) for letter in LETTERS] for text in texts]

    async def aclose(self) -> None: ...


LETTERS = "abcdefghijklmnopqrstuvwxyz"


class WordDetector:
    """Knows a language by one word of it."""

    words: ClassVar = {"the": "en", "your": "en", "ihre": "de", "die": "de", "votre": "fr"}

    def __init__(self) -> None:
        self.asked: list[str] = []

    def detect(self, text: str) -> Language:
        self.asked.append(text)
        found = {self.words[word] for word in text.casefold().split() if word in self.words}
        return Language(found.pop()) if len(found) == 1 else Language("", 0.0)


DOWN = GradingFault("the judge answered 500 Internal Server Error")
