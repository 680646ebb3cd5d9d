"""The JSON of `viva training check` as types: what is written, and what the published schema is made of."""

from typing import Annotated, Literal

from vivavoce.domain.training.values import Kind, Severity
from vivavoce.formats.reports.shapes.base import Count, Shape, Share, about


class Suite(Shape, frozen=True, kw_only=True):
    """How much of a suite was trained."""

    suite: Annotated[str, about("Its file.")]
    utterances: Count
    leaked: Annotated[Count, about("Trained word by word.")]
    nearly_leaked: Annotated[Count, about("Nearly the same was trained.")]
    leaked_share: Share


class Accuracy(Shape, frozen=True, kw_only=True):
    """(TP + TN) of the judged utterances."""

    all: Share
    trained: Annotated[Share, about("Of those that were trained word by word; null: there are none.")]
    others: Share


class Judged(Shape, frozen=True, kw_only=True):
    """How many utterances each accuracy is of."""

    all: Count
    trained: Count
    others: Count


class Run(Shape, frozen=True, kw_only=True):
    """A kept run, with and without utterances that were trained."""

    run: Annotated[str, about("Its id.")]
    accuracy: Accuracy
    judged: Judged


class Place(Shape, frozen=True, kw_only=True):
    """Where a finding is seen; texts are empty where there is nothing to say."""

    utterance: str
    intent: str
    file: str
    line: Annotated[Count | None, about("From 1; null: unknown.")]


class Finding(Shape, frozen=True, kw_only=True):
    """One thing that was found, with the way out."""

    kind: Kind
    severity: Severity
    sentence: str
    score: Annotated[float | None, about("How alike two utterances are, from 0 to 1; null of other kinds.")]
    places: Annotated[tuple[Place, ...], about("The first ten.")]
    places_left_out: Count


class Document(Shape, frozen=True, kw_only=True):
    """What the checks of a training set found."""

    format: Literal["vivavoce-training"]
    version: Literal[1]
    training: Annotated[str, about("The file, or the bot's name.")]
    utterances: Count
    intents: Count
    errors: Annotated[Count, about("Findings of this severity, those that were left out too.")]
    warnings: Count
    notices: Count
    counts: Annotated[dict[Kind, Count], about("All findings by their kind.")]
    suites: tuple[Suite, ...]
    runs: tuple[Run, ...]
    findings: Annotated[tuple[Finding, ...], about("Most severe first; at most a thousand of a kind.")]
