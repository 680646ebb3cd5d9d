"""A step: what is said, what must come back, what is read off it."""

from dataclasses import dataclass
from typing import Any, Final

from vivavoce.domain.suite import Arrangement, ExpectedOutput, Step
from vivavoce.domain.values.variables import Capture, Source
from vivavoce.formats.capture_checks import capture_problems
from vivavoce.formats.native.asserting import read_assertions
from vivavoce.formats.native.contradictions import tell_contradictions
from vivavoce.formats.native.keys import CAPTURE, REPLY, REPLY_KEYS, STEP
from vivavoce.formats.native.names import NAME, NAME_HINT
from vivavoce.formats.native.node import Node
from vivavoce.formats.native.outputs import read_output

ORDERS: Final[dict[str, Arrangement]] = {"exact": "exact", "any": "anyOrder", "among": "among"}
_SOURCES: Final[dict[str, Source]] = {"matches": "regex", "path": "path", "context": "context"}
SAYS_ALL: Final = ("silence", "equals", "one_of", "replies")
"""Assertions about the whole reply that leave no room for `outputs` beside them."""


@dataclass(frozen=True)
class ReadStep:
    """A step, and where it stands."""

    step: Step
    node: Node


def read_steps(node: Node) -> list[ReadStep]:
    """The steps of a list, without those that cannot be read."""
    found = [(read_step(item), item) for item in node.items("a list of steps")]
    return [ReadStep(step, item) for step, item in found if step is not None]


def read_step(node: Node) -> Step | None:
    """One step; a text alone is said, and anything may come back. None after it has said what is wrong."""
    if node.is_text:
        text = node.text()
        return None if text is None else Step(text, arrangement="among")
    if not node.mapping(STEP, "a step: a text, or a mapping with `say` or `trigger`"):
        return None
    return step_of(node)


def step_of(node: Node) -> Step | None:
    """The step of a mapping whose keys are known to be right; a flat case is one, too."""
    trigger = node.at("trigger").text() if "trigger" in node else None
    if "say" in node:
        said = node.at("say").text()
    elif "trigger" in node:
        if trigger == "":
            node.at("trigger").problem("`trigger` is empty", "such as Start_Flow")
        said = trigger  # as the platform exports it (testing-api.md 8.3)
    else:
        node.problem("a step needs `say` or `trigger`")
        said = None
    outputs, arrangement, assertions = _expected(node)
    captures = tuple(_captures(node.at("capture"))) if "capture" in node else ()
    if said is None:
        return None
    step = Step(said, outputs, trigger or None, arrangement, assertions, captures)
    for capture, problem in capture_problems(step):
        node.at("capture").at(capture.name).problem(problem)
    return step


def _expected(node: Node) -> tuple[tuple[ExpectedOutput, ...], Arrangement, tuple[Any, ...]]:
    expect = node.get("expect")
    if expect is None:
        return (), "among", ()
    if expect.is_text:
        return _outputs([expect]), "exact", ()
    if isinstance(expect.value, list):
        return _outputs(expect.items()), "exact", ()
    if expect.value is None:
        expect.problem("`expect` is empty", "`[]` expects silence; leave it out where anything may come back")
        return (), "among", ()
    if not expect.mapping(REPLY_KEYS, "a text, a list of outputs or a mapping of assertions"):
        return (), "among", ()
    if not expect.value:
        expect.problem(
            "the mapping is empty: every reply would do", "leave `expect` out where anything may come back"
        )
    outputs = expect.get("outputs")
    for key in SAYS_ALL if outputs is not None else ():
        if key in expect:
            expect.at(key).problem(
                f"`{key}` and `outputs` both say what the whole reply is", "leave out one of them"
            )
    if "silence" in expect and len(expect.value) > 1:
        other = next(key for key in expect.value if key != "silence")
        expect.at("silence").problem(f"`silence` and `{other}` exclude each other", "leave out one of them")
    arrangement: Arrangement = "among" if outputs is None else "exact"
    if "order" in expect:
        arrangement = _order(expect.at("order"), outputs)
    if outputs is not None and outputs.value == [] and arrangement == "among":
        expect.at("order").problem(
            "no outputs among others: every reply would do",
            "name the outputs, or leave `order` out for silence",
        )
    tell_contradictions(expect)
    listed = () if outputs is None else _outputs(outputs.items("a list of outputs"))
    return listed, arrangement, tuple(read_assertions(expect, "reply", skip=REPLY))


def _order(node: Node, outputs: Node | None) -> Arrangement:
    if outputs is None:
        node.problem("`order` without `outputs` says nothing", "leave it out, or name the outputs")
    if node.value not in ORDERS:
        node.problem(f"unknown order `{node.value}`", f"one of {', '.join(ORDERS)}")
    return ORDERS.get(node.value, "exact") if isinstance(node.value, str) else "exact"


def _outputs(nodes: list[Node]) -> tuple[ExpectedOutput, ...]:
    return tuple(output for node in nodes if (output := read_output(node)) is not None)


# --- captures -----------------------------------------------------------------------------------


def _captures(node: Node) -> list[Capture]:
    if not node.mapping(None, "a mapping of names to where their values are read"):
        return []
    found = []
    for name, member in node.members():
        if not NAME.fullmatch(name):
            member.problem(f"`{name}` is no name", NAME_HINT)
        if (capture := _capture(name, member)) is not None:
            found.append(capture)
    return found


def _capture(name: str, node: Node) -> Capture | None:
    if not node.mapping(CAPTURE, "a mapping with `matches`, `path` or `context`"):
        return None
    sources = [key for key in _SOURCES if key in node]
    if len(sources) != 1:
        both = " and ".join(f"`{key}`" for key in sources)
        node.problem(f"{both} read two values" if sources else "needs `matches`, `path` or `context`")
        return None
    (key,) = sources
    expression = node.at(key).text()
    if expression is None:
        return None
    group: int | str = 0
    if "group" in node:
        member = node.at("group")
        stated = member.text() if isinstance(member.value, str) else member.whole()
        group = stated if stated is not None else 0
        if key != "matches":
            member.problem("`group` goes with `matches` only")
    output = None
    if "output" in node:
        output = node.at("output").whole(1)
        if key == "context":
            node.at("output").problem(
                "`output` does not go with `context`, which belongs to the whole session"
            )
    return Capture(name, _SOURCES[key], expression, group, None if output is None else output - 1)
