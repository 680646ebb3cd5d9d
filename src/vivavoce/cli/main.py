"""The command `viva`."""

import gc
import sys
from typing import Annotated

import typer

import vivavoce
from vivavoce.cli import (
    accept,
    apps,
    bots,
    check,
    compare,
    convert,
    demo,
    init,
    judge,
    kept,
    mutate,
    report,
    run,
    schema,
    serve,
    training,
    validate,
)
from vivavoce.cli.console import err
from vivavoce.cli.options import DatabaseUrl, DataDir
from vivavoce.domain.errors import InputError, Malformed, VivaError

# Results and replies hold no cycles. Looking for some every 700 values, Python's default, would take a tenth
# of the time of a run.
COLLECT_EVERY = 50_000
WRONG_INPUT = 2
OUR_FAULT = 3

app = typer.Typer(
    name="viva",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Oral examinations for chatbots and LLM agents.",
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"vivavoce {vivavoce.__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """Plays conversations and utterances against any bot and judges the replies."""
    given = {"data_dir": data_dir, "database_url": database_url}
    context.obj = {name: value for name, value in given.items() if value is not None}


app.command("init")(init.init)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.add_typer(bots.app, name="bot")
app.add_typer(apps.app, name="app")
app.command("token")(apps.token)
app.command("run")(run.run)
app.command("judge")(judge.judge)
app.command("accept")(accept.accept)
app.command("validate")(validate.validate)
app.command("mutate")(mutate.mutate)
app.command("check")(check.check)
app.add_typer(training.app, name="training")
app.command("convert")(convert.convert)
app.command("schema")(schema.schema)
app.command("runs")(kept.runs)
app.command("suites")(kept.suites)
app.command("report")(report.report)
app.command("compare")(compare.compare)


def main() -> None:
    """Entry point: every error of ours is told in plain lines, with the way out."""
    gc.set_threshold(COLLECT_EVERY)
    try:
        app()
    except Malformed as malformed:
        for problem in malformed.problems:
            place = f"{malformed.source}: " if malformed.source else ""
            err().print(f"{place}{problem}", style="red")
        sys.exit(WRONG_INPUT)
    except InputError as error:
        err().print(error.message, style="red")
        sys.exit(WRONG_INPUT)
    except VivaError as error:
        err().print(error.message, style="red")
        sys.exit(OUR_FAULT)
