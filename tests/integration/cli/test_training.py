"""`viva training`: checks of training sets, and cross-validation."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.integration.cli.conftest import Viva
from vivavoce.formats.training_reports import schema

PAY = ["pay Tom", "pay my rent", "transfer money to Ann", "send 50 dollars to Ben", "wire money abroad"]
PAY += ["settle the bill", "move money to savings", "pay the invoice", "make a payment", "remit the fee"]
CARD = ["block my card", "my card is lost", "order a new card", "the card was stolen", "freeze the card"]
CARD += ["replace my card", "card does not work", "activate the card", "where is my card", "cancel my card"]
CLEAN = {"pay": PAY, "card": CARD}


def write(path: Path, document: Any) -> Path:
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def bot_with(folder: Path, training: Any, name: str = "Shop") -> Path:
    write(folder / "training.yaml", training)
    connector = {
        "type": "http",
        "url": "http://localhost:9/",
        "body": {"q": "{{input}}"},
        "reply": {"outputs": "$", "text": "$.t"},
    }
    return write(folder / "bot.yaml", {"name": name, "connector": connector, "training": "training.yaml"})


def assistant(folder: Path) -> Path:
    definition = {
        "name": "Till",
        "nlu": {"out_of_scope": ["lovely weather today", "who won the match"]},
        "entities": {"city": {"type": "list", "values": ["Rome", "San Marino"]}},
        "intents": {name: {"utterances": texts} for name, texts in CLEAN.items()},
        "faqs": {"fees": {"question": "What does a transfer cost?", "answer": "Nothing."}},
    }
    write(folder / "definition.yaml", definition)
    return write(
        folder / "bot.yaml",
        {"name": "Till", "connector": {"type": "assistant", "definition": "definition.yaml"}},
    )


def suite(path: Path, *rows: tuple[str, str]) -> Path:
    lines = ["input,intent", *(f'"{said}","{intent}"' for said, intent in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def report(file: Path) -> Any:
    """A JSON training report, as its schema says."""
    document = json.loads(file.read_bytes())
    Draft202012Validator(schema.training_schema()).validate(document)
    assert (document["format"], document["version"]) == ("vivavoce-training", 1)
    return document


def test_the_published_schema_is_what_the_command_prints(viva: Viva) -> None:
    published = Path(schema.__file__).with_name(schema.SCHEMA_NAME).read_text(encoding="utf-8")
    assert viva("schema", "training").out == schema.schema_text() == published


class TestCheck:
    def test_a_clean_training_file(self, viva: Viva, tmp_path: Path) -> None:
        result = viva("training", "check", "--bot", write(tmp_path / "t.yaml", CLEAN))
        assert result.code == 0
        assert "20 utterances of 2 intents: 0 errors, 0 warnings, 0 notices" in result.out

    def test_contradictions_fail_with_their_lines(self, viva: Viva, tmp_path: Path) -> None:
        file = write(tmp_path / "t.yaml", {**CLEAN, "thief": [*(f"{said} !" for said in CARD)]})
        result = viva("training", "check", "--bot", file)
        assert result.code == 1
        assert "error: the same utterance under several intents (10)" in result.out
        assert "'block my card' is trained as card and thief" in result.out
        assert "t.yaml, line 13: card: block my card" in result.out

    def test_warnings_fail_only_if_so_wished(self, viva: Viva, tmp_path: Path) -> None:
        file = write(tmp_path / "t.yaml", {**CLEAN, "hours": ["when do you open"]})
        result = viva("training", "check", "--bot", file)
        assert result.code == 0 and "hours has 1 utterance, 10 are wanted" in result.out
        assert viva("training", "check", "--bot", file, "--strict").code == 1
        assert viva("training", "check", "--bot", file, "--strict", "--min-utterances", 1).code == 0

    def test_near_duplicates_by_their_likeness(self, viva: Viva, tmp_path: Path) -> None:
        file = write(tmp_path / "t.yaml", {**CLEAN, "thief": ["the card was stollen", *CARD[:0]]})
        result = viva("training", "check", "--bot", file, "--similarity", 0.6)
        assert (
            "'the card was stolen' (card) and 'the card was stollen' (thief) are nearly the same"
            in result.out
        )
        assert viva("training", "check", "--bot", file, "--similarity", 1).code == 0
        strictly = viva("training", "check", "--bot", file, "--similarity", 0.99)
        assert "nearly the same" not in strictly.out

    def test_leaks_into_suites(self, viva: Viva, tmp_path: Path) -> None:
        tested = suite(
            tmp_path / "s.csv", ("Block my card!", "card"), ("pay Zoe", "pay"), ("pay Tom", "card")
        )
        bot = bot_with(tmp_path, CLEAN)
        result = viva("training", "check", "--bot", bot, tested, "--json", "c.json")
        assert result.code == 1
        assert "2 of 3 utterances (66.7 %) of" in result.out
        assert "s.csv, line 2: card: Block my card!" in result.out
        assert "'pay Tom' is trained as pay" in result.out
        document = report(tmp_path / "c.json")
        assert document["counts"] == {"suite_contradiction": 1, "leak": 1}
        assert document["suites"][0]["leakedShare"] == pytest.approx(2 / 3)
        assert [finding["kind"] for finding in document["findings"]] == ["suite_contradiction", "leak"]
        assert [place["line"] for place in document["findings"][1]["places"]] == [2, 4]

    def test_the_embedded_assistant_is_checked_by_its_definition(self, viva: Viva, tmp_path: Path) -> None:
        bot = assistant(tmp_path)
        result = viva("training", "check", "--bot", bot, "--json", "-")
        document = json.loads(result.out)
        assert result.code == 0
        assert (document["utterances"], document["intents"]) == (23, 4)
        assert "23 utterances" in result.err

    def test_a_runs_accuracy_without_what_was_trained(self, viva: Viva, tmp_path: Path) -> None:
        rows = [
            ("Block my card!", "card"),
            ("Pay Tom", "pay"),
            ("pay Zoe", "card"),
            ("freeze my card", "card"),
        ]
        tested = suite(tmp_path / "s.csv", *rows)
        bot = assistant(tmp_path)
        viva("run", tested, "--bot", bot, "--json", "r.json")
        [run] = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["runs"]
        result = viva("training", "check", "--bot", bot, tested, "--run", run["id"], "--json", "c.json")
        assert (
            "accuracy 0.750 over all, 0.500 over the 2 utterances that were not trained, 1.000 over the 2"
        ) in result.out
        [figures] = report(tmp_path / "c.json")["runs"]
        assert figures["accuracy"] == {"all": 0.75, "trained": 1.0, "others": 0.5}
        assert figures["judged"] == {"all": 4, "trained": 2, "others": 2}
        assert viva("training", "check", "--bot", bot, "--run", "tr-unknown").code == 2

    def test_wrong_input(self, viva: Viva, tmp_path: Path) -> None:
        bare = write(
            tmp_path / "bare.yaml",
            {
                "name": "x",
                "connector": {
                    "type": "http",
                    "url": "http://localhost:9/",
                    "body": {"q": "{{input}}"},
                    "reply": {"outputs": "$", "text": "$.t"},
                },
            },
        )
        result = viva("training", "check", "--bot", bare)
        assert result.code == 2 and "names no training data (add `training: FILE`" in result.err
        odd = write(tmp_path / "odd.yaml", {"pay": ["pay Tom", 7, {"a": 1}], "card": "block it"})
        result = viva("training", "check", "--bot", odd)
        assert result.code == 2
        assert "odd.yaml: line 3, column 3: a text is wanted below 'pay' (put it in quotes)" in result.err
        assert "odd.yaml: line 5, column 1: a list of utterances is wanted below 'card'" in result.err
        assert viva("training", "check", "--bot", "gone.yaml").code == 2
        talk = tmp_path / "talk.json"
        talk.write_text('{"testCases": [{"messages": []}]}', encoding="utf-8")
        assert viva("training", "check", "--bot", write(tmp_path / "t.yaml", CLEAN), talk).code == 2


class TestCrossValidate:
    def test_a_training_file(self, viva: Viva, tmp_path: Path) -> None:
        result = viva("training", "cross-validate", "--bot", write(tmp_path / "t.yaml", CLEAN), "--folds", 4)
        assert result.code == 0
        assert "fold 4: learned 15, tested 5" in result.out
        assert "measures the training set with our reference classifier\n" in result.out
        assert "over the folds: accuracy 0." in result.out and " +- " in result.out
        again = viva("training", "cross-validate", "--bot", "t.yaml", "--folds", 4)
        folds = [line for line in result.out.splitlines() if line.startswith("  fold")]
        assert folds == [line for line in again.out.splitlines() if line.startswith("  fold")]
        other = viva("training", "cross-validate", "--bot", "t.yaml", "--folds", 4, "--seed", 3)
        assert folds != [line for line in other.out.splitlines() if line.startswith("  fold")]

    def test_another_bot_is_not_what_is_measured(self, viva: Viva, tmp_path: Path) -> None:
        result = viva("training", "cross-validate", "--bot", bot_with(tmp_path, CLEAN))
        assert "with our reference classifier, not the bot 'Shop'" in result.out

    def test_the_embedded_assistant(self, viva: Viva, tmp_path: Path) -> None:
        result = viva("training", "cross-validate", "--bot", assistant(tmp_path), "--json", "r.json")
        assert "measures the training set of 'Till' with its own NLU" in result.out
        assert "1 utterance alone in an intent: always learned, never tested" in result.out
        assert "fewer utterances than folds: What does a transfer cost? and None" in result.out
        [run] = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["runs"]
        assert run["metrics"]["TN"] + run["metrics"]["FP"] >= 1, "what is out of scope is tested, too"
        assert "its own NLU" in run["notes"]

    def test_every_report(self, viva: Viva, tmp_path: Path) -> None:
        file = write(tmp_path / "t.yaml", {**CLEAN, "thief": [*CARD, "remit the fee"]})
        kinds = ("junit", "csv", "json", "markdown", "html")
        targets = [part for kind in kinds for part in (f"--{kind}", f"r.{kind}")]
        assert viva("training", "cross-validate", "--bot", file, *targets).code == 0
        for kind in kinds:
            assert "remit the fee" in (tmp_path / f"r.{kind}").read_text(encoding="utf-8"), kind
        assert viva("runs").out.strip() in ("", "no runs") or "t.yaml" not in viva("runs").out

    def test_a_threshold(self, viva: Viva, tmp_path: Path) -> None:
        file = write(tmp_path / "t.yaml", {**CLEAN, "thief": CARD})
        assert viva("training", "cross-validate", "--bot", file, "--min-f1", 0.1).code == 0
        result = viva("training", "cross-validate", "--bot", file, "--min-f1", 1)
        assert result.code == 1 and "at least 1.0000 wanted" in result.out

    def test_near_duplicates_stay_together_unless_told_otherwise(self, viva: Viva, tmp_path: Path) -> None:
        """Each utterance has a twin: apart, the twin gives the answer away."""
        odd = ["zebra quokka", "lumen orbit", "vortex pixel", "marble thicket", "cobalt ferry"]
        other = ["hammer violet", "sundial grove", "piston fable", "lantern moss", "glacier wick"]
        twins = {
            name: [said + end for said in texts for end in ("", " ?!", "!", "...")]
            for name, texts in (("a", odd), ("b", other))
        }
        file = write(tmp_path / "t.yaml", twins)
        apart = viva("training", "cross-validate", "--bot", file, "--apart").out
        together = viva("training", "cross-validate", "--bot", file).out
        assert _accuracy(apart) == 1.0 and "flatter" in apart
        assert _accuracy(together) < 0.7 and "flatter" not in together

    def test_too_few_utterances(self, viva: Viva, tmp_path: Path) -> None:
        file = write(tmp_path / "t.yaml", {"pay": ["pay Tom", "pay Ann"]})
        result = viva("training", "cross-validate", "--bot", file)
        assert result.code == 2 and "5 folds need at least 5 utterances" in result.err


def _accuracy(printed: str) -> float:
    [line] = [line for line in printed.splitlines() if "over the folds" in line]
    return float(line.split()[4])


class TestWarnings:
    """Other commands say that a suite leaks."""

    def test_check(self, viva: Viva, tmp_path: Path) -> None:
        tested = suite(tmp_path / "s.csv", ("Block my card!", "card"), ("pay Zoe", "pay"))
        result = viva("check", tested, "--bot", bot_with(tmp_path, CLEAN))
        assert result.code == 0
        assert "s.csv: warning: 1 of 2 utterances (50.0 %) are training utterances of the bot" in result.err

    def test_run(self, viva: Viva, tmp_path: Path) -> None:
        tested = suite(tmp_path / "s.csv", ("Block my card!", "card"), ("pay Zoe", "pay"))
        result = viva("run", tested, "--bot", assistant(tmp_path))
        assert "s.csv: warning: 1 of 2 utterances (50.0 %) are training utterances of the bot" in result.err
        clean = suite(tmp_path / "s.csv", ("pay Zoe", "pay"))
        assert "warning" not in viva("run", clean, "--bot", "bot.yaml").err
