"""What the names of one playing of a case stand for; grows with what its steps capture.

Everything is known twice: as it is said to the bot and compared, and as it may be kept, without secrets.
"""

from collections.abc import Mapping
from typing import Any

from vivavoce.domain.masking import masked
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.secrecy import Secrets
from vivavoce.domain.suite import Step, TestCase
from vivavoce.domain.values.captures import capture
from vivavoce.domain.values.expanding import expand, fill_secrets, names_in, secrets_in
from vivavoce.domain.values.unique import opening_values
from vivavoce.domain.values.variables import Unique, Values, Variable


class CaseValues:
    """The values of a case that declares variables."""

    def __init__(
        self,
        case: TestCase,
        variables: Mapping[str, Variable],
        *,
        run_id: str,
        conversation_id: str,
        readable: Mapping[str, str],
        own: Secrets,
    ) -> None:
        """`readable`: variables of the environment that the suite may read; `own`: the bot's secrets."""
        written = [value.unique if isinstance(value, Unique) else value for value in variables.values()]
        names = secrets_in([case.steps, case.context, written])
        self.unset = [name for name in names if name not in readable]
        self._filled = {name: readable[name] for name in names if name in readable}
        self.secrets = own | Secrets(self._filled)  # what may not be kept of this conversation
        self.kept: Values = opening_values(variables, run_id, conversation_id)
        self._spoken: Values = {
            name: fill_secrets(value, self._filled) if isinstance(value, str) else value
            for name, value in self.kept.items()
        }
        self._steps = case.steps

    def context(self, context: dict[str, Any] | None) -> dict[str, Any] | None:
        """The session's opening context as it is sent."""
        return expand(context, self._spoken, self._filled)

    def said(self, step: Step) -> Step:
        """The step as it is kept."""
        return expand(step, self.kept)

    def spoken(self, step: Step) -> Step:
        """The step as it is sent and compared."""
        return expand(step, self._spoken, self._filled)

    def missing(self, position: int) -> str:
        """Why the step at a position (0-based) cannot be said: a name that an earlier step did not capture.
        Empty: it can."""
        for name in names_in(self._steps[position]):
            if name in self.kept:
                continue
            for at, step in enumerate(self._steps[:position]):
                if any(one.name == name for one in step.captures):
                    return f"{{{{{name}}}}} has no value: step {at + 1} of the case should have captured it"
        return ""

    def take(self, step: Step, reply: Reply, facts: frozenset[Fact]) -> None:
        """Keep what a reply gave to a step as it was spoken; names stand for it from the next step on."""
        found, _ = capture(step.captures, reply, facts)
        if found:
            self._spoken = {**self._spoken, **found}
            self.kept = {**self.kept, **{name: masked(value, self.secrets) for name, value in found.items()}}
