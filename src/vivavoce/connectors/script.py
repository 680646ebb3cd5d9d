"""A script for a bot: what it says to which input. Read from YAML or given as a mapping.

```yaml
replies:                          # by input, compared without case and outer blanks
  hello: Hello!
  two things: [First., {text: Second., intent: two}]
  order:                          # a reply in full
    outputs: [{text: Which order?, intent: order, node: ask_number, transitions: [ask, tell]}]
    context: {step: 1}
    entities: [{name: city, value: Berlin}]
    tool_calls: [{name: find_order, arguments: {number: 7}}]
    usage: {input_tokens: 120, output_tokens: 30, cost: 0.002}
    ended: false
    delay_s: 0.2
    error: lost                   # instead of an answer; see ERRORS
    times: 2                      # the error comes so often in all conversations together, then the reply
    retry_after_s: 1              # with `throttled`
  again: {sequence: [Once., Twice.]}   # the n-th time in a conversation; the last one stays
triggers: {Start_Flow: Welcome.}
sequence: [Hello!, Goodbye.]      # by turn, for what neither replies nor triggers know; then `otherwise`
otherwise: I did not get that.    # default: silence
```
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from vivavoce.connectors.mapping import as_text, reply_of
from vivavoce.domain.errors import (
    BadStatus,
    ConnectionLost,
    ConnectorError,
    Malformed,
    Problem,
    StepTimeout,
    Throttled,
    Unreachable,
    UnreadableReply,
)
from vivavoce.domain.output import Fact, FoundEntity, Metadata, Output, Reply, ToolCall, Usage

ERRORS: dict[str, Callable[[str], ConnectorError]] = {
    "unreachable": Unreachable,
    "throttled": Throttled,
    "lost": ConnectionLost,
    "timeout": StepTimeout,
    "status": BadStatus,
    "unreadable": UnreadableReply,
}


class ScriptedOutput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One output; the names are those of an http bot's `reply` section."""

    text: Any  # a text, or a template
    intent: str = ""
    intent_id: str = ""
    intent_type: str = ""
    node: str = ""
    node_name: str = ""
    component_type: str = ""
    transitions: tuple[Any, ...] = ()
    prompt: str = ""
    category: str = ""
    faq: str = ""
    smalltalk: str = ""

    def output(self) -> Output:
        metadata = Metadata(
            node_id=self.node,
            node_name=self.node_name,
            component_type=self.component_type,
            intent_id=self.intent_id or self.intent,
            intent_type=self.intent_type,
            transitions=self.transitions,
            prompt_type=self.prompt,
            category=self.category,
            is_standard_response=bool(self.category),
        )
        return Output(
            as_text(self.text),
            metadata,
            intent=self.intent or self.faq or self.smalltalk,
            faq=self.faq or (self.intent if self.intent_type == "faq" else ""),
            smalltalk=self.smalltalk or (self.intent if self.intent_type == "smalltalk" else ""),
        )


class ScriptedEntity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    value: Any


class ScriptedCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    arguments: Any = None


