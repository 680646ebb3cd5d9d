"""A process that judges chunks of utterances: `python -m vivavoce.assistant.judging.worker`.

It takes orders from its standard input until that ends, which it also does when the process that started it
is killed.
"""

import contextlib
import os
import pickle
import sys
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from vivavoce.assistant.judging.orders import Answer, Extracting, Fault, Judge, Order, Train
from vivavoce.assistant.recognizer import Recognizer, train
from vivavoce.domain.batch.scoring import Scorer
from vivavoce.engine.extracts import extract_of, judged_unit
from vivavoce.engine.ports.units import JudgedUnit
from vivavoce.formats.payloads import decode_cases, unpack_results

NICENESS = 10  # the loop that answers the API goes first
MODELS = 4  # kept in memory
SCORERS = 32  # as many as runs are played at once

T = TypeVar("T")


class Kept(Generic[T]):
    """The last few values by name, made where they are missing."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, T] = OrderedDict()

    def get(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._values:
            self._values[name] = make()
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        self._values.move_to_end(name)
        return self._values[name]


class Worker:
    """Carries out orders, one at a time."""

    def __init__(self) -> None:
        self._models: Kept[Recognizer] = Kept(MODELS)
        self._scorers: Kept[Scorer] = Kept(SCORERS)

    def answer(self, order: Order) -> Answer:
        match order:
            case Train():
                _train(order)
                return None
            case Judge():
                return self._judge(order)
            case Extracting():
                return extract_of(unpack_results(order.packed))

    def _judge(self, order: Judge) -> JudgedUnit:
        recognizer = self._models.get(str(order.model), lambda: _loaded(order.model))
        scorer = self._scorers.get(order.run, lambda: Scorer(order.engine))
        cases = decode_cases(order.chunk.payload)
        began = time.monotonic()
        texts, parents = [case.utterance for case in cases], [case.parent_intents for case in cases]
        found = recognizer.classify(texts, order.today, parents)
        took_ms = (time.monotonic() - began) * 1000 / len(cases)
        score, first = scorer.score, order.chunk.first
        return judged_unit(
            [
                score(index, case, classification, took_ms)
                for index, (case, classification) in enumerate(zip(cases, found, strict=True), first)
            ]
        )


def _train(order: Train) -> None:
    """The file appears whole or not at all."""
    draft = order.model.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as out:
        pickle.dump(train(order.edition), out, pickle.HIGHEST_PROTOCOL)
    draft.replace(order.model)


def _loaded(model: Path) -> Recognizer:
    with model.open("rb") as stream:
        recognizer = pickle.load(stream)
    assert isinstance(recognizer, Recognizer)
    return recognizer


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Until there are no more orders."""
    worker = Worker()
    while True:
        try:
            order: Order = pickle.load(orders)
        except EOFError:
            return
        try:
            answer = worker.answer(order)
        except Exception as fault:
            answer = Fault(f"{type(fault).__name__}: {fault}", traceback.format_exc())
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints does not speak in between
    with contextlib.suppress(AttributeError, OSError):  # not every system has it
        os.nice(NICENESS)
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
