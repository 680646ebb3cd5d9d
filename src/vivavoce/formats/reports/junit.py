"""JUnit XML: a run is a testsuite, a case or an utterance a testcase.

A case that is played several times is one testcase, judged by its pass rule, so that a report has no failure
where the run passed; its properties say how many repeats passed, and its output what the others met.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.metrics import verdict_of
from vivavoce.domain.repeats import (
    case_sum,
    needed,
    one_verdict,
    rule_in_words,
    rule_of,
    spread,
    verdict_of_case,
)
from vivavoce.domain.run import CaseSum, Run, RunStatus
from vivavoce.domain.verdict import StepResult, Verdict
from vivavoce.formats.reports.reported import ReportedRun, Seen
from vivavoce.formats.reports.wording import case_reasons, conversations, evidence_lines, repeated_cases, said

MAX_MESSAGE = 300  # characters of an element's `message`; its text holds everything

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, lone surrogates with it."""

_ELEMENTS = {Verdict.FAILED: "failure", Verdict.ERROR: "error", Verdict.NOT_EXECUTED: "skipped"}


@dataclass(frozen=True)
class _Test:
    name: str
    verdict: Verdict
    seconds: float = 0.0
    message: str = ""
    details: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    output: str = ""


@dataclass(frozen=True)
class _Sums:
    by_verdict: Counter[Verdict]
    seconds: float

    def attributes(self) -> dict[str, str]:
        return {
            "tests": str(self.by_verdict.total()),
            "failures": str(self.by_verdict[Verdict.FAILED]),
            "errors": str(self.by_verdict[Verdict.ERROR]),
            "skipped": str(self.by_verdict[Verdict.NOT_EXECUTED]),
            "time": f"{self.seconds:.3f}",
        }


def junit(runs: Sequence[ReportedRun]) -> Iterator[str]:
    """The report in chunks. The counts stand before the elements that they count: for them the results of a
    conversation run are read twice, and those of a batch run that was not played through."""
    sums = [_sum(reported) for reported in runs]
    total = _Sums(sum((one.by_verdict for one in sums), Counter()), sum(one.seconds for one in sums))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield _opening("testsuites", {"name": "vivavoce", **total.attributes()})
    for reported, its_sums in zip(runs, sums, strict=True):
        yield from _testsuite(reported, its_sums)
    yield "</testsuites>\n"


def _sum(reported: ReportedRun) -> _Sums:
    verdicts: Counter[Verdict] = Counter()
    seconds = 0.0
    if reported.is_batch:
        counts, seconds = _played_through(reported.run) or reported.seen
        verdicts.update(
            {
                Verdict.PASSED: counts.passed,
                Verdict.FAILED: counts.failed,
                Verdict.ERROR: counts.error,
                Verdict.NOT_EXECUTED: counts.not_executed,
            }
        )
    for test in _ending(reported.run) if reported.is_batch else _tests(reported):
        verdicts[test.verdict] += 1
        seconds += test.seconds
    return _Sums(verdicts, seconds)


def _played_through(run: Run) -> Seen | None:
    """What a run of which every case has a result adds up to, without reading them; it took from start to
    end, as its cases are played side by side. None: who knows."""
    whole = run.status in (RunStatus.PASSED, RunStatus.FAILED, RunStatus.ERROR)
    if not whole or run.counts is None or run.started_on is None or run.ended_on is None:
        return None
    return Seen(run.counts, (run.ended_on - run.started_on).total_seconds())


def _testsuite(reported: ReportedRun, sums: _Sums) -> Iterator[str]:
    run = reported.run
    started = (run.started_on or run.created_on).replace(tzinfo=None)
    yield _opening(
        "testsuite",
        {"name": run.suite_name, **sums.attributes(), "timestamp": started.isoformat(timespec="seconds")},
    )
    yield "<properties>\n"
    properties = [("run", run.id), ("bot", run.bot.name), ("version", run.version)]
    if run.judged_from:
        properties.append(("judgedFrom", run.judged_from))
    for name, value in properties:
        yield _property(name, value) + "\n"
    yield "</properties>\n"
    for test in _tests(reported):
        yield _testcase(run.suite_name, test)
    yield "</testsuite>\n"


def _testcase(suite: str, test: _Test) -> str:
    tag = _tag("testcase", {"classname": suite, "name": test.name, "time": f"{test.seconds:.3f}"})
    element = _ELEMENTS.get(test.verdict)
    inside = ""
    if test.properties:
        inside += (
            f"<properties>{''.join(_property(name, value) for name, value in test.properties)}</properties>"
        )
    if element is not None:
        outcome = _tag(element, {"message": test.message[:MAX_MESSAGE]})
        inside += f"{outcome}>{_text(test.details)}</{element}>"
    if test.output:
        inside += f"<system-out>{_text(test.output)}</system-out>"
    return f"{tag}>{inside}</testcase>\n" if inside else f"{tag}/>\n"


# --- what is a test ------------------------------------------------------------------------------


