"""Native suites with the commands: checked, included, converted, described for editors."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from tests.integration.cli.conftest import Viva
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.native.schema import schema_text, suite_schema
from vivavoce.formats.reports import report_schema
from vivavoce.formats.yaml_text import YamlText

EXAMPLES = Path(__file__).parents[3] / "examples"
SUITE = """\
# a comment
suite: Cards
cases:
  - case: Block {{card}}
    examples: [{card: visa}, {card: giro}]
    steps:
      - say: block {{card}}
        expect: [{contains: "{{card}}"}]
      - thanks
  - case: Plain
    say: hi
    expect: hi
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "cards.yaml"
    path.write_text(SUITE, encoding="utf-8")
    return path


def test_check_counts_the_rows_of_tables(viva: Viva, suite: Path) -> None:
    checked = viva("check", suite)
    assert checked.code == 0 and "conversation suite, 3 cases, 5 steps" in checked.out


def test_check_names_the_place_of_a_mistyped_key(viva: Viva, suite: Path) -> None:
    suite.write_text(SUITE.replace("expect: hi", "expcet: hi"), encoding="utf-8")
    told = viva("check", suite)
    assert told.code == 2
    assert f"{suite}: line 12, column 5: unknown key `expcet` (did you mean `expect`?)" in told.err


@pytest.mark.parametrize("command", ["check", "run --no-keep --bot {bot}"])
def test_a_bot_file_in_place_of_a_suite_is_told(
    viva: Viva, bot_file: Path, tmp_path: Path, command: str
) -> None:
    words = [word.format(bot=bot_file) for word in command.split()]
    told = viva(*words, bot_file)
    assert told.code == 2 and "unknown key" not in told.err
    assert f"{bot_file}: line 1, column 1: this is a bot file, not a suite (commands take it with --bot)" in (
        told.err
    )
    whole = tmp_path / "whole.yaml"
    whole.write_text(f"include: {bot_file.name}\ncases: [{{say: hi}}]\n", encoding="utf-8")
    told = viva(*words, whole)
    assert told.code == 2 and "this is a bot file" in told.err


def test_includes_are_read_relative_to_their_file(viva: Viva, suite: Path) -> None:
    folder = suite.parent / "all" / "of"
    folder.mkdir(parents=True)
    (folder / "them.yaml").write_text("include: ../../card*.yaml\n", encoding="utf-8")
    whole = suite.parent / "whole.yaml"
    whole.write_text("include: [all/**/*.yaml]\ncases:\n  - say: bye\n", encoding="utf-8")
    checked = viva("check", whole)
    assert checked.code == 0 and "4 cases, 6 steps" in checked.out
    suite.write_text("include: whole.yaml\n", encoding="utf-8")
    told = viva("check", whole)
    assert told.code == 2 and "the include leads back to itself" in told.err


def test_a_pattern_does_not_mean_the_file_it_stands_in(viva: Viva, suite: Path) -> None:
    whole = suite.parent / "all.yaml"
    whole.write_text('include: ["*.yaml"]\ncases: [{say: bye}]\n', encoding="utf-8")
    (suite.parent / "sub").mkdir()
    for name in (whole, "all.yaml", "sub/../all.yaml"):
        checked = viva("check", name)
        assert checked.code == 0 and "4 cases, 6 steps" in checked.out
    whole.write_text("include: all.yaml\n", encoding="utf-8")
    assert "the include leads back to itself" in viva("check", whole).err
    whole.write_text("include: [all.*]\n", encoding="utf-8")
    assert "`all.*`: there is no such file" in viva("check", whole).err


def test_a_missing_include_is_told(viva: Viva, suite: Path) -> None:
    suite.write_text("include: none.yaml\n", encoding="utf-8")
    told = viva("check", suite)
    assert told.code == 2 and "line 1, column 1: `none.yaml`: cannot be read" in told.err


def test_convert_to_native_and_back_loses_nothing(viva: Viva, suite: Path, tmp_path: Path) -> None:
    document, again = tmp_path / "document.json", tmp_path / "again.yaml"
    first = viva("convert", suite, document, "--to", "suite")
    assert first.code == 0 and "comments are left out" in first.err and "variables" in first.err
    assert viva("convert", document, again).code == 0
    wanted = list(read_conversations(suite.read_bytes()).cases())
    for path in (document, again):
        assert list(read_conversations(path.read_bytes()).cases()) == wanted


