"""A run's kept replies judged again with the cases of a suite, without the bot; the result is a run too."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import cast

from msgspec.structs import replace

from vivavoce.domain.catalog import Suite
from vivavoce.domain.errors import InputError, VivaError
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.rejudging import Rejudged, rejudge_case
from vivavoce.domain.run import Run, RunKind, Selection
from vivavoce.domain.suite import TestCase
from vivavoce.domain.verdict import StepResult
from vivavoce.domain.weighing import weigh
from vivavoce.engine.core import Engine
from vivavoce.engine.finishing import finish_run
from vivavoce.engine.grading import Grading
from vivavoce.engine.ports.runs import RunStore
from vivavoce.engine.ports.units import FinishedUnit, Unit

UNITS_AT_A_TIME = 100  # committed together
LEASE_S = 3600.0  # nobody else takes the run up meanwhile


@dataclass(frozen=True)
class KeptCase:
    """Where the results of a conversation stand in its run, all repeats together."""

    first: int  # index of its first step
    size: int  # results
    unit: int


class KeptCases:
    """The conversations of an ended run, by name and by which of that name they are."""

    def __init__(self, runs: RunStore, run: Run) -> None:
        """Reads through the results once. Blocking. Raises InputError: nothing to judge is kept."""
        if run.kind is not RunKind.CONVERSATION:
            raise InputError(f"{run.id} is no run of a conversation suite")
        if not run.status.ended:
            raise InputError(f"{run.id} has not ended yet")
        self.run = run
        self._runs = runs
        self._places: dict[tuple[str, int], KeptCase] = {}
        seen: Counter[str] = Counter()
        for unit, results in groupby(runs.step_results(run.id), key=lambda result: result.unit):
            first, *others = results
            place = KeptCase(first.index, 1 + len(others), unit)
            self._places[(first.case, seen[first.case])] = place
            seen[first.case] += 1
        if not self._places:
            raise InputError(f"{run.id} keeps no replies: it ended before a step was played")

    @property
    def today(self) -> date:
        """The day on which it was played, UTC: what `today` means in its assertions."""
        return (self.run.started_on or self.run.created_on).date()

    def __contains__(self, key: tuple[str, int]) -> bool:
        return key in self._places

    def repeats(self, key: tuple[str, int]) -> dict[int, list[StepResult]]:
        """The results of one conversation by repeat. Blocking."""
        place = self._places.get(key)
        if place is None:
            return {}
        found: dict[int, list[StepResult]] = {}
        for result in self._runs.step_results(self.run.id, first=place.first, limit=place.size):
            found.setdefault(result.repeat, []).append(result)
        return found


def keyed(cases: Iterable[TestCase]) -> Iterator[tuple[tuple[str, int], TestCase]]:
    """Cases with their names, and which of that name each is (from 0)."""
    seen: Counter[str] = Counter()
    for case in cases:
        yield (case.name, seen[case.name]), case
        seen[case.name] += 1


async def facts_of(engine: Engine, kept: KeptCases) -> frozenset[Fact]:
    """What could be read off the run's replies: by its bot's connector, which is not used; or, where that
    cannot be made any more, by what stands in the replies."""
    run = kept.run
    try:
        connector = await engine.call(engine.connectors.connector, run.bot, run.version)
    except VivaError:
        return await engine.call(_facts_seen, engine.store.runs, run)
    await connector.aclose()
    return connector.facts


async def rejudge(engine: Engine, kept: KeptCases, suite: Suite, *, run: Run) -> Run:
    """Judge a run's kept replies with a kept suite's cases, as the new `run` of that suite; returns it as it
    ended. Cases that the kept run was told not to play are left out."""
    runs, original = engine.store.runs, kept.run
    units = await engine.call(_chosen, engine, kept, suite)
    run = replace(run, judged_from=original.id, repeats=original.repeats, pass_rule=original.pass_rule)
    owner = f"judging {run.id}"
    await engine.call(runs.accept, run, units, owner=owner, host="", lease_s=LEASE_S)
    run = await engine.call(runs.start, run.id, engine.clock.now())
    facts, grading = await facts_of(engine, kept), Grading(engine.graders)
    finished: list[FinishedUnit] = []
    async for unit in _judged(engine, kept, suite, units, facts, grading):
        finished.append(unit)
        if len(finished) == UNITS_AT_A_TIME:
            await engine.call(runs.commit, run.id, finished, now=engine.clock.now())
            await engine.call(runs.heartbeat, owner, [run.id], now=engine.clock.now())
            finished = []
    if finished:
        await engine.call(runs.commit, run.id, finished, now=engine.clock.now())
    return await finish_run(engine, run, None)


async def judged_case(
    case: TestCase,
    results: list[StepResult],
    *,
    facts: frozenset[Fact],
    today: date,
    grading: Grading | None = None,
    first: int = 0,
    unit: int = 0,
    repeat: int = 0,
) -> tuple[StepResult, ...]:
    """One kept conversation with the judgements of a case; without `grading` nobody is asked. `first`,
    `unit` and `repeat` are what the results are to say of themselves."""
    judged = [
        await _judged_step(step, facts, today, grading)
        for step in rejudge_case(case, results, facts, first=first)
    ]
    placed = [replace(result, unit=unit, repeat=repeat) for result in judged]
    return weigh(case.threshold, placed)


async def _judged_step(
    step: Rejudged, facts: frozenset[Fact], today: date, grading: Grading | None
) -> StepResult:
    asked = step.questions(facts, today) if grading is not None else ()
    answers = await grading.answer(asked) if grading is not None and asked else {}
    return step.judged(facts, today, answers)


async def _judged(
    engine: Engine,
    kept: KeptCases,
    suite: Suite,
    units: list[int] | None,
    facts: frozenset[Fact],
    grading: Grading,
) -> AsyncIterator[FinishedUnit]:
    chosen = None if units is None else set(units)
    for key, unit in await engine.call(_keyed_units, engine, suite):
        if chosen is not None and unit.index not in chosen:
            continue
        case = cast(TestCase, unit.cases[0])
        repeats = await engine.call(kept.repeats, key)
        for repeat in range(kept.run.repeats):
            results = await judged_case(
                case,
                repeats.get(repeat, []),
                facts=facts,
                today=kept.today,
                grading=grading,
                first=unit.first,
                unit=unit.index,
                repeat=repeat,
            )
            yield FinishedUnit(unit.index, results, repeat)


def _keyed_units(engine: Engine, suite: Suite) -> list[tuple[tuple[str, int], Unit]]:
    units = list(engine.store.suites.units(suite.id, suite.revision))
    named = keyed(cast(TestCase, unit.cases[0]) for unit in units)
    return [(key, unit) for (key, _), unit in zip(named, units, strict=True)]


def _chosen(engine: Engine, kept: KeptCases, suite: Suite) -> list[int] | None:
    """The units of the suite to judge; None: all."""
    if kept.run.selection == Selection():
        return None
    found = [unit.index for key, unit in _keyed_units(engine, suite) if key in kept]
    if not found:
        raise InputError(f"no case of the suite stands in {kept.run.id}: cases are matched by their names")
    return found


def _facts_seen(runs: RunStore, run: Run) -> frozenset[Fact]:
    found: set[Fact] = set()
    for result in runs.step_results(run.id):
        if result.reply is not None:
            found |= _seen_in(result.reply)
    return frozenset(found)


def _seen_in(reply: Reply) -> set[Fact]:
    told: dict[Fact, bool] = {
        "context": reply.context is not None,
        "entities": bool(reply.entities),
        "tools": bool(reply.tool_calls),
        "usage": reply.usage is not None,
        "intent": bool(reply.intents or reply.faqs or reply.smalltalk),
    }
    for output in reply.outputs:
        place = output.metadata
        told["intent"] |= bool(output.intent or place.intent_id)
        told["node"] = told.get("node", False) or bool(place.node_id)
        told["category"] = told.get("category", False) or bool(place.category)
        told["transitions"] = told.get("transitions", False) or bool(place.transitions)
        told["prompt"] = told.get("prompt", False) or bool(place.prompt_type)
    return {fact for fact, there in told.items() if there}
