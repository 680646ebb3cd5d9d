"""What only a model or a library can tell about a text, as values: asked by the engine, judged by assertions.

An assertion that needs an opinion says which (`Assertion.questions`); the engine has it answered through its
ports and hands the answers back, so that judging stays pure and can be done again from what was kept.
"""

import msgspec


class Turn(msgspec.Struct, frozen=True):
    """One earlier turn of the conversation, as a judge reads it."""

    user: str
    bot: str


class AskJudge(msgspec.Struct, frozen=True, tag=True):
    """Does the reply meet the criterion? Asked `votes` times."""

    criterion: str
    reply: str
    transcript: tuple[Turn, ...] = ()  # the turns before, oldest first; the last one's `bot` is the reply's
    user: str = ""  # what the user said in this step
    votes: int = 1


class AskSimilarity(msgspec.Struct, frozen=True, tag=True):
    """How near in meaning are two texts?"""

    one: str
    other: str


class AskLanguage(msgspec.Struct, frozen=True, tag=True):
    """In which language is a text written?"""

    text: str


Question = AskJudge | AskSimilarity | AskLanguage


class Vote(msgspec.Struct, frozen=True):
    """One opinion of a judge. `met` None: it could not decide, or did not answer in the agreed form."""

    met: bool | None
    reason: str = ""


class Votes(msgspec.Struct, frozen=True, tag=True):
    votes: tuple[Vote, ...]


class Similarity(msgspec.Struct, frozen=True, tag=True):
    score: float  # cosine, -1 to 1


class Language(msgspec.Struct, frozen=True, tag=True):
    code: str  # ISO 639-1; empty: it cannot be told
    confidence: float = 1.0  # 0 to 1


class Unanswered(msgspec.Struct, frozen=True, tag=True):
    """Nobody could say: no such port is configured, or it failed. Never counts as a pass."""

    reason: str


Answer = Votes | Similarity | Language | Unanswered
