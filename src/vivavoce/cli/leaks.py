"""Says in one line when a suite holds utterances that its bot was trained on."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from vivavoce import wiring
from vivavoce.cli.console import err
from vivavoce.cli.files import SuiteFile
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import Malformed
from vivavoce.domain.training.leaks import Known, leak_warning

# Up to here a run looks: a fraction of a second. `viva check` and `viva training check` always do.
UTTERANCES = 50_000
TRAINING_BYTES = 4_000_000


def warn_of_leaks(training: Iterable[BatchCase], files: Sequence[SuiteFile]) -> None:
    """One line for each batch suite that shares utterances with the training set, word by word."""
    known = Known(training)
    for file in files:
        if file.kind is SuiteKind.BATCH and (warning := leak_warning(known, file.batch_cases())):
            err().print(f"{file.path}: warning: {warning}", style="yellow")


def warn_before_run(bot: Bot, version: Version, files: Sequence[SuiteFile]) -> None:
    """The same before a run, where it costs little; a run needs no training data, so faults in them are not
    its business."""
    small = [file for file in files if file.kind is SuiteKind.BATCH and file.total <= UTTERANCES]
    try:
        if not small or (bot.training and Path(bot.training).stat().st_size > TRAINING_BYTES):
            return
        training = wiring.BotConnectors.for_commands().training(bot, version)
    except (Malformed, OSError):
        return
    if training is not None:
        warn_of_leaks(training, small)
