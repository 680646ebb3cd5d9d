"""What a step reads off its reply, for `{{name}}` in later steps."""

from collections.abc import Iterator, Sequence
from typing import Any

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.assertions.context import look_up
from vivavoce.domain.assertions.facts import NO_CONTEXT
from vivavoce.domain.assertions.json_path import first_at, path_problem
from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.expressions import BadExpression, OutOfTime, search
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.template import parse_template, readable
from vivavoce.domain.values.variables import Capture, Values

KIND = "capture"  # of its findings
_NOTHING = object()


class _Unreadable(Exception):
    """Whether something could be captured cannot be told; not the bot's fault."""


def capture(
    captures: Sequence[Capture], reply: Reply, facts: frozenset[Fact]
) -> tuple[Values, tuple[Finding, ...]]:
    """What was found by name, and a finding for each capture that found nothing: there the bot is wrong,
    unless the capture could not be carried out (then it is undecided)."""
    values: Values = {}
    findings: list[Finding] = []
    for one in captures:
        try:
            found = _found(one, reply, facts)
        except _Unreadable as exc:
            findings.append(Finding(KIND, None, f"{{{{{one.name}}}}} cannot be captured: {exc}"))
            continue
        if found is _NOTHING:
            findings.append(Finding(KIND, False, _reason(one, reply)))
        else:
            values[one.name] = found
    return values, tuple(findings)


def _found(one: Capture, reply: Reply, facts: frozenset[Fact]) -> Any:
    if one.source == "context":
        if reply.context is None:
            unread = "the connector cannot read context: give `context` a path in the bot file"
            raise _Unreadable(NO_CONTEXT if "context" in facts else unread)
        try:
            return look_up(reply.context, one.expression)
        except KeyError:
            return _NOTHING
    look = _matched if one.source == "regex" else _located
    return next(
        (found for output in _outputs(one, reply) if (found := look(one, output)) is not _NOTHING), _NOTHING
    )


def _outputs(one: Capture, reply: Reply) -> Iterator[Output]:
    if one.output is None:
        yield from reply.outputs
    elif one.output < len(reply.outputs):
        yield reply.outputs[one.output]


def _matched(one: Capture, output: Output) -> Any:
    try:
        found = search(one.expression, readable(output.text).strip())  # the text that assertions see
        if found is None:
            return _NOTHING
        group = 1 if one.group == 0 and found.re.groups == 1 else one.group
        return _NOTHING if found[group] is None else found[group]
    except (BadExpression, OutOfTime) as exc:
        raise _Unreadable(str(exc)) from exc
    except IndexError as exc:
        raise _Unreadable(f"`{one.expression}` has no group {one.group}") from exc


def _located(one: Capture, output: Output) -> Any:
    template = parse_template(output.text)
    if template is None:
        return _NOTHING
    if problem := path_problem(one.expression):
        raise _Unreadable(problem)
    try:
        return first_at(one.expression, template, _NOTHING)
    except Exception as exc:
        raise _Unreadable(f"the reply's JSON cannot be searched: {exc}") from exc


def _reason(one: Capture, reply: Reply) -> str:
    wanted = f"expected to capture {{{{{one.name}}}}}"
    if one.source == "context":
        return f"{wanted} from the context variable {one.expression}, but it is not set"
    by = f"by `{one.expression}`" if one.source == "regex" else f"at {one.expression}"
    if not reply.outputs:
        return f"{wanted} {by}, but the bot said nothing"
    if one.output is not None and one.output >= len(reply.outputs):
        return f"{wanted} {by} from output {one.output + 1}, but there is none"
    said = " / ".join(quote(output.text) for output in _outputs(one, reply))
    return f"{wanted} {by}, but the bot said {said}"
