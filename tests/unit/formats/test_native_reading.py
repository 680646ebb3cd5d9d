"""Native suites as they are read: what they mean, and what is told where they are wrong."""

from typing import Any

import pytest
from jsonschema import Draft7Validator

from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Malformed
from vivavoce.domain.suite import Step, TestCase
from vivavoce.domain.values.variables import Capture, Unique
from vivavoce.formats.conversations import ConversationFile, read_conversations
from vivavoce.formats.detect import kind_of
from vivavoce.formats.native.origins import Origin
from vivavoce.formats.native.reading import looks_native
from vivavoce.formats.native.schema import suite_schema
from vivavoce.formats.yaml_text import YamlText

VALID = Draft7Validator(suite_schema())


def read(text: str, include: Any = None) -> ConversationFile:
    assert VALID.is_valid(YamlText(text, core=True).value), text
    return read_conversations(text.encode(), "suite.yaml", include)


def cases(text: str) -> list[TestCase]:
    file = read(text)
    assert file.warnings == []
    return list(file.cases())


def problems(text: str, include: Any = None) -> list[str]:
    with pytest.raises(Malformed) as refused:
        read_conversations(text.encode(), "suite.yaml", include)
    return [str(problem) for problem in refused.value.problems]


def folder(**files: str) -> Any:
    """A loader of includes; `__` stands for a slash, a pattern is a prefix with a star."""
    named = {name.replace("__", "/") + ".yaml": text.encode() for name, text in files.items()}

    def include(pattern: str, source: str) -> list[tuple[str, bytes]]:
        found = [
            name for name in sorted(named) if name == pattern or name.startswith(pattern.partition("*")[0])
        ]
        if "*" not in pattern:
            found = [name for name in found if name == pattern]
        if not found and "*" not in pattern:
            raise Malformed("cannot be read: No such file or directory")
        return [(name, named[name]) for name in found]

    return include


class TestMeaning:
    def test_five_lines_are_a_suite(self) -> None:
        text = "cases:\n  - say: hi\n    expect: Hello\n  - say: bye\n    expect: []\n"
        first, second = cases(text)
        assert (first.name, second.name) == ("Case 1", "Case 2")
        assert first.steps[0].outputs[0].text == "Hello" and first.steps[0].arrangement == "exact"
        assert second.steps == (Step("bye"),)
        assert first.variables is None

    def test_without_expect_anything_may_come_back(self) -> None:
        [case] = cases("cases:\n  - steps:\n      - hi\n      - say: there\n      - trigger: Start\n")
        assert [(step.input, step.trigger, step.arrangement) for step in case.steps] == [
            ("hi", None, "among"),
            ("there", None, "among"),
            ("Start", "Start", "among"),
        ]

    @pytest.mark.parametrize(
        ("expect", "arrangement"),
        [
            ("[a]", "exact"),
            ("{outputs: [a]}", "exact"),
            ("{outputs: [a], order: exact}", "exact"),
            ("{outputs: [a], order: any}", "anyOrder"),
            ("{outputs: [a], order: among}", "among"),
        ],
    )
    def test_orders(self, expect: str, arrangement: str) -> None:
        [case] = cases(f"cases:\n  - say: hi\n    expect: {expect}\n")
        assert case.steps[0].arrangement == arrangement
        assert [output.text for output in case.steps[0].outputs] == ["a"]

    def test_a_table_is_a_case_for_each_row(self) -> None:
        text = (
            "variables: {city: Berlin}\n"
            "cases:\n"
            "  - case: Order\n"
            "    variables: {what: tea}\n"
            "    examples:\n"
            "      - {n: 1, price: 1.50, zip: 012}\n"
            "      - {n: 2, price: 2.5, zip: 10:30}\n"
            "    say: '{{n}} {{what}} for {{price}} to {{city}} {{zip}}'\n"
        )
        first, second = cases(text)
        assert (first.name, second.name) == ("Order (1)", "Order (2)")
        shared = {"city": "Berlin", "what": "tea"}
        assert first.variables == {**shared, "n": 1, "price": "1.50", "zip": "012"}
        assert second.variables == {**shared, "n": 2, "price": 2.5, "zip": "10:30"}
        assert first.steps == second.steps

    def test_a_name_with_a_column_names_the_rows(self) -> None:
        text = "cases:\n  - case: To {{to}}\n    examples: [{to: Ann}, {to: 3}]\n    say: '{{to}}'\n"
        assert [case.name for case in cases(text)] == ["To Ann", "To 3"]

    def test_a_fixture_opens_the_case(self) -> None:
        text = (
            "fixtures:\n"
            "  in:\n"
            "    context: {user: Ann, a: 1}\n"
            "    preprocessor: js\n"
            "    steps: [hello]\n"
            "cases:\n"
            "  - {case: A, fixture: in, say: hi, context: {a: 2}}\n"
        )
        [case] = cases(text)
        assert [step.input for step in case.steps] == ["hello", "hi"]
        assert (case.fixture, case.opening, case.preprocessor) == ("in", 1, "js")
        assert case.context == {"user": "Ann", "a": 2}

    def test_names_and_captures(self) -> None:
        text = (
            "variables:\n"
            "  mail: {unique: u-*@x.org, per: run}\n"
            "cases:\n"
            "  - steps:\n"
            "      - say: I am {{mail}}\n"
            "        capture:\n"
            "          ref: {matches: 'ref (\\w+)', group: 1, output: 2}\n"
            "          id: {path: $.a.b}\n"
            "          who: {context: user.name}\n"
            "      - say: '{{ref}} {{id}} {{who}} \\{{literal}} $5 ${HOME}'\n"
        )
        [case] = cases(text)
        assert case.variables == {"mail": Unique("u-*@x.org", "run")}
        assert case.steps[0].captures == (
            Capture("ref", "regex", r"ref (\w+)", 1, 1),
            Capture("id", "path", "$.a.b"),
            Capture("who", "context", "user.name"),
        )

    def test_texts_of_a_case_without_variables_are_verbatim(self) -> None:
        [case] = cases("cases:\n  - say: '{{a}} \\{{'\n    variables: false\n")
        assert case.variables is None and case.steps[0].input == "{{a}} \\{{"

    def test_a_secret_alone_makes_a_case_filled_in(self) -> None:
        [case] = cases("cases:\n  - say: '${VIVA_BOT_PIN}'\n")
        assert case.variables == {} and case.steps[0].input == "${VIVA_BOT_PIN}"

    def test_rules_of_a_case(self) -> None:
        [case] = cases("cases:\n  - {say: hi, threshold: 0.8, passes: 2, tags: smoke, description: d}\n")
        assert (case.threshold, case.pass_rule, case.tags, case.description) == (0.8, 2, ("smoke",), "d")


