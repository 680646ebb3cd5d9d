"""Imports and plays suites at a server, one after the other, and cancels there when interrupted."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Literal, TypeVar, cast

from vivavoce.cli.console import err, to_stdout
from vivavoce.cli.files import SuiteFile
from vivavoce.cli.outcome import Exit, Outcome
from vivavoce.cli.progress import PercentageProgress
from vivavoce.cli.reports import STDOUT, whole_file
from vivavoce.client import ApiError, Client, ClientError, Import, ServerUnreachable, UnexpectedAnswer
from vivavoce.client.client import ReportFormat
from vivavoce.client.waiting import Pace, patiently
from vivavoce.domain.batch.fulfillment import NluEngine
from vivavoce.domain.bot import Version
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import InputError, Malformed
from vivavoce.domain.run import RunStatus
from vivavoce.domain.selecting import ALL_ONCE, Plan
from vivavoce.formats.conversations import read_conversations
from vivavoce.formats.native.writing import write_native
from vivavoce.formats.reports.reading import open_json_report
from vivavoce.formats.reports.reported import ReportedRun

T = TypeVar("T")
NO_SUITE = "Test Suite not found"
CANCEL_WITHIN_S = 15.0  # a second Ctrl-C does not wait for it
SERVER_FAULT = 500
UNAUTHORIZED = 401
CONFLICT = 409
PACE = Pace()
TOO_MANY_REQUESTS = 429


class Interrupted(Exception):
    """A signal asked to stop; the run was cancelled at the server."""

    def __init__(self, number: int) -> None:
        self.signal = number


@dataclass(frozen=True)
class Target:
    """A suite at the server; with a file it is imported first."""

    name: str
    label: str
    file: SuiteFile | None


@dataclass(frozen=True)
class Played:
    reported: ReportedRun


Ended = Played | Outcome
"""A run as the server reports it, or why there is none."""

Introduction = Callable[[Target, ReportedRun], dict[str, str]]
"""What comes before a run's reports, by their names."""


async def play_at(
    client: Client,
    targets: Sequence[Target],
    *,
    version: Version,
    engine: NluEngine | None = None,
    plan: Plan,
    wait: bool,
    reports: dict[str, Path],
    started: Callable[[Target, str], None],
    ended: Callable[[Target, Ended], None],
    introduction: Introduction = lambda target, played: {},
) -> None:
    """Play each target. Raises Interrupted after SIGINT or SIGTERM, InputError, ClientError."""
    caught = 0
    task = asyncio.current_task()
    assert task is not None

    def interrupt(number: int) -> None:
        nonlocal caught
        caught = number
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt, number)
    async with client:
        folder = TemporaryDirectory(prefix="viva-report-")
        try:
            for target in targets:
                remote = _Remote(client, target, version, plan, engine)
                if (failed := await remote.bring()) is not None:
                    ended(target, failed)
                    continue
                run_id = await remote.start_or_cancel()
                started(target, run_id)
                if not wait:
                    continue
                played = await remote.finish(run_id, reports, introduction, Path(folder.name))
                ended(target, Played(played))
                if caught:
                    raise Interrupted(caught)
                if plan.fail_fast and played.run.status is not RunStatus.PASSED:
                    break
        except asyncio.CancelledError:
            if not caught:
                raise
            raise Interrupted(caught) from None
        except ApiError as error:
            raise _explained(error) from error
        finally:
            folder.cleanup()


