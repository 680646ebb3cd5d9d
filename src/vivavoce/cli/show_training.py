"""Checks of training sets, and folds, in the terminal."""

from rich.console import Console

from vivavoce.domain.numbers import counted, figure
from vivavoce.domain.training.duplicates import listed
from vivavoce.domain.training.folds import Folds
from vivavoce.domain.training.leaks import Apart
from vivavoce.domain.training.values import KINDS, SEVERITIES, Checked, Finding, Severity
from vivavoce.engine.cross_validating import CrossValidation

SHOWN = 10  # findings of a kind; the JSON holds more
PLACES = 3  # of a finding
LENGTH = 300  # characters of a line
STYLES: dict[Severity, str] = {"error": "red", "warning": "yellow", "notice": ""}


def show_checked(console: Console, checked: Checked) -> None:
    """All counts, and the first findings of each kind, most severe first."""
    counts = ", ".join(counted(checked.count(severity), severity) for severity in SEVERITIES)
    console.print(
        f"{checked.source}: {counted(checked.utterances, 'utterance')} of "
        f"{counted(checked.intents, 'intent')}: {counts}"
    )
    for kind, count in checked.counts.items():
        severity, meaning = KINDS[kind]
        shown = [found for found in checked.findings if found.kind == kind][:SHOWN]
        console.print(f"{severity}: {meaning} ({count:,})", style=STYLES[severity] or None)
        for found in shown:
            _show_finding(console, found)
        if count > len(shown):
            console.print(
                f"  ... and {count - len(shown):,} more: --json holds the first thousand of each kind"
            )
    for share in checked.suites:
        console.print(
            f"{share.file}: {share.leaked:,} of {counted(share.utterances, 'utterance')} are training "
            f"utterances, {share.near:,} more nearly so"
        )


def show_apart(console: Console, run_id: str, apart: Apart) -> None:
    """How much of a run's accuracy it owes to utterances that the bot was trained on."""
    console.print(
        f"{run_id}: accuracy {figure(apart.all.value)} over all, {figure(apart.others.value)} over the "
        f"{counted(apart.others.of, 'utterance')} that were not trained, {figure(apart.trained.value)} over "
        f"the {apart.trained.of:,} that were"
    )


def _show_finding(console: Console, found: Finding) -> None:
    score = "" if found.score is None else f" (likeness {found.score:.2f})"
    console.print(f"  {_line(found.sentence)}{score}")
    for place in found.places[:PLACES]:
        if place.line:
            console.print(f"      {_line(str(place))}", style="dim")
    left = len(found.places) - PLACES + found.places_left_out
    if left > 0:
        console.print(f"      ... and {left:,} more places", style="dim")


def show_folds(console: Console, done: CrossValidation, folds: Folds, *, measured: str, apart: bool) -> None:
    """The figures of each fold, how far they vary, and what they stand for."""
    for fold in done.folds:
        console.print(
            f"  fold {fold.fold}: learned {fold.learned:,}, tested {fold.tested:,}, "
            f"accuracy {figure(fold.accuracy)}, macro F1 {figure(fold.macro_f1)}"
        )
    console.print(f"  over the folds: accuracy {done.accuracy}, macro F1 {done.macro_f1}", style="bold")
    console.print(f"  {measured}")
    if apart:
        console.print("  near-duplicates were dealt out like others: the figures flatter the training set")
    if folds.few:
        shown = _line(listed(folds.few, 10))
        console.print(f"  fewer utterances than folds: {shown}; tested in fewer folds", style="yellow")
    if folds.always:
        alone = counted(len(folds.always), "utterance")
        console.print(f"  {alone} alone in an intent: always learned, never tested", style="yellow")


def _line(text: str) -> str:
    """One line without control characters, so that no file writes to the terminal."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= LENGTH else line[: LENGTH - 3] + "..."
