"""`similar`: a reply that means about the same as a given text, told by an embedding."""

import math

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.opinions import SAID_NOTHING, answer_to, undecided
from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.questions import AskSimilarity, Question, Similarity, Unanswered


class Similar(Assertion, frozen=True, kw_only=True, tag="similar"):
    """The cosine of the text and `to` is at least `at_least`; the score is kept as the note."""

    to: str
    at_least: float = 0.8

    def problems(self) -> list[str]:
        found = []
        if not self.to.strip():
            found.append("`to` is empty: there is nothing to compare with")
        if not 0 < self.at_least <= 1:
            found.append(f"`at_least` is {self.at_least:g}: it lies above 0 and is at most 1")
        return found

    def questions(self, seen: Seen) -> tuple[Question, ...]:
        return (self._question(seen),) if seen.text else ()

    def look(self, seen: Seen) -> Outcome:
        expected = f"a text that means {quote(self.to)} (similarity at least {self.at_least:g})"
        if not seen.text:
            return Outcome(False, expected, SAID_NOTHING)
        match answer_to(self._question(seen), seen):
            case Similarity(score) if math.isfinite(score):
                # Finer than thresholds are written: 0.7996 must not read as "0.8, not at least 0.8".
                note = f"similarity {score:.4f}"
                return Outcome(
                    score >= self.at_least, expected, f"the bot said {quote(seen.text)} ({note})", note=note
                )
            case Unanswered(reason):
                return undecided(expected, f"the similarity to {quote(self.to)} is not known: {reason}")
            case _:
                return undecided(expected, f"the similarity to {quote(self.to)} is no number")

    def _question(self, seen: Seen) -> AskSimilarity:
        return AskSimilarity(one=self.to, other=seen.text)