class TestPlaces:
    def test_steps_know_where_they_stand(self) -> None:
        text = (
            "fixtures:\n"
            "  f: {steps: [{say: a, expect: b}]}\n"
            "cases:\n"
            "  - case: A\n"
            "    fixture: f\n"
            "    steps:\n"
            "      - say: hi\n"
            "        expect: there\n"
            "      - just said\n"
            "  - say: x\n"
            "    examples: [{n: 1}, {n: 2}]\n"
            "    expect: '{{n}}'\n"
        )
        native = read(text).native
        assert native is not None
        steps = ("cases", 0, "steps")
        table = Origin("suite.yaml", ("cases", 1), ("cases", 1, "expect"), 12, 5, "table")
        assert native.origins == [
            [
                Origin(
                    "suite.yaml",
                    ("fixtures", "f", "steps", 0),
                    ("fixtures", "f", "steps", 0, "expect"),
                    2,
                    24,
                    "fixture",
                ),
                Origin("suite.yaml", (*steps, 0), (*steps, 0, "expect"), 8, 9),
                Origin("suite.yaml", (*steps, 1), None, 9, 9),
            ],
            [table],
            [table],
        ]

    def test_also_in_included_files(self) -> None:
        include = folder(more="cases:\n  - say: a\n    expect: b\n")
        native = read("include: more.yaml\n", include).native
        assert native is not None and native.files == ["suite.yaml", "more.yaml"]
        [[origin]] = native.origins
        assert (origin.source, origin.line) == ("more.yaml", 3)


