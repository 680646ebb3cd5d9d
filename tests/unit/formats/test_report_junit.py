from xml.etree import ElementTree

import pytest
from inline_snapshot import snapshot
from tests.unit.formats.report_values import HOSTILE, batch, conversation, conversation_results, step

from vivavoce.domain.run import RunStatus
from vivavoce.formats.reports.junit import MAX_MESSAGE, junit


def parsed(*runs):
    return ElementTree.fromstring("".join(junit(runs)).encode("utf-8"))


def test_the_report():
    assert "".join(junit([conversation(), batch()])) == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="vivavoce" tests="9" failures="4" errors="2" skipped="1" time="122.363">
<testsuite name="greetings" tests="4" failures="1" errors="1" skipped="1" time="1.250" timestamp="2023-08-23T10:14:13">
<properties>
<property name="run" value="ctr-8xxxxxxa-bxx1-5xx1-axx7-d5xxxxxxxxxb"/>
<property name="bot" value="Bank"/>
<property name="version" value="inDevelopment"/>
</properties>
<testcase classname="greetings" name="Opening hours" time="0.500"/>
<testcase classname="greetings" name="Opening hours" time="0.500"><failure message="step 1: output 1: expected '9 to 5', got '8 to 4'">step 1 'when?': failed
  output 1: expected '9 to 5', got '8 to 4'</failure></testcase>
<testcase classname="greetings" name="Down" time="0.250"><error message="step 1: no answer in 15 s">step 1 'hi': error
  no answer in 15 s
step 2 'bye': notExecuted
  the session ended</error></testcase>
<testcase classname="greetings" name="Ended" time="0.000"><skipped message="step 1: the session ended">step 1 'hi': notExecuted
  the session ended</skipped></testcase>
</testsuite>
<testsuite name="test1" tests="5" failures="3" errors="1" skipped="0" time="121.113" timestamp="2023-06-26T12:07:38">
<properties>
<property name="run" value="tr-74d94321-35f8-5066-bdc8-a0863e7axxxx"/>
<property name="bot" value="Bank"/>
<property name="version" value="inDevelopment"/>
</properties>
<testcase classname="test1" name="send 5 to Ann" time="0.010"><failure message="entity to: expected 'Bob', found 'Ann'">entity to: expected 'Bob', found 'Ann'</failure></testcase>
<testcase classname="test1" name="blah" time="0.000"/>
<testcase classname="test1" name="=cmd()" time="0.000"><failure message="FP: expected Balance, matched Transfer | Balance">FP: expected Balance, matched Transfer | Balance</failure></testcase>
<testcase classname="test1" name="@help" time="0.000"><error message="the bot answered 500">the bot answered 500</error></testcase>
<testcase classname="test1" name="yes" time="0.000"><failure message="FN: expected trait: Polite||Short, matched trait: Short">FN: expected trait: Polite||Short, matched trait: Short</failure></testcase>
</testsuite>
</testsuites>
""")  # noqa: E501


def test_counts_agree_with_the_elements():
    root = parsed(conversation(), batch(), conversation(status=RunStatus.CANCELLED))
    for element in (root, *root.findall("testsuite")):
        assert int(element.get("tests")) == len(element.findall(".//testcase"))
        assert int(element.get("failures")) == len(element.findall(".//failure"))
        assert int(element.get("errors")) == len(element.findall(".//error"))
        assert int(element.get("skipped")) == len(element.findall(".//skipped"))
    assert len(root.findall("testsuite")) == 3


def test_a_conversation_is_one_test_although_another_has_its_name():
    cases = parsed(conversation()).findall(".//testcase")
    assert [case.get("name") for case in cases] == ["Opening hours", "Opening hours", "Down", "Ended"]
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["error"], ["skipped"]]
    assert cases[0].get("time") == "0.500"


def test_an_utterance_passes_with_its_intent_and_all_its_entities():
    cases = parsed(batch()).findall(".//testcase")
    assert [[child.tag for child in case] for case in cases] == [
        ["failure"],
        [],
        ["failure"],
        ["error"],
        ["failure"],
    ]


def test_hostile_texts_are_legal_xml_and_stay_readable():
    root = parsed(conversation([step(HOSTILE, HOSTILE, f"not {HOSTILE}", case=HOSTILE)], suite_name=HOSTILE))
    shown = '=HYPERLINK("x"),\r\n|`]]>\ufffd\ufffd&<b>\ufffd\ufffd 😀'
    assert root.find("testsuite").get("name") == shown
    case = root.find(".//testcase")
    assert case.get("name") == shown
    assert "]]>" in case.find("failure").text


def test_every_code_point_makes_a_document_that_can_be_read():
    for first in range(0, 0x11000, 0x400):
        text = "".join(map(chr, range(first, first + 0x400)))
        root = parsed(conversation([step("x", text, "", case=text)]))
        assert len(root.find(".//testcase").get("name")) == 0x400


def test_a_message_is_bounded_and_the_text_is_whole():
    failure = parsed(conversation([step("x", "y" * 5000, "z")])).find(".//failure")
    assert len(failure.get("message")) == MAX_MESSAGE
    assert "y" * 5000 in failure.text


@pytest.mark.parametrize(
    ("status", "tag"),
    [
        (RunStatus.UNUSABLE, "error"),
        (RunStatus.BROKEN, "error"),
        (RunStatus.CANCELLED, "skipped"),
        (RunStatus.RUNNING, "skipped"),
    ],
)
def test_a_run_that_was_not_carried_out_says_so(status, tag):
    played = conversation_results()[:2]
    root = parsed(conversation(played, status=status, total=9, done=2, error_details="the bot is down"))
    ending = root.findall(".//testcase")[-1]
    assert (ending.get("name"), ending[0].tag) == ("(run)", tag)
    assert ("the bot is down" if tag == "error" else "2 of 9") in ending[0].get("message")
