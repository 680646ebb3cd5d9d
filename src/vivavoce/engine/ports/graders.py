"""The ports behind which models and libraries give their opinion of a text; see domain.questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vivavoce.domain.questions import AskJudge, Language, Vote

LOCAL_MODEL = "local"
"""The embedding model that runs in this process."""


class GradingFault(Exception):
    """A judge, an embedding or a detector could not be asked; the message is shown to the author."""


class Judge(Protocol):
    """A language model that says whether a reply meets a criterion."""

    async def vote(self, question: AskJudge) -> Vote:
        """One vote (`question.votes` is the engine's affair). Raises GradingFault."""

    async def aclose(self) -> None: ...


class Embedder(Protocol):
    """Turns texts into vectors whose cosine tells how near in meaning they are."""

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """One vector for each text, in order. Raises GradingFault."""

    async def aclose(self) -> None: ...


class LanguageDetector(Protocol):
    """Tells the language of a text. Blocking, quick."""

    def detect(self, text: str) -> Language: ...


@dataclass(frozen=True)
class Graders:
    """Whoever can be asked; None: nobody is configured, and what asks for it is undecided."""

    judge: Judge | None = None
    embedder: Embedder | None = None
    languages: LanguageDetector | None = None


NO_GRADERS = Graders()
