"""Batch suites and corpora with the commands: checked, run, converted; bots out of training utterances."""

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Viva

ODD = """\
input,intent,entityName,entityValue
where is my card,card_arrival,,
Where is my card ,card_lost,,
hello,greet,name,"(Ann"
hello there,greet,,
hello again,greet,,
hello again ,greet,when,today
hello there,greet,,
"""
TRAINING = """\
card_arrival:
  - where is my card
  - when does my card arrive
card {lost}:
  - I lost my card
  - my card is gone
None:
  - bananas are yellow
"""


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.csv"
    path.write_text(ODD, encoding="utf-8")
    return path


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A bot that is trained by a file beside its own."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "training.yaml").write_text(TRAINING, encoding="utf-8")
    path = tmp_path / "bot" / "bot.yaml"
    path.write_text("name: Cards\nconnector: {type: assistant, training: training.yaml}\n", encoding="utf-8")
    return path


def test_check_and_run_tell_what_is_odd_between_cases(viva: Viva, odd: Path, bot: Path) -> None:
    for told in (viva("check", odd), viva("run", odd, "--bot", bot, "--no-keep")):
        assert (
            "odd.csv: warning: line 3: expects 'card_lost', but line 2 expects 'card_arrival' of the same"
            in told.err
        )
        assert "1 utterance stands there again" in told.err and "first line 8, as line 5" in told.err
        assert "line 4: `(Ann` is no regular expression" in told.err
    assert viva("check", odd).code == 0


def test_two_cases_with_one_id_are_refused(viva: Viva, tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    path.write_text("caseId,input,intent\nx,hi,A\ny,ho,A\nx,he,A\n", encoding="utf-8")
    told = viva("check", path)
    assert told.code == 2 and "line 4: the case id of line 2 stands there again" in told.err


def test_check_names_what_the_bot_does_not_have(viva: Viva, tmp_path: Path) -> None:
    bot = tmp_path / "bank.yaml"
    bot.write_text("name: Bank\nconnector: {type: assistant, definition: bank}\n", encoding="utf-8")
    path = tmp_path / "names.csv"
    path.write_text(
        "input,intent,parentIntent,entityName\n"
        "a,Chekc balance | None,Transfer mony,amont\n"
        "b,trait: nonsense,,\n"
        "c,thank~yu,,\n"
        "d,ConversationIntent-Hold,,\n",
        encoding="utf-8",
    )
    told = viva("check", path, "--bot", bot)
    assert told.code == 2
    for line, wrong in (
        (2, "no intent 'Chekc balance' (did you mean 'Check balance'?)"),
        (2, "no parent intent 'Transfer mony' (did you mean 'Transfer money'?)"),
        (2, "no entity 'amont' (did you mean 'amount'?)"),
        (3, "no trait 'nonsense'"),
        (4, "no small talk 'thank~yu' (did you mean 'thank~you'?)"),
    ):
        assert f"names.csv, line {line}: the bot has {wrong}" in told.err
    assert "Hold" not in told.err
    document = {"testCases": [{"input": "x", "intent": "None"}, {"input": "y", "intent": "nowhere"}]}
    path.write_text(json.dumps(document), encoding="utf-8")
    assert "$.testCases[1]: the bot has no intent 'nowhere'" in viva("check", path, "--bot", bot).err


def test_a_training_file_tells_intents_and_only_then_traits(
    viva: Viva, tmp_path: Path, bot_file: Path
) -> None:
    text = bot_file.read_text(encoding="utf-8")
    bot_file.write_text(f"{text}\ntraining: training.yaml\n", encoding="utf-8")
    suite = tmp_path / "s.csv"
    suite.write_text("input,intent,entityName\na,card_arival | trait: x,e\n", encoding="utf-8")
    (tmp_path / "training.yaml").write_text(TRAINING, encoding="utf-8")
    told = viva("check", suite, "--bot", bot_file)
    assert "no intent 'card_arival' (did you mean 'card_arrival'?)" in told.err and "trait" not in told.err
    (tmp_path / "training.yaml").write_text("intents: {card_arival: [a]}\ntraits: {y: [b]}", encoding="utf-8")
    told = viva("check", suite, "--bot", bot_file)
    assert "no trait 'x'" in told.err and "no intent" not in told.err and "entity" not in told.err


def test_an_unknown_name_is_told_once_and_so_many_at_most(viva: Viva, tmp_path: Path, bot: Path) -> None:
    suite = tmp_path / "s.csv"
    rows = "".join(f"u{number},unknown {number % 60}\n" for number in range(120))
    suite.write_text("input,intent\n" + rows, encoding="utf-8")
    told = viva("check", suite, "--bot", bot)
    assert told.err.count("the bot has no intent") == 50 and "and 10 more unknown names" in told.err


def test_a_bot_out_of_training_utterances_classifies_and_says_what_it_heard(
    viva: Viva, tmp_path: Path, bot: Path
) -> None:
    suite = tmp_path / "s.csv"
    suite.write_text(
        "input,intent\nwhere's my card,card_arrival\nmy card is lost,card {lost}\nyellow bananas,None\n",
        encoding="utf-8",
    )
    assert viva("run", suite, "--bot", bot, "--no-keep").code == 0
    talk = tmp_path / "talk.yaml"
    talk.write_text(
        "cases:\n  - steps:\n      - say: i lost my card\n        expect: ['card {lost}']\n", "utf-8"
    )
    assert viva("run", talk, "--bot", bot, "--no-keep").code == 0


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("training: none.yaml", "'none.yaml' cannot be read"),
        ("training: ''", "must be the path of a file of utterances by intent"),
        ("training: t.yaml, definition: bank", "`definition` and `training` exclude each other"),
        ("training: t.yaml", "there is no utterance in it"),
        ("training: l.yaml", "l.yaml: line 1, column 6: not UTF-8: byte 5 (0xe9) (save the file as UTF-8)"),
        ("trainng: t.yaml", "did you mean 'training'"),
    ],
)
def test_wrong_settings_of_such_a_bot(viva: Viva, tmp_path: Path, settings: str, told: str) -> None:
    (tmp_path / "t.yaml").write_text("A: []", encoding="utf-8")
    (tmp_path / "l.yaml").write_bytes(b"A: [h\xe9]")
    bot = tmp_path / "b.yaml"
    bot.write_text(f"name: B\nconnector: {{type: assistant, {settings}}}\n", encoding="utf-8")
    refused = viva("bot", "add", bot)
    assert refused.code == 2 and told in refused.err


