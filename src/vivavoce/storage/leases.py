"""Who plays which run. A lease is kept in the run's row, on both databases alike."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, literal, or_, select, update

from vivavoce.domain.run import RunStatus
from vivavoce.storage.columns import Moment
from vivavoce.storage.tables import runs

FREE = {"owner": "", "host": "", "lease_us": 0, "lease_until": None}
"""What a run's row holds while nobody plays it."""


def lease(owner: str, host: str, now: datetime, lease_s: float) -> dict[str, Any]:
    """What a run's row holds while it is leased."""
    length = timedelta(seconds=lease_s)
    return {
        "owner": owner,
        "host": host,
        "lease_us": length // timedelta(microseconds=1),
        "lease_until": now + length,
    }


_running = runs.c.status == RunStatus.RUNNING.value


def claim(
    connection: Connection, owner: str, *, host: str, now: datetime, lease_s: float, run_id: str = ""
) -> str:
    """Take the oldest free run, or the one named; returns its id, empty: there is none.

    The guard stands in the UPDATE itself: of two that saw the same run free, the second changes no row
    and looks for another.
    """
    free = [_running, or_(runs.c.owner == "", runs.c.lease_until < now)]
    if run_id:
        free.append(runs.c.id == run_id)
    taken = lease(owner, host, now, lease_s)
    while found := connection.execute(
        select(runs.c.seq, runs.c.id).where(*free).order_by(runs.c.seq).limit(1)
    ).first():
        if connection.execute(update(runs).where(runs.c.seq == found.seq, *free).values(taken)).rowcount:
            return str(found.id)
    return ""


def renew(connection: Connection, owner: str, run_ids: Sequence[str], now: datetime) -> list[str]:
    """Returns those of the runs that were asked to cancel. A lease lost to another stays lost."""
    mine = [runs.c.id.in_(run_ids), runs.c.owner == owner, _running]
    connection.execute(update(runs).where(*mine).values(lease_until=literal(now, Moment) + runs.c.lease_us))
    return list(connection.scalars(select(runs.c.id).where(*mine, runs.c.cancel_requested)))


def release(connection: Connection, owner: str, run_id: str) -> None:
    connection.execute(update(runs).where(runs.c.id == run_id, runs.c.owner == owner).values(FREE))


def owners(connection: Connection) -> list[tuple[str, str]]:
    query = select(runs.c.owner, runs.c.host).where(_running, runs.c.owner != "").distinct()
    return [(row.owner, row.host) for row in connection.execute(query.order_by(runs.c.owner, runs.c.host))]


def drop_owner(connection: Connection, owner: str) -> None:
    connection.execute(update(runs).where(runs.c.owner == owner).values(FREE))
