"""`viva run` without a server: suites are played by this process, and kept in its data folder."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import NoReturn

from msgspec.structs import replace as with_fields

from vivavoce import wiring
from vivavoce.cli.baseline import suite_names
from vivavoce.cli.choosing import refuse_for_batches
from vivavoce.cli.console import err, out
from vivavoce.cli.files import SuiteFile, read_suite_files
from vivavoce.cli.leaks import warn_before_run
from vivavoce.cli.playing import Interrupted, play_files
from vivavoce.cli.report import reported
from vivavoce.cli.reports import STDOUT, write_reports
from vivavoce.cli.run_request import Ended, RunRequest
from vivavoce.domain.bot import Bot, Limits
from vivavoce.domain.errors import InputError
from vivavoce.domain.run import Run
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.settings import Settings


@dataclass(frozen=True)
class Pace:
    """What takes the place of the bot's limits."""

    concurrency: int | None
    rate: float | None  # requests per second; 0: no limit

    def limits(self, bot: Bot) -> Limits:
        """A concurrency only goes below the bot's ceiling. Raises InputError."""
        limits = bot.limits
        if self.concurrency is not None:
            if self.concurrency < 1:
                raise InputError(f"--concurrency {self.concurrency}: at least 1")
            limits = with_fields(limits, max_conversations=min(self.concurrency, limits.max_conversations))
        if self.rate is not None:
            if not (self.rate >= 0 and isfinite(self.rate)):
                raise InputError(f"--rate {self.rate:g}: 0 (no limit) or more")
            limits = with_fields(limits, requests_per_second=self.rate)
        return limits


def run_here(asked: RunRequest, settings: Settings, pace: Pace, *, keep: bool) -> NoReturn:
    """The whole command; raises typer.Exit with its exit code."""
    suites = _read(asked)
    console = out(to_stderr=STDOUT in asked.reports.values())
    with ExitStack() as stack:
        if not keep:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="viva-run-"))
            settings = wiring.throwaway(settings, Path(folder))
        engine = stack.enter_context(wiring.open_engine(settings))
        bot = wiring.bot_for_run(engine.store, asked.bot)
        bot = with_fields(bot, limits=pace.limits(bot))
        warn_before_run(bot, asked.version, suites)
        ended, played = Ended(console, asked.thresholds), list[ReportedRun]()

        def finished(label: str, run: Run) -> None:
            played.append(reported(engine.store, run))
            ended.show(label, played[-1], asked.against.compare(label, played[-1]))

        signal = 0
        try:
            play_files(
                engine,
                bot,
                suites,
                version=asked.version,
                language=asked.language,
                engine_name=asked.engine or "",
                plan=asked.plan,
                finished=finished,
            )
        except Interrupted as interrupted:
            signal = interrupted.signal
        write_reports(asked.reports, played, asked.against.introduction())
    raise ended.exit(signal)


def _read(asked: RunRequest) -> list[SuiteFile]:
    """The suites, with their warnings told. Raises InputError, Malformed."""
    suites = read_suite_files(asked.files)
    refuse_for_batches(suites, asked.plan)
    for read in suites:
        asked.against.expect(str(read.path), read.kind, suite_names(read))
    for read in suites:
        for warning in read.warnings:
            err().print(f"{read.path}: warning: {warning}", style="yellow")
    return suites
