"""What an expectation would have to be so that it accepts every reply that was seen."""

from collections.abc import Sequence

import msgspec

from vivavoce.domain.aligning.templates import common_template
from vivavoce.domain.aligning.texts import common_text
from vivavoce.domain.assertions.text import TextAssertion, TextEntry, check_text
from vivavoce.domain.output import Reply
from vivavoce.domain.suite import ExpectedOutput, Step


class Part(msgspec.Struct, frozen=True):
    """A dynamic part of a proposed text."""

    text: str  # as it stands in the proposed text; a JSONPath for a template
    kind: str = ""  # number, amount, date, time, id, name; empty: any text


class Proposal(msgspec.Struct, frozen=True):
    """Texts one of which an output must equal, parts of them dynamic. Accepts every reply it was made of."""

    entries: tuple[TextEntry, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The dynamic parts of all entries, in order."""
        return tuple(part for entry in self.entries for part in _parts(entry))

    @property
    def words(self) -> str:
        """What is proposed, for people."""
        several = f"one of {len(self.entries)} texts" if len(self.entries) > 1 else ""
        parts = ", ".join(f'"{part.text}"{f" ({part.kind})" if part.kind else ""}' for part in self.parts)
        dynamic = f"dynamic: {parts}" if parts else ""
        return "; ".join(filter(None, (several, dynamic)))


class StepProposal(msgspec.Struct, frozen=True):
    """What is proposed for the outputs of a step; None: leave it as it is."""

    outputs: tuple[Proposal | None, ...] = ()
    note: str = ""  # why nothing can be proposed although the replies differ

    def __bool__(self) -> bool:
        return any(proposal is not None for proposal in self.outputs)


def propose(expected: ExpectedOutput, replies: Sequence[str]) -> Proposal | None:
    """An expectation in place of the output's own that accepts all these replies to it.

    None where the replies agree, and where the output accepts all of them already. What varies becomes
    dynamic, with its kind where all that was seen is of one kind; never a whole text: texts that have less
    than half of their words in common stand beside each other instead.
    """
    if len(set(replies)) < 2 or _accepted(expected.assertions.text, expected.text, replies):
        return None
    known = _exact_text(expected)
    if known is not None:
        kept = _grouped([known, *replies])
        if len(kept) == 1:
            return _checked(kept, replies)
    return _checked(_grouped(replies), replies)


def propose_step(step: Step, replies: Sequence[Reply]) -> StepProposal:
    """The same for every output of a step, from its replies in several conversations."""
    if len({tuple(output.text for output in reply.outputs) for reply in replies}) < 2:
        return StepProposal()
    if step.arrangement != "exact":
        return StepProposal(note="its outputs have no fixed places, so they cannot be held side by side")
    if any(len(reply.outputs) != len(step.outputs) for reply in replies):
        counts = sorted({len(reply.outputs) for reply in replies})
        said = " or ".join(str(count) for count in counts)
        return StepProposal(note=f"the bot gave {said} replies where {len(step.outputs)} are expected")
    proposals = [
        propose(output, [reply.outputs[position].text for reply in replies])
        for position, output in enumerate(step.outputs)
    ]
    return StepProposal(tuple(proposals))


def _accepted(assertion: TextAssertion, recorded: str, replies: Sequence[str]) -> bool:
    return all(check_text(assertion, recorded, reply)[0].passed is not False for reply in replies)


def _exact_text(expected: ExpectedOutput) -> str | None:
    """The one text that the output equals as it was written, if there is one."""
    entries = expected.assertions.text.contains or (TextEntry(expected.text),)
    only = entries[0]
    plain = len(entries) == 1 and only.match == "equals" and not only.dynamic and only.text.strip()
    return only.text if plain else None


def _grouped(texts: Sequence[str]) -> list[TextEntry]:
    """One entry for each set of texts that have enough in common; in order of appearance."""
    groups: list[tuple[list[str], TextEntry]] = []
    for text in dict.fromkeys(texts):
        for position, (members, _) in enumerate(groups):
            entry = _common([*members, text])
            if entry is not None:
                groups[position] = ([*members, text], entry)
                break
        else:
            groups.append(([text], TextEntry(text)))
    return [entry for _, entry in groups]


def _common(texts: Sequence[str]) -> TextEntry | None:
    return common_template(texts) or common_text(texts)


def _checked(entries: Sequence[TextEntry], replies: Sequence[str]) -> Proposal:
    """The proposal; the replies themselves where it would not accept every one of them."""
    assertion = TextAssertion(contains=tuple(entries))
    if not _accepted(assertion, "", replies):
        entries = [TextEntry(reply) for reply in dict.fromkeys(replies)]
    return Proposal(tuple(entries))


def _parts(entry: TextEntry) -> list[Part]:
    spans = [Part(entry.text[span.start : span.end], span.kind) for span in entry.dynamic]
    return spans + [Part(path) for path in entry.dynamic_paths]
