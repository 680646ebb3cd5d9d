"""`judge`: a criterion in plain words, decided by the votes of a language model.

All votes that were asked for count. A side (met, not met) wins when it has more than half of them and at
least the share `agree`. Where neither side wins (a tie, a spread too wide, votes that could not decide) the
judgement is inconclusive: never a pass, and never a pass of its negation either.
"""

from collections.abc import Sequence

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.opinions import SAID_NOTHING, answer_to, undecided
from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.questions import AskJudge, Question, Unanswered, Vote, Votes

MOST_VOTES = 25  # each is a call that somebody pays
_ROUNDING = 0.005  # `agree: 0.67` means two of three


class MeetsCriterion(Assertion, frozen=True, kw_only=True, tag="judge"):
    """The judge finds that the reply meets the criterion; votes and reasons are kept as the note."""

    criterion: str
    votes: int = 1
    agree: float = 0.5

    def problems(self) -> list[str]:
        found = []
        if not self.criterion.strip():
            found.append("the criterion is empty: there is nothing to judge")
        if not 1 <= self.votes <= MOST_VOTES:
            found.append(f"`votes` is {self.votes}: it is a number from 1 to {MOST_VOTES}")
        if not 0.5 <= self.agree <= 1:
            found.append(
                f"`agree` is {self.agree:g}: it is a share from 0.5 to 1, else a minority would decide"
            )
        return found

    def questions(self, seen: Seen) -> tuple[Question, ...]:
        return (self._question(seen),) if seen.text else ()

    def look(self, seen: Seen) -> Outcome:
        expected = f"a reply that meets {quote(self.criterion)}"
        if not seen.text:
            return Outcome(False, expected, SAID_NOTHING)
        match answer_to(self._question(seen), seen):
            case Votes(votes):
                return self._decide(expected, votes)
            case Unanswered(reason):
                return undecided(expected, f"nobody judged {quote(self.criterion)}: {reason}")
            case _:
                return undecided(expected, f"nobody voted on {quote(self.criterion)}")

    def _decide(self, expected: str, votes: Sequence[Vote]) -> Outcome:
        met = sum(vote.met is True for vote in votes)
        unmet = sum(vote.met is False for vote in votes)
        note = _note(met, unmet, votes)
        if self._wins(met, len(votes)):
            return Outcome(True, expected, f"the judge finds that it does ({note})", note=note)
        if self._wins(unmet, len(votes)):
            return Outcome(False, expected, f"the judge finds that it does not ({note})", note=note)
        why = f"the judge is inconclusive about {quote(self.criterion)} ({note})"
        return undecided(expected, why, note=note, inconclusive=True)

    def _wins(self, side: int, of: int) -> bool:
        of = max(of, self.votes)  # a vote that was not given is given to nobody
        return 2 * side > of and side / of >= self.agree - _ROUNDING

    def _question(self, seen: Seen) -> AskJudge:
        return AskJudge(
            criterion=self.criterion,
            reply=seen.text,
            transcript=seen.transcript,
            user=seen.user,
            votes=self.votes,
        )


def _note(met: int, unmet: int, votes: Sequence[Vote]) -> str:
    """`2 met, 1 not met: met: it names the fee; not met: ...`: the spread, then each reason once."""
    undecided_votes = len(votes) - met - unmet
    spread = ((met, "met"), (unmet, "not met"), (undecided_votes, "undecided"))
    counts = ", ".join(f"{count} {word}" for count, word in spread if count) or "no votes"
    reasons = dict.fromkeys(f"{_WORDS[vote.met]}: {vote.reason}" for vote in votes if vote.reason)
    return f"{counts}; {'; '.join(reasons)}" if reasons else counts


_WORDS = {True: "met", False: "not met", None: "undecided"}
