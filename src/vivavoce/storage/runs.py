"""Runs, from being accepted to their end."""

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from vivavoce.domain.batch.utterance import CaseResult
from vivavoce.domain.catalog import StoredFile, Suite
from vivavoce.domain.errors import Conflict, NotFound
from vivavoce.domain.evaluation.values import Evaluation
from vivavoce.domain.run import Counts, LogEntry, Repeated, Run, RunKind, RunStatus, Tally
from vivavoce.domain.verdict import StepResult
from vivavoce.engine.ports.runs import RunPage
from vivavoce.engine.ports.units import BEFORE_ALL, FinishedUnit, Place
from vivavoce.formats.payloads import encode
from vivavoce.storage import leases, results, revisions
from vivavoce.storage.database import Database
from vivavoce.storage.files import drop_orphans
from vivavoce.storage.suites import SqlSuiteStore
from vivavoce.storage.tables import run_evaluations, run_logs, run_units, runs, suite_units, suites


class Ending(msgspec.Struct, omit_defaults=True):
    """What is known only at the end of a run."""

    counts: Counts
    tally: Tally | None = None
    error_details: str = ""
    repeated: Repeated | None = None


_decode = msgspec.json.Decoder(Run).decode
_decode_ending = msgspec.json.Decoder(Ending).decode
_decode_evaluation = msgspec.json.Decoder(Evaluation).decode
_decode_log = msgspec.json.Decoder(LogEntry).decode

_RUNNING = RunStatus.RUNNING.value
_PLAYED = runs.c.kind != RunKind.VALIDATION.value
_by_id = select(runs, exists().where(run_logs.c.run == runs.c.seq).label("logged")).where(
    runs.c.id == bindparam("id")  # at each status call
)


