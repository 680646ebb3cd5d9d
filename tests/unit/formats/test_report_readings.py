"""How often reports read the results of a run: what was added up once is not read for again."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.unit.formats.report_values import batch, batch_results, conversation, conversation_results

from vivavoce.domain.metrics import counts_of
from vivavoce.domain.run import RunStatus
from vivavoce.formats.reports.csv_report import csv_report
from vivavoce.formats.reports.json_report import json_report
from vivavoce.formats.reports.junit import junit
from vivavoce.formats.reports.markdown import markdown
from vivavoce.formats.reports.reported import ReportedRun

Render = Callable[[Sequence[ReportedRun]], Iterator[str]]


class Counted:
    """A run that counts the readings of its results."""

    def __init__(self, reported: ReportedRun) -> None:
        self.readings = 0
        self._inner = reported
        self.reported = ReportedRun(reported.run, self._results)

    def _results(self) -> Any:
        self.readings += 1
        return self._inner.results()


@pytest.mark.parametrize(
    ("render", "readings"), [(json_report, 2), (junit, 1), (csv_report, 1), (markdown, 2)]
)
def test_a_report_alone(render: Render, readings: int) -> None:
    run = Counted(batch())
    "".join(render([run.reported]))
    assert run.readings == readings


@pytest.mark.parametrize("render", [json_report, junit, csv_report, markdown])
def test_a_report_of_a_run_that_was_evaluated_reads_its_results_once(render: Render) -> None:
    run = Counted(batch())
    list(run.reported.evaluated_cases())
    "".join(render([run.reported]))
    assert run.readings == 2


@pytest.mark.parametrize("render", [json_report, junit, csv_report, markdown])
def test_also_where_it_has_not_ended(render: Render) -> None:
    run = Counted(batch(status=RunStatus.RUNNING, counts=None, tally=None))
    list(run.reported.evaluated_cases())
    "".join(render([run.reported]))
    assert run.readings == 2


def test_the_counts_of_a_junit_suite_are_those_of_its_elements() -> None:
    for status in RunStatus:
        for reported in (batch(status=status), batch(batch_results()[:3], status=status, total=9)):
            if status in (RunStatus.PASSED, RunStatus.FAILED, RunStatus.ERROR):
                reported = batch(status=status)  # every case has its result
            [suite] = ElementTree.fromstring("".join(junit([reported]))).findall("testsuite")
            elements = [child.tag for case in suite.findall("testcase") for child in case]
            assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
            for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert int(suite.attrib[attribute]) == elements.count(tag), (status, attribute)


def test_what_results_add_up_to() -> None:
    for reported, results in ((batch(), batch_results()), (conversation(), conversation_results())):
        assert reported.seen.counts == counts_of(results)
        assert reported.seen.seconds == sum(result.duration_ms for result in results) / 1000


def test_evaluating_on_the_way_is_evaluating() -> None:
    one, other = batch(), batch()
    assert list(one.evaluated_cases()) == batch_results()
    assert one.evaluation == other.evaluation and one.advice == other.advice


def test_a_reading_that_is_broken_off_evaluates_nothing() -> None:
    run = Counted(batch())
    next(run.reported.evaluated_cases())
    assert run.reported.evaluation.judged == 4 and run.readings == 2
