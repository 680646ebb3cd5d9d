from typing import Any

import pytest

from vivavoce.domain.bot import Bot, Breaker, Limits
from vivavoce.domain.errors import Malformed
from vivavoce.formats.bot_file import read_bot_file, to_bot

FULL = """\
name: Support bot
language: en
versions:
  published: {connector: {url: https://bot.example/chat}}
  inDevelopment: {connector: {url: https://staging.bot.example/chat}}
limits: {max_conversations: 8, requests_per_second: 0, step_timeout_s: 2.5, retries: 0,
         breaker: {errors: 0, probe_every_s: 1}}
training: training.yaml
definition: bank.yaml
connector:
  type: http
  url: https://bot.example/chat?l={{language}}
  method: POST
  headers: {Authorization: "Bearer ${VIVA_BOT_TOKEN}"}
  body: {text: "{{input}}", price: "$5", ids: ["{{conversation_id}}", 1, null, true],
         event: "{{ event }}", context: "{{context}}", parent: "{{parent_intent}}"}
  reply: {outputs: "$.messages[*]", text: $.text, intent_id: $.id, ended: $.end}
  nlu: {url: "https://bot.example/${VIVA_BOT_PATH}", intents: "$.intents[*]", none: [fallback, None]}
"""
SMALL = "name: b\nconnector: {type: http, url: http://bot.example/}\n"


def problems(text: str) -> list[str]:
    with pytest.raises(Malformed) as refused:
        read_bot_file(text, "bot.yaml")
    return [str(problem) for problem in refused.value.problems]


def connector(settings: str, kind: str = "http") -> str:
    """A bot file whose connector's settings begin at line 4."""
    return f"name: b\nconnector:\n  type: {kind}\n{settings}"


def test_a_full_file() -> None:
    read = read_bot_file(FULL)
    assert read.name == "Support bot"
    assert read.limits == Limits(
        max_conversations=8,
        requests_per_second=0,
        step_timeout_s=2.5,
        retries=0,
        breaker=Breaker(errors=0, probe_every_s=1),
    )
    assert read.limits.run_timeout_s == 3600
    assert read.versions["inDevelopment"] == {"connector": {"url": "https://staging.bot.example/chat"}}
    assert read.connector["headers"] == {"Authorization": "Bearer ${VIVA_BOT_TOKEN}"}
    assert read.connector["body"]["ids"] == ["{{conversation_id}}", 1, None, True]
    assert read.connector["nlu"]["none"] == ["fallback", "None"]
    assert (read.training, read.definition) == ("training.yaml", "bank.yaml")


def test_the_bot_of_a_file() -> None:
    bot = to_bot(read_bot_file(SMALL), "st-1", "639")
    assert bot == Bot(
        id="st-1",
        name="b",
        connector={"type": "http", "url": "http://bot.example/"},
        account_id="639",
    )
    full = to_bot(read_bot_file(FULL), "st-1", "639")
    assert full.connector_for("published")["url"] == "https://bot.example/chat"
    assert full.connector_for("published")["method"] == "POST"


