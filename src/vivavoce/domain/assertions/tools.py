"""`tools`: what an agent called on its way to the reply."""

from typing import Any

import msgspec

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.facts import unread
from vivavoce.domain.assertions.wording import every, show, show_difference
from vivavoce.domain.output import ToolCall
from vivavoce.domain.subset import lacking, nested_too_deeply


class Tools(Assertion, frozen=True, kw_only=True, tag="tools"):
    """Which tools were called, which were not, with what arguments, in which order.

    `arguments`: one call of the tool has at least these, see JsonSubset. `order`: the calls stand in this
    order, others may stand between.
    """

    whole_reply = True

    called: tuple[str, ...] = ()
    not_called: tuple[str, ...] = ()
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)
    order: tuple[str, ...] = ()

    def problems(self) -> list[str]:
        named = {*self.called, *self.arguments, *self.order}
        if not named and not self.not_called:
            return ["no tool is named: every reply would match"]
        found = [f"the tool {name} must be called and must not" for name in self.not_called if name in named]
        if "" in named or "" in self.not_called:
            found.append("a tool without a name is never called")
        if any(nested_too_deeply(value) for value in self.arguments.values()):
            found.append("the arguments are nested too deeply")
        if len(self.order) == 1:
            found.append(f"`order` needs two tools; write `called: [{self.order[0]}]`")
        return found

    def look(self, seen: Seen) -> Outcome:
        if "tools" not in seen.facts:
            return unread("tools")
        if any(nested_too_deeply(value) for value in self.arguments.values()):
            return Outcome(None, actual="the arguments of `tools` are nested too deeply")
        calls = seen.reply.tool_calls
        wrong = self._wrong(calls)
        shown = every([_shown(call) for call in calls] or ["none"])
        return Outcome(not wrong, self._expected(), f"the bot called {shown}", "; ".join(wrong))

    def _wrong(self, calls: tuple[ToolCall, ...]) -> list[str]:
        names = [call.name for call in calls]
        found = [f"{name} was not called" for name in self.called if name not in names]
        found += [f"{name} was called" for name in self.not_called if name in names]
        for name, wanted in self.arguments.items():
            found += _wrong_arguments(name, wanted, [call for call in calls if call.name == name])
        left = iter(names)
        if not all(name in left for name in self.order):
            found.append("the order is another one")
        return found

    def _expected(self) -> str:
        parts = (
            [f"{'a call' if len(self.called) == 1 else 'calls'} of {every(self.called)}"]
            if self.called
            else []
        )
        parts += [f"no call of {every(self.not_called)}"] if self.not_called else []
        parts += [f"a call of {name} with {show(wanted)}" for name, wanted in self.arguments.items()]
        parts += ["the order " + ", ".join(self.order)] if self.order else []
        return every(parts or ["?"])


def _wrong_arguments(name: str, wanted: Any, calls: list[ToolCall]) -> list[str]:
    if not calls:
        return [f"{name} was not called"]
    differences = [lacking(wanted, call.arguments) for call in calls]
    if None in differences:
        return []
    first = differences[0]
    if len(calls) > 1 or first is None:
        return [f"no call of {name} had these arguments"]
    return [f"the arguments of {name}: {show_difference(first)}"]


def _shown(call: ToolCall) -> str:
    return f"{call.name}({'' if call.arguments is None else show(call.arguments)})"
