"""Definition files: both versions, and every mistake with its line and column."""

import pytest

from tests.unit.assistant.tools import SMALL, small_bot
from vivavoce.assistant.definition import STANDARD_RESPONSES
from vivavoce.assistant.reader import read_definition
from vivavoce.domain.errors import Malformed, Problem


def problems(text: str) -> list[Problem]:
    with pytest.raises(Malformed) as caught:
        read_definition(text, "bot.yaml")
    assert caught.value.source == "bot.yaml"
    return caught.value.problems


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) >= 1
    return SMALL.replace(old, new, 1)


def place_in(text: str, fragment: str) -> str:
    """Where a fragment stands, as problems name it."""
    before = text[: text.index(fragment)]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def test_a_definition_holds_both_versions_with_their_overlays() -> None:
    bot = small_bot()
    assert bot.name == "Tea shop"
    published, developed = bot.edition("published"), bot.edition("inDevelopment")
    assert published.on_connect == ("Closed beta, {customer}.",)
    assert developed.on_connect == ("Welcome, {customer}.", "Hello {customer}.")
    assert published.faqs["hours"].answers == ("At ten.",)
    assert published.faqs["hours"].question == developed.faqs["hours"].question == "When do you open?"
    assert "gossip" in developed.intents and "gossip" not in published.intents  # null takes away
    assert published.context["customer"] == "Kim" and developed.context["customer"] == "Sam"


def test_what_is_not_said_has_its_usual_value() -> None:
    bot = read_definition("name: Bare\nintents: {a: {utterances: [one thing, two things]}}", "x").published
    assert bot.language == "en" and bot.on_connect == () and bot.dialogs == {}
    assert bot.standard == STANDARD_RESPONSES
    assert "yes" in bot.yes and "no" in bot.no and "cancel" in bot.cancel


def test_scalars_are_texts_where_texts_are_wanted() -> None:
    text = "name: 12\nintents: {yes: {utterances: [no, 1.50, 2025-01-02]}}"
    bot = read_definition(text, "x").published
    assert bot.name == "12"
    assert bot.intents["yes"].utterances == ("no", "1.50", "2025-01-02")


def test_an_anchor_can_be_shared_between_entities() -> None:
    text = (
        "name: A\nintents: {a: {utterances: [b, c]}}\nentities:\n  x: {type: list, values: &v {one: [uno]}}\n"
        "  y: {type: list, values: *v}\n"
    )
    entities = read_definition(text, "x").published.entities
    assert entities["x"].values == entities["y"].values == {"one": ("uno",)}


@pytest.mark.parametrize(
    ("old", "new", "at", "message", "hint"),
    [
        (
            "on_connect: [",
            "on_conect: [",
            "on_conect",
            "unknown key 'on_conect'",
            "did you mean 'on_connect'?",
        ),
        ("entity: tea, ", "entity: teas, ", "teas, ", "unknown entity 'teas'", "did you mean 'tea'?"),
        ("next: many", "next: mony", "mony", "unknown node 'mony'", "did you mean 'many'?"),
        ("then: refuse", "then: refused", "refused", "unknown node 'refused'", "did you mean 'refuse'?"),
        ("no: tea}", "no: te}", "te}", "unknown node 'te'", "did you mean 'tea'?"),
        ("intent: order", "intent: ordr", "ordr", "unknown intent 'ordr'", "did you mean 'order'?"),
        (
            "parent: returns",
            "parent: return",
            "return\n",
            "unknown intent 'return'",
            "did you mean 'returns'?",
        ),
        ("{trait: hurry}", "{trait: hury}", "hury", "unknown trait 'hury'", "did you mean 'hurry'?"),
        ("Welcome, {customer}", "Welcome, {custmer}", '"Welcome', "unknown variable 'custmer'", "'customer'"),
        ("set: {cups", "set: {cup", '"{count}", m', "unknown context variable 'cup'", "did you mean 'cups'?"),
        ("variable: count, above", "variable: cuont, above", "cuont", "unknown variable 'cuont'", "'count'"),
        ("type: confirmation", "type: confirm", "confirm,", "unknown value 'confirm'", "'confirmation'?"),
        ("type: date,", "type: dates,", "dates", "unknown value 'dates'", "did you mean 'date'?"),
        ("retries: 1", "retries: many", "many,", "a number from 0 to 20 is needed here", ""),
        ("retries: 1", "retries: 1.5", "1.5", "a whole number is needed here", ""),
        ("threshold: 0.2,", "threshold: 2,", "2, dig", "a number from 0 to 1 is needed here", ""),
        ("day_first: true", "day_first: maybe", "maybe", "true or false is needed here", ""),
        ("today: 2025-03-14", "today: 2025-02-30", "2025-02-30", "'2025-02-30' is no date", "write it as"),
        ("pattern: '\\b[A-Z]", "pattern: '(\\b[A-Z]", "'(\\b", "this is no regular expression", ""),
        ("  tea: {type: list", "  t.a: {type: list", "t.a", "'t.a' cannot be an id", "no '.' and no '/'"),
    ],
)
def test_every_mistake_is_named_with_its_place(old: str, new: str, at: str, message: str, hint: str) -> None:
    text = changed(old, new)
    found = problems(text)
    matching = [problem for problem in found if problem.message.startswith(message)]
    assert matching, [str(problem) for problem in found]
    assert matching[0].place == place_in(text, at)
    assert hint in matching[0].hint


