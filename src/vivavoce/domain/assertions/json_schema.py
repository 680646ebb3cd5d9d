"""`json_schema`: a template has this form."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.payloads import said
from vivavoce.domain.assertions.wording import show
from vivavoce.domain.expressions import BadExpression, compiled
from vivavoce.domain.json_values import show_path

if TYPE_CHECKING:  # the library takes a tenth of a second to import, and few suites use it
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_PATTERN_TIMEOUT_S = 0.25  # for one expression against one text
_SHOWN = 3  # errors


class JsonSchema(Assertion, frozen=True, kw_only=True, tag="jsonSchema"):
    """One of the templates is valid by the JSON Schema (`$schema` says which draft, else 2020-12).

    References lead to places inside of the schema; nothing is ever fetched.
    """

    schema: dict[str, Any] | bool

    def problems(self) -> list[str]:
        if self.schema is True or self.schema == {}:
            return ["every JSON is valid by this schema"]
        if self.schema is False:
            return ["nothing is valid by this schema"]
        return [problem] if (problem := _compiled(msgspec.json.encode(self.schema)).problem) else []

    def look(self, seen: Seen) -> Outcome:
        schema = _compiled(msgspec.json.encode(self.schema))
        expected = f"JSON valid by the schema {show(self.schema)}"
        wrong: list[str] = []
        for template in seen.templates:
            try:
                wrong = schema.wrong(template)
            except _CannotTell as exc:
                return Outcome(None, actual=str(exc))
            if not wrong:
                return Outcome(True, expected, said(seen))
        return Outcome(False, expected, said(seen), "; ".join(wrong) if len(seen.templates) == 1 else "")


class _CannotTell(Exception):
    """The schema cannot be applied to a value."""


class _Schema:
    """A schema, checked and compiled once. `problem`: why it is none; empty when it is one."""

    def __init__(self, schema: Any) -> None:
        self.problem = ""
        self._validator: Validator | None = None
        try:
            self._validator, self.problem = _validator_of(schema)
            if not self.problem:  # a reference to itself alone shows at the first value
                self.wrong({})
                self.wrong([])
        except _CannotTell as exc:
            self.problem = str(exc)
        except RecursionError:
            self.problem = "the schema is nested too deeply"

    def wrong(self, value: Any) -> list[str]:
        """What is not valid, each with its place; the first few. Raises _CannotTell."""
        from jsonschema.exceptions import best_match
        from referencing.exceptions import Unresolvable

        if self._validator is None or self.problem:
            raise _CannotTell(self.problem)
        try:
            errors = sorted(
                self._validator.iter_errors(value), key=lambda error: show_path(error.absolute_path)
            )
            best = [best_match([error]) for error in errors[:_SHOWN]]
        except Unresolvable as exc:
            raise _CannotTell(_unresolvable(str(exc.ref))) from exc
        except TimeoutError as exc:
            raise _CannotTell("an expression of the schema took too long") from exc
        except RecursionError as exc:
            raise _CannotTell(
                "the schema refers to itself without end, or the JSON is nested too deeply"
            ) from exc
        shown = [
            f"{show_path(error.absolute_path)}: {_message(error)}" for error in best if error is not None
        ]
        return shown + ([f"and {len(errors) - _SHOWN} more"] if len(errors) > _SHOWN else [])


@lru_cache(maxsize=128)
def _compiled(schema: bytes) -> _Schema:
    return _Schema(msgspec.json.decode(schema))


def _validator_of(schema: Any) -> "tuple[Validator | None, str]":
    """The validator and what is wrong with the schema; empty: nothing."""
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import SchemaError
    from referencing import Registry

    if isinstance(schema, dict) and not isinstance(schema.get("$schema", ""), str):
        return None, "`$schema` must be a text"
    named = schema.get("$schema", "") if isinstance(schema, dict) else ""
    extend: Any = validators.extend  # its stub has no types
    unknown = extend(Draft202012Validator)
    known: Any = validators.validator_for(schema, default=unknown) if named else Draft202012Validator
    if known is unknown:
        return None, f"{show(named)} is no known draft of JSON Schema"
    try:
        known.check_schema(schema)
    except SchemaError as exc:
        return None, f"this is no JSON Schema: {show_path(exc.absolute_path)}: {_message(exc)}"
    bounded = extend(known, {"pattern": _pattern, "patternProperties": _pattern_properties})
    validator = bounded(schema, registry=Registry())
    return validator, _wrong_inside(schema, known)


def _wrong_inside(schema: Any, known: Any) -> str:
    """The first reference that leads nowhere, or expression that cannot be compiled."""
    from referencing import Registry
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import specification_with

    specification = specification_with(known.META_SCHEMA.get("$schema", known.META_SCHEMA.get("id", "")))
    root = specification.create_resource(schema)
    resolver = Registry().with_resource(root.id() or "", root).resolver_with_root(root)
    pending = [(root, resolver)]
    while pending:
        resource, resolver = pending.pop()
        contents = resource.contents
        if not isinstance(contents, dict):
            continue
        for key in ("$ref", "$dynamicRef", "$recursiveRef"):
            reference = contents.get(key)
            if isinstance(reference, str):
                try:
                    resolver.lookup(reference)
                except Unresolvable:
                    return _unresolvable(reference)
        properties = contents.get("patternProperties", {})
        for expression in (contents.get("pattern"), *(properties if isinstance(properties, dict) else ())):
            if isinstance(expression, str):
                try:
                    compiled(expression)
                except BadExpression as exc:
                    return str(exc)
        pending.extend((inner, resolver.in_subresource(inner)) for inner in resource.subresources())
    return ""


def _unresolvable(reference: str) -> str:
    return f"the reference {show(reference)} leads nowhere in the schema; nothing is fetched from elsewhere"


def _message(error: "ValidationError | Any") -> str:
    """In the library's words, which may quote the whole value."""
    message = str(error.message)
    return message if len(message) <= 200 else message[:200] + "…"


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> "Iterator[ValidationError]":
    """The library's rule, but no expression runs without end."""
    from jsonschema.exceptions import ValidationError

    if validator.is_type(instance, "string") and not _found(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Any, instance: Any, schema: Any
) -> "Iterator[ValidationError]":
    if not validator.is_type(instance, "object"):
        return
    for pattern, inner in patterns.items():
        for key, value in instance.items():
            if _found(pattern, key):
                yield from validator.descend(value, inner, path=key, schema_path=pattern)


def _found(pattern: str, text: str) -> bool:
    return compiled(pattern).search(text, timeout=_PATTERN_TIMEOUT_S) is not None
