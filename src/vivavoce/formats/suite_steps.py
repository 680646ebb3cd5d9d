"""From the shapes of suite files to domain steps; whatever makes no sense is found with its path."""

from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from vivavoce.domain.assertions.value_kinds import VALUE_KINDS
from vivavoce.domain.json_values import parse_path
from vivavoce.domain.output import EMPTY_METADATA, Metadata
from vivavoce.domain.suite import (
    Assertions,
    ContextAssertion,
    ContextEntry,
    ExpectedOutput,
    FlowAssertion,
    FlowEntry,
    Match,
    Span,
    Step,
    TextAssertion,
    TextEntry,
)
from vivavoce.formats.json_text import unsound
from vivavoce.formats.places import Findings, Path, closest, did_you_mean
from vivavoce.formats.shape import kind_name
from vivavoce.formats.suite_own import assertions_of, own_step
from vivavoce.formats.suite_shapes import (
    AssertionsShape,
    ContextAssertionShape,
    FlowAssertionShape,
    MessageShape,
    OutputShape,
    StepShape,
    TextAssertionShape,
    TextEntryShape,
)

_MATCHES: tuple[Match, ...] = get_args(Match)
_FLOW_UNSTATED = FlowAssertion()
_CONTEXT_OFF = ContextAssertion()
_CONTAINS_HINT = 'write a text, {"oneOf": [...]} or {"allOf": [...]}'


def step_of(shape: MessageShape | StepShape, path: Path, findings: Findings) -> Step:
    """The step; a value is returned even when problems were found, and is then not to be used."""
    if shape.input is None and not shape.event:
        findings.problem(path, "a step needs an `input` or an `event`", findings.typo(path))
    outputs = tuple(
        output_of(output, (*path, "outputs", position), findings)
        for position, output in enumerate(shape.outputs)
    )
    # As the platform exports it: a step with nothing but a trigger repeats the trigger's name (8.3).
    text = shape.input if shape.input is not None else shape.event or ""
    step = Step(input=text, outputs=outputs, trigger=shape.event or None)
    return own_step(step, shape, path, findings)


def output_of(shape: str | OutputShape, path: Path, findings: Findings) -> ExpectedOutput:
    """An expected output in any of its forms."""
    if isinstance(shape, str):
        return ExpectedOutput(
            text=shape, assertions=Assertions(text=TextAssertion(contains=(TextEntry(shape),)))
        )
    entries = _expected_texts(shape, path, findings)
    recorded = "" if shape.text is None else _text(shape.text, (*path, "text"), findings)
    if entries is not None and shape.text is None:
        recorded = entries[0].text if entries else ""
    stated = shape.assertions or AssertionsShape()
    if entries is not None:
        if stated.text and stated.text.contains:
            hint = "leave out one of them"
            findings.problem(path, "expected texts stand both beside and in `assertions.text`", hint)
        enabled = stated.text is None or stated.text.enabled is not False
        text = TextAssertion(enabled=enabled, contains=entries)
    else:
        text = _text_assertion(stated.text, shape.text is not None, recorded, path, findings)
        if shape.text is None and text.contains:
            recorded = text.contains[0].text
        if shape.text is None and not text.contains:
            findings.problem(path, "an output needs `text`, `equals` or `contains`", findings.typo(path))
    assertions = Assertions(
        text=text,
        flow=_flow_assertion(stated.flow_level, path, findings),
        context=_context_assertion(stated.context, path, findings),
    )
    return ExpectedOutput(
        text=recorded,
        assertions=assertions,
        metadata=_metadata(shape, path, findings),
        also=assertions_of(shape.also, (*path, "also"), findings),
    )


# --- texts --------------------------------------------------------------------------------------


