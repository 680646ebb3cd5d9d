"""`viva run --server`: suites are imported and played at a server; this command only asks and shows."""

import getpass
import os
import socket
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from vivavoce.cli.baseline import suite_names
from vivavoce.cli.console import err, out
from vivavoce.cli.files import SuiteFile, read_suite_files
from vivavoce.cli.outcome import Outcome
from vivavoce.cli.remote_playing import Interrupted, Played, Target, play_at
from vivavoce.cli.reports import STDOUT
from vivavoce.cli.run_request import Ended, RunRequest
from vivavoce.client import Client
from vivavoce.domain.catalog import SuiteKind
from vivavoce.domain.errors import InputError
from vivavoce.formats.reports.reported import ReportedRun
from vivavoce.wiring import run_async


@dataclass(frozen=True)
class Address:
    """Where the server is, and as whom it is asked."""

    server: str
    client_id: str | None
    secret_file: Path | None
    algorithm: str

    def client(self, bot: str, language: str | None) -> Client:
        """Raises InputError when something is missing."""
        client_id = self.client_id or os.environ.get("VIVA_CLIENT_ID", "")
        if not client_id:
            raise InputError("--server needs a client app: --client-id, or VIVA_CLIENT_ID in the environment")
        if not self.server.startswith(("http://", "https://")):
            raise InputError(f"--server {self.server}: an address begins with http:// or https://")
        secret = self._secret()
        # A secret that is too short is a wrong one: the server says so, in fewer words.
        warnings.filterwarnings("ignore", message="Key size should be")
        return Client(
            self.server,
            client_id,
            secret,
            bot,
            user_email=f"{getpass.getuser()}@{socket.gethostname()}",
            language=language,
            algorithm=self.algorithm,
        )

    def _secret(self) -> str:
        """Never an argument: those are seen by every process of the machine."""
        if self.secret_file is None:
            secret = os.environ.get("VIVA_CLIENT_SECRET", "")
        else:
            try:
                secret = self.secret_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise InputError(f"--client-secret-file {self.secret_file}: {error}") from error
        if not secret:
            raise InputError(
                "--server needs the secret of the app: VIVA_CLIENT_SECRET, or --client-secret-file"
            )
        return secret


def run_at_server(address: Address, asked: RunRequest, *, suite: str | None, wait: bool) -> NoReturn:
    """The whole command; raises typer.Exit with the exit code of a local run."""
    against = asked.against
    if asked.reports and not wait:
        raise InputError("a report is of a run that has ended: add --wait")
    if against.wanted and not wait:
        raise InputError("a baseline is compared with a run that has ended: add --wait")
    targets = _targets(asked.files, suite, one_report=bool(asked.reports))
    for target in targets:
        names = [target.name, *(suite_names(target.file) if target.file else [])]
        against.expect(target.label, target.file.kind if target.file else None, names)
    console = out(to_stderr=STDOUT in asked.reports.values())
    runs = Ended(console, asked.thresholds)

    def started(target: Target, run_id: str) -> None:
        if wait:
            err().print(f"{target.label}: run {run_id}")
        else:
            console.print(run_id)

    def introduction(target: Target, played: ReportedRun) -> dict[str, str]:
        against.compare(target.label, played)
        return against.introduction()

    def ended(target: Target, found: Played | Outcome) -> None:
        if isinstance(found, Played):
            runs.show(target.label, found.reported, against.judged_of(target.label))
        else:
            runs.show_none(target.label, found)

    client = address.client(asked.bot, asked.language)
    signal = 0
    try:
        run_async(
            play_at(
                client,
                targets,
                version=asked.version,
                engine=asked.engine,
                plan=asked.plan,
                wait=wait,
                reports=asked.reports,
                introduction=introduction,
                started=started,
                ended=ended,
            )
        )
    except Interrupted as interrupted:
        signal = interrupted.signal
    raise runs.exit(signal)


def _targets(files: Sequence[Path], suite: str | None, *, one_report: bool) -> list[Target]:
    """What is played, each under its name at the server. Raises InputError, Malformed."""
    if not files:
        if not suite:
            raise InputError("--server needs a FILE to import, or --suite NAME of what is there")
        return [Target(suite, suite, None)]
    if len(files) > 1 and suite:
        raise InputError(f"--suite {suite} names one suite, but {len(files)} files are given")
    if len(files) > 1 and one_report:
        raise InputError("with --server a report holds one run: give one FILE a command")
    read = read_suite_files(files)
    targets = [Target(suite or _name(file), str(file.path), file) for file in read]
    names = [target.name for target in targets]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two files are named {name!r}: play them one by one, with --suite NAME")
    for target in targets:
        for warning in target.file.warnings if target.file else ():
            err().print(f"{target.label}: warning: {warning}", style="yellow")
    return targets


def _name(file: SuiteFile) -> str:
    return (file.head.name if file.kind is SuiteKind.CONVERSATION else "") or file.path.stem


def refuse_without_server(**flags: Any) -> None:
    """Flags that mean something only with --server. Raises InputError."""
    for flag, value in flags.items():
        if value:
            raise InputError(f"--{flag.replace('_', '-')} goes with --server")


def refuse_with_server(**flags: Any) -> None:
    """Flags that mean nothing at a server. Raises InputError."""
    for flag, value in flags.items():
        if value not in (None, False):
            raise InputError(f"--{flag.replace('_', '-')} does not go with --server: it has its own")
