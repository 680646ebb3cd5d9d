"""What an import that played its trial several times proposes: where replies differed, and how they may."""

from collections.abc import Iterator
from itertools import groupby

from vivavoce.domain.aligning import StepProposal, propose_step
from vivavoce.domain.catalog import Suite
from vivavoce.domain.naming import with_names
from vivavoce.domain.output import Output, Reply
from vivavoce.domain.repeats import repeats_of
from vivavoce.domain.run import Run
from vivavoce.domain.suite import Step, TestCase
from vivavoce.domain.values.expanding import names_in
from vivavoce.domain.verdict import StepResult
from vivavoce.engine.ports.store import Store


def proposals(store: Store, run: Run, suite: Suite) -> Iterator[tuple[int, StepProposal]]:
    """By 0-based step of the suite, in order; steps that vary in no way are left out. Blocking.

    `suite`: as the import left it. A step that drew no reply in one of the trials is not looked at.
    """
    by_unit = groupby(store.runs.step_results(run.id), key=lambda result: result.unit)
    for unit, (_, results) in zip(store.suites.units(suite.id, suite.revision), by_unit, strict=True):
        case = unit.cases[0]
        assert isinstance(case, TestCase), "validation plays conversations"
        repeats = list(repeats_of(results))
        for position, step in enumerate(case.steps):
            played = [steps[position] for steps in repeats]
            replies = [reply for result in played if (reply := _reply(case, step, result)) is not None]
            if len(replies) < len(played):
                continue
            proposal = propose_step(step, replies)
            if proposal or proposal.note:
                yield unit.first + position, proposal


def _reply(case: TestCase, step: Step, result: StepResult) -> Reply | None:
    """What was said, as the suite would write it: with names in place of their values."""
    if result.reply is None or case.variables is None:
        return result.reply
    names, values = names_in((step.outputs, step.assertions)), result.values or {}
    return Reply(tuple(Output(with_names(output.text, values, names)) for output in result.reply.outputs))
