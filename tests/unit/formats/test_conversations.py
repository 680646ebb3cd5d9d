import json
from typing import Any

import pytest

from vivavoce.domain.errors import Malformed
from vivavoce.domain.suite import Step, TestCase, TextEntry
from vivavoce.formats.conversations import ConversationFile, read_conversations


def transcript(*messages: dict[str, Any], **head: Any) -> bytes:
    return json.dumps({**head, "testCases": [{"name": "One", "messages": list(messages)}]}).encode()


def expecting(output: Any) -> bytes:
    return transcript({"input": "hi", "outputs": [output]})


def read(data: bytes) -> list[TestCase]:
    return list(read_conversations(data).cases())


def entries(output: Any) -> tuple[TextEntry, ...]:
    [case] = read(expecting(output))
    return case.steps[0].outputs[0].assertions.text.contains


def problems(data: bytes) -> list[str]:
    with pytest.raises(Malformed) as refused:
        read_conversations(data)
    return [str(problem) for problem in refused.value.problems]


class TestTranscript:
    def test_cases_steps_and_head(self) -> None:
        data = json.dumps(
            {
                "botName": "Bank",
                "botId": "st-1",
                "welcomeMessageCount": 2,
                "discardMessage": "discard all",
                "testCases": [
                    {
                        "name": "Greeting",
                        "description": "says hello",
                        "tags": ["smoke"],
                        "preprocessor": "x = 1",
                        "discardBefore": True,
                        "messages": [
                            {"input": "hi", "outputs": ["Hello!"]},
                            {"input": "Start_Flow", "event": "Start_Flow", "outputs": []},
                            {"event": "Start_Flow", "outputs": []},
                        ],
                    },
                    {"messages": [{"input": "", "outputs": ["?"]}]},
                ],
            }
        ).encode()
        file = read_conversations(data)
        assert (file.case_count, file.step_count, file.warnings) == (2, 4, [])
        assert file.head.bot_name == "Bank"
        assert file.head.welcome_message_count == 2
        assert file.head.discard_message == "discard all"
        first, second = file.cases()
        assert first.name == "Greeting"
        assert first.description == "says hello"
        assert first.tags == ("smoke",)
        assert first.preprocessor == "x = 1"
        assert first.discard_before is True
        assert [step.trigger for step in first.steps] == [None, "Start_Flow", "Start_Flow"]
        assert [step.input for step in first.steps] == ["hi", "Start_Flow", "Start_Flow"]
        assert second.name == "Test case 2"
        assert second.discard_before is None
        assert second.steps[0].input == ""

    def test_cases_can_be_read_again(self) -> None:
        file = read_conversations(expecting("Hello!"))
        assert list(file.cases()) == list(file.cases())

    @pytest.mark.parametrize(
        ("output", "expected"),
        [
            ("Hello!", (TextEntry("Hello!"),)),
            ({"equals": "Hello!"}, (TextEntry("Hello!"),)),
            ({"equals": {"oneOf": ["a", {"b": 1}]}}, (TextEntry("a"), TextEntry('{"b":1}'))),
            (
                {"equals": {"type": "template", "payload": {"text": "é"}}},
                (TextEntry('{"type":"template","payload":{"text":"é"}}'),),
            ),
            ({"equals": ["a", 1]}, (TextEntry('["a",1]'),)),
            ({"contains": "loan"}, (TextEntry("loan", "contains"),)),
            (
                {"contains": {"oneOf": ["loan", "credit"]}},
                (TextEntry("loan", "contains"), TextEntry("credit", "contains")),
            ),
            (
                {"contains": {"allOf": ["Yes", "No"]}},
                (TextEntry("Yes\nNo", "allOf", ("Yes", "No")),),
            ),
            (
                {"contains": '{"type":"template","payload":{}}'},
                (TextEntry('{"type":"template","payload":{}}', "contains"),),
            ),
        ],
    )
    def test_forms_of_an_output(self, output: Any, expected: tuple[TextEntry, ...]) -> None:
        assert entries(output) == expected

    def test_recorded_text_is_the_first_accepted_one(self) -> None:
        [case] = read(expecting({"contains": {"oneOf": ["loan", "credit"]}}))
        assert case.steps[0].outputs[0].text == "loan"

    def test_only_text_is_on_until_validation_says_more(self) -> None:
        [case] = read(expecting("Hello!"))
        assertions = case.steps[0].outputs[0].assertions
        assert assertions.text.enabled is True
        assert assertions.flow.enabled is None
        assert assertions.context.enabled is False