class TestIncludes:
    def test_cases_come_first_in_order_each_file_once(self) -> None:
        include = folder(
            a="include: base.yaml\ncases:\n  - {case: A, say: '{{x}}', fixture: f}\n",
            b="include: base.yaml\ncases:\n  - {case: B, say: '{{x}}', fixture: f}\n",
            base="variables: {x: 1}\nfixtures: {f: {steps: [hello]}}\ncases: [{case: Base, say: hi}]\n",
        )
        own = "cases:\n  - {case: Own, say: '{{x}}', fixture: f}\n"
        text = f"include: [a.yaml, b.yaml]\nvariables: {{x: 2}}\n{own}"
        file = read(text, include)
        assert [(case.name, case.variables) for case in file.cases()] == [
            ("Base", {"x": 1}),
            ("A", {"x": 1}),
            ("B", {"x": 1}),
            ("Own", {"x": 2}),
        ]
        assert file.warnings == []

    def test_problems_name_the_included_file(self) -> None:
        include = folder(sub__a="cases:\n  - sya: hi\n", sub__b="cases: [\n")
        assert problems("include: sub/*\n", include) == [
            "included sub/a.yaml: line 2, column 5: unknown key `sya` (did you mean `say`?)",
            "included sub/a.yaml: line 2, column 5: the case has no steps (write `steps`, or `say`)",
            "included sub/b.yaml: line 2, column 1: broken YAML: did not find expected node content",
        ]

    def test_cycles_are_refused(self) -> None:
        include = folder(a="include: b.yaml\n", b="include: a.yaml\n")
        assert problems("include: a.yaml\n", include) == [
            "included b.yaml: line 1, column 1: the include leads back to itself: a.yaml -> b.yaml -> a.yaml"
        ]

    def test_a_file_that_includes_itself(self) -> None:
        def itself(pattern: str, source: str) -> list[tuple[str, bytes]]:
            return [("suite.yaml", b"include: suite.yaml\n")]

        assert problems("include: suite.yaml\n", itself) == [
            "line 1, column 1: the include leads back to itself: suite.yaml -> suite.yaml"
        ]

    def test_uploads_cannot_include(self) -> None:
        assert problems("include: a.yaml\ncases:\n  - say: hi\n") == [
            "line 1, column 1: `include` works only where files can be read, not in an upload "
            "(make it one file first: viva convert suite.yaml whole.yaml --to native)"
        ]

    @pytest.mark.parametrize(
        ("pattern", "told"),
        [
            ("none.yaml", "`none.yaml`: cannot be read"),
            ("none/*", "`none/*`: there is no such file"),
            ("/etc/passwd", "no relative path"),
            ("~/a.yaml", "no relative path"),
            ("https://x.org/a.yaml", "no relative path"),
            ("j.yaml", "j.yaml is no native suite"),
        ],
    )
    def test_what_cannot_be_included(self, pattern: str, told: str) -> None:
        assert told in problems(f"include: '{pattern}'\n", folder(j='{"testCases": []}'))[0]

    def test_what_an_included_file_says_of_its_runs_has_no_effect(self) -> None:
        include = folder(a="welcome_messages: 1\ncases:\n  - say: hi\n")
        [warning] = read("include: a.yaml\n", include).warnings
        assert warning.startswith("included a.yaml: line 1, column 1: `welcome_messages` of an included file")


