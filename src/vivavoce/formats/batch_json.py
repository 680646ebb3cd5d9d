"""Batch suites as JSON (testing-api.md 4.1)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from vivavoce.domain.batch.utterance import BatchCase, EntityExpectation
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.formats.batch_cells import (
    CASE_LIMIT,
    UTTERANCE_LIMIT,
    bots_of,
    expected_of,
    intent_cell,
    order_of,
    parents_of,
    utterance_problem,
)
from vivavoce.formats.json_text import CONVERT, check_syntax, decode, plain, utf8_body
from vivavoce.formats.places import Findings, Path
from vivavoce.formats.shape import fit


class EntityShape(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    entity_name: str
    entity_value: str | int | float | bool | None = None


class UtteranceShape(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """One entry of `testCases`; an absent key and null are the same."""

    input: str
    intent: str | None = None
    parent_intent: str | None = None
    entities: list[EntityShape] | None = None
    entity_order: list[str] | str | None = None
    fulfillment_type: str | None = None
    bot_name: str | None = None
    case_id: str | int | None = None


_decode_utterance = msgspec.json.Decoder(UtteranceShape).decode


def read_json(data: bytes, warn: Callable[[str], None], *, limit: int = CASE_LIMIT) -> Iterator[BatchCase]:
    """The cases in order. Raises Malformed with all problems; no case follows the first problem."""
    body = utf8_body(data, hint=CONVERT)
    findings = Findings()
    raws = _undecoded(body, limit, findings)
    careful = data.find(b"\\u0000") >= 0
    for index, raw in enumerate(raws):
        if findings.full:
            break
        case = _case(raw, ("testCases", index), findings, careful)
        if case is not None and not findings.problems:
            yield case
    for warning in findings.warnings:
        warn(warning)
    findings.raise_if_any()


def batch_document(cases: Iterable[BatchCase]) -> Iterator[bytes]:
    """The JSON form of a batch suite, in chunks of about 64 KiB.

    An entity with several accepted values cannot be said in JSON: it is written once for each value, and
    read again as one.
    """
    chunk = bytearray(b'{"testCases":[')
    separator = b""
    for case in cases:
        chunk += separator + msgspec.json.encode(_document(case))
        separator = b","
        if len(chunk) > 1 << 16:
            yield bytes(chunk)
            chunk.clear()
    yield bytes(chunk + b"]}")


def _undecoded(body: memoryview, limit: int, findings: Findings) -> list[msgspec.Raw]:
    check_syntax(body)
    try:
        members = decode(body, dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        hint = 'write {"testCases": [...]}'
        raise Malformed(Problem("expected an object", "$", hint)) from None
    if "testCases" not in members:
        raise Malformed(Problem("`testCases` is missing", "$"))
    for key in members:
        if key not in ("testCases", "name", "description", "botName", "botId"):
            findings.warn((key,), "unknown key, ignored")
    try:
        raws = msgspec.json.decode(members["testCases"], type=list[msgspec.Raw])
    except msgspec.ValidationError:
        raise Malformed(Problem("expected a list", "$.testCases")) from None
    if not raws:
        raise Malformed(Problem("the suite is empty", "$.testCases"))
    if len(raws) > limit:
        raise Malformed(Problem(f"more than {limit:,} utterances", f"$.testCases[{limit}]"))
    return raws


def _case(raw: msgspec.Raw, path: Path, findings: Findings, careful: bool) -> BatchCase | None:
    shape = None if careful else _quickly(raw)
    if shape is None:
        shape = _with_findings(raw, path, findings)
    if shape is None:
        return None
    utterance = shape.input.strip()
    if not utterance:
        findings.problem((*path, "input"), "the input is empty")
    elif len(utterance) > UTTERANCE_LIMIT and (reason := utterance_problem(utterance)):
        findings.problem((*path, "input"), reason)
    intents, traits = expected_of(shape.intent or "")
    order = shape.entity_order or ()
    return BatchCase(
        utterance=utterance,
        intents=intents,
        traits=traits,
        parent_intents=parents_of(shape.parent_intent or ""),
        entities=_entities(shape.entities, path, findings) if shape.entities else (),
        entity_order=order_of(order) if isinstance(order, str) else tuple(order),
        fulfillment_type=(shape.fulfillment_type or "").strip(),
        bot_names=bots_of(shape.bot_name or ""),
        id=_cell(shape.case_id),
    )


def _quickly(raw: msgspec.Raw) -> UtteranceShape | None:
    try:
        return _decode_utterance(raw)
    except (msgspec.DecodeError, RecursionError):
        return None


def _with_findings(raw: msgspec.Raw, path: Path, findings: Findings) -> UtteranceShape | None:
    before = len(findings.problems)
    try:
        fitted = fit(plain(raw), UtteranceShape, path, findings)
        if len(findings.problems) == before:
            return msgspec.convert(fitted, UtteranceShape)
    except RecursionError:
        findings.problem(path, "nested too deeply")
    except ValueError as error:  # also what only msgspec refuses
        findings.problem(path, str(error))
    return None


def _entities(shapes: Iterable[EntityShape], path: Path, findings: Findings) -> tuple[EntityExpectation, ...]:
    """Several values of one name are alternatives, as in CSV."""
    values: dict[str, list[str]] = {}
    for index, shape in enumerate(shapes):
        name = shape.entity_name.strip()
        if not name:
            findings.problem((*path, "entities", index, "entityName"), "the name is empty")
        accepted = values.setdefault(name, [])
        value = _cell(shape.entity_value)
        if value not in accepted:
            accepted.append(value)
    return tuple([EntityExpectation(name, tuple(accepted)) for name, accepted in values.items()])


def _cell(value: str | int | float | bool | None) -> str:
    """A value as its JSON text; texts without outer blanks, whole numbers without a fraction, as bots' values
    are read."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else msgspec.json.encode(value).decode()


def _document(case: BatchCase) -> dict[str, Any]:
    document: dict[str, Any] = {"input": case.utterance, "intent": intent_cell(case.intents, case.traits)}
    stated: dict[str, Any] = {
        "parentIntent": "||".join(case.parent_intents),
        "entities": [
            {"entityName": entity.name, "entityValue": value}
            for entity in case.entities
            for value in entity.values
        ],
        "entityOrder": list(case.entity_order),
        "fulfillmentType": case.fulfillment_type,
        "botName": "|".join(case.bot_names),
        "caseId": case.id,
    }
    return document | {key: value for key, value in stated.items() if value}