class TestRealFileOddities:
    """What files of real users hold, kept as it is."""

    TEXTS = (
        "tab\there",
        "&quot;Hello&quot; <br/> there<br />",
        "two\r\nlines",
        "it’s a “curly” one – “yes”",
        "trailing newline\n",
        "😀 ünïcode",
    )

    @pytest.mark.parametrize("text", TEXTS)
    @pytest.mark.parametrize("ascii_only", [True, False])
    def test_texts_are_not_touched(self, text: str, ascii_only: bool) -> None:
        document = {"testCases": [{"messages": [{"input": text, "outputs": [text, {"contains": text}]}]}]}
        [case] = read(json.dumps(document, ensure_ascii=ascii_only).encode())
        assert case.steps[0].input == text
        assert [output.text for output in case.steps[0].outputs] == [text, text]

    def test_byte_order_mark_and_crlf_and_tabs_between_values(self) -> None:
        data = json.dumps(json.loads(expecting("Hello!")), indent="\t").replace("\n", "\r\n").encode()
        assert read(b"\xef\xbb\xbf\r\n" + data) == read(expecting("Hello!"))

    def test_null_is_as_good_as_absent(self) -> None:
        case = {
            "name": None,
            "tags": None,
            "description": None,
            "preprocessor": None,
            "discardBefore": None,
            "messages": [{"input": "hi", "event": None, "outputs": [{"contains": "x", "equals": None}]}],
        }
        assert read(json.dumps({"testCases": [case], "botName": None}).encode())[0].name == "Test case 1"


class TestSuiteDocument:
    def test_bare_steps_are_one_case(self) -> None:
        data = json.dumps({"testSteps": [{"input": "a", "outputs": [{"text": "b"}]}] * 3}).encode()
        file = read_conversations(data)
        assert (file.case_count, file.step_count) == (1, 3)
        [case] = file.cases()
        assert case.name == ""
        assert case.steps[0].outputs[0].assertions.text.contains == (TextEntry("b"),)

    def test_new_session_or_another_name_starts_a_case(self) -> None:
        steps = [
            {"input": "1", "outputs": [], "testCase": "A", "newSession": True, "tags": ["t"]},
            {"input": "2", "outputs": [], "testCase": "A"},
            {"input": "3", "outputs": []},
            {"input": "4", "outputs": [], "testCase": "B", "discardBefore": False},
            {"input": "5", "outputs": [], "testCase": "B", "newSession": True, "description": "again"},
            {"input": "6", "outputs": [], "newSession": True},
        ]
        file = read_conversations(json.dumps({"testSteps": steps}).encode())
        cases = list(file.cases())
        assert [[step.input for step in case.steps] for case in cases] == [
            ["1", "2", "3"],
            ["4"],
            ["5"],
            ["6"],
        ]
        assert [case.name for case in cases] == ["A", "B", "B", ""]
        assert cases[0].tags == ("t",)
        assert cases[1].discard_before is False
        assert cases[2].description == "again"
        assert (file.case_count, file.step_count) == (4, 6)

    def test_notes_in_the_middle_of_a_case_are_warned_of(self) -> None:
        steps = [{"input": "1", "outputs": []}, {"input": "2", "outputs": [], "tags": ["late"]}]
        file = read_conversations(json.dumps({"testSteps": steps}).encode())
        assert file.warnings == [
            "$.testSteps[1]: what is said about a case counts on its first step only, ignored"
        ]

    def test_results_of_a_run_in_the_file_are_passed_over(self) -> None:
        contains = [{"text": "b", "status": "passed"}]
        output = {
            "text": "b",
            "textMismatch": True,
            "assertions": {"text": {"enabled": True, "contains": contains, "status": "passed"}},
        }
        file = read_conversations(json.dumps({"testSteps": [{"input": "a", "outputs": [output]}]}).encode())
        assert file.warnings == []
        [case] = file.cases()
        assert case.steps[0].outputs[0].assertions.text.contains == (TextEntry("b"),)

    def test_flow_entries_with_several_keys(self) -> None:
        contains = [{"intentId": "i", "nodeId": "n", "transitions": ["a"], "promptType": "errorPrompt"}]
        output = {"text": "b", "assertions": {"flowLevel": {"enabled": True, "contains": contains}}}
        [case] = read(json.dumps({"testSteps": [{"input": "a", "outputs": [output]}]}).encode())
        [entry] = case.steps[0].outputs[0].assertions.flow.contains
        assert (entry.intent_id, entry.node_id, entry.transitions, entry.prompt_type) == (
            "i",
            "n",
            ("a",),
            "errorPrompt",
        )