class ScriptedUsage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reply in full."""

    outputs: list[str | ScriptedOutput] = []
    context: dict[str, Any] | None = None
    ended: bool = False
    entities: tuple[ScriptedEntity, ...] = ()
    tool_calls: tuple[ScriptedCall, ...] = ()
    usage: ScriptedUsage | None = None
    delay_s: float = 0.0
    error: str = ""  # a key of ERRORS
    times: int | None = None  # None: always
    retry_after_s: float | None = None

    def reply(self) -> Reply:
        outputs = tuple(Output(each) if isinstance(each, str) else each.output() for each in self.outputs)
        reply = reply_of(outputs, self.context, self.ended)
        if not (self.entities or self.tool_calls or self.usage):
            return reply
        return msgspec.structs.replace(
            reply,
            entities=tuple(FoundEntity(each.name, each.value) for each in self.entities),
            tool_calls=tuple(ToolCall(each.name, each.arguments) for each in self.tool_calls),
            usage=self.usage and Usage(self.usage.input_tokens, self.usage.output_tokens, self.usage.cost),
        )

    def failure(self) -> ConnectorError:
        error = ERRORS[self.error](f"the script says: {self.error}")
        error.retry_after_s = self.retry_after_s
        return error


class Script(msgspec.Struct, frozen=True):
    """A script, every reply as the turns it stands for: one, or a sequence."""

    replies: dict[str, tuple[Turn, ...]] = {}
    triggers: dict[str, tuple[Turn, ...]] = {}
    sequence: tuple[Turn, ...] = ()
    otherwise: Turn = Turn()

    def turns(self) -> Iterator[Turn]:
        for turns in (*self.replies.values(), *self.triggers.values(), self.sequence):
            yield from turns
        yield self.otherwise

    def facts(self) -> frozenset[Fact]:
        """What at least one reply of the script tells."""
        replies = [turn.reply() for turn in self.turns()]
        metadata = [output.metadata for reply in replies for output in reply.outputs]
        told: dict[Fact, bool] = {
            "intent": any(each.intent_id for each in metadata),
            "node": any(each.node_id for each in metadata),
            "category": any(each.category for each in metadata),
            "transitions": any(each.transitions for each in metadata),
            "prompt": any(each.prompt_type for each in metadata),
            "context": any(reply.context is not None for reply in replies),
            "entities": any(reply.entities for reply in replies),
            "tools": any(reply.tool_calls for reply in replies),
            "usage": any(reply.usage for reply in replies),
        }
        return frozenset(fact for fact, is_told in told.items() if is_told)


def key_of(text: str) -> str:
    """What inputs are compared by."""
    return text.strip().casefold()


def load_script(source: Mapping[str, Any] | str | Path) -> Script:
    """A mapping, or a YAML file's path. Raises Malformed with every place."""
    if isinstance(source, Mapping):
        return read_script(source)
    path = Path(source)
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except OSError as exc:
        raise Malformed(Problem(f"cannot be read: {exc.strerror}"), source=path.name) from exc
    except UnicodeDecodeError as exc:
        raise Malformed(Problem("is not UTF-8"), source=path.name) from exc
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Malformed(
            Problem(getattr(exc, "problem", None) or "is no YAML", place), source=path.name
        ) from exc
    try:
        return read_script(document)
    except Malformed as exc:
        raise Malformed(exc.problems, source=path.name) from exc


def read_script(document: Any, place: str = "$") -> Script:
    """Raises Malformed with every place."""
    problems: list[Problem] = []
    if not isinstance(document, Mapping):
        raise Malformed(Problem("must be a mapping", place, "replies: {hello: Hello!}"))
    known = Script.__struct_fields__
    problems += [
        Problem(f"unknown key `{key}`", place, f"there are {', '.join(known)}")
        for key in document
        if key not in known
    ]
    replies, triggers = (
        _by_name(document.get(key) or {}, f"{place}.{key}", problems) for key in ("replies", "triggers")
    )
    script = Script(
        replies={key_of(name): turns for name, turns in replies.items()},
        triggers=triggers,
        sequence=_sequence(document.get("sequence") or [], f"{place}.sequence", problems),
        otherwise=_turn(document.get("otherwise", []), f"{place}.otherwise", problems),
    )
    if problems:
        raise Malformed(problems)
    return script


def _by_name(replies: Any, place: str, problems: list[Problem]) -> dict[str, tuple[Turn, ...]]:
    if not isinstance(replies, Mapping):
        problems.append(Problem("must be a mapping from inputs to replies", place))
        return {}
    turns = {}
    for name, reply in replies.items():
        where = f"{place}[{msgspec.json.encode(str(name)).decode()}]"
        if isinstance(reply, Mapping) and reply.keys() == {"sequence"}:
            turns[str(name)] = _sequence(reply["sequence"], f"{where}.sequence", problems)
        else:
            turns[str(name)] = (_turn(reply, where, problems),)
    return turns


def _sequence(replies: Any, place: str, problems: list[Problem]) -> tuple[Turn, ...]:
    if not isinstance(replies, list):
        problems.append(Problem("must be a list of replies", place))
        return ()
    return tuple(_turn(reply, f"{place}[{index}]", problems) for index, reply in enumerate(replies))


def _turn(reply: Any, place: str, problems: list[Problem]) -> Turn:
    """A text and an output stand for a reply of one output, a list for one of several."""
    if isinstance(reply, Mapping) and "text" in reply:
        reply = {"outputs": [reply]}
    elif isinstance(reply, list):
        reply = {"outputs": reply}
    elif not isinstance(reply, Mapping):
        reply = {"outputs": [] if reply is None else [as_text(reply)]}
    try:
        turn = msgspec.convert(reply, Turn)
    except msgspec.ValidationError as exc:
        message, _, where = str(exc).partition(" - at `$")
        problems.append(Problem(message, f"{place}{where.removesuffix('`')}"))
        return Turn()
    if turn.error and turn.error not in ERRORS:
        problems.append(
            Problem(f"unknown error `{turn.error}`", f"{place}.error", f"there are {', '.join(ERRORS)}")
        )
    return turn
