"""Reads conversation suite files: native ones, exported suites and transcripts (testing-api.md 3.4)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol, TypeVar

import msgspec

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.suite import Step, SuiteHead, TestCase
from vivavoce.formats.json_text import check_syntax, decode, plain, utf8_body
from vivavoce.formats.native.reading import Include, NativeSuite, looks_native, read_native
from vivavoce.formats.places import Findings, Path
from vivavoce.formats.shape import fit, kind_name
from vivavoce.formats.suite_own import own_case
from vivavoce.formats.suite_shapes import CaseNotes, CaseShape, StepShape, SuiteShape
from vivavoce.formats.suite_steps import step_of

S = TypeVar("S", bound=msgspec.Struct)

WELCOME_LIMIT = 1_000
_LISTS = {"testCases", "testSteps"}
_OPENS = {b"[": "a list", b'"': "a text"}


class _Read(Protocol):
    """A file that is in order, of whatever format."""

    head: SuiteHead
    case_count: int
    step_count: int
    has_preprocessor: bool
    findings: Findings

    def cases(self, findings: Findings) -> Iterator[TestCase]: ...


class ConversationFile:
    """A checked file. Of JSON it holds the bytes and no decoded case; `cases` decodes one at a time."""

    def __init__(self, reading: _Read, source: str, native: NativeSuite | None = None) -> None:
        self.head: SuiteHead = reading.head
        self.case_count: int = reading.case_count
        self.step_count: int = reading.step_count
        self.has_preprocessor: bool = reading.has_preprocessor  # of the suite or of any case
        self.warnings: list[str] = reading.findings.warnings
        self.source = source
        self.native = native  # of a native file: where its steps stand
        self._reading = reading

    def cases(self) -> Iterator[TestCase]:
        """The cases in order, as often as wanted."""
        return self._reading.cases(Findings())


def read_conversations(data: bytes, source: str = "", include: Include | None = None) -> ConversationFile:
    """Check a whole file. Raises Malformed with all problems (50 at most), each with its place.

    `source` is the file's name, for the message, and for `include`, which reads the files that a native one
    includes; None: includes are refused.
    """
    if looks_native(data):
        native = read_native(data, source, include)
        return ConversationFile(_NativeReading(native), source, native)
    body = utf8_body(data, source)
    check_syntax(body, source)
    findings = Findings()
    shape = _suite_shape(body, findings, source)
    findings.raise_if_any(source)
    # Escaped NUL characters are valid JSON but can be stored nowhere: look for them only where one can be.
    reading = _Reading(shape, findings, careful=data.find(b"\\u0000") >= 0)
    if shape.test_cases is not None:
        reading.check_transcript(shape.test_cases)
    else:
        reading.check_steps(shape.test_steps or [])
    findings.raise_if_any(source)
    return ConversationFile(reading, source)


def _suite_shape(body: memoryview, findings: Findings, source: str) -> SuiteShape:
    """The file's outermost object, its cases or steps undecoded."""
    try:
        shape = decode(body, SuiteShape, source)
    except msgspec.ValidationError:
        shape = _fitted_suite(body, findings, source)
    if shape.test_cases is not None and shape.test_steps is not None:
        findings.problem((), "a file holds `testCases` or `testSteps`, not both")
    elif shape.test_cases is None and shape.test_steps is None:
        if not findings.problems:
            hint = _wrapped_hint(body) or findings.typo(())
            findings.problem((), "neither `testCases` nor `testSteps` is there", hint)
    elif not (shape.test_cases or shape.test_steps):
        key = "testSteps" if shape.test_cases is None else "testCases"
        findings.problem((key,), "the suite is empty")
    if not 0 <= (shape.welcome_message_count or 0) <= WELCOME_LIMIT:
        findings.problem(("welcomeMessageCount",), f"must be from 0 to {WELCOME_LIMIT:,}")
    return shape


def _fitted_suite(body: memoryview, findings: Findings, source: str) -> SuiteShape:
    """The long way round, for files with unknown keys or wrong types at the top."""
    try:
        members = decode(body, dict[str, msgspec.Raw], source)
    except msgspec.ValidationError:
        got = kind_name(plain(body)) if len(body) < 1000 else _OPENS.get(bytes(body[:1]), "something else")
        raise Malformed(Problem(f"expected an object, got {got}", "$"), source) from None
    values: dict[str, Any] = {}
    known = {field.encode_name: field.type for field in msgspec.structs.fields(SuiteShape)}
    for key, raw in members.items():
        if key in _LISTS and bytes(raw[:1] if isinstance(raw, bytes) else raw)[:1] == b"[":
            values[key] = msgspec.json.decode(raw, type=list[msgspec.Raw])
        elif known.get(key, msgspec.Raw) is msgspec.Raw:
            values[key] = None
        else:
            values[key] = plain(raw)
    lists = {key: values.pop(key) for key in _LISTS if isinstance(values.get(key), list)}
    fitted = fit(values, SuiteShape, (), findings)
    if findings.problems:
        fitted = {}
    shape = msgspec.convert(fitted, SuiteShape)
    shape.test_cases = lists.get("testCases")
    shape.test_steps = lists.get("testSteps")
    return shape


def _wrapped_hint(body: memoryview) -> str:
    """The import status wraps a suite document in `response`, and people save it whole."""
    try:
        members = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        return ""
    return "the suite document is what stands under `response`" if "response" in members else ""


