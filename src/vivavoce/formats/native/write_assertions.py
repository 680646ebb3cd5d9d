"""Assertions of our own as the mappings that people write, in the same order."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from vivavoce.domain.assertions.base import Assertion
from vivavoce.domain.assertions.kinds import AnyAssertion
from vivavoce.formats.native.asserting import read_assertions
from vivavoce.formats.native.contradictions import contradictions
from vivavoce.formats.native.keys import ASSERTIONS, Scope
from vivavoce.formats.native.node import plain_node

_FLAGS = ("negated", "soft", "weight")


def write_assertions(
    assertions: Sequence[AnyAssertion],
    scope: Scope,
    taken: Collection[str] = (),
    beside: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A mapping that reads as these assertions. `taken`: keys that would mean something else there;
    `beside`: what else stands in the mapping.

    What cannot stand under a key of its own stands in `checks`, and all that comes after it. What no reply
    can meet is refused where people write it, and so stands there as exports have it.
    """
    written: dict[str, Any] = {}
    for position, assertion in enumerate(assertions):
        if not _placed(assertion, written, scope, taken):
            written["checks"] = [_check(one, scope) for one in assertions[position:]]
            break
    if next(contradictions(plain_node({**(beside or {}), **written})), None) is not None:
        return {"assertions": [_wire(assertion) for assertion in assertions]}
    return written


def _placed(assertion: Assertion, written: dict[str, Any], scope: Scope, taken: Collection[str]) -> bool:
    """Put an assertion at the end of a mapping, where there is room for it."""
    if assertion.soft or assertion.weight != 1.0:
        return False
    short = _short(assertion, scope)
    last = next(reversed(written), "")
    if short is None:
        if last != "assertions" and "assertions" in written:
            return False
        written.setdefault("assertions", []).append(_wire(assertion))
        return True
    key, value = short
    if assertion.negated:
        if (last != "not" and "not" in written) or key in written.get("not", ()):
            return False
        written.setdefault("not", {})[key] = value
        return True
    if key in written or key in taken:
        return False
    written[key] = value
    return True


def _check(assertion: Assertion, scope: Scope) -> dict[str, Any]:
    short = _short(assertion, scope)
    if short is None:
        return {"assertions": [_wire(assertion)]}
    key, value = short
    written: dict[str, Any] = {"not": {key: value}} if assertion.negated else {key: value}
    if assertion.weight != 1.0:
        written["weight"] = assertion.weight
    if assertion.soft:
        written["soft"] = True
    return written


def _short(assertion: Assertion, scope: Scope) -> tuple[str, Any] | None:
    """The key and value that say the same, tried by reading them; None where there are none."""
    plain = msgspec.structs.replace(assertion, negated=False, soft=False, weight=1.0)
    fields = {key: value for key, value in _wire(plain).items() if key not in _FLAGS}
    kind = fields.pop("kind")
    if kind == "anyOf":
        groups = [write_assertions(group, scope) for group in getattr(assertion, "groups", ())]
        return ("any_of", groups) if _reads({"any_of": groups}, plain, scope) else None
    for key, known in ASSERTIONS.items():
        if known.kind == kind and (value := known.form.write(fields)) is not None:
            if _reads({key: value}, plain, scope):
                return key, value
    return None


def _wire(assertion: Assertion) -> dict[str, Any]:
    """As it would come from a file: lists, where the struct has tuples."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(assertion))
    return found


def _reads(mapping: dict[str, Any], wanted: Assertion, scope: Scope) -> bool:
    node = plain_node(mapping)
    return list(read_assertions(node, scope)) == [wanted] and not node.source.findings.problems