class _Remote:
    """One target at the server."""

    def __init__(
        self, client: Client, target: Target, version: Version, plan: Plan, engine: NluEngine | None
    ) -> None:
        self._client = client
        self._target = target
        self._version: Version = version
        self._plan = plan
        self._engine: NluEngine | None = engine
        self._batch = target.file is not None and target.file.kind is SuiteKind.BATCH

    # --- the suite ------------------------------------------------------------------------------

    async def bring(self) -> Outcome | None:
        """Import the target's file, as an update where its name is known; why it failed, if it did."""
        file, name, client = self._target.file, self._target.name, self._client
        if file is None:
            return None
        content, file_name = await asyncio.to_thread(_content, file)
        uploaded = await _ask(lambda: client.upload(content, file_name))
        if self._batch:
            await self._as_update_or_new(
                lambda kind: client.import_batch(uploaded.id, name, import_type=kind)
            )
            return None
        import_id = await self._as_update_or_new(
            lambda kind: client.import_conversations(uploaded.id, name, import_type=kind)
        )
        try:
            with PercentageProgress(f"{self._target.label}: import") as progress:
                done = await client.wait_import(import_id, progress=progress)
        except asyncio.CancelledError:
            err().print(f"{self._target.label}: the import {import_id} goes on at the server")
            raise
        self._tell(done)
        if done.ok:
            return None
        reasons = [log.message for log in done.logs if log.level == "error"]
        return Outcome(Exit.ERROR, f"error (it was not imported: {'; '.join(reasons) or 'no reason given'})")

    async def _as_update_or_new(self, import_: Callable[[Literal["new", "update"]], Awaitable[T]]) -> T:
        try:
            return await _ask(lambda: import_("update"))
        except ApiError as error:
            if not _unknown_suite(error):
                raise
        try:
            return await _ask(lambda: import_("new"))
        except ApiError as error:
            if error.status != CONFLICT:
                raise
            raise InputError(
                f"the server is still importing a suite {self._target.name!r}, for another call: "
                "try again when that has ended"
            ) from error

    def _tell(self, done: Import) -> None:
        for log in done.logs:
            if log.level != "error":
                step = "" if log.step is None else f" step {log.step + 1} of the suite:"
                err().print(f"{self._target.label}: warning:{step} {log.message}", style="yellow")

    # --- the run --------------------------------------------------------------------------------

    async def start_or_cancel(self) -> str:
        """`start`; a run that begins although the command was interrupted is cancelled at once."""
        starting = asyncio.ensure_future(self.start())
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            run_id = ""
            with contextlib.suppress(ClientError, InputError, TimeoutError):
                async with asyncio.timeout(CANCEL_WITHIN_S):
                    run_id = await starting
            if run_id:
                await self._cancel(run_id)
            raise

    async def start(self) -> str:
        """Returns the run's id. A name alone is a conversation suite, or else a batch suite."""
        if not self._batch:
            try:
                return await _ask(self._start_conversation)
            except ApiError as error:
                if self._target.file is not None or not _unknown_suite(error):
                    raise
            self._batch = True
        if self._plan != ALL_ONCE:
            raise InputError(
                f"there is no conversation suite {self._target.name!r}, and cases are chosen and repeated "
                "only of those"
            )
        try:
            return await _ask(
                lambda: self._client.run_batch(self._target.name, version=self._version, engine=self._engine)
            )
        except ApiError as error:
            if _unknown_suite(error):
                raise InputError(f"the bot has no suite {self._target.name!r} at the server") from error
            raise

    async def _start_conversation(self) -> str:
        plan, chosen = self._plan, self._plan.selection
        return await self._client.run(
            self._target.name,
            version=self._version,
            cases=chosen.cases,
            tags=chosen.tags,
            last_failed=chosen.last_failed,
            shard=f"{chosen.shard.index}/{chosen.shard.of}" if chosen.shard else "",
            fail_fast=plan.fail_fast,
            repeat=plan.repeats,
            pass_rule=plan.pass_rule,
        )

    async def finish(
        self, run_id: str, reports: dict[str, Path], introduction: Introduction, folder: Path
    ) -> ReportedRun:
        """Wait for the run's end, or bring it about when interrupted; write its reports.

        The run's results are read from a file in `folder`, until the next run's: they may be many.
        """
        try:
            await self._wait(run_id)
        except asyncio.CancelledError:
            await self._cancel(run_id)
        document = await self._saved(run_id, "json", folder)
        try:
            [reported] = await asyncio.to_thread(open_json_report, lambda: document.open("rb"))
        except (Malformed, ValueError) as error:
            raise UnexpectedAnswer(f"the server's report cannot be read: {error}") from error
        first = introduction(self._target, reported)
        for kind, path in reports.items():
            saved = (
                await self._saved(run_id, cast(ReportFormat, kind), folder) if kind != "json" else document
            )
            await asyncio.to_thread(_write, path, first.get(kind, "").encode(), saved)
        return reported

    async def _wait(self, run_id: str) -> None:
        name, client = self._target.name, self._client
        with PercentageProgress(self._target.label) as progress:
            if self._batch:
                await client.wait_batch(name, run_id, progress=progress)
            else:
                await client.wait_run(name, run_id, progress=progress, details=False)

    async def _cancel(self, run_id: str) -> None:
        name, client = self._target.name, self._client
        try:
            async with asyncio.timeout(CANCEL_WITHIN_S):
                try:
                    await _ask(
                        lambda: (
                            client.cancel_batch(name, run_id) if self._batch else client.cancel(name, run_id)
                        )
                    )
                except ApiError as error:
                    if error.status != CONFLICT:  # it had ended
                        raise
                await self._wait(run_id)
        except TimeoutError:
            raise ServerUnreachable(
                f"the run {run_id} could not be cancelled in time: it may go on"
            ) from None

    async def _saved(self, run_id: str, kind: ReportFormat, folder: Path) -> Path:
        save = self._client.save_batch_run_report if self._batch else self._client.save_report
        path = folder / kind
        await _ask(lambda: save(self._target.name, run_id, path, format=kind), again=True)
        return path


async def _ask(call: Callable[[], Awaitable[T]], *, again: bool = False) -> T:
    return await patiently(call, pace=PACE, again=again)


def _content(file: SuiteFile) -> tuple[bytes, str]:
    """The file as it is uploaded, with its name; a native one that includes others is written as one."""
    data = file.path.read_bytes()
    if file.conversations is None or file.conversations.native is None:
        return data, file.path.name
    try:
        read_conversations(data, file.path.name)
    except Malformed:  # it does not stand alone
        text = write_native(file.conversations.head, file.conversations.cases())
        return text.encode(), file.path.name
    return data, file.path.name


def _write(path: Path, first: bytes, saved: Path) -> None:
    """A file appears whole or not at all."""
    if path == STDOUT:
        with saved.open(encoding="utf-8", newline="") as lines:
            to_stdout(chain([first.decode()], lines))
        return
    with saved.open("rb") as source, whole_file(path) as out:
        out.write(first)
        copyfileobj(source, out)


def _unknown_suite(error: ApiError) -> bool:
    return any(message == NO_SUITE for message, _ in error.problems)


def _explained(error: ApiError) -> Exception:
    """What the server refuses is wrong input, unless it is the server that is in trouble."""
    if error.status >= SERVER_FAULT or error.status == TOO_MANY_REQUESTS:
        return error
    hint = ""
    if error.status == UNAUTHORIZED:
        hint = ": check the client id, the secret, the bot's id, and the app's streams and scopes"
    return InputError(f"the server refused: {error.message}{hint}")
