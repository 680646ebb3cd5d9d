"""The only place that builds real objects out of settings."""

import asyncio
import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from msgspec.structs import replace as with_fields

from vivavoce.connectors.addresses import Allow
from vivavoce.connectors.base import (
    TYPES,
    ConnectorType,
    Outside,
    check_settings,
    make_classifier,
    make_connector,
)
from vivavoce.connectors.reach import reach
from vivavoce.dispatch.local import LocalDispatcher
from vivavoce.domain.assertions.similar import Similar
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.catalog import App, Scope
from vivavoce.domain.errors import InputError, Malformed, NotFound, Problem
from vivavoce.domain.secrecy import ALLOWED, references
from vivavoce.domain.suite import TestCase
from vivavoce.domain.utterance import BatchCase
from vivavoce.engine.core import Engine, Sizes
from vivavoce.engine.grading import asking_kinds, unanswerable
from vivavoce.engine.ports.bots import Classifier, Connector
from vivavoce.engine.ports.graders import Graders
from vivavoce.engine.ports.store import Store
from vivavoce.formats.bot_file import read_bot_file, to_bot
from vivavoce.formats.training import read_training
from vivavoce.grading.configured import embedder, judge
from vivavoce.grading.embeddings_local import MISSING, LocalEmbedder, installed
from vivavoce.grading.language import LibraryDetector
from vivavoce.server.services import ServerSettings, Services
from vivavoce.settings import SECRET_KEY_FILE, Settings
from vivavoce.storage.blobs import open_blobs
from vivavoce.storage.database import default_url, sqlite_file
from vivavoce.storage.lock import SqliteLock
from vivavoce.storage.store import open_store

if TYPE_CHECKING:
    from starlette.types import ASGIApp

VERSIONS: tuple[Version, ...] = ("published", "inDevelopment")
THREADS = 4  # SQLite has one writer; more threads only wait
T = TypeVar("T")


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def new_id(prefix: str) -> str:
    """`<prefix>-<uuid>`; without a prefix 24 hex digits."""
    return f"{prefix}-{uuid4()}" if prefix else secrets.token_hex(12)


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end on the fastest event loop there is."""
    if sys.platform == "win32":
        return asyncio.run(coroutine)
    import uvloop

    return uvloop.run(coroutine)


# --- bots ---------------------------------------------------------------------------------------


class BotConnectors:
    """Builds our side of a bot by its connector's type; see engine.ports.bots.Connectors."""

    def __init__(self, *, environment: Mapping[str, str], allow: Allow | None) -> None:
        self._environment = environment
        self._allow = allow

    @classmethod
    def for_commands(cls) -> "BotConnectors":
        """For commands: whoever types them may call any address."""
        return cls(environment=os.environ, allow=None)

    def connector(self, bot: Bot, version: Version) -> Connector:
        settings = bot.connector_for(version)
        with placed_in(bot):
            return make_connector(settings, self._outside(bot), types=connector_types(version))

    def classifier(self, bot: Bot, version: Version) -> Classifier:
        settings = bot.connector_for(version)
        with placed_in(bot):
            return make_classifier(settings, self._outside(bot), types=connector_types(version))

    def training(self, bot: Bot, version: Version) -> Iterator[BatchCase] | None:
        if bot.training:
            return iter(read_training(_text_of(Path(bot.training)), bot.training))
        settings = bot.connector_for(version)
        if settings.get("type") == "assistant":
            from vivavoce.assistant.connector import load_definition, training_utterances

            return training_utterances(load_definition(settings), version)
        return None

    def _outside(self, bot: Bot) -> Outside:
        return Outside(self._environment, new_id, bot.limits.max_conversations, self._allow)


def connector_types(version: Version) -> dict[str, ConnectorType]:
    """Every type of connector; the assistant's is another room's, and has its versions in its definition.

    That room is entered only for bots of its type: NumPy, which it needs, loads slowly.
    """

    def connector(settings: Mapping[str, Any], outside: Outside) -> Connector:
        from vivavoce.assistant.connector import assistant_connector

        return assistant_connector(settings, version)

    def classifier(settings: Mapping[str, Any], outside: Outside) -> Classifier:
        from vivavoce.assistant.connector import assistant_classifier

        return assistant_classifier(settings, version)

    return {**TYPES, "assistant": ConnectorType(_check_assistant, connector, classifier)}


