"""Which cases `viva run` plays, and how often: from its flags to the units of each file."""

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

from vivavoce.cli.console import err
from vivavoce.cli.files import SuiteFile
from vivavoce.domain.batch.fulfillment import NLU_ENGINES, NluEngine
from vivavoce.domain.bot import Bot
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import InputError, Malformed, Problem
from vivavoce.domain.run import Selection
from vivavoce.domain.selecting import ALL_ONCE, NothingChosen, Plan, read_pass_rule, read_shard
from vivavoce.engine.ports.store import Store
from vivavoce.engine.selecting import chosen_cases

P = ParamSpec("P")
T = TypeVar("T")


def read_plan(
    *,
    cases: Sequence[str] = (),
    tags: Sequence[str] = (),
    last_failed: bool = False,
    shard: str | None = None,
    fail_fast: bool = False,
    repeat: int = 1,
    pass_rule: str = "all",
) -> Plan:
    """The flags as one value. Raises Malformed, naming the flag."""
    return Plan(
        selection=Selection(
            cases=tuple(cases),
            tags=tuple(tags),
            last_failed=last_failed,
            shard=None if shard is None else _placed("--shard", read_shard, shard),
        ),
        fail_fast=fail_fast,
        repeats=repeat,
        pass_rule=_placed("--pass-rule", read_pass_rule, pass_rule, repeat),
    )


def _placed(flag: str, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return read(*args, **kwargs)
    except Malformed as malformed:
        raise Malformed([Problem(one.message, flag, one.hint) for one in malformed.problems]) from None


def checked_engine(text: str | None) -> NluEngine | None:
    """The engine's exact name, or a clear refusal."""
    if text is None:
        return None
    for known in NLU_ENGINES:
        if text.lower() == known:
            return known
    raise InputError(f"--engine {text}: there are {' and '.join(NLU_ENGINES)}")


def refuse_for_batches(files: Sequence[SuiteFile], plan: Plan) -> None:
    """Utterances have no names, tags or repeats. Raises InputError."""
    batches = [file for file in files if file.kind is SuiteKind.BATCH]
    if batches and plan != ALL_ONCE:
        flags = ", ".join(_flags(plan))
        raise InputError(
            f"{batches[0].path}: this is a batch suite, and {flags} "
            f"{'is' if ',' not in flags else 'are'} for conversation suites: play it in a command of its own"
        )


def choose_in_files(
    store: Store, bot: Bot, files: Sequence[SuiteFile], selection: Selection
) -> list[tuple[SuiteFile, list[int] | None]]:
    """The files that have something to play, each with its units (None: all). Blocking.

    Raises NothingChosen when none of them has.
    """
    chosen: list[tuple[SuiteFile, list[int] | None]] = []
    skipped: list[tuple[SuiteFile, NothingChosen]] = []
    for file in files:
        if file.conversations is None:
            chosen.append((file, None))
            continue
        suite = store.suites.get(bot.id, file.kind, str(file.path)) if selection.last_failed else None
        try:
            units = chosen_cases(store, file.conversations.cases(), file.head.tags, selection, suite)
        except NothingChosen as error:
            skipped.append((file, error))
        else:
            chosen.append((file, units))
    if skipped and not chosen:
        raise NothingChosen(
            [
                Problem(problem.message, f"{file.path}: {problem.place}".rstrip(": "), problem.hint)
                for file, nothing in skipped
                for problem in nothing.problems
            ]
        )
    for file, nothing in skipped:
        err().print(f"{file.path}: skipped: {nothing.problems[0].message}", style="yellow")
    return chosen


def _flags(plan: Plan) -> list[str]:
    selection = plan.selection
    given = {
        "--case": selection.cases,
        "--tag": selection.tags,
        "--last-failed": selection.last_failed,
        "--shard": selection.shard,
        "--fail-fast": plan.fail_fast,
        "--repeat": plan.repeats > 1,
        "--pass-rule": plan.pass_rule != "all",
    }
    return [flag for flag, there in given.items() if there]
