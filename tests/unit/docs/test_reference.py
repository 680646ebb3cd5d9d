"""Whatever a user can name stands in the reference: found in the code, looked up in the pages."""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from types import ModuleType
from typing import Any, get_args

import msgspec
import pytest
import typer.main
from tests.unit.docs.pages import DOCS, headings, reference, section
from typer.core import TyperGroup

from vivavoce import wiring
from vivavoce.cli.main import app
from vivavoce.cli.reports import RENDERERS
from vivavoce.client import Client
from vivavoce.client import errors as client_errors
from vivavoce.connectors.script import ERRORS, Script, Turn
from vivavoce.domain import errors as domain_errors
from vivavoce.domain.bot import Breaker, Limits
from vivavoce.domain.catalog import SCOPES
from vivavoce.domain.suite import Assertions, Match
from vivavoce.formats import bot_file, bot_keys, suite_shapes
from vivavoce.formats.batch_csv import COLUMNS
from vivavoce.formats.batch_json import EntityShape, UtteranceShape
from vivavoce.formats.native import keys as keys_of
from vivavoce.formats.reports import batch_csv, conversation_csv
from vivavoce.server.calls import CALLS, Call
from vivavoce.settings import Settings


def commands(group: Any, above: str = "viva") -> Iterator[tuple[str, Any]]:
    """Every command with its path, groups too."""
    for name, command in group.commands.items():
        path = f"{above} {name}"
        yield path, command
        if isinstance(command, TyperGroup):
            yield from commands(command, path)


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_flag(path: str) -> None:
    told = section(reference("commands"), path)
    for parameter in COMMANDS[path].params:
        if parameter.param_type_name == "option":
            for flag in parameter.opts:
                assert f"`{flag}" in told, f"{path} {flag}"


def test_no_command_is_described_that_does_not_exist() -> None:
    described = {heading for heading in headings(reference("commands")) if heading.startswith("viva ")}
    assert described == set(COMMANDS)


def test_every_setting() -> None:
    described = [heading for heading in headings(reference("settings")) if heading.startswith("VIVA_")]
    settings = [f"VIVA_{field.name.upper()}" for field in fields(Settings)]
    assert sorted(described) == sorted([*settings, "VIVA_BOT_..."])


def error_classes(module: ModuleType, root: type[Exception]) -> set[str]:
    return {
        name
        for name, found in vars(module).items()
        if inspect.isclass(found) and issubclass(found, root) and found.__module__ == module.__name__
    }


def test_every_error() -> None:
    wanted = error_classes(domain_errors, domain_errors.VivaError)
    wanted |= error_classes(client_errors, client_errors.ClientError)
    assert set(headings(reference("errors"))) - {"Errors"} == wanted


def test_what_is_repeated_is_told_as_it_is() -> None:
    repeated = {"same turn": "the same turn", "replay": "the conversation from its start", "never": "never"}
    rows = [line for line in reference("errors").splitlines() if line.startswith("| [")]
    for error in domain_errors.ConnectorError.__subclasses__():
        (row,) = (row for row in rows if row.startswith(f"| [{error.__name__}]"))
        assert repeated[error.retry.value] in row
        assert row.rstrip(" |").endswith("yes" if error.outage else "no")


def test_every_assertion_and_match() -> None:
    described = headings(reference("assertions"))
    for name in (*Assertions.__struct_fields__, *get_args(Match), "dynamic", "dynamicPaths"):
        assert name in described
    assert set(Assertions.__struct_fields__) == {"text", "flow", "context"}


def keys(shape: type[msgspec.Struct]) -> set[str]:
    """Keys of a shape that are read, by their names in files."""
    return {field.encode_name for field in msgspec.structs.fields(shape) if field.type is not msgspec.Raw}


@pytest.mark.parametrize(
    "shape",
    [suite_shapes.SuiteShape, suite_shapes.CaseShape, suite_shapes.StepShape, suite_shapes.OutputShape],
    ids=lambda shape: shape.__name__,
)
def test_every_key_of_a_conversation_suite(shape: type[msgspec.Struct]) -> None:
    told = reference("conversation-suites")
    assert not {key for key in keys(shape) if f"`{key}`" not in told and f'"{key}"' not in told}