def _check_assistant(settings: Mapping[str, Any]) -> list[Problem]:
    from vivavoce.assistant.connector import load_definition

    try:
        load_definition({key: value for key, value in settings.items() if key != "type"})
    except Malformed as malformed:
        return malformed.problems
    return []


def read_bot(path: Path) -> Bot:
    """The bot of a bot file, with a fresh id and files it names as absolute paths. Raises Malformed."""
    read = read_bot_file(_text_of(path), str(path))
    bot = to_bot(read, new_id("st"), secrets.token_hex(12))
    folder = path.parent.resolve()
    bot = with_fields(
        bot,
        training=str(folder / bot.training) if bot.training else "",
        definition=str(folder / bot.definition) if bot.definition else "",
        connector=_absolute(bot.connector, folder),
    )
    if problems := [problem for version in VERSIONS for problem in _check(bot, version)]:
        raise Malformed(list(dict.fromkeys(problems)), str(path))
    return bot


def _check(bot: Bot, version: Version) -> list[Problem]:
    """What is wrong with a version's connector, with places as seen from the bot file."""
    problems = check_settings(bot.connector_for(version), types=connector_types(version))
    return [with_fields(problem, place=_in_bot_file(problem.place)) for problem in problems]


@contextmanager
def placed_in(bot: Bot) -> Iterator[None]:
    """Whoever reads of a problem did not write the bot file just now: say that it is in there."""
    try:
        yield
    except Malformed as malformed:
        where = f"the bot {bot.name!r}, "
        raise Malformed(
            [
                with_fields(problem, place=where + _in_bot_file(problem.place))
                for problem in malformed.problems
            ]
        ) from malformed


def _in_bot_file(place: str) -> str:
    """A place in the connector's settings as seen from the bot file."""
    return f"$.connector{place.removeprefix('$').removeprefix('.connector')}"