def _tests(reported: ReportedRun) -> Iterator[_Test]:
    if reported.is_batch:
        for case in reported.cases():
            yield _utterance(case)
    elif reported.run.repeats > 1:
        for repeats in repeated_cases(reported.steps()):
            yield _repeated(reported.run, repeats)
    else:
        for steps in conversations(reported.steps()):
            yield _conversation(steps)
    yield from _ending(reported.run)


def _utterance(result: CaseResult) -> _Test:
    verdict = verdict_of(result)
    reasons = [] if verdict is Verdict.PASSED else case_reasons(result)
    message = "; ".join(reasons)
    return _Test(result.case.utterance, verdict, result.duration_ms / 1000, message, "\n".join(reasons))


def _repeated(run: Run, repeats: list[list[StepResult]]) -> _Test:
    """A case over its repeats, by its pass rule."""
    tests = [_conversation(steps) for steps in repeats]
    unmet = [(number, test) for number, test in enumerate(tests, 1) if test.verdict is not Verdict.PASSED]
    case = case_sum(repeats, run.repeats, rule_of(run, repeats[0][0].unit))
    verdict = verdict_of_case(case)
    details = "\n".join(f"repeat {number}:\n{test.details}" for number, test in unmet)
    properties: dict[str, object] = {
        "repeats": case.repeats,
        "passed": case.passed,
        "mustPass": needed(case.rule, case.repeats),
    }
    if case.flaky:
        took = spread(case)
        properties["flaky"] = "true"
        for name, ms in (("shortest", took.shortest), ("median", took.median), ("longest", took.longest)):
            properties[name] = f"{ms / 1000:.3f}"
    held = verdict is Verdict.PASSED
    wire = [f"repeat {number}:\n{test.output}" for number, test in unmet if test.output]
    return _Test(
        tests[0].name,
        verdict,
        sum(test.seconds for test in tests),
        "" if held else _why(case, unmet),
        "" if held else details,
        tuple((name, str(value)) for name, value in properties.items()),
        "\n".join([*([details] if held else ()), *wire]),
    )


def _why(case: CaseSum, unmet: list[tuple[int, _Test]]) -> str:
    passed = f"{case.passed} of {case.repeats} repeats passed ({rule_in_words(case)})"
    return f"{passed}; repeat {unmet[0][0]}: {unmet[0][1].message}" if unmet else passed


def _conversation(steps: list[StepResult]) -> _Test:
    """One element at most: failed before error before not executed; the text tells all of them."""
    verdict = one_verdict(steps)
    seconds = sum(step.duration_ms for step in steps) / 1000
    name = steps[0].case or f"conversation {steps[0].unit + 1}"
    if verdict is Verdict.PASSED:
        return _Test(name, verdict, seconds)
    lines, message, wire = [], "", list[str]()
    for number, step in enumerate(steps, 1):
        if step.verdict is Verdict.PASSED:
            continue
        reasons = step.reasons or (step.verdict.value,)
        if step.verdict is verdict and not message:
            message = f"step {number}: {reasons[0]}"
        lines.append(f"step {number} {said(step)!r}: {step.verdict.value}")
        lines.extend(f"  {reason}" for reason in reasons)
        if evidence := evidence_lines(step):
            wire += [f"step {number}", *(f"  {line}" for line in evidence)]
    return _Test(name, verdict, seconds, message, "\n".join(lines), output="\n".join(wire))


def _ending(run: Run) -> Iterator[_Test]:
    """A run that was not carried out to its end is never silent about it."""
    match run.status:
        case RunStatus.UNUSABLE | RunStatus.BROKEN:
            reason = run.error_details or "the run could not be carried out"
            yield _Test("(run)", Verdict.ERROR, message=reason, details=reason)
        case RunStatus.CANCELLED | RunStatus.RUNNING:
            reason = f"the run has not ended: {run.done} of {run.total} were played"
            if run.status is RunStatus.CANCELLED:
                reason = f"cancelled: {run.done} of {run.total} were played"
            yield _Test("(run)", Verdict.NOT_EXECUTED, message=reason, details=reason)
        case RunStatus.FAILED | RunStatus.ERROR if run.fail_fast and run.error_details:
            reason = f"the rest was not played: {run.error_details}"
            yield _Test("(run)", Verdict.NOT_EXECUTED, message=reason, details=reason)


# --- XML -----------------------------------------------------------------------------------------


def _opening(name: str, attributes: dict[str, str]) -> str:
    return _tag(name, attributes) + ">\n"


def _tag(name: str, attributes: dict[str, str]) -> str:
    """A tag that is still open, for what follows: `>` or `/>`."""
    return "".join((f"<{name}", *(f" {key}={quoteattr(_legal(text))}" for key, text in attributes.items())))


def _property(name: str, value: str) -> str:
    return _tag("property", {"name": name, "value": value}) + "/>"


def _text(text: str) -> str:
    return escape(_legal(text), {"\r": "&#13;"})


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
