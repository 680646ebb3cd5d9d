"""`viva judge`, `viva accept`, `viva validate`, `viva mutate`: a run's kept replies, and the suite's file."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from textwrap import dedent

import pytest

from tests.integration.cli.conftest import Result, Viva, write_bot


class VaryingBot:
    """Says something else in each conversation: a code, an amount, one of two greetings; counts its turns."""

    def __init__(self) -> None:
        self.url = ""  # once it listens
        self.turns = 0
        self.calls = count()
        self.greetings = count()  # apart: which turn a greeting is depends on the cases beside it

    def say(self, said: str) -> list[str]:
        self.turns += 1
        turn = next(self.calls)
        match said:
            case "code":
                return [f"Your code is A-{1000 + turn}."]
            case "price":
                return [f"Today it is {10 + turn}.50 EUR, all in.", "Anything else?"]
            case "greet":
                return ["Good morning to you!" if next(self.greetings) % 2 else "Hi, what is up?"]
            case "template":
                return [json.dumps({"text": "Choose", "id": f"x{turn}", "buttons": [{"title": "Yes"}]})]
            case "two":
                return ["One.", "Two."]
            case "silence":
                return []
        return [f"You said {said}."]


@pytest.fixture
def varying() -> Iterator[VaryingBot]:
    bot = VaryingBot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
            body = json.dumps({"messages": [{"text": text} for text in bot.say(said)]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    bot.url = f"http://127.0.0.1:{server.server_port}"
    yield bot
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def bot(varying: VaryingBot, tmp_path: Path) -> Path:
    return write_bot(tmp_path / "varying.yaml", f"{varying.url}/chat")


def written(path: Path, text: str) -> Path:
    path.write_text(dedent(text), encoding="utf-8")
    return path


def last_run(viva: Viva) -> str:
    found: str = json.loads(viva("runs", "--json").out)[0]["id"]
    return found


def played(viva: Viva, suite: Path, bot: Path) -> str:
    viva("run", suite, "--bot", bot)
    return last_run(viva)


SUITE = """\
    # what people write
    suite: Small
    variables: {who: Ann Keller}
    cases:
      - case: Words   # a name
        steps:
          - say: hello {{who}}
            expect: Something else, {{who}}.   # a comment
          - say: two
            expect:
              - One.
              # and then?
          - say: silence
            expect: []
      - case: More
        steps:
          - say: silence
            expect: [I am here, still]
          - say: again
            expect:
              contains: nothing
              length: {max: 5}
