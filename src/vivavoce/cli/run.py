"""`viva run`: plays suite files against a bot, here or at a server."""

from pathlib import Path
from typing import Annotated

import typer

from vivavoce.cli.baseline import BaselineRuns, checked_significance, read_baseline, refuse_without_baseline
from vivavoce.cli.bots import checked_version
from vivavoce.cli.choosing import checked_engine, read_plan
from vivavoce.cli.options import (
    CsvFile,
    DatabaseUrl,
    DataDir,
    HtmlFile,
    JsonFile,
    JunitFile,
    MarkdownFile,
    MaxErrors,
    settings_of,
)
from vivavoce.cli.outcome import Thresholds
from vivavoce.cli.remote import Address, refuse_with_server, refuse_without_server, run_at_server
from vivavoce.cli.reports import report_targets
from vivavoce.cli.run_here import Pace, run_here
from vivavoce.cli.run_request import RunRequest
from vivavoce.domain.errors import InputError
from vivavoce.domain.selecting import MOST_REPEATS


def run(
    context: typer.Context,
    bot: Annotated[
        str, typer.Option("--bot", metavar="BOTFILE|ID", help="A bot file, or a registered bot's id.")
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="Suite files of any known format.")
    ] = None,
    version: Annotated[
        str, typer.Option("--version", metavar="V", help="published or inDevelopment.")
    ] = "inDevelopment",
    language: Annotated[
        str | None,
        typer.Option(
            "--language", metavar="L", help="Default: the suite's, else the bot's.", show_default=False
        ),
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency", metavar="N", help="Conversations in flight; never above the bot's limit."
        ),
    ] = None,
    nlu_engine: Annotated[
        str | None,
        typer.Option(
            "--engine",
            metavar="E",
            help="Batch suites: dgpt judges fulfillment categories, regression (default) intents alone.",
        ),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option("--rate", metavar="R", help="Requests per second in place of the bot's; 0 = no limit."),
    ] = None,
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case", metavar="PATTERN", help="Only cases of this name; `*` and `?` stand for the rest."
        ),
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="T", help="Only cases, or suites, with this tag.")
    ] = None,
    last_failed: Annotated[
        bool, typer.Option("--last-failed", help="Only cases that did not pass when they were last played.")
    ] = False,
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="I/N", help="Part I of N of the chosen cases.")
    ] = None,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="End at the first case that does not pass.")
    ] = False,
    repeat: Annotated[
        int, typer.Option("--repeat", metavar="N", min=1, max=MOST_REPEATS, help="Play each case N times.")
    ] = 1,
    pass_rule: Annotated[
        str,
        typer.Option("--pass-rule", metavar="RULE", help="How many repeats must pass: all, any or a number."),
    ] = "all",
    max_errors: MaxErrors = 0,
    junit: JunitFile = None,
    csv: CsvFile = None,
    json: JsonFile = None,
    markdown: MarkdownFile = None,
    html: HtmlFile = None,
    min_pass_rate: Annotated[
        float | None,
        typer.Option(
            "--min-pass-rate", metavar="X", min=0, max=1, help="Conversation suites pass from here."
        ),
    ] = None,
    min_f1: Annotated[
        float | None, typer.Option("--min-f1", metavar="X", min=0, max=1, help="Batch suites pass from here.")
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="F", help="Compare with an earlier run: a report that --json wrote."
        ),
    ] = None,
    max_regressions: Annotated[
        int | None,
        typer.Option(
            "--max-regressions", metavar="N", min=0, help="So many cases may newly fail; default 0."
        ),
    ] = None,
    significance: Annotated[
        float | None,
        typer.Option(
            "--significance",
            metavar="P",
            help="A result worse than the baseline only counts below this p-value.",
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="URL", help="Play at this server; --bot is its id there."),
    ] = None,
    suite: Annotated[
        str | None, typer.Option("--suite", metavar="NAME", help="The suite's name at the server.")
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for the server's run, show it and judge it.")
    ] = False,
    client_id: Annotated[
        str | None, typer.Option("--client-id", metavar="ID", help="App at the server (VIVA_CLIENT_ID).")
    ] = None,
    client_secret_file: Annotated[
        Path | None,
        typer.Option("--client-secret-file", metavar="F", help="The app's secret; else VIVA_CLIENT_SECRET."),
    ] = None,
    client_algorithm: Annotated[
        str, typer.Option("--client-algorithm", metavar="A", help="How the app signs: HS256 or HS512.")
    ] = "HS256",
    no_keep: Annotated[bool, typer.Option("--no-keep", help="Do not keep the runs in the data dir.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Play suite files against a bot and judge its replies."""
    targets = report_targets(
        [*(files or ()), Path(bot)], junit=junit, csv=csv, json=json, markdown=markdown, html=html
    )
    plan = read_plan(
        cases=case or (),
        tags=tag or (),
        last_failed=last_failed,
        shard=shard,
        fail_fast=fail_fast,
        repeat=repeat,
        pass_rule=pass_rule,
    )
    refuse_without_baseline(baseline, max_regressions=max_regressions, significance=significance)
    thresholds = Thresholds(
        min_pass_rate, min_f1, max_errors, max_regressions or 0, checked_significance(significance)
    )
    asked = RunRequest(
        bot=bot,
        files=files or (),
        version=checked_version(version),
        language=language,
        engine=checked_engine(nlu_engine),
        plan=plan,
        thresholds=thresholds,
        against=BaselineRuns(read_baseline(baseline), thresholds.borne),
        reports=targets,
    )
    if server is not None:
        refuse_with_server(concurrency=concurrency, rate=rate, no_keep=no_keep)
        address = Address(server, client_id, client_secret_file, client_algorithm)
        run_at_server(address, asked, suite=suite, wait=wait)
    refuse_without_server(suite=suite, wait=wait, client_id=client_id, client_secret_file=client_secret_file)
    if not files:
        raise InputError("name a suite FILE to play")
    if last_failed and no_keep:
        raise InputError("--last-failed looks at kept runs: leave out --no-keep")
    settings = settings_of(context, data_dir=data_dir, database_url=database_url)
    run_here(asked, settings, Pace(concurrency, rate), keep=not no_keep)