class _NativeReading:
    """The cases of a native file, which was decoded whole."""

    def __init__(self, suite: NativeSuite) -> None:
        self.findings = suite.findings
        self.head = suite.head
        self.case_count = len(suite.cases)
        self.step_count = sum(len(case.steps) for case in suite.cases)
        self.has_preprocessor = bool(suite.head.preprocessor) or any(
            case.preprocessor for case in suite.cases
        )
        self._suite = suite

    def cases(self, findings: Findings) -> Iterator[TestCase]:
        yield from self._suite.cases


class _Reading:
    """The undecoded parts of one file, and how they make cases."""

    def __init__(self, shape: SuiteShape, findings: Findings, *, careful: bool) -> None:
        self.findings = findings
        self.case_count = 0
        self.step_count = 0
        self.has_preprocessor = bool(shape.preprocessor)
        self._careful = careful
        self._cases: Sequence[msgspec.Raw] = shape.test_cases or ()
        self._steps: Sequence[msgspec.Raw] = shape.test_steps or ()
        self._starts: list[int] = []  # indexes of the steps that begin a case
        self.head = SuiteHead(
            name=shape.name or "",
            description=shape.description or "",
            tags=tuple(shape.tags or ()),
            preprocessor=shape.preprocessor or "",
            bot_name=shape.bot_name or "",
            welcome_message_count=shape.welcome_message_count or 0,
            discard_message=shape.discard_message or "",
            metadata_available=shape.metadata_available is True,
            language=shape.language or "",
        )

    # --- checking ---

    def check_transcript(self, raws: Sequence[msgspec.Raw]) -> None:
        for index, raw in enumerate(raws):
            shape = self._decode(raw, CaseShape, ("testCases", index), self.findings)
            if shape is None:
                continue
            if not shape.messages:
                self.findings.problem(("testCases", index, "messages"), "the test case has no messages")
            case = _transcript_case(shape, index, self.findings)
            self.case_count += 1
            self.step_count += len(case.steps)
            self.has_preprocessor |= bool(case.preprocessor)

    def check_steps(self, raws: Sequence[msgspec.Raw]) -> None:
        name = ""
        notes: StepShape | None = None  # of the case that is being read
        steps: list[Step] = []
        for index, raw in enumerate(raws):
            path: Path = ("testSteps", index)
            shape = self._decode(raw, StepShape, path, self.findings)
            if shape is None:
                continue
            step = step_of(shape, path, self.findings)
            if not self._starts or shape.new_session or (shape.test_case or name) != name:
                if notes is not None:
                    self._check_case(notes, steps)
                notes, steps = shape, []
                self._starts.append(index)
                name = shape.test_case or ""
                self.has_preprocessor |= bool(shape.preprocessor)
            elif shape.preprocessor or shape.tags or shape.description:
                self.findings.warn(path, "what is said about a case counts on its first step only, ignored")
            steps.append(step)
        if notes is not None:
            self._check_case(notes, steps)
        self.case_count = len(self._starts)
        self.step_count = len(raws)

    def _check_case(self, notes: StepShape, steps: Sequence[Step]) -> None:
        """What is wrong with a case as a whole."""
        own_case(
            case_of(notes.test_case or "", notes, steps),
            notes,
            ("testSteps", self._starts[-1]),
            self.findings,
        )

    # --- giving out ---

    def cases(self, findings: Findings) -> Iterator[TestCase]:
        for index, raw in enumerate(self._cases):
            shape = self._decode(raw, CaseShape, ("testCases", index), findings)
            findings.raise_if_any()
            if shape is not None:
                yield _transcript_case(shape, index, findings)
        for start, end in pairwise([*self._starts, len(self._steps)]):
            notes: StepShape | None = None
            steps: list[Step] = []
            for index in range(start, end):
                path: Path = ("testSteps", index)
                shape_of_step = self._decode(self._steps[index], StepShape, path, findings)
                findings.raise_if_any()
                if shape_of_step is None:
                    continue
                notes = notes or shape_of_step
                steps.append(step_of(shape_of_step, path, findings))
            if notes is not None:
                case = case_of(notes.test_case or "", notes, steps)
                yield own_case(case, notes, ("testSteps", start), findings)

    def _decode(self, raw: msgspec.Raw, type_: type[S], path: Path, findings: Findings) -> S | None:
        """One case or step; None where problems were found."""
        try:
            if not self._careful:
                return msgspec.json.decode(raw, type=type_)
        except (msgspec.DecodeError, RecursionError):
            pass  # the long way round below tells what is wrong
        if findings.full:
            findings.problem(path, "does not fit")
            return None
        before = len(findings.problems) + findings.missed
        try:
            fitted = fit(plain(raw), type_, path, findings)
            if len(findings.problems) + findings.missed == before:
                return msgspec.convert(fitted, type_)
        except RecursionError:
            findings.problem(path, "nested too deeply")
        except ValueError as error:  # also what only msgspec refuses
            findings.problem(path, str(error))
        return None


def case_of(name: str, notes: CaseNotes, steps: Sequence[Step]) -> TestCase:
    """A case from its notes and its steps."""
    return TestCase(
        name=name,
        steps=tuple(steps),
        description=notes.description or "",
        tags=tuple(notes.tags or ()),
        preprocessor=notes.preprocessor or "",
        discard_before=notes.discard_before,
    )


def _transcript_case(shape: CaseShape, index: int, findings: Findings) -> TestCase:
    path: Path = ("testCases", index)
    steps = [
        step_of(message, (*path, "messages", position), findings)
        for position, message in enumerate(shape.messages)
    ]
    case = case_of(shape.name or f"Test case {index + 1}", shape, steps)
    return own_case(case, shape, path, findings)
