"""What a step expected and what the bot said, side by side, with the differing words told apart."""

from dataclasses import dataclass
from typing import Final

from vivavoce.domain.assertions.text import TextAssertion, TextEntry
from vivavoce.domain.assertions.wordwise import Part, marked_words
from vivavoce.domain.suite import ExpectedOutput
from vivavoce.domain.template import parse_template
from vivavoce.domain.verdict import OutputResult, StepResult
from vivavoce.formats.reports.html.visible import cut

MAX_OUTPUTS: Final = 20  # of a step
MAX_OUTPUT: Final = 3_000  # characters of a side
MAX_ACCEPTED: Final = 6  # texts of which one must be said


@dataclass(frozen=True)
class Text:
    """One accepted text, or what was said. `prefix` says how it is compared, where not as a whole."""

    parts: tuple[Part, ...]
    prefix: str = ""


@dataclass(frozen=True)
class Side:
    """One position of a reply. No texts on a side: nothing was expected, or nothing came."""

    held: bool
    expected: tuple[Text, ...]
    actual: Text | None


def sides_of(result: StepResult) -> tuple[Side, ...]:
    """The first positions of a step's reply, and what the bot said besides; a step without any has none."""
    said = [output.text for output in result.reply.outputs] if result.reply else []
    found: list[Side] = []
    paired = set()
    for position, judged in enumerate(result.outputs[:MAX_OUTPUTS]):
        at = position if judged.actual is None else judged.actual
        actual = said[at] if not judged.missing and at < len(said) else None
        if actual is not None:
            paired.add(at)
        outputs = result.step.outputs
        expected = None if judged.extra or position >= len(outputs) else outputs[position]
        found.append(_side(expected, actual, judged))
    if not result.outputs:  # nothing was judged: there was no reply, or it was free
        found += [_side(output, None, None) for output in result.step.outputs[:MAX_OUTPUTS]]
    rest = [text for at, text in enumerate(said[:MAX_OUTPUTS]) if at not in paired]
    if len(result.outputs) <= MAX_OUTPUTS:
        found += [Side(True, (), Text(_plain(text))) for text in rest]
    return tuple(found)


def _side(expected: ExpectedOutput | None, actual: str | None, judged: OutputResult | None) -> Side:
    held = judged is not None and judged.passed
    texts = _accepted(expected) if expected else ()
    said = None if actual is None else Text(_plain(actual))
    if held or actual is None or expected is None or len(texts) != 1 or texts[0].prefix:
        return Side(held, texts, said)
    entries = expected.assertions.text.contains
    wanted = cut(entries[0].text if entries else expected.text, MAX_OUTPUT)
    if judged is None or judged.text.passed is not False or parse_template(wanted) is not None:
        return Side(held, texts, said)
    left, right = marked_words(wanted, cut(actual, MAX_OUTPUT))
    return Side(held, (Text(left),), Text(right))


def _accepted(expected: ExpectedOutput) -> tuple[Text, ...]:
    """The texts of which one must be said; what was recorded where the text is free."""
    assertion: TextAssertion = expected.assertions.text
    if not assertion.enabled:
        return (Text(_plain(expected.text), "any text, such as"),) if expected.text else ()
    if not assertion.contains:
        return (Text(_plain(expected.text)),)
    shown = [_entry(entry) for entry in assertion.contains[:MAX_ACCEPTED]]
    more = len(assertion.contains) - len(shown)
    if more:
        shown.append(Text((), f"or {more} more"))
    return tuple(shown)


def _entry(entry: TextEntry) -> Text:
    if entry.match == "contains":
        return Text(_plain(entry.text), "contains")
    if entry.match == "allOf":
        return Text(_plain(" · ".join(entry.texts)), "contains all of")
    return Text(_plain(entry.text), "with dynamic parts" if entry.dynamic or entry.dynamic_paths else "")


def _plain(text: str) -> tuple[Part, ...]:
    return (Part(cut(text, MAX_OUTPUT), False),)
