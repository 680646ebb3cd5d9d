"""Cases of a native file: their notes, fixtures and tables of examples."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from vivavoce.domain.suite import PassRule, Step, TestCase
from vivavoce.domain.values.expanding import as_text, expand, is_verbatim, names_in
from vivavoce.domain.values.variables import Unique, Variable
from vivavoce.formats.native.keys import CASE, FIXTURE, STEP, VARIABLE
from vivavoce.formats.native.names import NAME, NAME_HINT, check_names
from vivavoce.formats.native.node import Node
from vivavoce.formats.native.origins import Origin, Shared
from vivavoce.formats.native.steps import ReadStep, read_steps, step_of
from vivavoce.formats.places import did_you_mean

_FLAT = ("say", "trigger", "expect", "capture")

Variables = dict[str, Variable]


@dataclass
class Fixture:
    """An opening that cases share."""

    node: Node
    steps: list[ReadStep] = field(default_factory=list)
    context: dict[str, Any] | None = None
    preprocessor: str = ""
    used: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What a file's cases may use."""

    variables: Variables
    fixtures: Mapping[str, Fixture]
    used: set[str]  # names of variables that some case used


def read_fixture(node: Node) -> Fixture:
    if not node.mapping(FIXTURE, "a mapping with `steps`, `context` or `preprocessor`"):
        return Fixture(node)
    if "description" in node:
        node.at("description").text()
    return Fixture(
        node,
        steps=read_steps(node.at("steps")) if "steps" in node else [],
        context=_context(node),
        preprocessor=_text(node, "preprocessor"),
    )


def read_variables(node: Node) -> Variables:
    """Names and what they stand for; a number that is written in an unusual way (1.50, 007) is a text."""
    found: Variables = {}
    if not node.mapping(None, "a mapping of names to values"):
        return found
    for name, member in node.members():
        if not NAME.fullmatch(name):
            member.problem(f"`{name}` is no name", NAME_HINT)
        found[name] = _variable(member)
    return found


def tell_names_in_values(mappings: Iterable[Node]) -> None:
    """`{{name}}` in a value is never replaced; said once for each variable, or column of a table."""
    told: set[str] = set()
    for mapping in mappings:
        for name, member in mapping.members() if isinstance(mapping.value, dict) else ():
            if name not in told and (within := next(iter(names_in(member.value)), None)) is not None:
                told.add(name)
                member.warn(
                    f"`{{{{{within}}}}}` in the value of `{name}` is just text: no names stand in values"
                )


def read_case(node: Node, number: int, around: Surroundings) -> Iterator[tuple[TestCase, list[Origin]]]:
    """The cases that one entry of `cases` makes: one, or one for each row of its table."""
    flat = isinstance(node.value, dict) and any(key in node for key in _FLAT)
    if flat and "steps" in node:
        key = next(key for key in _FLAT if key in node)
        hint = f"move `{key}` into a step, or leave `steps` out"
        node.at(key).problem(f"`{key}` beside `steps`: the case would have two meanings", hint)
        return
    known = CASE if "steps" in node else (*CASE, *STEP)
    if not node.mapping(known, "a case: a mapping with `steps` or `say`"):
        return
    fixture = _fixture(node, around)
    own = _own_steps(node, flat)
    opening = fixture.steps if fixture and "opening" not in node else []
    steps = [*opening, *own]
    if not steps and not ("steps" in node and node.at("steps").value):
        node.problem("the case has no steps", "write `steps`, or `say`")
    case = _notes(node, number, fixture, tuple(read.step for read in steps), len(opening))
    rows: list[Node | None] = _rows(node.at("examples")) if "examples" in node else [None]
    yield from _played(node, case, steps, rows, around)


def _played(
    node: Node, case: TestCase, steps: list[ReadStep], rows: list[Node | None], around: Surroundings
) -> Iterator[tuple[TestCase, list[Origin]]]:
    """The case once for each row, its names checked."""
    verbatim = "variables" in node and node.at("variables").value is False
    own = read_variables(node.at("variables")) if "variables" in node and not verbatim else {}
    tell_names_in_values([node.at("variables")] if own else [])
    tell_names_in_values(row for row in rows if row is not None)
    declared = {**around.variables, **own}
    title, opening = case.name, case.opening
    for number, row in enumerate(rows, 1):
        cells = read_variables(row) if row is not None else {}
        variables: Variables = {**declared, **cells}
        if verbatim or not (variables or "variables" in node or _fills(case)):
            played = replace(case, variables=None)
            if verbatim and row is not None:
                node.at("variables").problem("a table's columns stand for nothing where `variables` is false")
        else:
            played = replace(case, variables=variables)
            if number == 1:
                around.used.update(_check(node, case, steps, variables))
        if row is not None:
            played = replace(played, name=_row_name(title, cells, number))
        yield played, [_origin(read, row is not None, index < opening) for index, read in enumerate(steps)]


def _row_name(title: str, cells: Variables, number: int) -> str:
    """The name of a row's case: its columns put in, or else its number behind."""
    plain = {name: value for name, value in cells.items() if not isinstance(value, Unique)}
    if not any(name in plain for name in names_in(title)):
        return f"{title} ({number})"
    found: Any = expand(title, plain)  # a name that is nothing but a column has the column's type
    return as_text(found)