class TestWarnings:
    def test_unknown_keys_are_named_once_with_their_number(self) -> None:
        message = {"input": "hi", "outputs": ["x"], "note": 1}
        file = read_conversations(transcript(message, message, message, botNam="b"))
        assert file.warnings == [
            "$.botNam: unknown key, ignored; did you mean `botName`?",
            "$.testCases[0].messages[0].note: unknown key, ignored (and at 2 more places)",
        ]
        [case] = file.cases()
        assert len(case.steps) == 3

    def test_empty_contains_never_matches(self) -> None:
        file = read_conversations(expecting({"contains": " "}))
        assert file.warnings == [
            "$.testCases[0].messages[0].outputs[0].contains: an empty text never matches"
        ]


def test_what_is_no_object_is_named_whatever_its_size() -> None:
    for data in (b"[1]", b"[" + b"1," * 1000 + b"1]"):
        assert problems(data) == ["$: expected an object, got a list"]


class TestBrokenText:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"", "the file is empty"),
            (b"\xef\xbb\xbf", "the file is empty"),
            (b" \r\n\t" * 99, "the file is empty"),
            (b'{"testCases": [\n  {"name": "x",', "line 2, column 16: the JSON ends before it is complete"),
            (b'{"testCases": [],}', "line 1, column 18: broken JSON: trailing comma in object"),
            (b'{"a": 1}\n{"b": 2}', "line 2, column 1: broken JSON: trailing characters"),
            (b"{'a': 1}", "line 1, column 2: broken JSON: expected '\"'"),
            ('{"ü": "a\tb"}'.encode(), "line 1, column 9: broken JSON: a control character inside a text"),
            (b'{\n"a": "\\q"}', "line 2, column 8: broken JSON: invalid escaped character"),
            (b'{"a": "\\ud83d x"}', "line 1, column 8: half of a surrogate pair"),
            (b"[" * 1_000_000, "line 1, column 129: nested too deeply"),
            (b'{"a":' * 1_000_000, "line 1, column 641: nested too deeply"),
            (b'["[[[\\"[", ["]]]",\n' + b"[" * 1_000, "line 2, column 127: nested too deeply"),
            (b'{\r\n"name": "caf\xe9"}', "line 2, column 13: not UTF-8: byte 15 (0xe9)"),
            (b'{"a": "\x00"}', "line 1, column 8: a NUL byte (byte 7)"),
            ('{"testCases": []}'.encode("utf-16"), "line 1, column 1: the file is UTF-16"),
            ('{"testCases": []}'.encode("utf-16-le"), "line 1, column 1: the file is UTF-16"),
            ('{"testCases": []}'.encode("utf-32-be"), "line 1, column 1: the file is UTF-16"),
            (b"hello", "line 1, column 1: broken JSON: invalid character"),
        ],
    )
    def test_is_refused_with_its_place(self, data: bytes, expected: str) -> None:
        [problem] = problems(data)
        assert problem.startswith(expected)

    def test_wrong_byte_far_in_the_file(self) -> None:
        # Beyond the first chunk, and behind a character that a chunk's border cuts in two.
        data = b'{"a":"' + "é".encode() * 600_000 + b'",\n"b":"\xff"}'
        [problem] = problems(data)
        assert problem.startswith(f"line 2, column 6: not UTF-8: byte {data.index(0xFF)} (0xff)")

    def test_every_truncation_is_refused(self) -> None:
        whole = expecting({"equals": {"type": "template", "n": [1, 2.5, None]}})
        for size in range(len(whole)):
            assert problems(whole[:size])

    def test_the_file_is_named(self) -> None:
        with pytest.raises(Malformed, match=r"^suite\.json: \$\.testCases: the suite is empty$"):
            read_conversations(b'{"testCases": []}', "suite.json")


