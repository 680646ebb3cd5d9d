"""Changes that the suite's author has declared to be right: they are no mutants."""

from vivavoce.domain.assertions.equals import Equals
from vivavoce.domain.assertions.text import TextAssertion, TextEntry, check_text
from vivavoce.domain.mutating.base import Mutant
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.suite import ExpectedOutput, Step

_OF_WORDS = frozenset({"number", "sentence", "negation", "button", "swapped"})


def is_intended(step: Step, original: Reply, mutant: Mutant) -> bool:
    """Whether the reply is as before, or says only what stands in the step as a text to be said.

    A change within a dynamic part, or from one of the accepted texts to another, is such a one. A text that
    merely slips past *contains* is not: nobody wrote it down.
    """
    if mutant.reply == original:
        return True
    if mutant.kind not in _OF_WORDS:
        return False
    changed = [
        (position, output)
        for position, output in enumerate(mutant.reply.outputs)
        if position >= len(original.outputs) or output.text != original.outputs[position].text
    ]
    same_number = len(mutant.reply.outputs) == len(original.outputs)
    return same_number and all(_written(step, position, output) for position, output in changed)


def _written(step: Step, position: int, output: Output) -> bool:
    """Whether the whole text is one that the step equals at its place, or anywhere if places are free."""
    if step.arrangement == "exact":
        places = step.outputs[position : position + 1]
    else:
        places = step.outputs
    for expected in places:
        exact = _exact_entries(expected)
        if exact and check_text(TextAssertion(contains=exact), "", output.text)[0].passed:
            return True
    return False


def _exact_entries(expected: ExpectedOutput) -> tuple[TextEntry, ...]:
    text = expected.assertions.text
    entries = (text.contains or (TextEntry(expected.text),)) if text.enabled else ()
    own = [
        entry for one in expected.also if isinstance(one, Equals) and not one.negated for entry in one.entries
    ]
    return tuple(entry for entry in (*entries, *own) if entry.match == "equals" and entry.text)
