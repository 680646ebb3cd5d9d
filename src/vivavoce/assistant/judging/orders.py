"""What the pool and its workers say to each other: pickled values over pipes, an answer for each order.

Both ends are the same program, started by the same user; nobody else can write to the pipes.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vivavoce.assistant.definition import Edition
from vivavoce.engine.ports.units import Extract, JudgedUnit, RawChunk


@dataclass(frozen=True)
class Train:
    """Train an edition, and keep what it learned in a file. The answer: None."""

    edition: Edition
    model: Path


@dataclass(frozen=True)
class Judge:
    """Classify and judge a chunk with what was learned. The answer: a JudgedUnit."""

    model: Path
    run: str  # whose cases are judged by one scorer
    engine: str
    today: date
    chunk: RawChunk


@dataclass(frozen=True)
class Extracting:
    """Take what the end of a run needs of a judged chunk. The answer: an Extract."""

    packed: bytes


@dataclass(frozen=True)
class Fault:
    """The answer to what could not be done."""

    reason: str
    trace: str


Order = Train | Judge | Extracting
Answer = JudgedUnit | Extract | Fault | None