BANKING = "text,category\nwhere is my card,card_arrival\nI lost it,card_lost\n"
SENTENCES = {
    "sentences": [
        {"text": "hi", "intent": "None", "training": True, "entities": []},
        {
            "text": "go to Rome",
            "intent": "Go",
            "training": False,
            "entities": [{"entity": "City", "start": 2, "stop": 2, "text": "Rome"}],
        },
    ]
}


class TestConvert:
    def test_between_the_forms_of_batch_suites(self, viva: Viva, odd: Path) -> None:
        assert viva("convert", odd, "one.json").code == 0
        again = viva("convert", "one.json", "two.csv")
        assert again.code == 0 and "one case with the same utterance and intent just above" not in again.err
        viva("convert", "two.csv", "two.json")
        assert Path("two.json").read_bytes() == Path("one.json").read_bytes()

    def test_to_training_utterances_with_what_is_left_out(self, viva: Viva, odd: Path) -> None:
        told = viva("convert", odd, "-", "--to", "training")
        assert told.out.startswith("card_arrival:\n  - where is my card\n")
        assert "-: entities: left out (2 utterances)" in told.err
        assert "-: repeated under the same intent: written once (1 utterance)" in told.err

    def test_what_csv_would_join_is_told(self, viva: Viva, tmp_path: Path) -> None:
        cases = [{"input": "a", "intent": "A"}] * 2 + [{"input": "a", "entityOrder": ["x>y"]}]
        (tmp_path / "s.json").write_text(json.dumps({"testCases": cases}), encoding="utf-8")
        told = viva("convert", "s.json", "s.csv")
        assert "s.csv: one case with the same utterance and intent just above (1 utterance)" in told.err
        assert "their cells are read in another way (1 utterance)" in told.err

    def test_corpora_of_several_files(self, viva: Viva, tmp_path: Path) -> None:
        (tmp_path / "b.csv").write_text(BANKING, encoding="utf-8")
        (tmp_path / "s.json").write_text(json.dumps(SENTENCES), encoding="utf-8")
        told = viva("convert", "b.csv", "s.json", "all.csv")
        assert told.code == 0 and "b.csv: Banking77, 2 utterances" in told.err
        assert "s.json: warning: holds a training and a test part; --part chooses one" in told.err
        assert Path("all.csv").read_text(encoding="utf-8").splitlines()[1:] == [
            "where is my card,card_arrival,,,,",
            "I lost it,card_lost,,,,",
            "hi,,,,,",
            "go to Rome,Go,,City,Rome,",
        ]
        assert "all.csv: batch suite, 4 utterances" in viva("check", "all.csv").out

    def test_a_part(self, viva: Viva, tmp_path: Path) -> None:
        (tmp_path / "s.json").write_text(json.dumps(SENTENCES), encoding="utf-8")
        assert (
            viva("convert", "s.json", "-", "--to", "training", "--part", "training").out == "None:\n  - hi\n"
        )
        assert "go to Rome" in viva("convert", "s.json", "-", "--part", "test").out

    def test_without_entities(self, viva: Viva, tmp_path: Path) -> None:
        (tmp_path / "s.json").write_text(json.dumps(SENTENCES), encoding="utf-8")
        told = viva("convert", "s.json", "-", "--part", "test", "--no-entities")
        assert told.out.splitlines()[1:] == ["go to Rome,Go,,,,"]

    def test_another_encoding(self, viva: Viva, tmp_path: Path) -> None:
        (tmp_path / "l.csv").write_bytes("input,intent\ncafé,A\n".encode("cp1252"))
        refused = viva("check", "l.csv")
        assert refused.code == 2 and "line 2, column 4: not UTF-8: byte 16 (0xe9)" in refused.err
        assert "viva convert IN OUT --encoding cp1252" in refused.err
        assert viva("convert", "l.csv", "u.csv", "--encoding", "cp1252").code == 0
        assert "café,A" in Path("u.csv").read_text(encoding="utf-8")
        (tmp_path / "t.json").write_bytes(
            '{"testCases": [{"messages": [{"input": "é", "outputs": ["é"]}]}]}'.encode("latin-1")
        )
        assert viva("convert", "t.json", "t.yaml", "--encoding", "latin-1").code == 0
        assert "é" in Path("t.yaml").read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["o.csv", "x.csv", "--part", "test"], "o.csv: --part: a batch suite has no parts"),
            (["c.yaml", "x.json", "--part", "test"], "--part: only corpora have parts"),
            (["b.csv", "x.csv", "--part", "test"], "does not say which utterances are for training"),
            (["c.yaml", "x.json", "--no-entities"], "a conversation suite is carried as it is"),
            (["b.csv", "x.csv", "--part", "dev"], "--part dev: training or test"),
            (["o.csv", "c.yaml", "x.csv"], "c.yaml: a conversation suite among files of utterances"),
            (["c.yaml", "o.csv", "x.csv"], "only files of utterances are joined"),
            (["c.yaml", "x.csv"], "a conversation suite cannot be written as CSV"),
            (["c.yaml", "x.csv", "--to", "batch-csv"], "a conversation suite becomes native, suite or"),
            (["o.csv", "x.csv", "--to", "training"], "--to training writes YAML (call it x.yaml"),
            (["o.csv", "x.json", "--to", "batch-csv"], "--to batch-csv writes CSV (call it x.csv"),
            (["o.csv", "x.csv", "--to", "batch-cvs"], "did you mean `batch-csv`?"),
            (["o.csv", "x.csv", "--encoding", "klingon"], "there is no such text encoding"),
            (["i.csv", "i.csv", "x.csv"], "the case id 'x' stands in two files"),
            (["none.csv", "x.csv"], "none.csv"),
            (["o.csv", "o.csv"], "--force overwrites it"),
        ],
    )
    def test_wrong_input(self, viva: Viva, tmp_path: Path, arguments: list[str], told: str) -> None:
        (tmp_path / "o.csv").write_text("input,intent\nhi,A\n", encoding="utf-8")
        (tmp_path / "i.csv").write_text("input,intent,caseId\nhi,A,x\n", encoding="utf-8")
        (tmp_path / "b.csv").write_text(BANKING, encoding="utf-8")
        (tmp_path / "c.yaml").write_text("cases: [{say: hi}]\n", encoding="utf-8")
        refused = viva("convert", *arguments)
        assert refused.code == 2 and told in " ".join(refused.err.split())
        assert not (tmp_path / arguments[-1]).exists() or "x." not in arguments[-1]

    def test_a_corpus_is_no_suite(self, viva: Viva, tmp_path: Path) -> None:
        (tmp_path / "b.csv").write_text(BANKING, encoding="utf-8")
        for command in (["check", "b.csv"], ["run", "b.csv", "--bot", "none.yaml"]):
            refused = viva(*command)
            assert refused.code == 2
            assert "a file of the corpus Banking77, no suite" in refused.err
            assert "`viva convert b.csv OUT.csv`" in refused.err
