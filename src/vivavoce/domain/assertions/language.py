"""`language`: the language in which a reply is written, told by a library."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.opinions import SAID_NOTHING, answer_to, undecided
from vivavoce.domain.assertions.wording import either, quote
from vivavoce.domain.questions import AskLanguage, Language, Question, Unanswered

LANGUAGES = frozenset(
    """
    af am ar az be bg bn ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km
    kn ko lo lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz
    vi zh zu
    """.split()
)
"""The languages that are told apart (ISO 639-1): without rare ones, short texts can be told more often."""


class LanguageIs(Assertion, frozen=True, kw_only=True, tag="language"):
    """The text is written in one of these languages; a region, as in `en-GB`, is not told apart."""

    codes: tuple[str, ...]

    def problems(self) -> list[str]:
        if not self.codes:
            return ["the list is empty: no language would do"]
        return [_unknown(code) for code in self.codes if base_code(code) not in LANGUAGES]

    def questions(self, seen: Seen) -> tuple[Question, ...]:
        return (AskLanguage(seen.text),) if seen.text else ()

    def look(self, seen: Seen) -> Outcome:
        expected = f"a text in {either(self.codes)}"
        if not seen.text:
            return Outcome(False, expected, SAID_NOTHING)
        match answer_to(AskLanguage(seen.text), seen):
            case Language(code, confidence) if code:
                note = f"language {code} ({confidence:.2f})"
                held = base_code(code) in {base_code(wanted) for wanted in self.codes}
                return Outcome(held, expected, f"the bot said {quote(seen.text)}: {note}", note=note)
            case Unanswered(reason):
                return undecided(expected, f"the language of {quote(seen.text)} is not known: {reason}")
            case _:
                why = f"the language of {quote(seen.text)} cannot be told: too short, or in no language"
                return undecided(expected, why, inconclusive=True)


def base_code(code: str) -> str:
    """Without region and script: `de` of `de-AT`; Norwegian is one language, however it is written."""
    base = code.strip().replace("_", "-").partition("-")[0].casefold()
    return "no" if base in ("nb", "nn") else base


def _unknown(code: str) -> str:
    known = " ".join(sorted(LANGUAGES))
    return f"{code!r} is none of the languages that are told apart, by two letters: {known}"
