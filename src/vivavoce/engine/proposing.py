"""Cases that were played several times: what of their expectations may vary, as changes of the file."""

from vivavoce.domain.aligning import propose_step
from vivavoce.domain.verdict import Verdict
from vivavoce.engine.accepting import Changes, checked, stays
from vivavoce.engine.kept_steps import KeptStep, KeptSteps
from vivavoce.formats.editing import NotEditable


def propose_changes(kept: KeptSteps) -> Changes:
    """Hold the repeats of a run side by side; where replies differ, propose dynamic parts or a set of texts
    that accepts all of them. Blocking. Raises InputError: the file says something else than the run did."""
    changes = Changes()
    proposed: list[KeptStep] = []
    for key, repeats in kept.cases():
        for step in kept.beside(key, repeats):
            if step.failed and not stays(step, changes) and _propose(kept, step, changes):
                proposed.append(step)
    return checked(kept, proposed, changes)


def _propose(kept: KeptSteps, step: KeptStep, changes: Changes) -> bool:
    """Whether something is proposed for a step that does not always hold; if not, it is told why."""
    proposal = propose_step(step.written, step.replies())
    if not proposal:
        changes.left.append(f"{step.name}: {proposal.note or _why_nothing(kept, step)}")
        return False
    try:
        expected = kept.suite.expected(step.place)
        if expected.free:
            raise NotEditable("it names no outputs, so no text of it can be dynamic")
        for position, one in enumerate(proposal.outputs):
            if one is not None:
                expected.put(position, one.entries)
                changes.notes.append(f"{step.name}: output {position + 1}: {one.words}")
    except NotEditable as reason:
        changes.left.append(f"{step.name}: {reason}")
        return False
    return True


def _why_nothing(kept: KeptSteps, step: KeptStep) -> str:
    if all(result.verdict is Verdict.FAILED for result in step.judged):
        return f"it fails in the same way each time; `viva accept {kept.kept.run.id}` takes what was said"
    return "its texts hold, something else does not always: " + "; ".join(
        dict.fromkeys(reason for result in step.judged for reason in result.reasons)
    )
