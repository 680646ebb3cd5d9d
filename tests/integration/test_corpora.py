"""Public corpora, where they lie beside the checkout: converted, counted, and run on what they train."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.conftest import Viva
from tests.integration.cli.conftest import viva as viva
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.formats.batches import read_batch
from vivavoce.formats.training import read_training

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = [pytest.mark.data, pytest.mark.skipif(not DATA.is_dir(), reason="the datasets are not here")]
INTENTS = (
    "AddToPlaylist",
    "BookRestaurant",
    "GetWeather",
    "PlayMusic",
    "RateBook",
    "SearchCreativeWork",
    "SearchScreeningEvent",
)


def cases_of(path: Path) -> list[BatchCase]:
    with path.open("rb") as stream:
        return list(read_batch(stream, file_type=None, delimiter=None, warn=None))


def bot(training: str) -> str:
    """Writes a bot out of training utterances, in the current folder."""
    text = f"name: {training}\nlimits: {{requests_per_second: 0}}\n"
    text += f"connector: {{type: assistant, training: {training}}}\n"
    Path("bot.yaml").write_text(text, encoding="utf-8")
    return "bot.yaml"


def played(viva: Viva, suite: str, training: str) -> dict[str, Any]:
    """The suite's run on the bot as the JSON report tells it."""
    told = viva("run", suite, "--bot", bot(training), "--no-keep", "--json", "run.json")
    assert told.code in (0, 1), told.err
    [run] = json.loads(Path("run.json").read_text(encoding="utf-8"))["runs"]
    assert run["counts"].get("error", 0) == 0
    return dict(run)


@pytest.mark.parametrize(("part", "count", "repeated"), [("test", 3_080, 0), ("train", 10_003, 1)])
def test_banking77_is_whole(viva: Viva, part: str, count: int, repeated: int) -> None:
    told = viva("convert", DATA / "banking77" / f"{part}.csv", "suite.csv")
    assert told.code == 0 and f"Banking77, {count:,} utterances" in told.err
    cases = cases_of(Path("suite.csv"))
    assert len(cases) == count - repeated  # repeated right below itself
    assert len({case.intents for case in cases}) == 77


@pytest.mark.parametrize(
    ("corpus", "training", "test", "none", "entities", "accuracy"),
    [
        ("AskUbuntu", 53, 109, 5, 60, 0.90),
        ("Chatbot", 99, 106, 0, 200, 0.97),
        ("WebApplications", 30, 59, 4, 40, 0.72),
    ],
)
def test_nlu_evaluation_corpora(
    viva: Viva, corpus: str, training: int, test: int, none: int, entities: int, accuracy: float
) -> None:
    source = DATA / "nlu-evaluation-corpora" / f"{corpus}Corpus.json"
    assert viva("convert", source, "training.yaml", "--part", "training").code == 0
    assert viva("convert", source, "test.json", "--part", "test").code == 0
    viva("convert", source, "intents.csv", "--part", "test", "--no-entities")
    assert len(read_training(Path("training.yaml").read_text(encoding="utf-8"))) == training
    cases = cases_of(Path("test.json"))
    assert len(cases) == test
    assert sum(not case.intents for case in cases) == none
    assert sum(len(case.entities) for case in cases) >= entities
    by_text = {case.utterance: case for case in cases}
    for sentence in json.loads(source.read_text(encoding="utf-8"))["sentences"]:
        if not sentence["training"]:
            found = {entity.name for entity in by_text[sentence["text"].strip()].entities}
            assert found == {entity["entity"] for entity in sentence["entities"]}
    run = played(viva, "intents.csv", "training.yaml")
    assert run["metrics"]["accuracy"] >= accuracy
    assert run["passRate"] == run["metrics"]["accuracy"]


@pytest.mark.parametrize(("domain", "sizes"), [("banking", (104, 105, 102)), ("hotels", (47, 48, 53))])
def test_nlupp(viva: Viva, domain: str, sizes: tuple[int, int, int]) -> None:
    """Trained on two folds, tested on the third: every intent of an utterance must be found."""
    folds = [DATA / "nlupp" / domain / f"fold{number}.json" for number in range(3)]
    assert viva("convert", *folds[:2], "training.yaml").code == 0
    assert viva("convert", folds[2], "test.csv").code == 0
    cases = cases_of(Path("test.csv"))
    assert len(cases) == sizes[2]
    source = json.loads(folds[2].read_text(encoding="utf-8"))
    assert [list(case.traits) for case in cases] == [one.get("intents", []) for one in source]
    trained = read_training(Path("training.yaml").read_text(encoding="utf-8"))
    assert len(trained) == len({case.utterance for case in trained}) <= sizes[0] + sizes[1]
    results = Counter(
        name for case in trained for name in (case.traits or ("None",))
    )  # several in an utterance
    assert results["None"] > 5 and len(results) > 30
    run = played(viva, "test.csv", "training.yaml")
    metrics = run["metrics"]
    assert metrics["TP"] + metrics["FN"] == sum(bool(case.traits) for case in cases)
    assert metrics["TN"] + metrics["FP"] == sum(not case.traits for case in cases)
    found = sum(row["TP"] for row in run["evaluation"]["traits"])
    assert found / sum(len(case.traits) for case in cases) >= 0.3


def test_snips(viva: Viva) -> None:
    training = [DATA / "snips" / f"train_{intent}.json" for intent in INTENTS]
    test = [DATA / "snips" / f"validate_{intent}.json" for intent in INTENTS]
    assert viva("convert", *training, "training.yaml").code == 0
    assert viva("convert", *test, "test.csv").code == 0
    cases = cases_of(Path("test.csv"))
    assert Counter(case.intents[0] for case in cases) == dict.fromkeys(INTENTS, 100)
    assert sum(len(case.entities) for case in cases) > 1_500
    assert played(viva, "test.csv", "training.yaml")["metrics"]["accuracy"] >= 0.97
