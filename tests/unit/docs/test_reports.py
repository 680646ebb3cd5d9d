"""The reference of JSON reports names every key of their schemas."""

import re

from tests.unit.docs.pages import reference, section

from vivavoce.formats.reports.report_schema import report_schema
from vivavoce.formats.training_reports.schema import training_schema

PARTS = {
    "A run": ("Run", "Bot", "Counts", "Metrics", "Intent", "Plan", "Repeats", "FlakyCase", "Spread"),
    "A step": ("Step", "Evidence"),
    "An utterance": (
        "Utterance",
        "Expected",
        "Matched",
        "Candidate",
        "FoundEntity",
        "JudgedEntity",
        "JudgedTrait",
    ),
    "Advice": ("Advice",),
}
"""The rest is under Evaluation."""


def test_every_key_of_the_json_report() -> None:
    definitions = report_schema()["$defs"]
    described = {name for names in PARTS.values() for name in names}
    rest = tuple(
        name for name, shape in definitions.items() if "properties" in shape and name not in described
    )
    text = reference("reports")
    for heading, names in {**PARTS, "Evaluation": rest}.items():
        told = set(re.findall(r"[`\"](\w+)[`\"]", section(text, heading)))
        for name in names:
            assert not definitions[name]["properties"].keys() - told - {"id", "name"}, (heading, name)


def test_every_key_of_the_json_training_report() -> None:
    schema = training_schema()
    told = set(re.findall(r"[`\"](\w+)[`\"]", section(reference("reports"), "JSON training report")))
    for name, shape in {"": schema, **schema["$defs"]}.items():
        assert not shape["properties"].keys() - told, name


def test_the_advice_s_topics() -> None:
    topics = report_schema()["$defs"]["Advice"]["properties"]["topic"]["enum"]
    assert all(f"`{topic}`" in section(reference("reports"), "Advice") for topic in topics)
