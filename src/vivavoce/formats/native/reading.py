"""Reads native suite files, with the files that they include."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from vivavoce.domain.errors import Malformed
from vivavoce.domain.suite import SuiteHead, TestCase
from vivavoce.formats.json_text import utf8_body
from vivavoce.formats.native.cases import (
    Fixture,
    Surroundings,
    Variables,
    read_case,
    read_fixture,
    read_variables,
    tags_of,
    tell_names_in_values,
)
from vivavoce.formats.native.keys import TOP
from vivavoce.formats.native.node import NativeFindings, Node, Source
from vivavoce.formats.native.origins import Origin
from vivavoce.formats.places import Findings
from vivavoce.formats.yaml_text import YamlText

Include = Callable[[str, str], list[tuple[str, bytes]]]
"""The files that a pattern means, as it stands in the file of the given name: names and contents, in order.

The same file has the same name, whatever leads to it; a pattern does not mean the file it stands in.
Raises InputError where a file cannot be read.
"""

WELCOME_LIMIT: Final = 1_000
STEP_LIMIT: Final = 1_000_000  # of all cases; a table multiplies
INCLUDE_LIMIT: Final = 1_000  # files
LOOKED_AT = 1 << 16  # bytes
_KEY_LINE = re.compile(rb"(?:- |[A-Za-z_][\w ]*:(?:[ \t\r\n]|$))")
_ABSOLUTE = re.compile(r"[/\\~]|[A-Za-z]:|[a-z]+://")
_PLAYED_BY_HEAD = ("preprocessor", "welcome_messages", "discard_message")


@dataclass
class NativeSuite:
    """A native suite that is in order."""

    head: SuiteHead
    cases: list[TestCase] = field(default_factory=list)
    origins: list[list[Origin]] = field(default_factory=list)  # by case and step
    findings: Findings = field(default_factory=Findings)  # warnings only
    files: list[str] = field(default_factory=list)  # of which it was made, itself first


def looks_native(data: bytes) -> bool:
    """Whether a file is YAML: its first line that says something is a key, or an item of a list."""
    for line in data[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf").splitlines():
        stripped = line.strip()
        if stripped and not stripped.startswith((b"#", b"---", b"%")):
            return _KEY_LINE.match(line) is not None
    return False


def read_native(data: bytes, source: str = "", include: Include | None = None) -> NativeSuite:
    """Raises Malformed with all problems (50 at most), each with line and column.

    `include` None: includes are refused (the file came from afar).
    """
    reading = _Reading(include)
    suite = reading.file(data, source)
    reading.findings.raise_if_any(source)
    return suite


@dataclass
class _Part:
    """What one file gives to those that include it."""

    variables: Variables
    fixtures: dict[str, Fixture]
    cases: list[tuple[TestCase, list[Origin]]]


class _Reading:
    def __init__(self, include: Include | None) -> None:
        self.findings = NativeFindings()
        self._include = include
        self._open: list[str] = []  # the files that lead to the one being read
        self._parts: dict[str, _Part] = {}
        self._steps = 0

    def file(self, data: bytes, source: str) -> NativeSuite:
        """The suite of the outermost file."""
        try:
            node = self._node(data, source)
        except Malformed as malformed:
            raise Malformed(malformed.problems, source) from None
        part = self._part(node)
        head = _head(node)
        if not part.cases and not self.findings.problems:
            node.problem("the suite has no cases", "add them under `cases`")
        for name, count in Counter(case.name for case, _ in part.cases).items():
            if count > 1:
                node.warn(f"{count} cases are called `{name}`: --case chooses all of them")
        return NativeSuite(
            head,
            [case for case, _ in part.cases],
            [origins for _, origins in part.cases],
            self.findings,
            [source, *self._parts],
        )

    def _node(self, data: bytes, name: str) -> Node:
        text = bytes(utf8_body(data)).decode()
        included = bool(self._open)
        self._open.append(name)
        return Node(
            (yaml := YamlText(text, core=True)).value, (), Source(name, self.findings, yaml, included)
        )

    def _part(self, node: Node) -> _Part:
        """What a file holds, with what it includes first."""
        part = _Part({}, {}, [])
        if "connector" in node and "cases" not in node:
            node.problem("this is a bot file, not a suite", "commands take it with --bot")
            self._open.pop()
            return part
        if not node.mapping(TOP, "a suite: a mapping with `cases`"):
            self._open.pop()
            return part
        for included in self._included(node):
            part.variables |= included.variables
            part.fixtures |= included.fixtures
            part.cases += included.cases
        if "variables" in node:
            part.variables |= read_variables(node.at("variables"))
            tell_names_in_values([node.at("variables")])
        fixtures = node.get("fixtures")
        if fixtures is not None and fixtures.mapping(None, "a mapping of names to openings"):
            part.fixtures |= {name: read_fixture(member) for name, member in fixtures.members()}
        around = Surroundings(part.variables, part.fixtures, set())
        entries = node.at("cases").items("a list of cases") if "cases" in node else []
        for number, entry in enumerate(entries, 1):
            for case, origins in read_case(entry, number, around):
                self._steps += len(case.steps)
                if self._steps > STEP_LIMIT:
                    entry.problem(f"more than {STEP_LIMIT:,} steps", "make the table smaller")
                    break
                part.cases.append((case, origins))
        self._tell_unused(node, around)
        self._open.pop()
        return part

    def _tell_unused(self, node: Node, around: Surroundings) -> None:
        """What nobody uses is probably mistyped; but an included file is there to be used by others."""
        if len(self._open) > 1:
            return
        idle = {
            "variables": set(around.variables) - around.used,
            "fixtures": {name for name, fixture in around.fixtures.items() if not fixture.used},
        }
        for key, names in idle.items():
            member = node.get(key)
            for name in member.value if member is not None and isinstance(member.value, dict) else ():
                if member is not None and name in names:
                    member.at(name).warn(f"the {key[:-1]} `{name}` is used nowhere")

    # --- includes ---

    def _included(self, node: Node) -> Iterable[_Part]:
        member = node.get("include")
        if member is None:
            return
        if self._include is None:
            hint = "make it one file first: viva convert suite.yaml whole.yaml --to native"
            member.problem("`include` works only where files can be read, not in an upload", hint)
            return
        for pattern in member.texts() or ():
            if not pattern.strip() or _ABSOLUTE.match(pattern):
                member.problem(
                    f"`{pattern}` is no relative path", "relative to this file, such as cards/*.yaml"
                )
                continue
            try:
                files = self._include(pattern, node.source.name)
            except Malformed as malformed:
                member.problem(f"`{pattern}`: {malformed}")
                continue
            if not files:
                member.problem(f"`{pattern}`: there is no such file")
            for name, data in files:
                part = self._one(member, name, data)
                if part is not None:
                    yield part

    def _one(self, member: Node, name: str, data: bytes) -> _Part | None:
        if name in self._open:
            way = " -> ".join([*self._open[self._open.index(name) :], name])
            member.problem(f"the include leads back to itself: {way}")
            return None
        if name in self._parts:  # its cases are there already
            known = self._parts[name]
            return _Part(known.variables, known.fixtures, [])
        if len(self._parts) >= INCLUDE_LIMIT:
            member.problem(f"more than {INCLUDE_LIMIT:,} files are included")
            return None
        if not looks_native(data):
            member.problem(
                f"{name} is no native suite", "make it one first: viva convert FILE FILE.yaml --to native"
            )
            return None
        try:
            node = self._node(data, name)
        except Malformed as malformed:
            for problem in malformed.problems:
                self.findings.problem_at(f"included {name}: {problem.place}", problem.message, problem.hint)
            return None
        for key in _PLAYED_BY_HEAD:
            if key in node:
                node.at(key).warn(f"`{key}` of an included file has no effect; put it into the including one")
        part = self._part(node)
        self._parts[name] = part
        return part


def _head(node: Node) -> SuiteHead:
    if not isinstance(node.value, dict):
        return SuiteHead()
    texts = {
        name: (node.at(key).text() or "") if key in node else ""
        for name, key in (
            ("name", "suite"),
            ("description", "description"),
            ("preprocessor", "preprocessor"),
            ("bot_name", "bot"),
            ("discard_message", "discard_message"),
            ("language", "language"),
        )
    }
    welcome = (node.at("welcome_messages").whole() or 0) if "welcome_messages" in node else 0
    if welcome > WELCOME_LIMIT:
        node.at("welcome_messages").problem(f"must be from 0 to {WELCOME_LIMIT:,}")
    return SuiteHead(
        **texts,
        tags=tags_of(node),
        welcome_message_count=welcome,
        metadata_available=bool("metadata_available" in node and node.at("metadata_available").flag()),
    )
