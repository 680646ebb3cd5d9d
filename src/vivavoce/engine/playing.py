"""Plays one run from where it stands to its end, and yields what happens.

Workers play units side by side; one writer commits what they finished in bulk. A unit is finished when its
results are committed: whatever was not is played again, from its start, by whoever goes on with the run.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import cast

from msgspec.structs import replace

from vivavoce.domain.batch.scoring import Scorer
from vivavoce.domain.batch.utterance import BatchCase, CaseResult
from vivavoce.domain.errors import VivaError
from vivavoce.domain.events import Event, RunFinished, RunPaused, RunResumed, RunStarted, UnitFinished
from vivavoce.domain.run import Run, RunKind, RunStatus
from vivavoce.domain.secrecy import chosen, references
from vivavoce.domain.suite import SuiteHead, TestCase
from vivavoce.domain.verdict import StepResult
from vivavoce.engine.breaker import BotDown, Breaker
from vivavoce.engine.chunks import judged_chunk
from vivavoce.engine.classifying import BatchDriver, in_order
from vivavoce.engine.conversation import ConversationDriver, Played, RunContext, not_executed
from vivavoce.engine.core import Engine
from vivavoce.engine.extracts import judged_unit
from vivavoce.engine.fail_fast import FailedFast, FailFastWatch, fail_fast_watch
from vivavoce.engine.finishing import finish_run
from vivavoce.engine.gathering import Gathering
from vivavoce.engine.grading import Grading
from vivavoce.engine.judging import ChunkDriver
from vivavoce.engine.pace import Ceilings
from vivavoce.engine.pending import PendingUnits, U
from vivavoce.engine.ports.bots import Classifier, Connector
from vivavoce.engine.ports.judges import ChunkJudge
from vivavoce.engine.ports.units import Extract, FinishedUnit, JudgedChunk, JudgedUnit, RawChunk, Unit

COMMIT_EVERY_S = 0.2  # results wait at most this long for company
PROGRESS_EVERY_S = 0.5
UNITS_AT_A_TIME = 256  # read from the store
CHUNKS_AT_A_TIME = 4
CHUNKS_AT_ONCE = 2  # within one, calls run as wide as the bot allows; while one ends, the next has begun

Results = tuple[StepResult, ...] | JudgedChunk
log = logging.getLogger(__name__)


class Stopped(Exception):
    """The process is asked to stop: the run stays as it is and goes on elsewhere."""


class Stop:
    """What can end a run from outside: a cancel, or the process going down."""

    def __init__(self) -> None:
        self.requested = asyncio.Event()
        self.cancelled = False

    def cancel(self) -> None:
        """End the run as cancelled."""
        self.cancelled = True
        self.requested.set()

    def pause(self) -> None:
        """Leave the run to whoever goes on with it."""
        self.requested.set()


async def play_run(engine: Engine, run: Run, *, ceilings: Ceilings, stop: Stop) -> AsyncIterator[Event]:
    """Play a claimed run; the last event is `RunFinished`. Raises Stopped when asked to pause."""
    run = await engine.call(engine.store.runs.start, run.id, engine.clock.now())
    yield RunStarted(run, run.done)
    with closing(_Player(engine, run, ceilings, stop)) as player:
        ending = RunStatus.CANCELLED if run.cancel_requested else None
        details = ""
        if run.judged_from:  # its process was killed; it has no bot to be played with
            ending, details = RunStatus.BROKEN, "the judging of kept replies was broken off: judge them again"
        broken_off: list[FinishedUnit] = []
        if ending is None:
            stopped_early = False
            try:
                async for event in player.play():
                    yield event
            except FailedFast as failed:
                details, stopped_early = str(failed), True
            except BotDown as down:
                ending, details = RunStatus.UNUSABLE, str(down)
            except TimeoutError:
                ending = RunStatus.BROKEN
                details = f"the run took longer than its {run.bot.limits.run_timeout_s:g} s"
            except VivaError as error:
                ending, details = RunStatus.BROKEN, error.message
            except Exception as fault:
                log.exception("run %s could not be carried out", run.id)
                ending, details = RunStatus.BROKEN, f"internal fault: {type(fault).__name__}: {fault}"
            if stop.requested.is_set() and ending is None and not stopped_early:
                if not stop.cancelled:
                    raise Stopped
                ending = RunStatus.CANCELLED
            if ending is not None or stopped_early:
                broken_off = player.broken_off()
        for unit in broken_off:
            yield UnitFinished(run.id, unit.index, unit.counts, unit.repeat)
        yield RunFinished(await finish_run(engine, run, ending, details, broken_off, player.gathered))


@dataclass
class _InFlight:
    """A unit that is played, and its results so far."""

    unit: Unit | RawChunk
    repeat: int
    results: Sequence[StepResult] | Sequence[CaseResult] = ()


class _Player:
    """One stretch of playing a run in this process."""

    def __init__(self, engine: Engine, run: Run, ceilings: Ceilings, stop: Stop) -> None:
        self._engine = engine
        self._run = run
        self._ceilings = ceilings
        self._stop = stop
        self._finished: asyncio.Queue[FinishedUnit] = asyncio.Queue(maxsize=4096)
        self._notices: list[Event] = []
        self._in_flight: dict[tuple[int, int], _InFlight] = {}  # by repeat, and their unit's first index
        self._done = run.done
        self._extracts: dict[int, Extract] = {}  # by unit, until it is committed
        self.gathered: Gathering | None = None  # of a batch run
        self._breaker = Breaker(
            run.bot.limits.breaker,
            engine.clock,
            paused=lambda reason: self._notices.append(RunPaused(run.id, reason)),
            resumed=lambda: self._notices.append(RunResumed(run.id)),
        )

    async def play(self) -> AsyncIterator[Event]:
        """Raises BotDown, TimeoutError (the run's time is up), or what a worker raised.

        The time counts from where this process took the run up: a night that the server was down is not the
        bot's.
        """
        work = asyncio.create_task(self._work())
        stopped = asyncio.create_task(self._stop.requested.wait())
        deadline = asyncio.get_running_loop().time() + self._run.bot.limits.run_timeout_s
        late = False
        try:
            while True:
                now = asyncio.get_running_loop().time()
                if not work.done():
                    pause = min(COMMIT_EVERY_S, max(0.0, deadline - now))
                    await asyncio.wait({work, stopped}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                ended = work.done()
                late = not ended and asyncio.get_running_loop().time() >= deadline
                if stopped.done() or late:
                    await _end(work)
                    ended = True
                async for event in self._commit():
                    yield event
                if ended:
                    break
            if late:
                raise TimeoutError
            if not work.cancelled():
                work.result()
                if self.gathered is not None and not self._stop.requested.is_set():
                    await self.gathered.complete()
        finally:
            await _end(work)
            await _end(stopped)

    def close(self) -> None:
        if self.gathered is not None:
            self.gathered.close()

    def broken_off(self) -> list[FinishedUnit]:
        """What is left of the units that were in flight: what was played of them counts, the rest of a
        conversation is not executed. Once `play` has ended."""
        left = (one for one in self._in_flight.values() if one.results)
        return [FinishedUnit(one.unit.index, _as_broken_off(one), one.repeat) for one in left]

    def _so_far(self, repeat: int, first: int, results: Sequence[StepResult] | Sequence[CaseResult]) -> None:
        self._in_flight[repeat, first].results = results

    async def _commit(self) -> AsyncIterator[Event]:
        """Commit what is finished, else write progress now and then."""
        runs = self._engine.store.runs
        notices, self._notices = self._notices, []
        for notice in notices:
            yield notice
        units: list[FinishedUnit] = []
        while not self._finished.empty():
            units.append(self._finished.get_nowait())
        if units:
            now = self._engine.clock.now()
            self._done = max(self._done, await self._engine.call(runs.commit, self._run.id, units, now=now))
            for unit in units:
                self._in_flight.pop((unit.repeat, unit.first), None)
                if self.gathered is not None:
                    await self.gathered.add(unit.index, self._extracts.pop(unit.index))
                yield UnitFinished(self._run.id, unit.index, unit.counts, unit.repeat)

    async def _show_progress(self) -> None:
        """Raise the stored mark by what is played but not finished, at most twice a second."""
        shown = self._done
        while True:
            await self._engine.clock.sleep(PROGRESS_EVERY_S)
            # Never the whole: 100 % is for a run that has ended.
            mark = min(
                self._done + sum(len(one.results) for one in self._in_flight.values()), self._run.total - 1
            )
            if mark > shown:
                shown = mark
                now = self._engine.clock.now()
                await self._engine.call(self._engine.store.runs.progress, self._run.id, mark, now=now)

    async def _work(self) -> None:
        """Play every unit that has no committed results."""
        if self._run.kind is not RunKind.BATCH:
            await self._work_with_connector()
            return
        judge = await self._engine.judges.of(self._run)
        self.gathered = Gathering(self._engine, self._run, judge)
        await self.gathered.begin()
        if judge is None:
            await self._work_with_classifier()
        else:
            await self._work_with_judge(judge)

    async def _work_with_connector(self) -> None:
        run, limits = self._run, self._run.bot.limits
        connectors = self._engine.connectors
        connector: Connector = await self._engine.call(connectors.connector, run.bot, run.version)
        suite = await self._engine.call(self._engine.store.suites.by_id, run.suite_id)
        head = suite.head if suite else SuiteHead()
        drivers: dict[int, ConversationDriver] = {}
        in_flight = self._ceilings.in_flight(run.bot)
        watch = await self._engine.call(fail_fast_watch, self._engine.store, run) if run.fail_fast else None

        secrets = self._engine.suite_secrets(run.bot)
        own = chosen((name for _, name in references(run.bot.connector_for(run.version))), secrets)
        around = RunContext(
            run.id,
            (run.started_on or run.created_on).date(),
            own,
            secrets,
            Grading(self._engine.graders, mask=own.mask),
        )

        def driver_of(repeat: int) -> ConversationDriver:
            return ConversationDriver(
                connector,
                head,
                limits,
                run.language,
                pacer=self._ceilings.pacer(run.bot),
                clock=self._engine.clock,
                new_id=self._engine.new_id,
                around=around,
                step_played=partial(self._so_far, repeat),
            )

        async def play(unit: Unit, repeat: int) -> tuple[StepResult, ...]:
            case = cast(TestCase, unit.cases[0])
            if repeat not in drivers:
                drivers[repeat] = driver_of(repeat)
            driver = drivers[repeat]

            async def attempt() -> Played:
                async with in_flight:
                    return await driver.play(case, unit.first)

            results = (await self._breaker.play(attempt)).results
            if watch is not None:
                watch.note(unit.index, case, results)
            return tuple(replace(result, unit=unit.index, repeat=repeat) for result in results)

        try:
            await self._side_by_side(
                play, self._pending(UNITS_AT_A_TIME), limits.max_conversations, watch=watch
            )
        finally:
            await connector.aclose()

    async def _work_with_classifier(self) -> None:
        run, limits = self._run, self._run.bot.limits
        connectors = self._engine.connectors
        classifier: Classifier = await self._engine.call(connectors.classifier, run.bot, run.version)
        driver = BatchDriver(
            classifier,
            limits,
            run.language,
            scorer=Scorer(run.engine),
            in_flight=self._ceilings.in_flight(run.bot),
            breaker=self._breaker,
            pacer=self._ceilings.pacer(run.bot),
            clock=self._engine.clock,
            case_played=partial(self._so_far, 0),
        )

        async def play(unit: Unit, repeat: int) -> JudgedChunk:
            results = await driver.play(unit, cast(tuple[BatchCase, ...], unit.cases))
            return self._extracted(unit, await self._engine.call(judged_unit, results))

        try:
            await self._side_by_side(play, self._pending(CHUNKS_AT_A_TIME), CHUNKS_AT_ONCE)
        finally:
            await classifier.aclose()

    async def _work_with_judge(self, judge: ChunkJudge) -> None:
        run, suites = self._run, self._engine.store.suites
        driver = ChunkDriver(
            judge,
            run.bot.limits,
            in_flight=self._ceilings.in_flight(run.bot),
            breaker=self._breaker,
            pacer=self._ceilings.pacer(run.bot),
        )

        async def play(chunk: RawChunk, repeat: int) -> JudgedChunk:
            return self._extracted(chunk, await driver.play(chunk))

        def read_from(first: int) -> Iterator[RawChunk]:
            return suites.raw_chunks(run.suite_id, run.revision, first=first)

        chunks = PendingUnits(self._engine, run, CHUNKS_AT_A_TIME * judge.at_once, read_from)
        await self._side_by_side(play, chunks, judge.at_once)

    def _extracted(self, unit: Unit | RawChunk, judged: JudgedUnit) -> JudgedChunk:
        self._extracts[unit.index] = judged.extract
        return judged.chunk

    def _pending(self, at_a_time: int) -> PendingUnits[Unit]:
        run, suites = self._run, self._engine.store.suites

        def read_from(first: int) -> Iterator[Unit]:
            return suites.units(run.suite_id, run.revision, first=first)

        return PendingUnits(self._engine, run, at_a_time, read_from)

    async def _side_by_side(
        self,
        play: Callable[[U, int], Awaitable[Results]],
        units: PendingUnits[U],
        workers: int,
        watch: FailFastWatch | None = None,
    ) -> None:
        """Play all pending units with so many workers; the first fault, or what the watch sees, ends them
        all."""

        async def work() -> None:
            if watch is not None:
                watch.check()
            while (pending := await units.next()) is not None:
                repeat, unit = pending
                self._in_flight[repeat, unit.first] = _InFlight(unit, repeat)
                await self._finished.put(FinishedUnit(unit.index, await play(unit, repeat), repeat))
                if watch is not None:
                    watch.check()

        tasks = [asyncio.create_task(work()) for _ in range(workers)]
        tasks.append(progress := asyncio.create_task(self._show_progress()))
        try:
            pending = set(tasks)
            while pending - {progress}:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _as_broken_off(one: _InFlight) -> Results:
    """The results of a unit that a run's end broke off."""
    case = cast(Unit, one.unit).cases[0]  # of a raw chunk nothing is there before it is judged
    if isinstance(case, BatchCase):
        return judged_chunk(in_order(cast(Sequence[CaseResult], one.results)))
    played = cast(Sequence[StepResult], one.results)
    rest = not_executed(case, one.unit.first, len(played), "the run ended before this step")
    return tuple(replace(result, unit=one.unit.index, repeat=one.repeat) for result in (*played, *rest))


async def _end(task: "asyncio.Task[object]") -> None:
    """Cancel a task and wait until it is gone; its result or error stays in it."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await task
