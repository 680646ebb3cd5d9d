"""A run that judged kept replies again says whose, in every report that speaks of runs."""

import json

import pytest
from tests.unit.formats.report_values import conversation

from vivavoce.formats.reports.json_report import json_report
from vivavoce.formats.reports.junit import junit
from vivavoce.formats.reports.markdown import markdown

ORIGIN = "ctr-11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize("render", [junit, markdown, json_report])
def test_the_origin_is_told(render) -> None:
    assert ORIGIN in "".join(render([conversation(judged_from=ORIGIN)]))
    assert "judgedFrom" not in "".join(render([conversation()]))


def test_json_has_it_under_its_name() -> None:
    document = json.loads("".join(json_report([conversation(judged_from=ORIGIN)])))
    assert document["runs"][0]["judgedFrom"] == ORIGIN