NATIVE = (keys_of.TOP, keys_of.CASE, keys_of.FIXTURE, keys_of.STEP, keys_of.CAPTURE, keys_of.VARIABLE)
IN_EXPECT = (keys_of.REPLY, keys_of.OUTPUT, keys_of.GROUPS, keys_of.CHECK)


@pytest.mark.parametrize("key", sorted({key for table in (*NATIVE, *IN_EXPECT) for key in table}))
def test_every_key_of_a_native_suite(key: str) -> None:
    described = [heading.split(", ") for heading in headings(reference("conversation-suites"))]
    assert len([names for names in described if key in names]) == 1


@pytest.mark.parametrize(
    "shape",
    [suite_shapes.TextEntryShape, suite_shapes.FlowEntryShape, suite_shapes.ContextEntryShape],
    ids=lambda shape: shape.__name__,
)
def test_every_key_of_an_assertion(shape: type[msgspec.Struct]) -> None:
    told = reference("assertions")
    assert not {key for key in keys(shape) if f"`{key}`" not in told and f'"{key}"' not in told}


def test_every_column_and_key_of_a_batch_suite() -> None:
    told = reference("batch-suites")
    for name in (*COLUMNS, *keys(UtteranceShape), *keys(EntityShape)):
        assert f"`{name}`" in told or f'"{name}"' in told, name


def test_every_key_of_a_bot_file() -> None:
    told = reference("bot-file")
    for name in bot_file.BotFile.__struct_fields__:
        if name != "connector":
            assert name in headings(told), name
    for name in (*Limits.__struct_fields__, *(f"breaker.{key}" for key in Breaker.__struct_fields__)):
        assert name == "breaker" or f"`{name}`" in section(told, "limits"), name
    for name in bot_keys.REQUEST_KEYS:
        assert f"`{name}`" in section(told, "connector: http"), name
    for name in bot_keys.REPLY_KEYS:
        assert f"`{name}`" in section(told, "reply"), name
    for name in bot_keys.NLU_KEYS:
        assert f"`{name}`" in section(told, "nlu"), name
    for name in bot_keys.PLACEHOLDERS:
        assert f"`{{{{{name}}}}}`" in section(told, "placeholders"), name


def test_the_limits_that_are_told_are_the_defaults() -> None:
    told = section(reference("bot-file"), "limits")
    values = {name: getattr(Limits(), name) for name in Limits.__struct_fields__ if name != "breaker"}
    values |= {f"breaker.{name}": getattr(Breaker(), name) for name in Breaker.__struct_fields__}
    for name, value in values.items():
        assert f"| `{name}` | {value:g} |" in told


def test_every_connector_type() -> None:
    described = [heading for heading in headings(reference("bot-file")) if heading.startswith("connector: ")]
    assert sorted(described) == sorted(f"connector: {name}" for name in wiring.connector_types("published"))


def test_every_key_of_a_script() -> None:
    told = section(reference("bot-file"), "connector: scripted")
    for name in (*(f"script.{key}" for key in Script.__struct_fields__), *Turn.__struct_fields__, *ERRORS):
        assert f"`{name}`" in told, name


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_every_call(call: Call) -> None:
    told = section(reference("api"), call.summary)
    assert f"`{call.method} {call.paths[0]}`" in told
    if call.scope:
        assert f"Scope `{call.scope}`" in told


def test_every_scope() -> None:
    told = section(reference("api"), "Scopes")
    assert all(f"`{scope}`" in told for scope in SCOPES)


def test_every_report_and_column() -> None:
    told = reference("reports")
    for name in RENDERERS:
        assert f"`--{name} F`" in told, name
    for name in (*batch_csv.HEADER, *conversation_csv.HEADER):
        assert name in told, name


def test_every_method_of_the_client() -> None:
    told = (DOCS / "guides" / "python-client.md").read_text(encoding="utf-8")
    for name in vars(Client):
        if not name.startswith("_") and name != "aclose":
            assert name in told, name