class SqlRunStore:
    """See engine.ports.runs.RunStore. What names no run raises NotFound where a value must come back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- runs -----------------------------------------------------------------------------------

    def accept(
        self,
        run: Run,
        units: Sequence[int] | None = None,
        *,
        owner: str = "",
        host: str = "",
        lease_s: float = 0.0,
    ) -> None:
        """`total` is taken from the units. Raises NotFound when the suite is gone, Conflict when its
        revision is, or when the id is taken."""
        row = {
            "id": run.id,
            "kind": run.kind.value,
            "bot_id": run.bot.id,
            "suite_id": run.suite_id,
            "revision": run.revision,
            "status": run.status.value,
            "total": 0,
            "finished": 0,
            "done": 0,
            "started_on": run.started_on,
            "modified_on": run.modified_on,
            "cancel_requested": run.cancel_requested,
            **(leases.lease(owner, host, run.created_on, lease_s) if owner else leases.FREE),
            "report_file": "",
            "payload": encode(msgspec.structs.replace(run, logs=())),
        }
        try:
            with self._database.write() as connection:
                self._require_suite(connection, run)
                seq = connection.execute(insert(runs).values(row).returning(runs.c.seq)).scalar_one()
                results.plan(connection, seq, run, units)
                total = select(func.coalesce(func.sum(run_units.c.size), 0)).where(run_units.c.run == seq)
                connection.execute(
                    update(runs).where(runs.c.seq == seq).values(total=total.scalar_subquery())
                )
                _log(connection, seq, run.logs)
        except IntegrityError as error:
            raise Conflict(f"the run id {run.id} is taken") from error

    def _require_suite(self, connection: Connection, run: Run) -> None:
        """The suite is held until the run refers to its revision, which is then not dropped."""
        query = select(suites.c.revision, suites.c.last_revision).where(suites.c.id == run.suite_id)
        suite = connection.execute(query.with_for_update(read=True)).first()
        if suite is None:
            raise NotFound(f"there is no suite {run.suite_id}")
        units = select(suite_units.c.idx).where(
            suite_units.c.suite_id == run.suite_id, suite_units.c.revision == run.revision
        )
        if run.revision != suite.revision and connection.execute(units.limit(1)).first() is None:
            raise Conflict(f"the suite {run.suite_name!r} was replaced meanwhile: run it again")

    def get(self, run_id: str) -> Run | None:
        with self._database.read() as connection:
            return _get(connection, run_id)

    def page(self, suite_id: str, *, skip: int, limit: int) -> RunPage:
        """Validations left out."""
        of_suite = (runs.c.suite_id == suite_id, _PLAYED)
        query = select(runs).where(*of_suite).order_by(runs.c.seq.desc()).offset(skip).limit(limit)
        with self._database.read() as connection:
            count = connection.scalar(select(func.count()).select_from(runs).where(*of_suite)) or 0
            items = tuple(_runs(connection, connection.execute(query).all()))
        return RunPage(count=count, more=skip + len(items) < count, items=items)

    def going(self, suite_id: str) -> list[Run]:
        query = select(runs).where(runs.c.suite_id == suite_id, runs.c.status == _RUNNING)
        with self._database.read() as connection:
            return _runs(connection, connection.execute(query.order_by(runs.c.seq)).all())

    def recent(self, *, limit: int, bot_id: str = "") -> list[Run]:
        query = select(runs).where(_PLAYED).order_by(runs.c.seq.desc()).limit(limit)
        if bot_id:
            query = query.where(runs.c.bot_id == bot_id)
        with self._database.read() as connection:
            return _runs(connection, connection.execute(query).all())

    def last_of(self, suite_ids: Sequence[str]) -> dict[str, Run]:
        """Validations left out."""
        newest = select(func.max(runs.c.seq)).where(runs.c.suite_id.in_(suite_ids), _PLAYED)
        query = select(runs).where(runs.c.seq.in_(newest.group_by(runs.c.suite_id)))
        with self._database.read() as connection:
            return {run.suite_id: run for run in _runs(connection, connection.execute(query).all())}

    def remove(self, run_id: str) -> list[StoredFile]:
        statement = delete(runs).where(runs.c.id == run_id)
        with self._database.write() as connection:
            gone = connection.execute(statement.returning(runs.c.suite_id, runs.c.report_file)).first()
            if gone is None:
                return []
            revisions.drop_old(connection, gone.suite_id)
            return drop_orphans(connection, [gone.report_file])

    # --- who plays ------------------------------------------------------------------------------

    def claim(self, owner: str, *, host: str, now: datetime, lease_s: float, run_id: str = "") -> Run | None:
        with self._database.write() as connection:
            taken = leases.claim(connection, owner, host=host, now=now, lease_s=lease_s, run_id=run_id)
            return _get(connection, taken) if taken else None

    def heartbeat(self, owner: str, run_ids: Sequence[str], *, now: datetime) -> list[str]:
        with self._database.write() as connection:
            return leases.renew(connection, owner, run_ids, now)

    def release(self, owner: str, run_id: str) -> None:
        with self._database.write() as connection:
            leases.release(connection, owner, run_id)

    def owners(self) -> list[tuple[str, str]]:
        with self._database.read() as connection:
            return leases.owners(connection)

    def drop_owner(self, owner: str) -> None:
        with self._database.write() as connection:
            leases.drop_owner(connection, owner)

    # --- while it goes on -----------------------------------------------------------------------

    def start(self, run_id: str, now: datetime) -> Run:
        statement = update(runs).where(runs.c.id == run_id, runs.c.started_on.is_(None))
        with self._database.write() as connection:
            connection.execute(statement.values(started_on=now, modified_on=now))
            return _require(connection, run_id)

    def pending_units(self, run_id: str, *, after: Place = BEFORE_ALL, limit: int = 1000) -> list[Place]:
        place = (run_units.c.repeat, run_units.c.unit)
        query = (
            select(*place)
            .where(run_units.c.run == _seq_of(run_id), tuple_(*place) > after, ~run_units.c.finished)
            .order_by(*place)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [Place(*row) for row in connection.execute(query)]

    def planned_units(self, run_id: str) -> list[int]:
        query = select(run_units.c.unit).where(run_units.c.run == _seq_of(run_id)).distinct()
        with self._database.read() as connection:
            return list(connection.scalars(query.order_by(run_units.c.unit)))

    def commit(self, run_id: str, units: Sequence[FinishedUnit], *, now: datetime) -> int:
        """Nothing is added to a run that has ended. Raises InternalError for a unit the run does not have."""
        row = runs.c
        hold = update(runs).where(row.id == run_id).values(modified_on=now)
        with self._database.write() as connection:
            run = connection.execute(
                hold.where(row.status == _RUNNING).returning(row.seq, row.finished, row.done)
            ).first()
            if run is None:
                return _require(connection, run_id).done
            fresh = results.write(connection, run.seq, units)
            finished = int(run.finished) + fresh
            done = max(int(run.done), finished)
            if fresh:
                raised = update(runs).where(row.seq == run.seq).values(finished=finished, done=done)
                connection.execute(raised)
            return done

    def progress(self, run_id: str, done: int, *, now: datetime) -> None:
        rising = update(runs).where(runs.c.id == run_id, runs.c.status == _RUNNING, runs.c.done < done)
        with self._database.write() as connection:
            connection.execute(rising.values(done=done, modified_on=now))

    def log(self, run_id: str, entries: Sequence[LogEntry], *, now: datetime) -> None:
        with self._database.write() as connection:
            modified = update(runs).where(runs.c.id == run_id).values(modified_on=now)
            seq = connection.execute(modified.returning(runs.c.seq)).scalar()
            if seq is not None:
                _log(connection, seq, entries)

    def request_cancel(self, run_id: str) -> bool:
        running = update(runs).where(runs.c.id == run_id, runs.c.status == _RUNNING)
        with self._database.write() as connection:
            return connection.execute(running.values(cancel_requested=True)).rowcount > 0

    def finish(
        self,
        run_id: str,
        status: RunStatus,
        *,
        now: datetime,
        error_details: str = "",
        report_file: str = "",
        broken_off: Sequence[FinishedUnit] = (),
        publish: Suite | None = None,
        repeated: Repeated | None = None,
        revision: int | None = None,
        evaluation: Evaluation | None = None,
    ) -> Run:
        row = runs.c
        shown = SqlSuiteStore(self._database)
        intents = shown.expected_intents(publish) if publish else ()
        ended: dict[str, Any] = {"status": status.value, "ended_on": now, "modified_on": now, **leases.FREE}
        if status in (RunStatus.PASSED, RunStatus.FAILED, RunStatus.ERROR):
            ended["done"] = row.total  # every other end came from outside
        if report_file:
            ended["report_file"] = report_file
        if revision is not None:
            ended["revision"] = revision
        end = update(runs).where(row.id == run_id, row.status == _RUNNING).values(ended)
        with self._database.write() as connection:
            run = connection.execute(end.returning(row.seq, row.kind, row.total)).first()
            if run is not None:
                if publish is not None:
                    shown.publish_in(connection, publish, intents)
                results.write(connection, run.seq, broken_off)
                kind = RunKind(run.kind)
                ending = Ending(
                    counts=results.count(connection, run.seq, kind, run.total),
                    tally=results.add_up(connection, run.seq) if kind is RunKind.BATCH else None,
                    error_details=error_details,
                    repeated=repeated,
                )
                connection.execute(update(runs).where(row.seq == run.seq).values(ending=encode(ending)))
                if evaluation is not None:
                    payload = zlib.compress(encode(evaluation))
                    connection.execute(insert(run_evaluations).values(run=run.seq, payload=payload))
            return _require(connection, run_id)

    # --- results --------------------------------------------------------------------------------

    def counts(self, run_id: str) -> Counts:
        with self._database.read() as connection:
            row = _key(connection, run_id)
            return results.count(connection, row.seq, RunKind(row.kind), row.total)

    def tally(self, run_id: str) -> Tally:
        with self._database.read() as connection:
            return results.add_up(connection, _key(connection, run_id).seq)

    def step_results(self, run_id: str, *, first: int = 0, limit: int | None = None) -> Iterator[StepResult]:
        with self._database.read() as connection:
            run = _key(connection, run_id).seq
        return results.read_steps(self._database, run, first=first, limit=limit)

    def case_results(self, run_id: str, *, first: int = 0, limit: int | None = None) -> Iterator[CaseResult]:
        with self._database.read() as connection:
            run = _key(connection, run_id).seq
        return results.read_cases(self._database, run, first=first, limit=limit)

    def case_chunk(self, run_id: str, unit: int) -> bytes:
        with self._database.read() as connection:
            packed = results.read_chunk(connection, _key(connection, run_id).seq, unit)
        if packed is None:
            raise NotFound(f"the run {run_id} has no results of its unit {unit}")
        return packed

    def evaluation(self, run_id: str) -> Evaluation | None:
        query = select(run_evaluations.c.payload).where(run_evaluations.c.run == _seq_of(run_id))
        with self._database.read() as connection:
            payload = connection.scalar(query)
        return None if payload is None else _decode_evaluation(zlib.decompress(payload))


def _log(connection: Connection, run: int, entries: Sequence[LogEntry]) -> None:
    if entries:
        connection.execute(insert(run_logs), [{"run": run, "payload": encode(entry)} for entry in entries])


def _seq_of(run_id: str) -> Any:
    return select(runs.c.seq).where(runs.c.id == run_id).scalar_subquery()


def _key(connection: Connection, run_id: str) -> Row[int, str, int]:
    query = select(runs.c.seq, runs.c.kind, runs.c.total).where(runs.c.id == run_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"there is no run {run_id}")
    return row


def _get(connection: Connection, run_id: str) -> Run | None:
    row = connection.execute(_by_id, {"id": run_id}).first()
    if row is None:
        return None
    return _runs(connection, [row])[0] if row.logged else _run(row, ())


def _require(connection: Connection, run_id: str) -> Run:
    run = _get(connection, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    return run


def _runs(connection: Connection, rows: Sequence[Row[Any]]) -> list[Run]:
    logs: dict[int, list[LogEntry]] = {row.seq: [] for row in rows}
    query = select(run_logs.c.run, run_logs.c.payload).where(run_logs.c.run.in_(logs))
    for entry in connection.execute(query.order_by(run_logs.c.seq)):
        logs[entry.run].append(_decode_log(entry.payload))
    return [_run(row, tuple(logs[row.seq])) for row in rows]


def _run(row: Row[Any], logs: tuple[LogEntry, ...]) -> Run:
    ending = _decode_ending(row.ending) if row.ending else None
    return msgspec.structs.replace(
        _decode(row.payload),
        revision=row.revision,
        status=RunStatus(row.status),
        total=row.total,
        done=row.done,
        started_on=row.started_on,
        ended_on=row.ended_on,
        modified_on=row.modified_on,
        cancel_requested=row.cancel_requested,
        report_file=row.report_file,
        logs=logs,
        counts=ending.counts if ending else None,
        tally=ending.tally if ending else None,
        error_details=ending.error_details if ending else "",
        repeated=ending.repeated if ending else None,
    )
