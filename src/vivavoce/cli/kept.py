"""`viva runs` and `viva suites`: what is kept."""

from datetime import datetime
from typing import Annotated, Any

import typer

from vivavoce import wiring
from vivavoce.cli.console import print_json, print_table
from vivavoce.cli.options import DatabaseUrl, DataDir, Json, settings_of
from vivavoce.cli.show import summary
from vivavoce.domain.catalog import Suite, SuiteKind
from vivavoce.domain.errors import NotFound
from vivavoce.domain.run import Run
from vivavoce.engine.ports.store import Store

MOST = 500


def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=MOST, help="So many.")] = 20,
    json: Json = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show the newest runs."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_store_of(settings) as store:
        found = store.runs.recent(limit=limit)
    if json:
        print_json([_run(one) for one in found])
        return
    print_table(("run", "suite", "bot", "status", "result", "begun"), map(_run_row, found))


def suites(
    context: typer.Context,
    history: Annotated[
        str | None, typer.Option("--history", metavar="NAME", help="The revisions of this suite.")
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Show the suites of every bot, or the history of one."""
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    with wiring.open_store_of(settings) as store:
        found = [(bot.name, suite) for bot in store.bots.all() for suite in _suites(store, bot.id)]
        if history is not None:
            named = [(bot, suite) for bot, suite in found if suite.name == history]
            found = [(bot, revision) for bot, suite in named for revision in _revisions(store, suite)]
    if history is not None and not found:
        raise NotFound(f"there is no suite {history!r}; `viva suites` shows what is kept")
    if json:
        print_json([_suite(bot_name, suite) for bot_name, suite in found])
        return
    if history is not None:
        print_table(
            ("revision", "bot", "since", "by", "file", "steps or utterances"),
            (
                (
                    str(one.revision),
                    bot,
                    _moment(one.modified_on),
                    one.modified_by,
                    one.file_name,
                    str(one.total),
                )
                for bot, one in found
            ),
        )
        return
    rows = (
        (suite.id, suite.name, suite.kind.value, bot, str(suite.revision), str(suite.total))
        for bot, suite in found
    )
    print_table(("id", "suite", "kind", "bot", "revision", "steps or utterances"), rows)


def _revisions(store: Store, suite: Suite) -> list[Suite]:
    """Newest first."""
    found: list[Suite] = []
    while True:
        page = store.suites.revisions(suite.id, skip=len(found), limit=MOST)
        found += page.items
        if not page.more:
            return found


def _suites(store: Store, bot_id: str) -> list[Suite]:
    found: list[Suite] = []
    for kind in SuiteKind:
        skip = 0
        while True:
            page = store.suites.page(bot_id, kind, skip=skip, limit=MOST)
            found += page.items
            skip += MOST
            if not page.more:
                break
    return found


def _run_row(one: Run) -> tuple[str, ...]:
    result = summary(one) if one.status.ended else f"{one.percentage} %"
    return one.id, one.suite_name, one.bot.name, one.status.value, result, _moment(one.created_on)


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}Z"


def _run(one: Run) -> dict[str, Any]:
    return {
        "id": one.id,
        "suite": one.suite_name,
        "revision": one.revision,
        "bot": one.bot.name,
        "status": one.status.value,
        "percentage": one.percentage,
        "counts": one.counts,
        "createdOn": one.created_on,
        "endedOn": one.ended_on,
    }


def _suite(bot_name: str, suite: Suite) -> dict[str, Any]:
    return {
        "id": suite.id,
        "name": suite.name,
        "kind": suite.kind.value,
        "bot": bot_name,
        "total": suite.total,
        "revision": suite.revision,
        "file": suite.file_name,
        "modifiedBy": suite.modified_by,
        "modifiedOn": suite.modified_on,
    }