def test_doubled_ids_are_named_where_the_second_one_stands() -> None:
    text = SMALL.replace("  reason:\n    intent: reason", "  order:\n    intent: reason", 1)
    found = [problem for problem in problems(text) if problem.message == "'order' stands twice"]
    assert [problem.place for problem in found] == [place_in(text, "order:\n    intent: reason")]


def test_all_mistakes_are_told_at_once() -> None:
    text = changed("entity: tea, ", "entity: teas, ").replace("{trait: hurry}", "{trait: hury}")
    messages = {problem.message for problem in problems(text)}
    assert {"unknown entity 'teas'", "unknown trait 'hury'"} <= messages


def test_a_mistake_in_an_overlay_points_into_the_overlay() -> None:
    text = changed("answer: At ten.", "answr: At ten.")
    (problem,) = problems(text)
    assert problem.message == "unknown key 'answr'" and problem.place == place_in(text, "answr")


def test_too_few_utterances_name_their_intent() -> None:
    text = changed(
        "[any gossip in the shop, spill the latest gossip, heard any rumours]", "[gossip, Gossip!]"
    )
    assert any("the intent 'gossip' has too few utterances" in problem.message for problem in problems(text))


def test_missing_keys_are_named() -> None:
    text = changed('prompt: "Your mail?", ', "")
    assert any(problem.message == "'prompt' is missing" for problem in problems(text))
    assert [problem.message for problem in problems("language: en")] == [
        "'name' is missing",
        "'intents' is missing",
    ]


def test_a_key_of_another_node_kind_is_refused() -> None:
    text = changed("text: Too many.", "text: Too many., prompt: More?")
    assert any(
        "a node of the type 'message' has no 'prompt'" in problem.message for problem in problems(text)
    )


def test_a_node_that_nothing_leads_to_is_named() -> None:
    text = changed("yes: done", "yes: end")
    assert any("no transition leads to the node 'done'" in problem.message for problem in problems(text))


def test_a_circle_without_a_question_is_refused() -> None:
    text = changed("text: Too many.", "text: Too many., next: many")
    found = [problem.message for problem in problems(text)]
    assert "the node 'refuse' leads back to itself without asking the user anything" in found


def test_one_intent_starts_one_dialog_only() -> None:
    text = changed("intent: reason", "intent: returns")
    assert any("already starts the dialog 'returns'" in problem.message for problem in problems(text))


def test_an_intent_cannot_be_its_own_parent() -> None:
    text = changed("  returns:\n    utterances", "  returns:\n    parent: reason\n    utterances")
    assert any("is its own parent" in problem.message for problem in problems(text))


@pytest.mark.parametrize(
    "condition", ["{variable: count}", "{above: 3}", "{variable: count, above: 1, below: 2}", "{}", "[1]"]
)
def test_what_is_no_condition_is_refused(condition: str) -> None:
    text = changed("{all: [{variable: count, above: 10}, {not: {trait: hurry}}]}", condition)
    assert problems(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file must hold a mapping"),
        ("- a\n- b", "the file must hold a mapping"),
        ("name: [a", "did not find"),
        ("name: \x00", "this is not YAML"),
        ("a: " + "[" * 200_000, "nested too deeply"),
        ("a: " + "- " * 200_000, ""),
        ("a: &a [*a]", "nested too deeply"),
        (
            "name: x\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{new}: &{new} [{','.join(['*' + old] * 10)}]\n"
                for old, new in zip("abcdefgh", "bcdefghi", strict=True)
            ),
            "too many values",
        ),
    ],
)
def test_what_cannot_be_read_at_all_is_malformed(text: str, message: str) -> None:
    assert message in problems(text)[0].message


def test_a_definition_runs_nothing() -> None:
    found = problems("name: !!python/object/apply:os.getcwd []\nintents: {a: {utterances: [b, c]}}")
    assert found[0].message == "a text is needed here, not a list"