def _check(node: Node, case: TestCase, steps: list[ReadStep], variables: Variables) -> set[str]:
    """The names that the case uses; unknown ones, and unused columns, are told."""
    known = dict.fromkeys(variables)
    used: set[str] = set(check_names(case.context, known, (), node)) | set(names_in(case.name))
    for index, read in enumerate(steps):
        later = [one.name for after in steps[index:] for one in after.step.captures]
        used.update(check_names(read.step, known, later, read.node))
        for one in read.step.captures:
            if one.name in variables:
                read.node.at("capture").at(one.name).warn(
                    f"`{one.name}` is also a variable; from here on it is what was captured"
                )
            known[one.name] = None
    for key in ("variables", "examples"):
        member = node.get(key)
        row = member.at(0) if key == "examples" and member and member.value else member
        if row is None or not isinstance(row.value, dict):
            continue
        for name in row.value:
            if name not in used:
                row.at(name).warn(f"`{name}` is used nowhere")
    return used


def _fills(case: TestCase) -> bool:
    """Whether something in the case is not as it is written, or comes to have a name."""
    return any(step.captures for step in case.steps) or not is_verbatim((case.steps, case.context))


def _origin(read: ReadStep, in_table: bool, in_opening: bool) -> Origin:
    node = read.node
    shared: Shared = "fixture" if in_opening else "table" if in_table else ""
    expect = (*node.path, "expect") if "expect" in node else None
    line, column = node.source.yaml.position(expect or node.path) if node.source.yaml else (1, 1)
    return Origin(node.source.name, node.path, expect, line, column, shared)


# --- notes --------------------------------------------------------------------------------------


def _notes(
    node: Node, number: int, fixture: Fixture | None, steps: tuple[Step, ...], opening: int
) -> TestCase:
    own = _context(node)
    shared = fixture.context if fixture else None
    if "opening" in node:
        opening = node.at("opening").whole() or 0
        if opening > len(steps):
            node.at("opening").problem(f"{opening} steps, but the case has {len(steps)}")
        fixture = shared = None
    discard = node.at("discard_before").flag() if "discard_before" in node else None
    return TestCase(
        name=(node.at("case").text() or "") if "case" in node else f"Case {number}",
        steps=steps,
        description=_text(node, "description"),
        tags=tags_of(node),
        preprocessor=_text(node, "preprocessor") or (fixture.preprocessor if fixture else ""),
        discard_before=discard,
        context=own if shared is None else {**shared, **(own or {})},
        fixture=(node.at("fixture").text() or "") if "fixture" in node else "",
        opening=opening,
        threshold=_threshold(node),
        pass_rule=_pass_rule(node),
    )


def tags_of(node: Node) -> tuple[str, ...]:
    return tuple(node.at("tags").texts() or ()) if "tags" in node else ()


def _text(node: Node, key: str) -> str:
    return (node.at(key).text() or "") if key in node else ""


def _context(node: Node) -> dict[str, Any] | None:
    member = node.get("context")
    if member is None or not member.mapping():
        return None
    found = member.json()
    return found if isinstance(found, dict) else None


def _threshold(node: Node) -> float | None:
    member = node.get("threshold")
    value = member.number() if member else None
    if member and value is not None and not 0 < value <= 1:
        member.problem(f"must be over 0 and at most 1, not {value:g}")
    return value


def _pass_rule(node: Node) -> PassRule | None:
    member = node.get("passes")
    if member is None:
        return None
    if member.value in ("all", "any"):
        return "all" if member.value == "all" else "any"
    if isinstance(member.value, str):
        member.problem(f"unknown rule `{member.value}`", "`all`, `any`, or how many repeats must pass")
        return None
    return member.whole(1)


def _fixture(node: Node, around: Surroundings) -> Fixture | None:
    member = node.get("fixture")
    name = member.text() if member else None
    if member is None or name is None:
        return None
    found = around.fixtures.get(name)
    if found is None:
        if "opening" not in node:
            hint = did_you_mean(name, around.fixtures) or "declare it under `fixtures`"
            member.problem(f"there is no fixture `{name}`", hint)
        return None
    found.used = True
    return found


def _own_steps(node: Node, flat: bool) -> list[ReadStep]:
    if flat:
        step = step_of(node)
        return [] if step is None else [ReadStep(step, node)]
    return read_steps(node.at("steps")) if "steps" in node else []


# --- tables and variables -----------------------------------------------------------------------


def _rows(node: Node) -> list[Node | None]:
    rows = [row for row in node.items("a list of rows") if row.mapping(None, "a row: a mapping of columns")]
    if isinstance(node.value, list) and not node.value:
        node.problem("the table is empty: the case would never be played")
    columns = list(dict.fromkeys(name for row in rows for name in row.value))
    for row in rows:
        for name in columns:
            if name not in row:
                row.problem(f"the row has no `{name}`", "every row has the same columns")
    return list(rows)


def _variable(node: Node) -> Variable:
    if isinstance(node.value, dict):
        return _unique(node)
    if isinstance(node.value, list):
        node.misfit("a text, a number, true, false or null, or a mapping with `unique`")
        return None
    if isinstance(node.value, bool) or node.value is None:
        return node.value
    text = node.text()
    usual = isinstance(node.value, int | float) and text in (
        repr(node.value),
        repr(node.value).replace("e", ".0e"),
    )
    return node.value if usual else text


def _unique(node: Node) -> Variable:
    if not node.mapping(VARIABLE) or "unique" not in node:
        node.problem("needs `unique`, a pattern such as user-*@example.org")
        return None
    pattern = node.at("unique").text()
    if pattern is None:
        return None
    if "*" not in pattern:
        node.at("unique").problem(f"`{pattern}` has no `*`, and so is always the same")
    per = node.at("per").value if "per" in node else "case"
    if per not in ("case", "run"):
        node.at("per").problem(f"unknown `{per}`", "`case` or `run`")
    return Unique(pattern, "run" if per == "run" else "case")
