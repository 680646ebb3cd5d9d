"""The text assertion: equals, dynamic spans, contains, allOf, OneOf, textMismatch."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.assertions.text import check_text
from vivavoce.domain.check import NOT_EVALUATED
from vivavoce.domain.suite import Span, TextAssertion, TextEntry

MENU = (
    '{"type":"template","payload":'
    '{"template_type":"button","text":"Pick &amp; go","buttons":[{"title":"One"}]}}'
)
ORDER = "Your order 12345678 is ready"
NUMBER = (Span(11, 19),)


def holds(entry: TextEntry, actual: str) -> bool:
    check, _ = check_text(TextAssertion(contains=(entry,)), entry.text, actual)
    assert check.entries == (check.passed,)
    assert bool(check.reasons) is not check.passed
    return bool(check.passed)


@pytest.mark.parametrize(
    ("expected", "actual", "equal"),
    [
        ("Hello", "Hello", True),
        ("Hello", "hello", False),
        ("Hello", " Hello\n", True),
        ("\tHello\r\n", "Hello", True),
        ("a\r\nb", "a\nb", True),
        ("a\rb", "a\nb", True),
        ("a\nb", "a b", False),
        ("a  b", "a b", False),
        ("Hello", "Hello!", False),
        ("“Hi”", '"Hi"', False),
        ("a &amp; b", "a & b", False),
        ("a<br/>b", "a<br />b", False),
        ("", "", True),
        ("", "x", False),
        ("$5.00", "$5x00", False),
        ("a.c", "abc", False),
    ],
)
def test_equals_is_exact_but_for_outer_blanks_and_line_endings(
    expected: str, actual: str, equal: bool
) -> None:
    assert holds(TextEntry(expected), actual) is equal


@pytest.mark.parametrize(
    ("expected", "actual", "equal"),
    [
        ('{"a": 1, "b": [true]}', '{"b":[true],"a":1}', True),
        ('{"a": 1}', '{"a": true}', False),
        ('{"a": 1}', '{"a": 1, "b": 2}', False),
        ("[1, 2]", "[2, 1]", False),
        (MENU, html.escape(MENU), True),
        (html.escape(MENU), MENU, True),
        (MENU, "Pick &amp; go\nOne", False),
        ("Pick &amp; go\nOne", MENU, True),
        ("Pick & go\nOne", MENU, False),
        ('{"a": 1}', "no JSON", False),
    ],
)
def test_equals_compares_templates_as_json_and_flattened_with_plain_text(
    expected: str, actual: str, equal: bool
) -> None:
    assert holds(TextEntry(expected), actual) is equal


@pytest.mark.parametrize(
    ("expected", "spans", "actual", "equal"),
    [
        (ORDER, NUMBER, "Your order 7 is ready", True),
        (ORDER, NUMBER, "Your order  is ready", True),
        (ORDER, NUMBER, "Your order 7\n8 is ready", True),
        (ORDER, NUMBER, "Your order 7 is late", False),
        (ORDER, NUMBER, "My order 7 is ready", False),
        (ORDER, NUMBER, "Your order 7 is ready now", False),
        (ORDER, NUMBER, "your order 7 is ready", False),
        (ORDER, NUMBER, "Your order is ready", False),
        ("a1b2c", (Span(1, 2), Span(3, 4)), "aXbYc", True),
        ("a1b2c", (Span(3, 4), Span(1, 2)), "aXbYc", True),
        ("a1b2c", (Span(1, 2), Span(3, 4)), "aXYc", False),
        ("a1b2c", (Span(1, 4),), "aXYc", True),
        ("a1b2c", (Span(1, 3), Span(2, 4)), "abc", True),
        ("a123c", (Span(1, 4), Span(2, 3)), "aXc", True),
        ("aXa", (Span(1, 2),), "a", False),  # the parts before and after must not overlap
        ("aXbXc", (Span(1, 2), Span(3, 4)), "abbc", True),
        ("  Total: 5", (Span(9, 10),), "Total: 77 ", True),
        ("Total: 5", (Span(7, 8),), "Total: ", True),
        ("5 left", (Span(0, 1),), " left", True),
        ("anything", (Span(0, 8),), "", True),
        ("😀x!", (Span(1, 2),), "😀 yes !", True),  # code points, not UTF-16 units
        ("a\r\nb1", (Span(4, 5),), "a\nb2", True),
        ("ab", (Span(1, 1),), "aXb", False),  # an empty span marks nothing
        ("ab", (Span(5, 9),), "ab", True),
        ("ab", (Span(5, 9),), "abc", False),
    ],
)
def test_dynamic_spans(expected: str, spans: tuple[Span, ...], actual: str, equal: bool) -> None:
    assert holds(TextEntry(expected, dynamic=spans), actual) is equal


@pytest.mark.parametrize(
    ("paths", "actual", "equal"),
    [
        (("$.a[0].t",), '{"a":[{"t":"other"},2]}', True),
        (("$['a'][0]",), '{"a":[[],2]}', True),
        (("$.a[-1]",), '{"a":[{"t":"x"},"y"]}', True),
        (("$",), "[]", True),
        (("$.a[0].t",), '{"a":[{"t":"x"},3]}', False),
        (("$.a[0].t",), '{"a":[{},2]}', False),
        (("$.a[*]",), '{"a":[{"t":"y"},2]}', False),
        ((), '{"a":[{"t":"x"},2]}', True),
    ],
)
def test_dynamic_paths(paths: tuple[str, ...], actual: str, equal: bool) -> None:
    entry = TextEntry('{"a":[{"t":"x"},2]}', dynamic_paths=paths)
    assert holds(entry, actual) is equal


def test_dynamic_spans_in_a_template_text() -> None:
    entry = TextEntry('{"a": "12"}', dynamic=(Span(7, 9),))
    assert holds(entry, '{"a": "99"}')
    assert holds(entry, '{"a":"12"}')
    assert not holds(entry, '{"b": "12"}')


def test_an_unreadable_dynamic_path_is_named() -> None:
    entry = TextEntry('{"a":1}', dynamic_paths=("$..a",))
    check, _ = check_text(TextAssertion(contains=(entry,)), "", '{"a":2}')
    assert "$..a" in check.reasons[0]


CONTAINS = [
    ("par", "a party", True),
    ("arty", "a party", False),
    ("PARTY", "a party", True),
    ("straße", "Die STRASSE", True),
    ("hello world", "Hello,\t\n world!", True),
    ("hello, world", "hello world", True),
    ("hello world", "helloworld", False),
    ("world hello", "hello world", False),
    ("- item", "An item", True),
    ("par.", "at par", True),
    ("par.", "a party", False),
    ("balance is ", "Your balance is", True),
    ("a b", "a<br/>b", True),
    ("a<br />b", "a b", True),
    ("a<BR>b", "a<br>b", True),
    ("say “hi”", "say &quot;hi&quot;", True),
    ("fish &amp; chips", "Fish & Chips", True),
    ("bar", "foo_bar", False),
    ("_bar", "foo _bar", True),
    ("foo", "foo_bar", True),
    ("10", "110", False),
    ("1", "10", True),
    ("$5", "costs 5 dollars", True),
    ("🙂", "hi🙂there", True),
    ("??", "what??", True),
    ("??", "what?", False),
    ("\n?? ", "what??", True),
    ("!", "hi", False),
    ("²", "x²", True),
    ("²", "x", False),
    ("", "anything", False),
    ("", "", False),
    (" \n", "any thing", False),
    ("<br>", "a b", False),
    ("&nbsp;", "a b", False),
    ("नमस्ते", "कहो नमस्ते", True),
    ("त", "नमस्ते", False),  # a letter in the middle of a word, whatever vowel signs stand before it
    ("x", "", False),
    ("Pick go One", MENU, True),
    ("one", MENU, True),
    ("ne", MENU, False),
    ("button", MENU, False),  # a template's plumbing is not what a person reads
    ('{"a": 1}', '{"a":1}', True),
    ('{"a": 1}', '{"a":1,"b":2}', False),
    ('{"a": 1}', 'he said {"a": 1} to me', False),
    (MENU, html.escape(MENU), True),
]


@pytest.mark.parametrize(("expected", "actual", "found"), CONTAINS)
def test_contains(expected: str, actual: str, found: bool) -> None:
    assert holds(TextEntry(expected, match="contains"), actual) is found


@pytest.mark.parametrize(("expected", "actual", "found"), CONTAINS)
def test_all_of_one_is_contains(expected: str, actual: str, found: bool) -> None:
    assert holds(TextEntry("", match="allOf", texts=(expected,)), actual) is found


@pytest.mark.parametrize(
    ("expected", "spans", "actual", "found"),
    [
        ("order 12 is ready", (Span(6, 8),), "Your order 99 is ready.", True),
        ("order 12 is ready", (Span(6, 8),), "Your order is ready", True),
        ("order 12 is ready", (Span(6, 8),), "Your order 99 is late", False),
        ("order 12 is ready", (Span(6, 8),), "Reorder 99 is ready", False),
        ("any", (Span(0, 3),), "whatever", True),
        ("5€", (Span(0, 1),), "7€", True),
        ("5€", (Span(0, 1),), "7$", False),
    ],
)
def test_contains_with_dynamic_spans(
    expected: str, spans: tuple[Span, ...], actual: str, found: bool
) -> None:
    assert holds(TextEntry(expected, match="contains", dynamic=spans), actual) is found


def test_all_of_needs_every_text_across_prompt_and_options() -> None:
    assert holds(TextEntry("", match="allOf", texts=("pick", "one")), MENU)
    assert not holds(TextEntry("", match="allOf", texts=("pick", "two")), MENU)
    assert not holds(TextEntry("", match="allOf"), MENU)


def test_one_of_several_is_enough_and_each_gets_its_status() -> None:
    entries = (TextEntry("a"), TextEntry("b", match="contains"), TextEntry("B c"))
    check, _ = check_text(TextAssertion(contains=entries), "a", "B c")
    assert check.passed is True
    assert check.entries == (False, True, True)
    assert check.reasons == ()


def test_none_of_several_gives_one_reason() -> None:
    entries = (TextEntry("a"), TextEntry("b", match="contains"))
    check, mismatch = check_text(TextAssertion(contains=entries), "a", "c")
    assert check.passed is False
    assert check.entries == (False, False)
    assert check.reasons == (
        'expected "a" or a text that contains "b", but the bot said "c"; differing words: [-a-] {+c+}',
    )
    assert mismatch is False


def test_disabled_is_not_evaluated() -> None:
    assert check_text(TextAssertion(enabled=False), "a", "b") == (NOT_EVALUATED, False)
    check, _ = check_text(TextAssertion(enabled=False, contains=(TextEntry("a"),)), "a", "b")
    assert check.passed is None
    assert check.entries == (None,)


def test_without_entries_the_recorded_text_is_expected() -> None:
    for actual, passed in (("Hello ", True), ("Bye", False)):
        check, _ = check_text(TextAssertion(), "Hello", actual)
        assert check.passed is passed
        assert check.entries == ()
    assert check_text(TextAssertion(), "", "Bye") == (NOT_EVALUATED, False)


@pytest.mark.parametrize(
    ("entry", "recorded", "actual", "mismatch"),
    [
        (TextEntry("Hello"), "Hello", "Hello", False),
        (TextEntry("Hello"), "Hello", "Hello\n", True),
        (TextEntry("Hi"), "Hello", "Hi", True),  # a variation
        (TextEntry(ORDER, dynamic=NUMBER), ORDER, "Your order 7 is ready", True),
        (TextEntry(ORDER, dynamic=NUMBER), ORDER, ORDER, False),
        (TextEntry('{"a":1}'), '{"a":1}', '{ "a": 1 }', False),  # the same template, written otherwise
        (TextEntry('{"a":1}', dynamic_paths=("$.a",)), '{"a":1}', '{"a":2}', True),
        (TextEntry("hell", match="contains"), "hell", "Hello", False),
        (TextEntry("", match="allOf", texts=("hell",)), "hell", "Hello", False),
        (TextEntry("Hello"), "Hello", "Bye", False),  # not accepted: failed, no mismatch
    ],
)
def test_text_mismatch(entry: TextEntry, recorded: str, actual: str, mismatch: bool) -> None:
    _, found = check_text(TextAssertion(contains=(entry,)), recorded, actual)
    assert found is mismatch


def test_text_mismatch_of_an_equals_beside_a_contains() -> None:
    entries = (TextEntry("Hi", match="contains"), TextEntry("Hi there"))
    assert check_text(TextAssertion(contains=entries), "Hello", "Hi there")[1] is True
    assert check_text(TextAssertion(contains=entries), "Hello", "Hi you")[1] is False
    assert check_text(TextAssertion(contains=entries), "Hi there", "Hi there")[1] is False


@pytest.mark.parametrize(
    ("entry", "actual", "reason"),
    [
        (
            TextEntry("Hello you"),
            "Hello me\n",
            'expected "Hello you", but the bot said "Hello me"; they differ at character 7; '
            "differing words: [-you-] {+me+}",
        ),
        (
            TextEntry("a\tb", match="contains"),
            "x",
            'expected a text that contains "a\\tb", but the bot said "x"',
        ),
        (
            TextEntry("", match="allOf", texts=("one", "two", "three")),
            "two",
            'expected a text that contains all of "one", "two" and "three", but the bot said "two"; '
            'missing: "one" and "three"',
        ),
        (
            TextEntry('{"a":{"b":1}}'),
            '{"a":{"b":2}}',
            'expected "{"a":{"b":1}}", but the bot said "{"a":{"b":2}}"; '
            "they differ at $.a.b: 1 was expected, 2 stands there",
        ),
        (
            TextEntry('{"a":1}'),
            "x",
            'expected "{"a":1}", but the bot said "x"; the reply is no template',
        ),
        (
            TextEntry(ORDER, dynamic=NUMBER),
            "No",
            f'expected "{ORDER}" with dynamic parts, but the bot said "No"; differing words: [-Your order-]',
        ),
    ],
)
def test_reasons(entry: TextEntry, actual: str, reason: str) -> None:
    check, _ = check_text(TextAssertion(contains=(entry,)), entry.text, actual)
    assert check.reasons == (reason,)


def test_a_reason_stays_short_and_shows_where_long_texts_differ() -> None:
    expected = "a" * 5000 + "X" + "b" * 5000
    check, _ = check_text(TextAssertion(contains=(TextEntry(expected),)), expected, "a" * 5000 + "Y")
    assert len(check.reasons[0]) < 400
    assert "X" in check.reasons[0]
    assert "Y" in check.reasons[0]
    assert "character 5001" in check.reasons[0]


# --- properties ---------------------------------------------------------------------------------

SHORT = st.text(st.sampled_from("ab \r\n\t1"), max_size=12)
SPANS = st.lists(st.builds(Span, st.integers(0, 12), st.integers(0, 12)), max_size=3).map(tuple)
WORDS = st.lists(st.text(st.sampled_from("abcÄß_1é"), min_size=1, max_size=5), min_size=1, max_size=6)
GAPS = st.text(st.sampled_from(" ,.\n-!"), min_size=1, max_size=3)


@given(st.text())
def test_an_exact_text_matches_itself(text: str) -> None:
    assert holds(TextEntry(text), text)


@given(st.text(), st.text(" \t\n\r", max_size=3), st.text(" \t\n\r", max_size=3))
def test_outer_white_space_never_matters(text: str, before: str, after: str) -> None:
    assert holds(TextEntry(before + text + after), text)
    assert holds(TextEntry(text), before + text + after)


@given(SHORT, SPANS, st.sampled_from(["\n", "\r", "\r\n"]), st.text(" \n", max_size=2))
def test_marking_a_span_dynamic_never_turns_a_match_into_a_mismatch(
    expected: str, spans: tuple[Span, ...], ending: str, outer: str
) -> None:
    one_ending = expected.replace("\r\n", "\n").replace("\r", "\n")
    actual = outer + one_ending.strip().replace("\n", ending) + outer
    assert holds(TextEntry(expected), actual)
    assert holds(TextEntry(expected, dynamic=spans), actual)


@given(st.text(max_size=20), st.data(), st.text(max_size=10))
def test_any_value_within_a_span_is_accepted(text: str, data: st.DataObject, value: str) -> None:
    text = text.strip()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start < end:
        assert holds(TextEntry(text, dynamic=(Span(start, end),)), text[:start] + value + text[end:])


@given(WORDS, st.data())
def test_contains_finds_the_beginning_of_any_word(words: list[str], data: st.DataObject) -> None:
    actual = "".join(word + data.draw(GAPS) for word in words)
    word = data.draw(st.sampled_from(words))
    prefix = word[: data.draw(st.integers(1, len(word)))]
    assert holds(TextEntry(prefix.swapcase(), match="contains"), actual)


@given(WORDS, st.data())
def test_contains_finds_a_run_of_words_whatever_stands_between(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    actual = "".join(word + data.draw(GAPS) for word in words)
    wanted = "".join(word + data.draw(GAPS) for word in words[first : last + 1])
    assert holds(TextEntry(wanted, match="contains"), actual)


@given(st.text(st.sampled_from("ab_1. ,A"), max_size=8), st.text(st.sampled_from("ab_1. ,A"), max_size=8))
def test_the_ascii_way_agrees_with_the_general_one(expected: str, actual: str) -> None:
    # A letter beyond ASCII as a word of its own at the far end sends both texts the general way.
    general = holds(TextEntry("é " + expected, match="contains"), "é " + actual)
    anchored = holds(TextEntry("e " + expected, match="contains"), "e " + actual)
    assert anchored is general