WRONG = [
    ("- say: hi\n", "line 1, column 1: expected a suite: a mapping with `cases`, got a list"),
    ("cases: [\n", "line 2, column 1: broken YAML"),
    (
        "cases:\n\t- say: hi\n",
        "line 2, column 1: broken YAML: found character that cannot start any token "
        "(YAML allows no tabs for indentation: use blanks)",
    ),
    ("cases:\n  -\tsay: hi\n   \texpect: x\n", "(YAML allows no tabs for indentation: use blanks)"),
    (
        "cases:\n  - say: hi\n    <<: {expect: x}\n",
        "merge keys (`<<`) are not supported (repeat the keys, or",
    ),
    ("cases: []\n", "line 1, column 1: the suite has no cases (add them under `cases`)"),
    ("suite: x\n", "line 1, column 1: the suite has no cases (add them under `cases`)"),
    ("case: x\n", "line 1, column 1: unknown key `case` (did you mean `cases`?)"),
    ("cases: hi\n", "`cases`: expected a list of cases, got a text"),
    ("cases:\n  - hi\n", "expected a case: a mapping with `steps` or `say`, got a text"),
    ("cases:\n  - {case: A}\n", "line 2, column 5: the case has no steps (write `steps`, or `say`)"),
    ("cases:\n  - {case: A, steps: []}\n", "the case has no steps"),
    (
        "cases:\n  - say: hi\n    steps: [a]\n",
        "line 2, column 5: `say` beside `steps`: the case would have two meanings "
        "(move `say` into a step, or leave `steps` out)",
    ),
    ("cases:\n  - steps:\n      - expect: hi\n", "line 3, column 9: a step needs `say` or `trigger`"),
    ("cases:\n  - say:\n", "`say`: expected a text, got null"),
    ("cases:\n  - say: hi\n    expect:\n", "`expect` is empty (`[]` expects silence; leave it out"),
    ("cases:\n  - say: hi\n    expect: {}\n", "the mapping is empty: every reply would do"),
    (
        "cases:\n  - say: hi\n    expect: {silence: true, contains: x}\n",
        "line 3, column 14: `silence` and `contains` exclude each other (leave out one of them)",
    ),
    (
        "cases:\n  - say: hi\n    expect: {outputs: [], contains: x}\n",
        "line 3, column 27: `contains` needs something to be said, and `outputs: []` is silence "
        "(leave out one of them)",
    ),
    (
        "cases:\n  - say: hi\n    expect: {outputs: [], order: any, checks: [{judge: polite}]}\n",
        "line 3, column 49: `judge` needs something to be said",
    ),
    (
        "cases:\n  - say: hi\n    expect: {outputs: [], any_of: [{finds: x}, {contains: y, latency: 2 s}]}\n",
        "line 3, column 27: `any_of` needs something to be said",
    ),
    (
        "cases:\n  - say: hi\n    expect: {outputs: [], not: {silence: true}}\n",
        "line 3, column 33: `outputs: []` is silence, and `not` excludes it",
    ),
    (
        "cases:\n  - say: hi\n    expect: {contains: x, not: {contains: x}}\n",
        "line 3, column 33: `contains` is expected, and excluded under `not`: no reply can be both "
        "(leave out one of them)",
    ),
    (
        "cases:\n  - say: hi\n    expect: [{contains: [x, y], checks: [{not: {contains: [z, y, x]}}]}]\n",
        "line 3, column 49: `contains` is expected, and excluded",
    ),
    (
        "cases:\n  - say: hi\n    expect: [{equals: x, not: {one_of: [x]}}]\n",
        "`one_of` is expected, and excluded under `not`",
    ),
    (
        "cases:\n  - say: hi\n    expect: {any_of: [{buttons: [a, b], not: {buttons: a}}, {contains: x}]}\n",
        "`buttons` is expected, and excluded under `not`",
    ),
    (
        "cases:\n  - say: hi\n    expect: {equals: x, outputs: [x]}\n",
        "line 3, column 14: `equals` and `outputs` both say what the whole reply is (leave out one of them)",
    ),
    ("cases:\n  - say: hi\n    expect: {order: any}\n", "`order` without `outputs` says nothing"),
    ("cases:\n  - say: hi\n    expect: {outputs: [], order: some}\n", "unknown order `some`"),
    (
        "cases:\n  - say: hi\n    expect: [{equals: a, one_of: [b]}]\n",
        "`one_of` and `equals` say the same thing twice",
    ),
    ("cases:\n  - say: hi\n    expect: [{}]\n", "line 3, column 14: the output is empty"),
    ("cases:\n  - say: hi\n    expect: {checks: []}\n", "line 3, column 14: the list is empty"),
    (
        "cases:\n  - say: hi\n    expect: {outputs: [], order: among}\n",
        "line 3, column 27: no outputs among others: every reply would do",
    ),
    (
        "cases:\n  - say: hi\n    expect: [{contains: ' '}]\n",
        "`contains`: an empty text stands in every reply",
    ),
    (
        "cases:\n  - say: hi\n    expect: [{equals: {text: aXa, dynamic: [a]}}]\n",
        "`a` stands in the text 2 times",
    ),
    (
        "cases:\n  - say: hi\n    expect: [{equals: {text: aXa, dynamic: [b]}}]\n",
        "`b` does not stand in the text",
    ),
    (
        "cases:\n  - say: hi\n    expect: [{equals: {text: aXa, dynamic: [[2, 9]]}}]\n",
        "2 to 9 is no part of a text of 3 characters",
    ),
    (
        "cases:\n  - say: hi\n    expect: [{equals: {text: aXa, dynamic: [{text: X, kind: numbr}]}}]\n",
        "unknown kind `numbr`",
    ),
    ("cases:\n  - say: hi\n    capture: {a: {matches: '('}}\n", "`(` is no regular expression"),
    ("cases:\n  - say: hi\n    capture: {a: {matches: 'a', group: 2}}\n", "the expression has no group `2`"),
    (
        "cases:\n  - say: hi\n    capture: {a: {matches: ''}}\n",
        "the expression is empty: nothing can be read",
    ),
    ("cases:\n  - say: hi\n    capture: {a: {path: 'a b'}}\n", "`a b` is no JSONPath"),
    (
        "cases:\n  - say: hi\n    capture: {a: {matches: a, path: $.a}}\n",
        "`matches` and `path` read two values",
    ),
    (
        "cases:\n  - say: hi\n    capture: {a: {context: k, output: 1}}\n",
        "`output` does not go with `context`",
    ),
    ("cases:\n  - say: hi\n    expect: []\n    capture: {a: {matches: a}}\n", "the step expects silence"),
    (
        "cases:\n  - say: hi\n    expect: Hello\n    capture: {a: {matches: '\\d+'}}\n",
        "line 4, column 15: `\\d+` matches nothing in the text that the step expects",
    ),
    (
        "cases:\n  - say: hi\n    expect: [Hello]\n    capture: {a: {matches: l, output: 2}}\n",
        "there is no output 2: the step expects 1",
    ),
    (
        "variables: {city: x}\ncases:\n  - {case: A, steps: [{say: hi, expect: ['to {{citty}}']}]}\n",
        "line 3, column 42: unknown name `{{citty}}` (did you mean `{{city}}`?)",
    ),
    ("cases:\n  - say: '{{a}}'\n", "unknown name `{{a}}` (declare it under `variables`, or write `\\{{`"),
    (
        "cases:\n  - steps:\n      - '{{a}}'\n      - {say: x, capture: {a: {matches: x}}}\n",
        "line 3, column 9: `{{a}}` is captured only later",
    ),
    (
        "variables: {a: [1]}\ncases:\n  - say: '{{a}}'\n",
        "`a`: expected a text, a number, true, false or null",
    ),
    (
        "variables: {a: {unique: abc}}\ncases:\n  - say: '{{a}}'\n",
        "`abc` has no `*`, and so is always the same",
    ),
    ("cases:\n  - {say: hi, fixture: nix}\n", "there is no fixture `nix` (declare it under `fixtures`)"),
    (
        "fixtures: {one: {}}\ncases:\n  - {say: hi, fixture: on}\n",
        "there is no fixture `on` (did you mean `one`?)",
    ),
    ("cases:\n  - {say: hi, threshold: 0}\n", "must be over 0 and at most 1, not 0"),
    ("cases:\n  - {say: hi, passes: some}\n", "unknown rule `some`"),
    ("cases:\n  - {say: hi, passes: 0}\n", "must be at least 1, not 0"),
    ("cases:\n  - {say: hi, examples: []}\n", "the table is empty: the case would never be played"),
    ("cases:\n  - {say: '{{a}}', examples: [{a: 1}, {b: 2}]}\n", "the row has no `b`"),
    ("welcome_messages: 9999\ncases:\n  - say: hi\n", "must be from 0 to 1,000"),
]