class TestWrongContent:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"[]", ["$: expected an object, got a list"]),
            (b"3", ["$: expected an object, got a whole number"]),
            (b"{}", ["$: neither `testCases` nor `testSteps` is there"]),
            (
                b'{"response": {"testSteps": []}}',
                [
                    "$: neither `testCases` nor `testSteps` is there "
                    "(the suite document is what stands under `response`)"
                ],
            ),
            (b'{"testCases": []}', ["$.testCases: the suite is empty"]),
            (b'{"testSteps": []}', ["$.testSteps: the suite is empty"]),
            (b'{"testCases": {}}', ["$.testCases: expected a list, got an object"]),
            (b'{"testCases": [], "testSteps": []}', ["$: a file holds `testCases` or `testSteps`, not both"]),
            (b'{"testCases": [3]}', ["$.testCases[0]: expected an object, got a whole number"]),
            (b'{"testCases": [{}]}', ["$.testCases[0]: `messages` is missing"]),
            (
                b'{"testCases": [{"messages": []}]}',
                ["$.testCases[0].messages: the test case has no messages"],
            ),
            (
                b'{"testCases": [{"messages": [{"outputs": []}]}]}',
                ["$.testCases[0].messages[0]: a step needs an `input` or an `event`"],
            ),
            (
                b'{"testCases": [{"messages": [{"input": "a", "output": []}]}]}',
                ["$.testCases[0].messages[0]: `outputs` is missing (is `output` meant to be it?)"],
            ),
            (
                b'{"testCases": [{"name": 5, "messages": [{"input": ["a"], "outputs": "b"}]}]}',
                [
                    "$.testCases[0].name: expected a text, got a whole number",
                    "$.testCases[0].messages[0].input: expected a text, got a list",
                    "$.testCases[0].messages[0].outputs: expected a list, got a text",
                ],
            ),
            (
                b'{"testCases": [{"messages": [{"inputs": "a", "outputs": []}]}]}',
                [
                    "$.testCases[0].messages[0]: a step needs an `input` or an `event` "
                    "(is `inputs` meant to be `input`?)"
                ],
            ),
            (
                b'{"testCase": []}',
                ["$: neither `testCases` nor `testSteps` is there (is `testCase` meant to be `testCases`?)"],
            ),
            (
                b'{"testCases": [{"messages": [{"input": "a", "outputs": []}]}], "welcomeMessageCount": -1}',
                ["$.welcomeMessageCount: must be from 0 to 1,000"],
            ),
            (
                b'{"testCases": [{"messages": [{"input": "a", "outputs": []}]}], "welcomeMessageCount": 1e3}',
                ["$.welcomeMessageCount: expected a whole number, got a number"],
            ),
        ],
    )
    def test_shape(self, data: bytes, expected: list[str]) -> None:
        assert problems(data) == expected

    @pytest.mark.parametrize(
        ("output", "expected"),
        [
            (7, ": expected a text or an object, got a whole number"),
            (None, ": expected a text or an object, got null"),
            ({}, ": an output needs `text`, `equals` or `contains`"),
            (
                {"contain": "a"},
                ": an output needs `text`, `equals` or `contains` (is `contain` meant to be `contains`?)",
            ),
            ({"equals": "a", "contains": "a"}, ": `equals` and `contains` exclude each other"),
            ({"equals": True}, ".equals: expected a text or a template, got true or false"),
            ({"equals": {"oneof": []}}, ".equals.oneof: unknown key (did you mean `oneOf`?)"),
            ({"equals": {"oneOf": []}}, ".equals.oneOf: the list is empty: nothing would match"),
            ({"equals": {"oneOf": ["a", 3]}}, ".equals.oneOf[1]: expected a text or a template, got a whole"),
            ({"contains": ["a"]}, ".contains: expected a text or an object, got a list (write a text, "),
            ({"contains": {"anyOf": ["a"]}}, ".contains.anyOf: unknown key"),
            ({"contains": {"alOf": ["a"]}}, ".contains.alOf: unknown key (did you mean `allOf`?)"),
            ({"contains": {}}, ".contains: exactly one of `oneOf` and `allOf` must stand here"),
            ({"contains": {"allOf": "a"}}, ".contains.allOf: expected a list, got a text"),
            ({"contains": {"oneOf": ["a", {}]}}, ".contains.oneOf[1]: expected a text, got an object"),
            ({"equals": {"n": 10**30}}, ".equals: holds a whole number of more than 64 bits"),
            ({"equals": "a\0b"}, ".equals: holds the character U+0000"),
            ("a\0b", ": holds the character U+0000"),
            (
                {"text": "abc", "assertions": {"text": {"contains": [{"text": "abc", "match": "contain"}]}}},
                ".assertions.text.contains[0].match: unknown match `contain` (did you mean `contains`?)",
            ),
            (
                {
                    "text": "abc",
                    "assertions": {
                        "text": {"contains": [{"text": "a", "dynamic": [{"start": 0, "end": 2}]}]}
                    },
                },
                ".assertions.text.contains[0].dynamic[0]: 0 to 2 is no part of a text of 1 characters",
            ),
            (
                {"text": "a", "assertions": {"text": {"contains": [{"text": "a", "dynamicPaths": ["x"]}]}}},
                ".assertions.text.contains[0].dynamicPaths[0]: `x` is no plain JSONPath",
            ),
            (
                {"text": "a", "assertions": {"context": {"contains": [{"key": " ", "value": 1}]}}},
                ".assertions.context.contains[0].key: the key is empty",
            ),
            (
                {"text": "a", "assertions": {"context": {"contains": [{"key": "k"}]}}},
                ".assertions.context.contains[0]: `value` is missing",
            ),
            (
                {"text": "a", "assertions": {"flowLevel": {"enabled": "yes"}}},
                ".assertions.flowLevel.enabled: expected true or false, got a text",
            ),
        ],
    )
    def test_output(self, output: Any, expected: str) -> None:
        [problem] = problems(expecting(output))
        assert problem.startswith("$.testCases[0].messages[0].outputs[0]" + expected)

    def test_a_number_that_is_too_large(self) -> None:
        data = expecting({"equals": {"n": 12345}}).replace(b"12345", b"1e999")
        [problem] = problems(data)
        assert problem == "$.testCases[0].messages[0].outputs[0].equals: holds a number that is too large"

    def test_a_number_of_ten_thousand_digits(self) -> None:
        data = expecting({"equals": {"n": 12345}}).replace(b"12345", b"9" * 10_000)
        assert problems(data)[0].startswith("$.testCases[0].messages[0].outputs[0].equals: holds a number")

    @pytest.mark.parametrize("depth", [70, 500, 5_000])
    def test_a_deep_template(self, depth: int) -> None:
        data = expecting({"equals": {"n": 12345}}).replace(b"12345", b"[" * depth + b"]" * depth)
        [problem] = problems(data)
        assert "nested" in problem and "deep" in problem

    def test_all_problems_of_all_cases_are_told(self) -> None:
        bad = {"input": "a", "outputs": [{"contains": []}, {"equals": 3}]}
        good = {"input": "a", "outputs": ["fine"]}
        places = [problem.split(": ")[0] for problem in problems(transcript(good, bad, good, bad))]
        assert places == [
            f"$.testCases[0].messages[{message}].outputs[{output}].{key}"
            for message in (1, 3)
            for output, key in ((0, "contains"), (1, "equals"))
        ]

    def test_at_most_fifty_problems_are_shown(self) -> None:
        found = problems(transcript(*[{"input": 1, "outputs": []}] * 70))
        assert len(found) == 51
        assert found[-1] == "and 20 more problems"


def test_a_hundred_thousand_steps_are_read_case_by_case() -> None:
    message = {"input": "hi", "outputs": ["Hello!"]}
    case = json.dumps({"name": "n", "messages": [message] * 10}).encode()
    file: ConversationFile = read_conversations(b'{"testCases": [' + b",".join([case] * 10_000) + b"]}")
    assert (file.case_count, file.step_count) == (10_000, 100_000)
    first = next(file.cases())
    assert len(first.steps) == 10
    assert isinstance(first.steps[0], Step)
