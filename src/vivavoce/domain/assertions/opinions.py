"""What kinds that ask for an opinion have in common."""

from vivavoce.domain.assertions.base import Outcome, Seen
from vivavoce.domain.questions import Answer, Question, Unanswered

SAID_NOTHING = "the bot said nothing"


def answer_to(question: Question, seen: Seen) -> Answer:
    """What was answered; a question that nobody was asked counts as unanswered."""
    return seen.answers.get(question) or Unanswered("it was not asked")


def undecided(expected: str, why: str, *, note: str = "", inconclusive: bool = False) -> Outcome:
    """Neither held nor not: `inconclusive` where somebody was asked and nobody can say."""
    return Outcome(None, expected, why, note=note, inconclusive=inconclusive)
