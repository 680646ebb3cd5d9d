"""Bots."""

import msgspec
from sqlalchemy import bindparam, delete, select

from vivavoce.domain.bot import Bot
from vivavoce.formats.payloads import encode
from vivavoce.storage.database import Database, inserting
from vivavoce.storage.tables import bots, rates, runs, suites

_decode = msgspec.json.Decoder(Bot).decode
_by_id = select(bots.c.payload).where(bots.c.id == bindparam("id"))  # at each call of the API


class SqlBotStore:
    """See engine.ports.store.BotStore. Two bots may share a name; `by_name` answers the one of lower id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, bot: Bot) -> None:
        values = {"name": bot.name, "payload": encode(bot)}
        with self._database.write() as connection:
            insert = inserting(connection, bots).values(id=bot.id, **values)
            connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))

    def get(self, bot_id: str) -> Bot | None:
        with self._database.read() as connection:
            payload = connection.scalar(_by_id, {"id": bot_id})
        return None if payload is None else _decode(payload)

    def by_name(self, name: str) -> Bot | None:
        query = select(bots.c.payload).where(bots.c.name == name).order_by(bots.c.id).limit(1)
        with self._database.read() as connection:
            payload = connection.scalar(query)
        return None if payload is None else _decode(payload)

    def all(self) -> list[Bot]:
        with self._database.read() as connection:
            payloads = connection.scalars(select(bots.c.payload).order_by(bots.c.name, bots.c.id)).all()
        return [_decode(payload) for payload in payloads]

    def remove(self, bot_id: str) -> bool:
        with self._database.write() as connection:
            connection.execute(delete(runs).where(runs.c.bot_id == bot_id))
            connection.execute(delete(suites).where(suites.c.bot_id == bot_id))
            connection.execute(delete(rates).where(rates.c.bot_id == bot_id))
            return connection.execute(delete(bots).where(bots.c.id == bot_id)).rowcount > 0