def _text(value: Any, path: Path, findings: Findings) -> str:
    """A text as it is, a template as compact JSON."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict | list):
        findings.problem(path, f"expected a text or a template, got {kind_name(value)}")
        return ""
    if reason := unsound(value):
        findings.problem(path, reason)
        return ""
    return msgspec.json.encode(value).decode()


def _expected_texts(shape: OutputShape, path: Path, findings: Findings) -> tuple[TextEntry, ...] | None:
    """What `equals` or `contains` accepts; None where the output has neither."""
    if shape.equals is not None and shape.contains is not None:
        findings.problem(path, "`equals` and `contains` exclude each other")
    if shape.equals is not None:
        return _equals(shape.equals, (*path, "equals"), findings)
    if shape.contains is not None:
        return _contains(shape.contains, (*path, "contains"), findings)
    return None


def _equals(value: Any, path: Path, findings: Findings) -> tuple[TextEntry, ...]:
    if isinstance(value, dict) and len(value) == 1:
        key = next(iter(value))
        if key == "oneOf":
            options = _options(value["oneOf"], (*path, "oneOf"), findings)
            return tuple(
                TextEntry(_text(option, (*path, "oneOf", i), findings)) for i, option in enumerate(options)
            )
        if near := closest(key, ("oneOf",)):
            findings.problem((*path, key), "unknown key", f"did you mean `{near}`?")
    return (TextEntry(_text(value, path, findings)),)


def _contains(value: Any, path: Path, findings: Findings) -> tuple[TextEntry, ...]:
    if isinstance(value, str):
        return (_fragment(value, path, findings),)
    if not isinstance(value, dict):
        findings.problem(path, f"expected a text or an object, got {kind_name(value)}", _CONTAINS_HINT)
        return ()
    known = ("oneOf", "allOf")
    for key in value:
        if key not in known:
            findings.problem((*path, key), "unknown key", did_you_mean(key, known) or _CONTAINS_HINT)
            return ()
    if len(value) != 1:
        findings.problem(path, "exactly one of `oneOf` and `allOf` must stand here", _CONTAINS_HINT)
        return ()
    key = next(iter(value))
    path = (*path, key)
    texts = _texts(_options(value[key], path, findings), path, findings)
    if key == "oneOf":
        return tuple(_fragment(text, (*path, i), findings) for i, text in enumerate(texts))
    for i, text in enumerate(texts):
        _fragment(text, (*path, i), findings)
    return (TextEntry("\n".join(texts), match="allOf", texts=tuple(texts)),)


def _options(value: Any, path: Path, findings: Findings) -> list[Any]:
    if not isinstance(value, list):
        findings.problem(path, f"expected a list, got {kind_name(value)}")
        return []
    if not value:
        findings.problem(path, "the list is empty: nothing would match")
    return value


def _texts(values: Sequence[Any], path: Path, findings: Findings) -> list[str]:
    for i, value in enumerate(values):
        if not isinstance(value, str):
            findings.problem((*path, i), f"expected a text, got {kind_name(value)}")
    return [value for value in values if isinstance(value, str)]


def _fragment(text: str, path: Path, findings: Findings) -> TextEntry:
    if not text.strip():
        findings.warn(path, "an empty text never matches")
    return TextEntry(text, match="contains")


def _text_assertion(
    stated: TextAssertionShape | None, has_text: bool, recorded: str, path: Path, findings: Findings
) -> TextAssertion:
    if stated is None or stated.contains is None:
        enabled = stated is None or stated.enabled is not False
        return TextAssertion(enabled=enabled, contains=(TextEntry(recorded),) if has_text else ())
    path = (*path, "assertions", "text", "contains")
    entries = tuple(_text_entry(entry, (*path, i), findings) for i, entry in enumerate(stated.contains))
    enabled = stated.enabled is not False
    if enabled and not entries and not recorded:
        findings.warn(path, "the text assertion is on but has no text to compare with")
    return TextAssertion(enabled=enabled, contains=entries)


def _text_entry(shape: TextEntryShape, path: Path, findings: Findings) -> TextEntry:
    match: Match = next((known for known in _MATCHES if known == shape.match), "equals")
    if shape.match is not None and shape.match != match:
        hint = did_you_mean(shape.match, _MATCHES) or f"one of {', '.join(_MATCHES)}"
        findings.problem((*path, "match"), f"unknown match `{shape.match}`", hint)
    texts = tuple(shape.texts or ())
    if match == "allOf" and not texts:
        findings.problem(path, "`allOf` needs its texts in `texts`")
    if match != "allOf" and texts:
        findings.problem((*path, "texts"), '`texts` goes with `"match": "allOf"` only')
    if shape.text is not None:
        text = _text(shape.text, (*path, "text"), findings)
    else:
        text = "\n".join(texts)
        if not texts:
            findings.problem(path, "`text` is missing")
    spans = tuple(Span(span.start, span.end, span.kind or "") for span in shape.dynamic or ())
    for i, span in enumerate(spans):
        if not 0 <= span.start <= span.end <= len(text):
            message = f"{span.start} to {span.end} is no part of a text of {len(text)} characters"
            findings.problem((*path, "dynamic", i), message)
        if span.kind and span.kind not in VALUE_KINDS:
            hint = f"one of {', '.join(VALUE_KINDS)}"
            findings.problem((*path, "dynamic", i, "kind"), f"`{span.kind}` is no kind of value", hint)
    for i, dynamic_path in enumerate(shape.dynamic_paths or ()):
        if parse_path(dynamic_path) is None:
            hint = "such as $.payload.elements[0].title"
            findings.problem((*path, "dynamicPaths", i), f"`{dynamic_path}` is no plain JSONPath", hint)
    return TextEntry(text, match, texts, spans, tuple(shape.dynamic_paths or ()))


# --- flow, context, metadata --------------------------------------------------------------------


def _flow_assertion(stated: FlowAssertionShape | None, path: Path, findings: Findings) -> FlowAssertion:
    if stated is None:
        return _FLOW_UNSTATED
    entries = tuple(
        FlowEntry(
            intent_id=entry.intent_id,
            node_id=entry.node_id,
            transitions=None
            if entry.transitions is None
            else _free(
                entry.transitions,
                (*path, "assertions", "flowLevel", "contains", i, "transitions"),
                findings,
            ),
            prompt_type=entry.prompt_type,
        )
        for i, entry in enumerate(stated.contains or ())
    )
    return FlowAssertion(enabled=stated.enabled, contains=entries)


def _context_assertion(
    stated: ContextAssertionShape | None, path: Path, findings: Findings
) -> ContextAssertion:
    if stated is None:
        return _CONTEXT_OFF
    entries = []
    for i, entry in enumerate(stated.contains or ()):
        place = (*path, "assertions", "context", "contains", i)
        if not entry.key.strip():
            findings.problem((*place, "key"), "the key is empty")
        if reason := unsound(entry.value):
            findings.problem((*place, "value"), reason)
        entries.append(ContextEntry(entry.key, entry.value))
    return ContextAssertion(enabled=stated.enabled is True, contains=tuple(entries))


def _metadata(shape: OutputShape, path: Path, findings: Findings) -> Metadata:
    metadata = Metadata(
        node_id=shape.node_id or "",
        node_name=shape.node_name or "",
        component_type=shape.component_type or "",
        intent_id=shape.intent_id or "",
        intent_type=shape.intent_type or "",
        task_id=shape.task_id or "",
        dialog_name=shape.dialog_name or "",
        transitions=_free(shape.transitions, (*path, "transitions"), findings),
        transition_node_names=_free(shape.transition_node_names, (*path, "transitionNodeNames"), findings),
        transition_node_type=_free(shape.transition_node_type, (*path, "transitionNodeType"), findings),
        prompt_type=shape.prompt_type or "",
        category=shape.category or "",
        is_standard_response=shape.is_standard_response is True,
        user_prompts=tuple(shape.user_prompts or ()),
    )
    return metadata or EMPTY_METADATA


def _free(values: list[Any] | None, path: Path, findings: Findings) -> tuple[Any, ...]:
    """A list of any JSON values."""
    if not values:
        return ()
    if reason := unsound(values):
        findings.problem(path, reason)
    return tuple(values)