"""


# --- judge --------------------------------------------------------------------------------------


def test_kept_replies_are_judged_again_without_the_bot(
    viva: Viva, bot: Path, varying: VaryingBot, tmp_path: Path
) -> None:
    run = played(viva, written(tmp_path / "s.yaml", SUITE), bot)
    turns = varying.turns
    other = written(
        tmp_path / "other.yaml",
        """\
        cases:
          - case: Words
            steps:
              - say: hello Ann Keller
                expect: {contains: Keller, latency: 60 s}
              - say: two
                expect: [One., Two.]
              - say: something new
          - case: Nobody
            say: hello
        """,
    )
    result = viva("judge", run, "--with", other, "--junit", tmp_path / "j.xml", "--json", tmp_path / "j.json")
    assert varying.turns == turns
    assert result.code == 3, result.out + result.err
    assert "2 passed, 0 failed, 2 not executed" in result.out
    results = (tmp_path / "j.json").read_text(encoding="utf-8")
    assert 'the run said \\"silence\\" here, the suite says \\"something new\\"' in results
    assert "the run has no case of this name" in results
    assert 'tests="' in (tmp_path / "j.xml").read_text(encoding="utf-8")
    assert viva("judge", run, "--with", other, "--max-errors", 2).code == 0
    judged = json.loads(viva("runs", "--json").out)[0]
    assert judged["suite"] == str(other)
    assert viva("report", judged["id"]).code == 0


def test_every_repeat_is_judged(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(tmp_path / "s.yaml", "cases:\n  - {case: C, say: code, expect: [contains: Your code]}\n")
    assert viva("run", suite, "--bot", bot, "--repeat", 3).code == 0
    other = written(tmp_path / "o.yaml", "cases:\n  - {case: C, say: code, expect: Your code is A-1000.}\n")
    result = viva("judge", last_run(viva), "--with", other)
    assert result.code == 1
    assert "1 passed, 2 failed" in result.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("judge", "ctr-none", "--with", "s.yaml"), "there is no run ctr-none"),
        (("judge", "ctr-none", "--with", "missing.yaml"), "missing.yaml: cannot be read"),
        (("mutate", "s.yaml", "--run", "ctr-none"), "there is no run ctr-none"),
        (("accept", "ctr-none"), "there is no run ctr-none"),
    ],
)
def test_what_is_not_there_is_named(
    viva: Viva, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    written(tmp_path / "s.yaml", SUITE)
    result = viva(*arguments)
    assert result.code == 2
    assert message in result.err


# --- accept -------------------------------------------------------------------------------------


def test_replies_become_expectations_as_a_diff_and_the_rest_stays(
    viva: Viva, bot: Path, tmp_path: Path
) -> None:
    suite = written(tmp_path / "s.yaml", SUITE)
    run = played(viva, suite, bot)
    before = suite.read_text(encoding="utf-8")
    shown = viva("accept", run)
    assert suite.read_text(encoding="utf-8") == before
    assert "--write" in shown.err
    done = viva("accept", run, "--write")
    assert done.out == shown.out
    after = suite.read_text(encoding="utf-8")
    wanted = dedent(SUITE).replace(
        "expect: Something else, {{who}}.   #", "expect: You said hello {{who}}.   #"
    )
    wanted = wanted.replace("          - One.\n", "          - One.\n          - Two.\n")
    wanted = wanted.replace("[I am here, still]", "[]")
    wanted = wanted.replace("contains: nothing", "equals: You said again.")
    assert after == wanted
    assert "still does not hold" in done.err and "5 characters" in done.err
    assert done.code == 0
    assert "1 failed" in viva("run", suite, "--bot", bot).out  # its length
    assert applied(before, shown, tmp_path) == after


def applied(before: str, shown: Result, folder: Path) -> str:
    """What `git apply` makes of the diff."""
    place = folder / "patched"
    place.mkdir()
    name = shown.out.splitlines()[0].removeprefix("--- a/")
    diff = shown.out.replace(name, "s.yaml")
    (place / "s.yaml").write_text(before, encoding="utf-8")
    subprocess.run(["git", "apply", "-"], input=diff, text=True, cwd=place, check=True)
    return (place / "s.yaml").read_text(encoding="utf-8")


def test_steps_and_cases_are_chosen(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(tmp_path / "s.yaml", SUITE)
    run = played(viva, suite, bot)
    assert viva("accept", run, "--case", "Mor*").out.count("\n-") == 2
    assert "Something else" not in viva("accept", run, "--step", 2).out
    chosen = viva("accept", run, "--case", "Words", "--step", 1)
    assert "+        expect: You said hello {{who}}." in chosen.out
    assert "I am here" not in chosen.out
    assert "1 step;" in chosen.err
    first = viva("accept", run, "--step", 1)
    assert "+        expect: You said hello {{who}}." in first.out
    assert "-        expect: [I am here, still]" in first.out
    assert "2 steps;" in first.err
    assert viva("accept", run, "--step", 0).code == 2
    none = viva("accept", run, "--case", "nobody")
    assert (none.code, none.out) == (0, "")
    assert "no step to accept" in none.err


def test_a_passed_step_that_is_named_gets_the_whole_text(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(tmp_path / "s.yaml", "cases:\n  - say: hello\n    expect: [contains: hello]\n")
    run = played(viva, suite, bot)
    assert viva("accept", run).out == ""
    assert "+    expect: [equals: You said hello.]" in viva("accept", run, "--step", 1).out


def test_json_files_are_edited_as_they_are_written(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = tmp_path / "s.json"
    suite.write_text(
        """\
{ "testSteps": [
    {"input": "hello", "outputs": [{"text": "old", "assertions": {"text": {"enabled": true, "contains": [
        {"text": "old"}]}}}]},
    {"input": "two",   "outputs": ["One."]},
    {"input": "more", "outputs": [{"contains": "old"}]}
] }
""",
        encoding="utf-8",
    )
    run = played(viva, suite, bot)
    assert viva("accept", run, "--write").code == 0
    text = suite.read_text(encoding="utf-8")
    assert '{"input": "two",   "outputs": ["One.", "Two."]}' in text
    assert '[{"equals": "You said more."}]' in text
    assert viva("run", suite, "--bot", bot).code == 0


def test_a_file_that_says_something_else_by_now_is_refused(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(tmp_path / "s.yaml", SUITE)
    run = played(viva, suite, bot)
    suite.write_text(dedent(SUITE).replace("hello {{who}}", "goodbye {{who}}"), encoding="utf-8")
    result = viva("accept", run, "--write")
    assert result.code == 2
    assert "the file has changed since the run" in result.err
    assert "goodbye" in suite.read_text(encoding="utf-8")


def test_what_many_cases_share_is_left_alone(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(
        tmp_path / "s.yaml",
        """\
        fixtures:
          start: {steps: [{say: hello, expect: wrong}]}
        cases:
          - case: Table
            examples: [{word: a}, {word: b}]
            say: "{{word}}"
            expect: wrong
          - case: Opening
            fixture: start
            steps: [{say: more, expect: wrong}]
        """,
    )
    result = viva("accept", played(viva, suite, bot))
    assert result.code == 1
    assert "it stands in a table" in result.err and "it stands in a fixture" in result.err
    assert "You said more." in result.out and "hello" not in result.out.replace("say: hello", "")


def test_an_included_file_is_changed_where_the_step_stands(viva: Viva, bot: Path, tmp_path: Path) -> None:
    part = written(tmp_path / "part.yaml", "cases:\n  - {case: Part, say: hello, expect: wrong}\n")
    suite = written(
        tmp_path / "s.yaml", "include: [part.yaml]\ncases:\n  - {case: Own, say: more, expect: x}\n"
    )
    assert viva("accept", played(viva, suite, bot), "--write").code == 0
    assert "expect: You said hello." in part.read_text(encoding="utf-8")
    assert viva("run", suite, "--bot", bot).code == 0


# --- validate -----------------------------------------------------------------------------------

VARYING = """\
    cases:
      - case: Varies
        steps:
          - say: code
            expect: Your code is A-100.   # secret
          - say: price
            expect:
              - Today it is 1.50 EUR, all in.
              - Anything else?
          - say: template
            expect:
              - equals: '{"text": "Choose", "id": "x", "buttons": [{"title": "Yes"}]}'
          - say: same
            expect: You said same.
      - case: One of
        steps:
          - say: greet
            expect: [Hi]
          - say: wrong
            expect: right
