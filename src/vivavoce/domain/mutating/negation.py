"""A negation put in or taken out, in languages whose auxiliary verbs are listed here."""

import re
from collections.abc import Iterator

from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.mutating.base import Chance, Mutant, Surroundings, numbered, with_text
from vivavoce.domain.mutating.places import readable_places
from vivavoce.domain.output import Reply
from vivavoce.domain.verdict import StepResult

_ENGLISH = """
    am is are was were be been has have had do does did can could will would shall should may might must
"""
_GERMAN = "ist sind waren wird werden wurde wurden kann können konnte haben muss müssen soll sollen"
_FRENCH = "est sont était sera seront peut peuvent ont doit doivent avez êtes pouvez"

_AFTER = [  # after the first such verb, the negation comes
    (re.compile(rf"\b(?:{'|'.join(_ENGLISH.split())})\b", re.IGNORECASE), "not"),
    (re.compile(rf"\b(?:{'|'.join(_GERMAN.split())})\b", re.IGNORECASE), "nicht"),
    (re.compile(rf"\b(?:{'|'.join(_FRENCH.split())})\b", re.IGNORECASE), "pas"),
]
_CONTRACTED = re.compile(
    r"\b(ca|wo|is|are|was|were|do|does|did|has|have|had|could|would|should)n['’]t\b", re.I
)
_FULL = {"ca": "can", "wo": "will"}
_WORD = re.compile(r"\s+(?:not|never|nicht|pas)\b", re.IGNORECASE)
_CANNOT = re.compile(r"\bcannot\b", re.IGNORECASE)


def negations(result: StepResult, reply: Reply, around: Surroundings, chance: Chance) -> Iterator[Mutant]:
    for position, output in numbered(reply):
        for text, put in readable_places(output.text):
            other = _negated(text)
            if other is not None:
                change = f"{quote(text)} became {quote(other)}"
                yield Mutant("negation", with_text(reply, position, put(other)), change, position)
                break  # one an output: the first text in which there is something to negate


def _negated(text: str) -> str | None:
    """The text saying the opposite; None where no verb is known."""
    if match := _CONTRACTED.search(text):
        verb = _FULL.get(match[1].lower(), match[1])
        verb = verb.capitalize() if match[1][0].isupper() else verb
        return text[: match.start()] + verb + text[match.end() :]
    if match := _CANNOT.search(text):
        return text[: match.start()] + match[0][:3] + text[match.end() :]
    if match := _WORD.search(text):
        return text[: match.start()] + text[match.end() :]
    for verbs, negation in _AFTER:
        if match := verbs.search(text):
            return f"{text[: match.end()]} {negation}{text[match.end() :]}"
    return None
