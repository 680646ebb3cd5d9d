"""Actual replies turned into the expectations of a suite's file, as changes of its text for a person to see.

What a change leaves behind is read and judged again before anybody sees it: it holds, or there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from vivavoce.domain.assertions.text import TextEntry
from vivavoce.domain.errors import InputError, Malformed
from vivavoce.domain.template import readable
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.engine.kept_steps import KeptStep, KeptSteps
from vivavoce.engine.rejudging import keyed
from vivavoce.formats.editing import NotEditable
from vivavoce.formats.expected_texts import Entries, ExpectedTexts

_SHARED = {
    "table": "it stands in a table, and its other rows expect the same",
    "fixture": "it stands in a fixture, and other cases begin with it",
}


@dataclass(frozen=True)
class Choice:
    """Which steps of a run are accepted; nothing stated: those that failed."""

    cases: tuple[str, ...] = ()  # patterns of names
    steps: tuple[int, ...] = ()  # by their numbers in the case, from 1, whether they failed or not

    def has_case(self, name: str) -> bool:
        return not self.cases or any(fnmatchcase(name, pattern) for pattern in self.cases)

    def has_step(self, position: int, result: StepResult) -> bool:
        """`position`: 0-based, in the case."""
        return position + 1 in self.steps if self.steps else result.verdict is Verdict.FAILED


@dataclass
class Changes:
    """What would change, by file: the old text and the new one; and what is to be said about it."""

    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    steps: int = 0  # that change
    left: list[str] = field(default_factory=list)  # steps that were asked for and stay as they are, with why
    notes: list[str] = field(default_factory=list)


def accept(kept: KeptSteps, choice: Choice) -> Changes:
    """Turn the replies to a run's chosen steps into what the suite expects of them. Blocking.

    Raises InputError: the file says something else than the run did, or what it would be does not hold.
    """
    changes = Changes()
    accepted: list[KeptStep] = []
    for key, repeats in kept.cases():
        chosen = [one for one in repeats if any(choice.has_step(*step) for step in enumerate(one))]
        if not choice.has_case(key[0]) or not chosen:
            continue
        for step in kept.beside(key, chosen[:1]):
            wanted = choice.has_step(step.position, step.kept[0]) and (step.failed or choice.steps)
            if not wanted or stays(step, changes):
                continue
            try:
                _accept_step(step, kept.suite.expected(step.place), forced=bool(choice.steps))
            except NotEditable as reason:
                changes.left.append(f"{step.name}: {reason}")
            else:
                accepted.append(step)
    return checked(kept, accepted, changes)


def stays(step: KeptStep, changes: Changes) -> bool:
    """Whether a step cannot be changed where it stands; it is told why."""
    reason = _SHARED.get(step.place.shared, "")
    if not reason and any(result.reply is None for result in step.kept):
        reason = "it drew no reply"
    if reason:
        changes.left.append(f"{step.name}: {reason}")
    return bool(reason)


def checked(kept: KeptSteps, steps: Sequence[KeptStep], changes: Changes) -> Changes:
    """The changes of these steps, once the texts that they leave behind hold. Raises InputError."""
    if not steps:
        return changes
    try:
        files = kept.suite.changes()
        again = dict(keyed(kept.suite.read_again(files).cases()))
    except (NotEditable, Malformed) as error:
        raise InputError(f"nothing is changed, since the file could not be read any more: {error}") from None
    for step in steps:
        for repeat in {result.repeat for result in step.kept}:
            results = kept.kept.repeats(step.key)[repeat]
            judged = kept.judge(again[step.key], results)[step.position]
            if reason := _problem_of_texts(judged):
                raise InputError(f"nothing is changed: {step.name} would not hold all the same: {reason}")
            if judged.verdict is Verdict.FAILED:
                changes.notes += [f"{step.name}: still does not hold: {reason}" for reason in judged.reasons]
    changes.files = files
    changes.steps = len(steps)
    changes.notes = list(dict.fromkeys(changes.notes))
    return changes


def _problem_of_texts(judged: StepResult) -> str:
    """Why what was said is not what is expected; other assertions may fail."""
    wrong = any(one.missing or one.extra or one.text.passed is False for one in judged.outputs)
    undone = judged.verdict is Verdict.NOT_EXECUTED
    return "; ".join(judged.reasons) if wrong or undone else ""


def _accept_step(step: KeptStep, expected: ExpectedTexts, *, forced: bool) -> None:
    """Raises NotEditable."""
    judged, reply = step.judged[0], step.replies()[0]
    texts: list[Entries] = [(TextEntry(output.text),) for output in reply.outputs]
    if expected.free:
        whole = "\n".join(readable(output.text) for output in reply.outputs)
        text = reply.outputs[0].text if len(reply.outputs) == 1 else whole
        failed = [finding.kind for finding in judged.findings if finding.failed or forced]
        if not expected.put_whole(text, len(texts), failed):
            raise NotEditable("nothing that failed is about what was said; change it by hand")
        return
    if step.written.arrangement != "exact":
        raise NotEditable("its outputs have no fixed places; change it by hand")
    count, both = len(step.written.outputs), min(len(step.written.outputs), len(texts))
    wrong = [at for at, one in enumerate(judged.outputs[:both]) if forced or one.text.passed is False]
    if count == len(texts) and not wrong:
        raise NotEditable("its texts hold, something else does not: " + "; ".join(judged.reasons))
    if texts and not (expected.alone and len(texts) > 1):
        for position in wrong:
            expected.put(position, texts[position])
    if count != len(texts):
        expected.put_number(count, texts)
