"""Bots and apps, from what an operator names to what is kept."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace as with_fields

from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.catalog import App, Scope
from vivavoce.domain.errors import Malformed, NotFound
from vivavoce.engine.ports.store import Store
from vivavoce.formats.bot_file import read_bot_file, to_bot
from vivavoce.wiring.connecting import check_version, text_of
from vivavoce.wiring.machine import new_id

VERSIONS: tuple[Version, ...] = ("published", "inDevelopment")


def read_bot(path: Path) -> Bot:
    """The bot of a bot file, with a fresh id and files it names as absolute paths. Raises Malformed."""
    read = read_bot_file(text_of(path), str(path))
    bot = to_bot(read, new_id("st"), secrets.token_hex(12))
    folder = path.parent.resolve()
    bot = with_fields(
        bot,
        training=str(folder / bot.training) if bot.training else "",
        definition=str(folder / bot.definition) if bot.definition else "",
        connector=_absolute(bot.connector, folder),
    )
    if problems := [problem for version in VERSIONS for problem in check_version(bot, version)]:
        raise Malformed(list(dict.fromkeys(problems)), str(path))
    return bot


def _absolute(connector: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Files that a connector names, seen from the bot file's folder."""
    found = dict(connector)
    for key in ("definition", "training", "script"):
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