def _absolute(connector: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Files that a connector names, seen from the bot file's folder."""
    found = dict(connector)
    for key in ("definition", "script"):
        named = found.get(key)
        if isinstance(named, str) and (folder / named).is_file():
            found[key] = str(folder / named)
    return found


def register_bot(store: Store, bot: Bot) -> Bot:
    """Keep a bot; one of the same name is updated and keeps its id."""
    known = store.bots.by_name(bot.name)
    if known is not None:
        bot = with_fields(bot, id=known.id, account_id=known.account_id)
    store.bots.save(bot)
    return bot


def bot_for_run(store: Store, named: str) -> Bot:
    """The bot that `--bot` names: a registered one's id, or a bot file. A file's bot is made known under its
    name, so that its runs can be kept; settings of a bot that is known already are used but not stored."""
    if named.startswith("st-") and not Path(named).exists():
        registered = store.bots.get(named)
        if registered is None:
            raise NotFound(f"there is no bot {named}; `viva bot list` shows the known ones")
        return registered
    bot = read_bot(Path(named))
    known = store.bots.by_name(bot.name)
    if known is None:
        store.bots.save(bot)
        return bot
    return with_fields(bot, id=known.id, account_id=known.account_id)


def new_app(
    name: str,
    *,
    scopes: tuple[Scope, ...],
    streams: tuple[str, ...] = (),
    all_streams: bool = False,
    max_lifetime_s: int = 86_400,
    algorithm: str = "HS256",
) -> App:
    """A client app with a fresh id and secret."""
    return App(
        client_id=new_id("cs"),
        name=name,
        secret=secrets.token_urlsafe(48),  # long enough for HS512
        algorithm=algorithm,
        scopes=scopes,
        streams=streams,
        all_streams=all_streams,
        max_lifetime_s=max_lifetime_s,
        created_on=datetime.now(UTC),
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Malformed(Problem(f"cannot be read: {error.strerror}"), str(path)) from error
    except UnicodeDecodeError as error:
        raise Malformed(
            Problem("this is no UTF-8", f"byte {error.start}", "save the file as UTF-8"), str(path)
        ) from error


# --- what is kept -------------------------------------------------------------------------------


def throwaway(settings: Settings, folder: Path) -> Settings:
    """The same settings, with everything kept in a folder that will be deleted."""
    return replace(settings, data_dir=folder, database_url="", blob_url="")


@contextmanager
def open_store_of(settings: Settings) -> Iterator[Store]:
    """The store alone, for commands that play nothing."""
    _make_folder(settings.data_dir)
    store = open_store(
        settings.database_url or default_url(settings.data_dir), secret_key=secret_key(settings)
    )
    try:
        yield store
    finally:
        store.close()


@contextmanager
def open_engine(settings: Settings, *, allow: Allow | None = None, shared: bool = False) -> Iterator[Engine]:
    """The engine with its database, blobs and threads. `shared`: its suites come from others than whoever set
    the environment."""
    with open_store_of(settings) as store, ThreadPoolExecutor(THREADS, "viva-store") as threads:
        yield Engine(
            store=store,
            blobs=open_blobs(settings.blob_url or settings.data_dir / "blobs"),
            connectors=BotConnectors(environment=os.environ, allow=allow),
            clock=SystemClock(),
            new_id=new_id,
            threads=threads,
            sizes=Sizes(settings.max_conversation_file, settings.max_batch_file),
            graders=graders(settings),
            suite_secrets=partial(suite_secrets, os.environ, shared=shared),
        )


def suite_secrets(environment: Mapping[str, str], bot: Bot, *, shared: bool) -> dict[str, str]:
    """The variables that a bot's suites may read. Where suites are shared, only those that the bot's own file
    names: nobody may send another bot's token to a bot of theirs."""
    names = {name for name in environment if ALLOWED.fullmatch(name)}
    if shared:
        names &= {name for _, name in references([bot.connector, *bot.versions.values()])}
    return {name: environment[name].rstrip("\r\n") for name in names}


def graders(settings: Settings) -> Graders:
    """Whoever is configured to give an opinion."""
    judges = judge(settings.judge_url, settings.judge_model, settings.judge_key)
    embeds = embedder(settings.embedding_url, settings.embedding_model, settings.embedding_key)
    return Graders(judges, embeds, LibraryDetector())


def grading_warnings(settings: Settings, cases: Iterable[TestCase]) -> list[str]:
    """What the cases ask that nobody can answer with these settings: such steps would be in error."""
    configured, kinds = graders(settings), asking_kinds(cases)
    found = unanswerable(kinds, configured)
    if Similar in kinds and isinstance(configured.embedder, LocalEmbedder) and not installed():
        found.append(f"`similar`: {MISSING}")
    return found


def server_reach(settings: Settings) -> Allow:
    """Which bot addresses this server may call."""
    return reach(private=settings.private_bots_allowed, hosts=settings.allow_hosts)


def secret_key(settings: Settings) -> bytes:
    """The key that protects stored secrets; made on first start where none is set. Raises InputError."""
    if settings.secret_key:
        return settings.secret_key.encode()
    path = Path(settings.secret_key_file) if settings.secret_key_file else settings.data_dir / SECRET_KEY_FILE
    if settings.secret_key_file and not path.is_file():
        raise Malformed(Problem(f"there is no file {path}", "VIVA_SECRET_KEY_FILE"))
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise InputError(f"the secret key {path} cannot be read or made: {error.strerror}") from error
    if not key:  # anybody could sign and open with it
        raise Malformed(Problem(f"the secret key {path} is empty", "VIVA_SECRET_KEY_FILE"))
    return key


def _make_key(path: Path) -> None:
    """Of several first processes one makes the file; the others never see it half written."""
    written, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with open(written, "wb") as out:
            out.write(secrets.token_hex(32).encode())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the data dir {path} cannot be made: {error.strerror}") from error


# --- the server ---------------------------------------------------------------------------------


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """Refuse a second server on the same SQLite database; a PostgreSQL may be shared. Raises Conflict."""
    if not settings.database_url:
        _make_folder(settings.data_dir)
        with SqliteLock(settings.data_dir):
            yield
    elif file := sqlite_file(settings.database_url):
        with SqliteLock(file.parent, f"serve {file.name}"):
            yield
    else:
        yield


def build_server(engine: Engine, settings: Settings) -> "tuple[ASGIApp, LocalDispatcher]":
    """The API and who plays its runs, in this process."""
    from vivavoce.server.app import create_app  # only this command needs FastAPI, which loads slowly

    dispatcher = LocalDispatcher(engine)
    server = ServerSettings(
        secret_key=secret_key(settings),
        public_url=settings.public_url,
        rate_per_minute=settings.rate_per_minute,
        rate_per_hour=settings.rate_per_hour,
    )
    return create_app(Services(engine, dispatcher, server)), dispatcher


async def forget_abandoned(engine: Engine, settings: Settings) -> None:
    """Suites that a killed process left half-imported go; another process may be importing right now only
    where the database is shared."""
    patience = timedelta(hours=1) if settings.database_url else timedelta()
    before = engine.clock.now() - patience
    await engine.call(engine.store.suites.discard_abandoned, before)
