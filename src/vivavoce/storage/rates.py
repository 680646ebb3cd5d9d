"""The rate of requests to a bot, held over all processes."""

from sqlalchemy import case

from vivavoce.storage.database import Database, inserting
from vivavoce.storage.tables import rates

_CATCH_UP_S = 1.0


class SqlRateStore:
    """See engine.ports.store.RateStore.

    A bot's row says when its next token is free. Who comes at most a second late goes on from there and
    catches up; a bot that idled longer starts afresh, without a burst for the past.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, bot_id: str, tokens: int, per_second: float, *, now: float) -> float:
        """Without a limit (`per_second` 0) the tokens are free now."""
        if per_second <= 0:
            return now
        span = tokens / per_second
        start = case((rates.c.next_free < now - _CATCH_UP_S, now), else_=rates.c.next_free)
        with self._database.write() as connection:
            insert = inserting(connection, rates).values(bot_id=bot_id, next_free=now + span)
            reserve = insert.on_conflict_do_update(
                index_elements=["bot_id"], set_={"next_free": start + span}
            ).returning(rates.c.next_free)
            return float(connection.execute(reserve).scalar_one()) - span