def test_a_transcript_has_the_values_put_in_and_tells_what_it_lacks(viva: Viva, suite: Path) -> None:
    told = viva("convert", suite, "-", "--to", "transcript")
    assert told.code == 0
    cases = json.loads(told.out)["testCases"]
    assert cases[0] == {
        "name": "Block visa",
        "messages": [
            {"input": "block visa", "outputs": [{"contains": "visa"}]},
            {"input": "thanks", "outputs": []},
        ],
    }
    assert "steps that let anything come back expect silence now" in told.err


def test_convert_does_not_overwrite(viva: Viva, suite: Path) -> None:
    refused = viva("convert", suite, suite)
    assert refused.code == 2 and "--force" in refused.err
    assert suite.read_text(encoding="utf-8") == SUITE
    assert viva("convert", suite, suite, "--force").code == 0


@pytest.mark.parametrize(
    ("out", "starts"),
    [("v.json", "{"), ("v.yaml", "suite: Cards"), ("v.YML", "suite: Cards"), ("v", "suite: Cards")],
)
def test_convert_writes_what_the_ending_says(viva: Viva, suite: Path, out: str, starts: str) -> None:
    target = suite.parent / out
    assert viva("convert", suite, target).code == 0
    assert target.read_text(encoding="utf-8").startswith(starts)


@pytest.mark.parametrize(
    ("out", "to", "told"),
    [
        ("v.json", "native", "--to native writes YAML (call it v.yaml, or leave --to out)"),
        ("v.yaml", "suite", "--to suite writes JSON (call it v.json, or leave --to out)"),
        ("v.yml", "transcript", "--to transcript writes JSON (call it v.json, or leave --to out)"),
    ],
)
def test_convert_refuses_an_ending_that_lies(viva: Viva, suite: Path, out: str, to: str, told: str) -> None:
    refused = viva("convert", suite, suite.parent / out, "--to", to)
    assert refused.code == 2 and told in refused.err
    assert not (suite.parent / out).exists()


@pytest.mark.parametrize(
    ("name", "text", "to", "told"),
    [
        (
            "u.csv",
            "input,intent\nhi,A\n",
            "native",
            "utterances, which become batch-csv, batch-json or training",
        ),
        ("s.yaml", "cases: [{say: hi}]\n", "nativ", "did you mean `native`?"),
        ("s.yaml", "cases: [{sya: hi}]\n", "native", "unknown key `sya`"),
    ],
)
def test_wrong_input_is_told(viva: Viva, tmp_path: Path, name: str, text: str, to: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    refused = viva("convert", tmp_path / name, "-", "--to", to)
    assert refused.code == 2 and told in refused.err


def test_schema_prints_what_is_published(viva: Viva) -> None:
    assert viva("schema").out == viva("schema", "suite").out == schema_text()
    assert viva("schema", "report").out == report_schema.schema_text()
    assert viva("schema", "bot").code == 2


def test_init_leaves_a_suite_that_its_schema_accepts(viva: Viva, tmp_path: Path) -> None:
    viva("init", tmp_path / "new")
    text = (tmp_path / "new" / "first.yaml").read_text(encoding="utf-8")
    name = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    schema = json.loads((tmp_path / "new" / name).read_text(encoding="utf-8"))
    assert schema == suite_schema()
    assert Draft7Validator(schema).is_valid(YamlText(text, core=True).value)


def test_the_language_of_a_suite_is_its_runs(viva: Viva, suite: Path, bot_file: Path) -> None:
    suite.write_text("language: fr\ncases:\n  - say: hi\n", encoding="utf-8")
    assert viva("run", suite, "--bot", bot_file, "--json", "report.json").code == 0
    assert '"fr"' in Path("report.json").read_text(encoding="utf-8")
    assert viva("run", suite, "--bot", bot_file, "--language", "de", "--json", "report.json").code == 0
    assert '"fr"' not in Path("report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["five-lines", "whole-bank", "branches/balance", "branches/cards"])
def test_the_examples_pass(viva: Viva, name: str) -> None:
    played = viva("run", EXAMPLES / f"{name}.yaml", "--bot", EXAMPLES / "bank.bot.yaml", "--no-keep")
    assert played.code == 0, played.out
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    assert Draft7Validator(suite_schema()).is_valid(YamlText(text, core=True).value)
    assert name != "five-lines" or len(text.splitlines()) == 5
