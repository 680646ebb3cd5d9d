"""`language`: the language in which a reply is written, told by a library."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.opinions import SAID_NOTHING, answer_to, undecided
from vivavoce.domain.assertions.wording import either, quote
from vivavoce.domain.questions import AskLanguage, Language, Question, Unanswered


class LanguageIs(Assertion, frozen=True, kw_only=True, tag="language"):
    """The text is written in one of these languages (ISO 639-1; a region, as in `en-GB`, is not told apart)."""

    codes: tuple[str, ...]

    def problems(self) -> list[str]:
        if not self.codes:
            return ["the list is empty: no language would do"]
        return [
            f"{code!r} is no code of a language: write two letters, such as en or de"
            for code in self.codes
            if len(_base(code)) != 2 or not _base(code).isascii() or not _base(code).isalpha()
        ]

    def questions(self, seen: Seen) -> tuple[Question, ...]:
        return (AskLanguage(seen.text),) if seen.text else ()

    def look(self, seen: Seen) -> Outcome:
        expected = f"a text in {either(self.codes)}"
        if not seen.text:
            return Outcome(False, expected, SAID_NOTHING)
        match answer_to(AskLanguage(seen.text), seen):
            case Language(code, confidence) if code:
                note = f"language {code} ({confidence:.2f})"
                held = _base(code) in {_base(wanted) for wanted in self.codes}
                return Outcome(held, expected, f"the bot said {quote(seen.text)}: {note}", note=note)
            case Unanswered(reason):
                return undecided(expected, f"the language of {quote(seen.text)} is not known: {reason}")
            case _:
                why = f"the language of {quote(seen.text)} cannot be told: it is too short or of no language"
                return undecided(expected, why, inconclusive=True)


def _base(code: str) -> str:
    """Without region and script: `de` of `de-AT`; Norwegian is one language, however it is written."""
    base = code.strip().replace("_", "-").partition("-")[0].casefold()
    return "no" if base in ("nb", "nn") else base
