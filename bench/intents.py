"""An assistant of 77 intents with 10,000 training utterances, and test utterances for it in any number.

Banking77 where the dataset lies beside the checkout, else sentences of the same number, length and sort,
made of chance that is the same each time.
"""

import csv
import json
import random
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from bench.processes import CHECKOUT

BANKING77 = CHECKOUT.parent / "shared" / "data" / "banking77"
INTENTS, TAUGHT, TESTED = 77, 10_003, 3_080
OWN_WORDS, SHARED_WORDS, WORDS_EACH = 12, 600, 11

Labelled = tuple[str, str]
"""An utterance and its intent."""


def source() -> str:
    return "Banking77" if BANKING77.is_dir() else "made-up utterances of 77 intents"


def write_intents_bot(folder: Path) -> Path:
    """The bot file of an assistant that was taught them."""
    taught: dict[str, list[str]] = {}
    for text, intent in _part("train", TAUGHT):
        taught.setdefault(intent, []).append(text)
    definition = folder / "definition.yaml"
    intents = {intent: {"utterances": texts} for intent, texts in taught.items()}
    named = {"name": "bench", "nlu": {"threshold": 0}, "intents": intents}
    definition.write_text(json.dumps(named), encoding="utf-8")
    bot = {
        "name": "bench",
        "connector": {"type": "assistant", "definition": str(definition)},
        "limits": {"requests_per_second": 0, "run_timeout_s": 36_000},
    }
    path = folder / "intents.yaml"
    path.write_text(json.dumps(bot), encoding="utf-8")
    return path


def write_intents_batch(folder: Path, utterances: int) -> Path:
    """A batch suite of so many test utterances; from the second round on each ends in its number, so that
    none is like another."""
    path = folder / f"intents-{utterances}.csv"
    tested = list(_part("test", TESTED))
    with path.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out).writerow
        write(("input", "intent"))
        for number, (text, intent) in enumerate(islice(cycle(tested), utterances)):
            write((f"{text} {number}" if number >= len(tested) else text, intent))
    return path


def _part(name: str, size: int) -> Iterator[Labelled]:
    if not BANKING77.is_dir():
        return _made_up(name, size)
    with (BANKING77 / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return iter([(row["text"], row["category"]) for row in csv.DictReader(stream)])


def _made_up(name: str, size: int) -> Iterator[Labelled]:
    """Words of the language, and in each utterance a few of those that its intent likes."""
    words = random.Random("words")
    language = [_word(words) for _ in range(SHARED_WORDS)]
    liked = [words.sample(language, OWN_WORDS) for _ in range(INTENTS)]
    said = random.Random(name)
    for number in range(size):
        intent = number % INTENTS
        own, others = said.sample(liked[intent], 3), said.sample(language, WORDS_EACH - 3)
        text = own + others
        said.shuffle(text)
        yield " ".join(text), f"intent_{intent}"


def _word(chance: random.Random) -> str:
    syllables = ("ba", "con", "der", "fi", "gul", "ha", "kor", "li", "mes", "no", "pra", "ti", "ven", "zu")
    return "".join(chance.choices(syllables, k=chance.randint(1, 4)))
