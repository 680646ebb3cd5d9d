"""Expected outputs and steps as people write them."""

from typing import Any, Final

from msgspec.structs import replace

from vivavoce.domain.suite import ContextAssertion, ExpectedOutput, FlowAssertion, Step, TextAssertion
from vivavoce.domain.values.variables import Capture
from vivavoce.formats.native.entries import write_entries
from vivavoce.formats.native.keys import ASSERTIONS, CONTRACT_TEXTS
from vivavoce.formats.native.node import plain_node
from vivavoce.formats.native.outputs import FLOW_KEYS, read_output, said
from vivavoce.formats.native.steps import ORDERS, SAYS_ALL
from vivavoce.formats.native.write_assertions import write_assertions
from vivavoce.formats.suite_document import output_document

_ORDER_WORDS: Final = {arrangement: word for word, arrangement in ORDERS.items()}
_SOURCES: Final = {"regex": "matches", "path": "path", "context": "context"}
_CONTRACT_KEYS: Final = (*CONTRACT_TEXTS, *FLOW_KEYS, "context")
"""Keys that mean the contract's assertions in an output."""


def write_step(step: Step) -> Any:
    """A text alone, or a mapping."""
    expect = _expect(step)
    captures = {one.name: _capture(one) for one in step.captures}
    if step.trigger is None and expect is None and not captures:
        return step.input
    written: dict[str, Any] = {}
    if step.trigger is None or step.input != step.trigger:
        written["say"] = step.input
    if step.trigger is not None:
        written["trigger"] = step.trigger
    if expect is not None:
        written["expect"] = expect
    return {**written, "capture": captures} if captures else written


def _capture(one: Capture) -> dict[str, Any]:
    written: dict[str, Any] = {_SOURCES[one.source]: one.expression}
    if one.group != 0:
        written["group"] = one.group
    if one.output is not None:
        written["output"] = one.output + 1
    return written


def _expect(step: Step) -> Any:
    """None: anything may come back."""
    outputs = [write_output(output) for output in step.outputs]
    if step.arrangement == "exact" and not step.assertions:
        return outputs[0] if len(outputs) == 1 and isinstance(outputs[0], str) else outputs
    written: dict[str, Any] = {}
    taken: set[str] = set()
    if outputs or step.arrangement != "among":
        taken.update(SAYS_ALL)
        written["outputs"] = outputs
        if step.arrangement != "exact":
            written["order"] = _ORDER_WORDS[step.arrangement]
    if len(step.assertions) > 1:
        taken.add("silence")
    return written | write_assertions(step.assertions, "reply", taken, written) or None


def write_output(output: ExpectedOutput) -> Any:
    """A text alone, or a mapping."""
    if output == said(output.text) and isinstance(write_entries(output.assertions.text.contains), str):
        return output.text
    written = _short_output(output)
    node = plain_node(written)
    if read_output(node) == output and not node.source.findings.problems:
        return written
    return _exported(output)


def _short_output(output: ExpectedOutput) -> dict[str, Any]:
    document = output_document(replace(output, also=()))
    levels = document.pop("assertions")
    written: dict[str, Any] = {}
    text, flow, context = output.assertions.text, output.assertions.flow, output.assertions.context
    if (short := _short_text(text)) is not None:
        written |= short
    else:
        written["text_assertion"] = levels["text"]
    if (short := _short_flow(flow)) is not None:
        written |= short
    else:
        written["flow_assertion"] = levels["flowLevel"]
    if (short := _short_context(context)) is not None:
        written |= short
    else:
        written["context_assertion"] = levels["context"]
    written |= write_assertions(output.also, "output", _taken(written), written)
    if output.text != (text.contains[0].text if text.contains else ""):
        written["recorded"] = output.text
    metadata = {key: value for key, value in document.items() if key != "text" and value}
    return {**written, "metadata": metadata} if metadata else written


def _exported(output: ExpectedOutput) -> dict[str, Any]:
    """Without any short form of the contract's assertions."""
    document = output_document(replace(output, also=()))
    levels = document.pop("assertions")
    written: dict[str, Any] = {
        "text_assertion": levels["text"],
        "flow_assertion": levels["flowLevel"],
        "context_assertion": levels["context"],
        **write_assertions(output.also, "output", _CONTRACT_KEYS),
        "recorded": document.pop("text"),
    }
    metadata = {key: value for key, value in document.items() if value}
    return {**written, "metadata": metadata} if metadata else written


def _taken(written: dict[str, Any]) -> set[str]:
    """The keys that would not mean assertions of ours beside what is written."""
    contract = next((key for key in CONTRACT_TEXTS if key in written), None)
    after = CONTRACT_TEXTS[CONTRACT_TEXTS.index(contract) + 1 :] if contract else ()
    return {*_CONTRACT_KEYS, *(key for key, one in ASSERTIONS.items() if one.reply_only)} - set(after)


def _short_text(text: TextAssertion) -> dict[str, Any] | None:
    if text == TextAssertion():
        return {}
    if not text.enabled or not text.contains:
        return None
    matches = {entry.match for entry in text.contains}
    if matches == {"equals"}:
        written = write_entries(text.contains)
        return None if written is None else {"equals": written}
    if any(entry.dynamic or entry.dynamic_paths for entry in text.contains):
        return None
    if matches == {"contains"}:
        texts = [entry.text for entry in text.contains]
        return {"contains": texts[0] if len(texts) == 1 else texts}
    (entry, *others) = text.contains
    if matches == {"allOf"} and not others and entry.text == "\n".join(entry.texts):
        return {"contains_all": list(entry.texts)}
    return None


def _short_flow(flow: FlowAssertion) -> dict[str, Any] | None:
    if not flow.contains:
        return {} if flow.enabled is None else {"flow": flow.enabled}
    (entry, *others) = flow.contains
    stated = {
        key: getattr(entry, name) for key, name in FLOW_KEYS.items() if getattr(entry, name) is not None
    }
    if others or flow.enabled is not True or not stated or not all(stated.values()):
        return None
    return {key: list(value) if isinstance(value, tuple) else value for key, value in stated.items()}


def _short_context(context: ContextAssertion) -> dict[str, Any] | None:
    if not context.enabled and not context.contains:
        return {}
    values = {entry.key: entry.value for entry in context.contains}
    if not context.enabled or not values or len(values) != len(context.contains):
        return None
    return {"context": values}
