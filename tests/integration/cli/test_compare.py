"""`viva compare` and `viva run --baseline`: the same bot with another head, against real HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.bots.running import RunningBots
from tests.integration.cli.conftest import Viva
from vivavoce.formats.comparisons.schema import SCHEMA_NAME, comparison_schema, schema_text

BALANCE, TRANSFER = "check_balance", "transfer_money"


def bot(path: Path, url: str, *, deaf_to: str = "nothing", nlu: str = "/nlu", speaks: str = "$.text") -> Path:
    """A bot named Bank; `deaf_to` is an intent that it takes for none."""
    path.write_text(
        f"""\
name: Bank
limits: {{requests_per_second: 0, retries: 0}}
connector:
  type: http
  url: {url}/chat
  body: {{text: "{{{{input}}}}", session: "{{{{conversation_id}}}}"}}
  reply: {{outputs: "$.messages[*]", text: {speaks}, intent: $.intent}}
  nlu:
    url: {url}{nlu}
    body: {{text: "{{{{input}}}}"}}
    intents: "$.intents[*]"
    intent: $.name
    score: $.confidence
    none: [fallback, {deaf_to}]
""",
        encoding="utf-8",
    )
    return path


def suite(path: Path, *rows: tuple[str, str]) -> Path:
    path.write_text("input,intent\n" + "".join(f"{a},{b}\n" for a, b in rows), encoding="utf-8")
    return path


@pytest.fixture
def good(tmp_path: Path, bots: RunningBots) -> Path:
    return bot(tmp_path / "good.yaml", bots.url)


@pytest.fixture
def worse(tmp_path: Path, bots: RunningBots) -> Path:
    return bot(tmp_path / "worse.yaml", bots.url, deaf_to=TRANSFER)


@pytest.fixture
def utterances(tmp_path: Path) -> Path:
    """8 cases for each of two intents, and one that expects none; all pass with the good bot."""
    rows = [(f"my balance {n}", BALANCE) for n in range(8)] + [(f"transfer {n}", TRANSFER) for n in range(8)]
    return suite(tmp_path / "bank.csv", *rows, ("mumble", "None"))


def test_two_runs_of_a_suite(viva: Viva, good: Path, worse: Path, utterances: Path) -> None:
    assert viva("run", utterances, "--bot", good).code == 0
    assert viva("run", utterances, "--bot", worse).code == 1
    result = viva("compare")
    assert result.code == 1, result.err
    first, *rest = result.out.splitlines()
    assert first.startswith(f"{utterances}: Worse: 8 cases newly fail and none newly passes; so clear")
    assert "0.78 % of comparisons (McNemar's exact test)" in first
    told = "\n".join(rest)
    assert "pass rate 100 %, now 52.9 %: -47.06 points" in told
    assert "transfer 0 (line 10)" in told and "+8 to None" in told
    # turned round it is the other way
    [after, before] = [one["id"] for one in json.loads(viva("runs", "--json").out)]
    turned = viva("compare", after, before)
    assert turned.code == 0 and ": Better: 8 cases newly pass and none newly fails" in turned.out
    # each alone is compared with the one before it; the first has none
    assert viva("compare", after).out == result.out == viva("compare", "last").out
    none = viva("compare", before)
    assert none.code == 2 and "no earlier run" in none.err


def test_the_same_run_twice_is_no_difference(
    viva: Viva, good: Path, utterances: Path, tmp_path: Path
) -> None:
    report = tmp_path / "r.json"
    viva("run", utterances, "--bot", good, "--json", report)
    result = viva("compare", report, "last")
    assert result.code == 0
    assert result.out.startswith(f"{utterances}: No difference: all 17 cases came out as before.\n")


def test_json_as_its_schema_says_and_markdown(
    viva: Viva, good: Path, worse: Path, utterances: Path, tmp_path: Path
) -> None:
    talk = tmp_path / "talk.json"
    steps = [{"input": "my name is Ada", "outputs": ["Nice to meet you, Ada."]}]
    talk.write_text(json.dumps({"testCases": [{"name": "greet", "messages": steps}]}), encoding="utf-8")
    before, after, found = tmp_path / "before.json", tmp_path / "after.json", tmp_path / "found.json"
    viva("run", utterances, talk, "--bot", good, "--json", before)
    viva("run", utterances, talk, "--bot", worse, "--json", after)
    result = viva("compare", before, after, "--json", found, "--markdown", "-")
    assert result.code == 1
    document = json.loads(found.read_bytes())
    Draft202012Validator(comparison_schema()).validate(document)
    assert (document["format"], document["version"]) == ("vivavoce-comparison", 1)
    batch, conversation = document["comparisons"]
    assert (batch["kind"], batch["newlyFailing"]["count"], batch["compared"]) == ("batch", 8, 17)
    assert batch["verdict"]["standing"] == "worse" and batch["effect"]["pValue"] == 0.0078125
    [intent, none] = batch["intents"]
    assert (intent["intent"], intent["before"]["f1"], intent["after"]["f1"]) == (TRANSFER, 1.0, 0.0)
    assert (none["intent"], none["newlyFailing"]) == (None, 0)
    assert batch["drift"] == [{"expected": TRANSFER, "matched": None, "before": 0, "after": 8, "kind": "new"}]
    assert (conversation["verdict"]["standing"], conversation["stillPassing"]) == ("held", 1)
    assert result.out.startswith(
        f"# Comparison\n\n- **{utterances}**: Worse: 8 cases newly fail".replace("_", "\\_")
    )
    # one suite of many
    one = viva("compare", before, after, "--suite", "talk")
    assert one.code == 0 and one.out.startswith(f"{talk}: No difference: the one case came out as before.")


def test_the_published_schema_is_what_the_command_prints(viva: Viva) -> None:
    import vivavoce.formats.comparisons.schema as schema

    published = Path(schema.__file__).with_name(SCHEMA_NAME).read_text(encoding="utf-8")
    assert viva("schema", "comparison").out == schema_text() == published


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "there is no run nothing and no file of this name"),
        (("a", "b", "c"), "two runs are compared, 3 are named"),
        (("last",), "there is no run yet"),
        (("report.json",), "name the run, or the report, to compare it with"),
        (("missing.json", "missing.json"), "missing.json: cannot be read: No such file or directory"),
        (("bank.csv", "bank.csv"), "bank.csv: not a JSON report of Vivavoce"),
        (("--significance", "0"), "--significance 0: above 0, at most 1"),
        (("--json", "nowhere/x.json"), "there is no folder nowhere"),
        (("last", "--suite", "bank.csv"), "--suite bank.csv chooses in a JSON report"),
    ],
)
def test_what_is_wrong_is_told(viva: Viva, utterances: Path, arguments: tuple[str, ...], said: str) -> None:
    result = viva("compare", *arguments)
    assert result.code == 2 and said in result.err


def test_a_batch_and_a_conversation_are_refused(
    viva: Viva, good: Path, utterances: Path, tmp_path: Path
) -> None:
    talk = tmp_path / "talk.yaml"
    talk.write_text("cases: [{case: a, steps: [{say: hi, expect: '*'}]}]", encoding="utf-8")
    viva("run", utterances, talk, "--bot", good)
    [one, other] = [one["id"] for one in json.loads(viva("runs", "--json").out)]
    result = viva("compare", one, other)
    assert result.code == 2 and "only runs of one kind can be compared" in result.err


# --- viva run --baseline ------------------------------------------------------------------------------------


@pytest.fixture
def baseline(viva: Viva, good: Path, utterances: Path, tmp_path: Path) -> Path:
    report = tmp_path / "base.json"
    assert viva("run", utterances, "--bot", good, "--json", report).code == 0
    return report


def test_a_run_fails_for_what_newly_fails(
    viva: Viva, worse: Path, utterances: Path, baseline: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.md"
    result = viva("run", utterances, "--bot", worse, "--baseline", baseline, "--markdown", report)
    assert result.code == 1
    assert result.out.startswith(f"{utterances}: failed (against the baseline: 8 cases newly fail, none may)")
    assert "against the baseline: Worse: 8 cases newly fail" in result.out
    text = report.read_text(encoding="utf-8")
    assert text.startswith("# Comparison\n") and "\n# Test report\n" in text


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (("--max-regressions", 7), 1, "8 cases newly fail, at most 7 may)"),
        (("--max-regressions", 8), 0, "passed (against the baseline: 8 cases newly fail, at most 8 may)"),
        (("--significance", 0.05), 1, "failed (against the baseline: 8 cases newly fail, none may)"),
        (("--significance", 0.001), 0, "no more than by chance at 0.001)"),
        (
            ("--max-regressions", 8, "--min-f1", 0.9),
            1,
            "at least 0.9000 wanted; against the baseline: 8 cases",
        ),
        (("--max-regressions", 8, "--min-f1", 0.5), 0, "passed (F1 0."),
    ],
)
def test_thresholds(
    viva: Viva, worse: Path, utterances: Path, baseline: Path, flags: tuple[Any, ...], code: int, words: str
) -> None:
    result = viva("run", utterances, "--bot", worse, "--baseline", baseline, *flags)
    assert result.code == code
    assert words in result.out.splitlines()[0]


def test_what_failed_before_may_fail_again(
    viva: Viva, good: Path, worse: Path, utterances: Path, tmp_path: Path
) -> None:
    report = tmp_path / "base.json"
    viva("run", utterances, "--bot", worse, "--json", report)
    result = viva("run", utterances, "--bot", worse, "--baseline", report)
    assert result.code == 0
    assert result.out.startswith(f"{utterances}: passed (against the baseline: no case newly fails)")
    assert viva("run", utterances, "--bot", good, "--baseline", report).code == 0


def test_the_report_may_take_the_baselines_place(
    viva: Viva, worse: Path, utterances: Path, baseline: Path
) -> None:
    first = viva("run", utterances, "--bot", worse, "--baseline", baseline, "--json", baseline)
    second = viva("run", utterances, "--bot", worse, "--baseline", baseline, "--json", baseline)
    assert (first.code, second.code) == (1, 0)


def test_errors_are_not_regressions_and_not_hidden(
    viva: Viva, bots: RunningBots, good: Path, utterances: Path, baseline: Path, tmp_path: Path
) -> None:
    down = bot(tmp_path / "down.yaml", bots.url, nlu="/nowhere")
    report = tmp_path / "down.json"
    result = viva("run", utterances, "--bot", down, "--baseline", baseline, "--json", report)
    assert result.code == 3 and "error" in result.out.splitlines()[0]
    # where all was in error before, nothing can be compared
    assert viva("compare", report, baseline).code == 3


def test_another_expectation_is_not_the_bots(viva: Viva, good: Path, tmp_path: Path) -> None:
    report, file = tmp_path / "base.json", tmp_path / "s.csv"
    rows = [(f"my balance {n}", BALANCE) for n in range(4)]
    viva("run", suite(file, *rows), "--bot", good, "--json", report)
    changed = suite(file, ("my balance 0", TRANSFER), *rows[1:])
    result = viva("run", changed, "--bot", good, "--baseline", report)
    assert result.code == 0
    assert "left out: 1 case with another expectation or other words than before" in result.out
    assert "another expectation or other words than before\n" in result.out


def test_conversations(viva: Viva, bots: RunningBots, good: Path, tmp_path: Path) -> None:
    talk, report = tmp_path / "talk.json", tmp_path / "base.json"
    steps = [{"input": "my name is Ada", "outputs": ["Nice to meet you, Ada."]}]
    cases = [
        {"name": "Ada", "messages": steps},
        {"name": "no", "messages": [{**steps[0], "outputs": ["No."]}]},
    ]
    talk.write_text(json.dumps({"testCases": cases}), encoding="utf-8")
    viva("run", talk, "--bot", good, "--json", report)
    assert viva("run", talk, "--bot", good, "--baseline", report).code == 0
    mute = bot(tmp_path / "mute.yaml", bots.url, speaks="$.intent")
    result = viva("run", talk, "--bot", mute, "--baseline", report)
    assert result.code == 1
    assert "failed (against the baseline: 1 case newly fails, none may)" in result.out
    assert "Ada   passed  failed" in result.out
    assert viva("run", talk, "--bot", mute, "--baseline", report, "--significance", 0.05).code == 3  # 2 cases


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (
            ("--max-regressions", 1),
            "--max-regressions is about a comparison with an earlier run: add --baseline F",
        ),
        (
            ("--significance", 0.05),
            "--significance is about a comparison with an earlier run: add --baseline F",
        ),
        (("--baseline", "missing.json"), "--baseline missing.json: cannot be read"),
        (("--baseline", "bank.csv"), "--baseline bank.csv: not a JSON report"),
        (("--baseline", "base.json", "--significance", 2), "--significance 2: above 0, at most 1"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_played(
    viva: Viva, good: Path, utterances: Path, baseline: Path, flags: tuple[Any, ...], said: str
) -> None:
    result = viva("run", utterances, "--bot", good, *flags)
    assert result.code == 2 and said in result.err
    assert len(json.loads(viva("runs", "--json").out)) == 1  # the baseline's


def test_a_suite_without_a_baseline_is_refused_before_anything_is_played(
    viva: Viva, good: Path, utterances: Path, baseline: Path, tmp_path: Path
) -> None:
    other = suite(tmp_path / "other.csv", ("my balance", BALANCE))
    result = viva("run", utterances, other, "--bot", good, "--baseline", baseline)
    assert result.code == 2
    assert f"{other}: --baseline {baseline} has no run of a batch suite of this name" in result.err
    assert str(utterances) in result.err  # what it has
    assert len(json.loads(viva("runs", "--json").out)) == 1