@pytest.mark.parametrize(
    "expect",
    [
        "{outputs: [], latency: 2 s, intent: x, context: {a: 1}, not: {contains: x}}",
        "{outputs: [], checks: [{contains: x, soft: true}]}",
        "{outputs: [], any_of: [{finds: x}, {latency: 2 s}]}",
        "{contains: [x, y], not: {contains: x}}",
        "{contains_all: [x], not: {contains_all: [x, y]}}",
        "{length: {max: 5}, not: {length: {max: 2}}}",
        "{contains: x, not: {equals: x}}",
    ],
)
def test_what_some_reply_can_meet_is_accepted(expect: str) -> None:
    [case] = cases(f"cases:\n  - say: hi\n    expect: {expect}\n")
    assert case.steps[0].assertions


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_what_is_wrong_is_told(text: str, told: str) -> None:
    assert told in "\n".join(problems(text))


@pytest.mark.parametrize(
    "case",
    [
        "expect: {checks: []}",
        "expect: [{checks: []}]",
        "expect: {checks: [{weight: 2, soft: true}]}",
        "expect: {order: any}",
        "expect: {outputs: [], order: among}",
        "expect: {outputs: [], contains: x}",
        "expect: {outputs: [], not: {silence: true}}",
        "expect: {outputs: [a], replies: 1}",
        "expect: {silence: true, contains: x}",
        "expect: [{equals: a, one_of: [b]}]",
        "expect: [{contains: a, text_assertion: {enabled: true}}]",
        "capture: {a: {context: k, output: 1}}",
        "capture: {a: {path: $.k, group: 1}}",
        "capture: {a: {matches: ''}}",
        "variables: {a: {unique: abc}}",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(case: str) -> None:
    text = f"cases:\n  - say: hi\n    {case}\n"
    assert problems(text) and not VALID.is_valid(YamlText(text, core=True).value)


def test_the_schema_refuses_a_suite_without_cases() -> None:
    assert problems("cases: []\n") and not VALID.is_valid({"cases": []})
    assert VALID.is_valid({"cases": [], "include": "a.yaml"})


def test_all_problems_are_told_and_at_most_fifty() -> None:
    text = "cases:\n" + "".join(f"  - say: hi\n    expcet: {n}\n" for n in range(60))
    found = problems(text)
    assert len(found) == 51 and found[-1] == "and 10 more problems"
    assert found[0] == "line 3, column 5: unknown key `expcet` (did you mean `expect`?)"


def test_what_is_odd_is_warned_of() -> None:
    text = (
        "variables: {idle: 1}\n"
        "fixtures:\n  spare: {steps: [hi]}\n"
        "cases:\n"
        "  - {case: A, say: hi, examples: [{n: 1}]}\n"
        "  - {case: B, say: hi}\n"
        "  - {case: B, say: hi}\n"
    )
    assert read(text).warnings == [
        "line 5, column 36: `n` is used nowhere",
        "line 1, column 13: the variable `idle` is used nowhere",
        "line 3, column 3: the fixture `spare` is used nowhere",
        "line 1, column 1: 2 cases are called `B`: --case chooses all of them",
    ]


def test_names_in_values_are_told_to_be_just_text() -> None:
    text = (
        "variables: {a: 5, g: 'Hi {{a}}', u: {unique: '{{a}}-*'}, plain: '\\{{a}} {a}'}\n"
        "cases:\n"
        "  - case: A\n"
        "    say: '{{a}}{{g}}{{u}}{{plain}}{{h}}{{n}}'\n"
        "    variables: {h: '{{g}}'}\n"
        "    examples: [{n: 1}, {n: 'to {{a}}'}, {n: '{{a}}'}]\n"
    )
    file = read(text)
    just_text = "is just text: no names stand in values"
    assert file.warnings == [
        f"line 1, column 19: `{{{{a}}}}` in the value of `g` {just_text}",
        f"line 1, column 34: `{{{{a}}}}` in the value of `u` {just_text}",
        f"line 5, column 17: `{{{{g}}}}` in the value of `h` {just_text}",
        f"line 6, column 25: `{{{{a}}}}` in the value of `n` {just_text}",
    ]
    assert (next(file.cases()).variables or {})["g"] == "Hi {{a}}"


def test_other_broken_yaml_says_nothing_of_tabs() -> None:
    [told] = problems("cases:\n  - say:\t@x\n")
    assert told == "line 2, column 10: broken YAML: found character that cannot start any token"


def test_an_anchor_shares_a_whole_value() -> None:
    text = "cases:\n  - {say: hi, expect: &polite {finds: x, cost: 2}}\n  - {say: b, expect: *polite}\n"
    first, second = cases(text)
    assert first.steps[0].assertions == second.steps[0].assertions != ()


def test_an_alias_bomb_is_refused() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for here, there in zip("bcdefgh", "abcdefg", strict=True):
        bomb += f"{here}: &{here} [{', '.join(['*' + there] * 9)}]\n"
    assert "too many values" in problems(bomb)[0]


@pytest.mark.parametrize(
    ("data", "native"),
    [
        (b"cases:\n", True),
        (b"\xef\xbb\xbf# comment\n\n---\nsuite: x\n", True),
        (b"cases: [{say: hi}]", True),
        (b"- say: hi\n", True),  # not right, but it is told what would be
        (b'{"testCases": []}', False),
        (b"[1]", False),
        (b"input,intent\nhi,A\n", False),
        (b"input;intent: x\n", False),
        (b"", False),
        (b"# only a comment", False),
    ],
)
def test_yaml_is_told_from_json_and_csv(data: bytes, native: bool) -> None:
    assert looks_native(data) is native
    if native:
        assert kind_of(data) is SuiteKind.CONVERSATION