"""


def test_what_varies_is_proposed_and_holds_once_it_is_written(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(tmp_path / "v.yaml", VARYING)
    shown = viva("validate", suite, "--bot", bot, "--replays", 4)
    assert shown.code == 1
    assert 'dynamic: "A-100" (id)' in shown.err
    assert 'dynamic: "1.50" (number)' in shown.err
    assert 'dynamic: "$.id"' in shown.err
    assert "one of 2 texts" in shown.err
    assert "it fails in the same way each time; `viva accept" in shown.err
    assert suite.read_text(encoding="utf-8") == dedent(VARYING)
    viva("validate", suite, "--bot", bot, "--replays", 4, "--write")
    assert "# secret" in suite.read_text(encoding="utf-8")
    result = viva("run", suite, "--bot", bot, "--repeat", 5)
    assert "25 passed, 5 failed" in result.out, result.out


def test_a_suite_that_always_holds_gets_no_proposal(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(tmp_path / "v.yaml", "cases:\n  - {say: hello, expect: You said hello.}\n")
    result = viva("validate", suite, "--bot", bot)
    assert (result.code, result.out) == (0, "")


def test_values_that_differ_in_each_run_stay_names(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(
        tmp_path / "v.yaml",
        """\
        variables: {user: {unique: u-*}}
        cases:
          - say: I am {{user}}
            expect: You are {{user}}.
        """,
    )
    result = viva("validate", suite, "--bot", bot)
    assert "it fails in the same way each time" in result.err
    viva("accept", last_run(viva), "--write")
    assert "expect: You said I am {{user}}." in suite.read_text(encoding="utf-8")


# --- mutate -------------------------------------------------------------------------------------


def test_changes_that_nothing_notices_are_named_with_their_place(
    viva: Viva, bot: Path, varying: VaryingBot, tmp_path: Path
) -> None:
    suite = written(
        tmp_path / "m.yaml",
        """\
        cases:
          - case: Strong
            say: two
            expect: [One., Two.]
          - case: Weak
            steps:
              - say: price
                expect:
                  - contains: all in
                  - contains: else
        """,
    )
    run = played(viva, suite, bot)
    turns = varying.turns
    first = viva("mutate", suite, "--run", run, "--json", tmp_path / "m.json")
    assert varying.turns == turns
    assert first.code == 0
    assert "1.00  Strong" in first.out
    assert re.search(rf"not noticed: {suite}:8: Weak, after 'price': 1[01] became \d", first.out)
    assert viva("mutate", suite, "--run", run).out == first.out
    assert viva("mutate", suite, "--run", run, "--seed", 3).out != first.out
    document = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    assert document["cases"][0]["score"] == 1
    assert 0 < document["score"] < 1
    assert document["noticed"] == sum(case["noticed"] for case in document["cases"])
    survivors = document["cases"][1]["steps"][0]["survivors"]
    assert {one["kind"] for one in survivors} >= {"number", "negation"}
    assert viva("mutate", suite, "--run", run, "--min-score", 0.1).code == 0
    assert viva("mutate", suite, "--run", run, "--min-score", 0.99).code == 1


def test_a_suite_of_which_no_step_passes_has_no_strength(viva: Viva, bot: Path, tmp_path: Path) -> None:
    suite = written(tmp_path / "m.yaml", "cases:\n  - {say: hello, expect: wrong}\n")
    result = viva("mutate", suite, "--run", played(viva, suite, bot))
    assert result.code == 2
    assert "viva judge" in result.err
