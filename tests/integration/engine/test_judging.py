"""Large batch runs on the embedded assistant, judged by processes beside this one."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from vivavoce import wiring
from vivavoce.assistant.connector import load_definition
from vivavoce.assistant.definition import Edition
from vivavoce.assistant.judging.judges import AssistantJudges
from vivavoce.assistant.judging.orders import Judge
from vivavoce.assistant.judging.pool import Pool
from vivavoce.dispatch.inline import play_inline
from vivavoce.domain.batch.utterance import BatchCase, CaseResult, EntityExpectation
from vivavoce.domain.bot import Bot, Limits, Version
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.errors import InternalError
from vivavoce.domain.evaluation.evaluating import evaluate
from vivavoce.domain.events import RunFinished, UnitFinished
from vivavoce.domain.run import Run, RunStatus
from vivavoce.domain.suite import SuiteHead
from vivavoce.engine.core import Engine
from vivavoce.engine.importing import batch_units
from vivavoce.engine.keeping import keep_suite
from vivavoce.engine.pace import Ceilings
from vivavoce.engine.playing import Stop, Stopped, play_run
from vivavoce.engine.ports.judges import NO_JUDGES, ChunkJudge
from vivavoce.engine.ports.units import RawChunk
from vivavoce.engine.running import new_run
from vivavoce.formats.payloads import encode
from vivavoce.settings import Settings

pytestmark = pytest.mark.timeout(180)  # processes start slowly on a busy machine

BANK = {"type": "assistant", "definition": "bank"}
SAID = (
    ("what is my balance", ("Check balance",)),
    ("I lost my card yesterday", ("Lost card",)),
    ("transfer 20 EUR to my savings", ("Transfer money",)),
    ("sing me a song about =SUM(A1)", ()),
    ("hello", ("Lost card", "Check balance")),
)


def cases(count: int) -> list[BatchCase]:
    return [
        BatchCase(
            f"{text}, number {number}",
            intents,
            entities=(EntityExpectation("amount", ("20 EUR", "[0-9]+ EUR")),) if number % 7 == 0 else (),
            line=number + 2,
        )
        for number in range(count)
        for text, intents in (SAID[number % len(SAID)],)
    ]


async def edition_of(bot: Bot, version: Version) -> Edition:
    return load_definition(bot.connector_for(version)).edition(version)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with wiring.open_engine(Settings.read({}, data_dir=tmp_path)) as engine:
        yield replace(engine, judges=NO_JUDGES)


@pytest.fixture(scope="module")
def judges() -> Iterator[AssistantJudges]:
    judges = AssistantJudges(edition_of, pool=Pool(2), least=0)
    yield judges
    judges.close()


def suite_of(engine: Engine, count: int, **limits: Any) -> tuple[Bot, Suite]:
    named = Limits(requests_per_second=0, **limits)
    bot = engine.store.bots.by_name("bank") or Bot(id=wiring.new_id("st"), name="bank", connector=BANK)
    bot = msgspec.structs.replace(bot, limits=named)
    engine.store.bots.save(bot)
    units = batch_units(cases(count))
    return bot, keep_suite(engine, bot, SuiteKind.BATCH, SuiteHead(), "batch", units, user="u-1")


async def played(engine: Engine, bot: Bot, suite: Suite, stop: Stop | None = None) -> Run:
    run = new_run(engine, bot, suite, version="published", user="u-1", language="en")
    async for event in play_inline(engine, run, stop=stop or Stop()):
        if isinstance(event, RunFinished):
            run = event.run
    return run


def kept(engine: Engine, run: Run) -> list[CaseResult]:
    """Without what no two runs have in common."""
    return [
        msgspec.structs.replace(result, duration_ms=0) for result in engine.store.runs.case_results(run.id)
    ]


def report_of(engine: Engine, run: Run) -> bytes:
    file = engine.store.files.get(run.report_file)
    assert file is not None
    with engine.blobs.reader(file.key) as stream:
        lines = stream.read().split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(b"Last Tested"))


async def test_results_are_those_of_this_process_byte_for_byte(
    engine: Engine, judges: AssistantJudges
) -> None:
    bot, suite = suite_of(engine, 1_100)
    here = await played(engine, bot, suite)
    there = await played(replace(engine, judges=judges), bot, suite)
    assert judges.pids, "nothing was judged elsewhere"
    assert len(kept(engine, here)) == 1_100
    assert encode(kept(engine, there)) == encode(kept(engine, here))
    assert (there.status, there.counts, there.tally) == (here.status, here.counts, here.tally)
    assert report_of(engine, there) == report_of(engine, here)
    evaluation = engine.store.runs.evaluation(there.id)
    assert evaluation == engine.store.runs.evaluation(here.id) == evaluate(kept(engine, here))
    assert all(result.duration_ms > 0 for result in engine.store.runs.case_results(there.id))


async def test_a_killed_worker_costs_nothing(engine: Engine, judges: AssistantJudges) -> None:
    bot, suite = suite_of(engine, 6_000)
    run = new_run(engine, bot, suite, version="published", user="u-1", language="en")
    killed = 0
    async for event in play_inline(replace(engine, judges=judges), run, stop=Stop()):
        if isinstance(event, UnitFinished) and killed < 2:
            os.kill(judges.pids[0], signal.SIGKILL)
            killed += 1
        if isinstance(event, RunFinished):
            run = event.run
    assert killed == 2 and run.counts is not None
    assert run.counts.passed + run.counts.failed == 6_000
    assert [result.index for result in kept(engine, run)] == list(range(6_000))
    assert engine.store.runs.evaluation(run.id) == evaluate(kept(engine, run))


async def test_a_cancelled_run_ends_soon_and_leaves_the_workers_to_others(
    engine: Engine, judges: AssistantJudges
) -> None:
    bot, suite = suite_of(engine, 20_000)
    stop = Stop()
    run = new_run(engine, bot, suite, version="published", user="u-1", language="en")
    async for event in play_inline(replace(engine, judges=judges), run, stop=stop):
        if isinstance(event, UnitFinished):
            stop.cancel()
        if isinstance(event, RunFinished):
            run = event.run
    assert run.status is RunStatus.CANCELLED and run.counts is not None
    assert 0 < run.counts.not_executed < 20_000
    assert run.counts.not_executed == 20_000 - len(kept(engine, run))
    bot, suite = suite_of(engine, 600)
    again = await played(replace(engine, judges=judges), bot, suite)
    assert again.counts is not None and again.counts.not_executed == 0


@pytest.mark.parametrize("there", [True, False])
async def test_a_run_that_goes_on_later_has_the_report_of_all(
    engine: Engine, judges: AssistantJudges, there: bool
) -> None:
    """What was finished before the process stopped is in the report and the evaluation, in its place."""
    bot, suite = suite_of(engine, 8_000)
    whole = await played(replace(engine, judges=judges), bot, suite)
    run = new_run(engine, bot, suite, version="published", user="u-1", language="en")
    engine.store.runs.accept(run)
    stop = Stop()
    first = replace(engine, judges=judges)
    with pytest.raises(Stopped):
        async for event in play_run(first, run, ceilings=Ceilings(first), stop=stop):
            if isinstance(event, UnitFinished):
                stop.pause()
    assert 0 < len(engine.store.runs.pending_units(run.id)) < 16
    run = await gone_on(first if there else engine, run)
    assert run.status is whole.status
    assert report_of(engine, run) == report_of(engine, whole)
    assert engine.store.runs.evaluation(run.id) == engine.store.runs.evaluation(whole.id)


async def gone_on(engine: Engine, run: Run) -> Run:
    async for event in play_run(engine, run, ceilings=Ceilings(engine), stop=Stop()):
        if isinstance(event, RunFinished):
            run = event.run
    return run


async def test_a_chunk_that_takes_too_long_is_in_error_and_the_run_goes_on(
    engine: Engine, judges: AssistantJudges
) -> None:
    bot, suite = suite_of(engine, 700, step_timeout_s=1e-6)
    run = await played(replace(engine, judges=judges), bot, suite)
    assert run.counts is not None and run.counts.error == 700
    assert {result.error for result in kept(engine, run)} == {"the bot did not answer within 1e-06 s"}


async def test_small_runs_stay_in_this_process(engine: Engine) -> None:
    judges = AssistantJudges(edition_of, pool=Pool(1), least=1_000)
    bot, suite = suite_of(engine, 999)
    run = await played(replace(engine, judges=judges), bot, suite)
    assert run.counts is not None and run.counts.error == 0
    assert judges.pids == []
    judges.close()


async def test_models_of_the_last_editions_and_of_runs_that_are_going_are_kept(engine: Engine) -> None:
    async def edited(bot: Bot, version: Version) -> Edition:
        edition = await edition_of(bot, version)
        nlu = msgspec.structs.replace(edition.nlu, threshold=float(bot.name))
        return msgspec.structs.replace(edition, nlu=nlu)

    with contextlib.closing(Pool(1)) as pool:
        judges = AssistantJudges(edited, pool=pool, least=0, keep=1)
        await models_are_kept(judges, pool, engine)


async def models_are_kept(judges: AssistantJudges, pool: Pool, engine: Engine) -> None:
    """`judges` keeps one, and takes the name of a bot for its threshold."""
    bot, suite = suite_of(engine, 1)
    run = new_run(engine, bot, suite, version="published", user="u-1", language="en")

    async def judge_of(threshold: str) -> ChunkJudge:
        named = msgspec.structs.replace(bot, name=threshold)
        judge = await judges.of(msgspec.structs.replace(run, bot=named))
        assert judge is not None
        return judge

    def files() -> set[str]:
        return {file.name for file in pool.folder.iterdir()}

    going = await judge_of("0.1")
    first = files()
    await judge_of("0.2")
    both = files()
    assert first < both and len(both) == 2, "a run that is going lost its model"
    again = await judge_of("0.1")
    assert files() == first, "it is the last one now, and was not trained anew"
    await judge_of("0.2")
    chunk = RawChunk(0, 0, 1, encode(cases(1)))
    assert (await going.judge(chunk, 60)).chunk.counts == (await again.judge(chunk, 60)).chunk.counts
    del going, again
    assert files() == both - first
    await (await judge_of("0.1")).judge(chunk, 60)


async def test_a_fault_of_a_worker_is_told() -> None:
    pool = Pool(1)
    order = Judge(Path("/nowhere"), "tr-1", "", date(2026, 1, 1), RawChunk(0, 0, 1, encode(cases(1))))
    with pytest.raises(InternalError, match="judging failed: FileNotFoundError"):
        await pool.ask(order, 60)
    (pid,) = pool.pids
    pool.close()
    assert not alive(pid)
    with pytest.raises(RuntimeError):
        await pool.ask(order, 60)


STARTS_ONE = """
import asyncio, sys
from vivavoce.assistant.judging.orders import Extracting
from vivavoce.assistant.judging.pool import Pool
from vivavoce.formats.payloads import pack_results
pool = Pool(1)
asyncio.run(pool.ask(Extracting(pack_results([])), 60))
print(*pool.pids, flush=True)
sys.stdin.read()
"""


def test_workers_do_not_outlive_a_process_that_was_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert alive(pid)
        process.kill()
    deadline = time.monotonic() + 20
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_the_loop_stays_free_meanwhile(engine: Engine, judges: AssistantJudges) -> None:
    bot, suite = suite_of(engine, 5_000)
    late: list[float] = []

    async def tick() -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.005)
            late.append(time.monotonic() - began - 0.005)

    ticking = asyncio.create_task(tick())
    run = await played(replace(engine, judges=judges), bot, suite)
    ticking.cancel()
    assert run.counts is not None and run.counts.error == 0
    assert sorted(late)[len(late) // 2] < 0.05, "half of the ticks came late"