@pytest.mark.parametrize("prefix", ["\ufeff", "# a comment\n\n", "---\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_odd_but_fine(prefix: str, end: str) -> None:
    assert read_bot_file(prefix + SMALL.replace("\n", end)).name == "b"


def test_keys_and_dates_are_texts() -> None:
    settings: Any = read_bot_file(connector("  body: {on: 1, no: 2, 3: x, day: 2024-01-01}")).connector
    assert settings["body"] == {"on": 1, "no": 2, "3": "x", "day": "2024-01-01"}


def test_anchors_are_fine() -> None:
    text = connector("  headers: &h {A: b}\n  nlu: {headers: *h}")
    assert read_bot_file(text).connector["nlu"]["headers"] == {"A": "b"}


@pytest.mark.parametrize("kind", ["assistant", "scripted"])
def test_the_words_of_a_bot_of_our_own_are_not_placeholders(kind: str) -> None:
    text = connector("  script: {replies: {a: 'use {{name}} and ${HOME}'}}", kind)
    assert read_bot_file(text).connector["script"]["replies"]["a"] == "use {{name}} and ${HOME}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["the file is empty"]),
        ("# nothing\n", ["the file is empty"]),
        ("- a\n", ["line 1, column 1: expected an object, got a list"]),
        ("name: [a\n", ["line 2, column 1: broken YAML: did not find expected ',' or ']'"]),
        ("name: a\n\tb: c\n", ["line 2, column 1: broken YAML: found "]),
        ("name: a\x07\n", ["line 1, column 8: broken YAML: "]),
        (
            "name: a\n---\nname: b\n",
            ["line 2, column 1: broken YAML: expected a single document in the stream, but found another"],
        ),
        ("a: " + "[" * 100_000, ["line 1, column 67: nested too deeply"]),
        ("a: &a [*a]\n", ["line 1, column 4: too many values, or nested too deeply"]),
        (
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)
            ),
            ["line 1, column 24: too many values"],
        ),
        (
            "a: !!python/name:os.system\n",
            ["line 1, column 4: the tag `!!python/name:os.system` is not supported"],
        ),
        (
            "a: {<<: {b: c}}\n",
            [
                "line 1, column 5: merge keys (`<<`) are not supported (repeat the keys, or share a "
                "whole value: `&name` before it, `*name` in its other places)"
            ],
        ),
        ("name: a\nname: b\n", ["line 2, column 1: `name` stands there twice"]),
        ("? [a]\n: b\n", ["line 1, column 3: a key must be a text"]),
        ("name: a\nconnector: \udc80", ["line 2, column 12: half of a surrogate pair"]),
        ("x" * 5_000_000, ["larger than 4,194,304 characters"]),
    ],
)
def test_broken_yaml(text: str, expected: list[str]) -> None:
    found = problems(text)
    assert len(found) == len(expected)
    for problem, start in zip(found, expected, strict=True):
        assert problem.startswith(start)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "language: en\n",
            ["line 1, column 1: `name` is missing", "line 1, column 1: `connector` is missing"],
        ),
        (
            SMALL + "limit: {}\n",
            ["line 3, column 1: limit: unknown key (did you mean `limits`?)"],
        ),
        (
            SMALL + "versions: {live: {}}\n",
            ["line 3, column 12: versions.live: unknown key (known: published, inDevelopment)"],
        ),
        (
            SMALL + "versions:\n  published: {url: x}\n",
            ["line 4, column 15: versions.published.url: unknown key (known: connector)"],
        ),
        (
            "name: no\nconnector: http\n",
            [
                "line 1, column 1: name: expected a text, got true or false "
                "(a text that YAML takes for something else must stand in quotes)",
                "line 2, column 1: connector: expected an object, got a text",
            ],
        ),
        ("name: ' '\nconnector: {}\n", ["line 1, column 1: name: must have 1 to 256 characters"]),
        (
            SMALL + "language: english!\n",
            ["line 3, column 1: language: `english!` is no language code (such as en or zh_cn)"],
        ),
        (
            SMALL + "training: ${VIVA_BOT_FILE}\n",
            ["line 3, column 1: training: ${...} may stand in a connector's url, headers, body only"],
        ),
    ],
)
def test_keys_and_types(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ("{max_conversations: 0}", "max_conversations: must be from 1 to 100,000, not 0"),
        ("{max_conversations: -3}", "max_conversations: must be from 1 to 100,000, not -3"),
        ("{max_conversations: 2.5}", "max_conversations: expected a whole number, got a number"),
        ("{max_conversations: '4'}", "max_conversations: expected a whole number, got a text"),
        ("{max_conversations: true}", "max_conversations: expected a whole number, got true or false"),
        ("{max_conversations: 99999999999999999999}", "max_conversations: holds a whole number of more than"),
        ("{requests_per_second: -1}", "requests_per_second: must be from 0 to 1,000,000, not -1"),
        ("{step_timeout_s: 0}", "step_timeout_s: must be from 0.001 to 31,622,400, not 0"),
        ("{step_timeout_s: fast}", "step_timeout_s: expected a number, got a text"),
        ("{run_timeout_s: 1e300}", "run_timeout_s: expected a number, got a text"),
        ("{run_timeout_s: 1.0e+300}", "run_timeout_s: must be from 0.001 to 31,622,400, not 1e+300"),
        ("{retries: -1}", "retries: must be from 0 to 100, not -1"),
        ("{breaker: {give_up_s: 0}}", "breaker.give_up_s: must be from 0.001 to 31,622,400, not 0"),
        ("{breaker: {erors: 3}}", "breaker.erors: unknown key (did you mean `errors`?)"),
        ("{max_conversation: 3}", "max_conversation: unknown key (did you mean `max_conversations`?)"),
        ("[]", ""),
    ],
)
def test_limits(limits: str, expected: str) -> None:
    [problem] = problems(SMALL + f"limits: {limits}\n")
    assert problem.startswith("line 3, column ")
    assert f": limits.{expected}" in problem or (not expected and "limits: expected an object" in problem)


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan", "1.0e+999"])
def test_numbers_that_are_none(number: str) -> None:
    [problem] = problems(SMALL + f"limits: {{step_timeout_s: {number}}}\n")
    assert problem == f"line 3, column 26: `{number}` is no number that can be used"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("  ulr: http://x/", "line 4, column 3: connector.ulr: unknown key (did you mean `url`?)"),
        (
            "  reply: {output: $.x}",
            "line 4, column 11: connector.reply.output: unknown key (did you mean `outputs`?)",
        ),
        (
            "  nlu: {intnts: $.x}",
            "line 4, column 9: connector.nlu.intnts: unknown key (did you mean `intents`?)",
        ),
        ("  reply: $.x", "line 4, column 3: connector.reply: expected an object, got a text"),
        (
            "  body: {text: '{{imput}}'}",
            "line 4, column 10: connector.body.text: unknown placeholder {{imput}} (did you mean {{input}}?)",
        ),
        (
            "  body: [a, '{{x}}']",
            "line 4, column 13: connector.body.1: unknown placeholder {{x}} "
            "(there are input, conversation_id, event, language, parent_intent, context)",
        ),
        (
            "  body: '{{input'",
            "line 4, column 3: connector.body: `{{` without a name and `}}` (such as {{input}})",
        ),
        (
            "  method: '{{input}}'",
            "line 4, column 3: connector.method: {{input}} may stand in url, headers, body only",
        ),
        (
            "  headers: {a: '${HOME}'}",
            "line 4, column 13: connector.headers.a: the variable ${HOME} may not be read "
            "(only names that begin with VIVA_BOT_ are read)",
        ),
        (
            "  headers: {a: '${VIVA_BOT_}'}",
            "line 4, column 13: connector.headers.a: the variable ${VIVA_BOT_} may not be read "
            "(only names that begin with VIVA_BOT_ are read)",
        ),
        (
            "  url: 'http://x/${VIVA_BOT_A'",
            "line 4, column 3: connector.url: `${` without a name and `}` (such as ${VIVA_BOT_TOKEN})",
        ),
        (
            "  method: '${VIVA_BOT_A}'",
            "line 4, column 3: connector.method: ${VIVA_BOT_A} may stand in url, headers, body only",
        ),
        (
            "versions: {published: {connector: {url: '{{imput}}'}}}",
            "line 4, column 36: versions.published.connector.url: unknown placeholder {{imput}} "
            "(did you mean {{input}}?)",
        ),
        (
            "versions: {inDevelopment: {connector: {ulr: x}}}",
            "line 4, column 40: versions.inDevelopment.connector.ulr: unknown key (did you mean `url`?)",
        ),
    ],
)
def test_connector(settings: str, expected: str) -> None:
    assert problems(connector(settings)) == [expected]


def test_another_type_of_connector_has_keys_of_its_own() -> None:
    text = connector("  bot_id: st-1\n  url: 'http://x/{{imput}}'", "websocket")
    [problem] = problems(text)
    assert problem.startswith("line 5, column 3: connector.url: unknown placeholder")


def test_all_problems_are_told_with_the_files_name() -> None:
    text = connector("  ulr: x\n  body: '{{x}}'\nlimits: {retries: many}\nfoo: 1")
    with pytest.raises(Malformed) as refused:
        read_bot_file(text, "bot.yaml")
    assert len(refused.value.problems) == 4
    assert str(refused.value).count("bot.yaml: line ") == 4
