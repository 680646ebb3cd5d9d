"""The key that protects stored secrets."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from vivavoce.domain.errors import InputError, Malformed, Problem
from vivavoce.settings import SECRET_KEY_FILE, Settings


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


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the data dir {path} cannot be made: {error.strerror}") from error
