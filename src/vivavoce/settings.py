"""What an operator can set: `VIVA_*` in the environment, a flag of the same name before it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from vivavoce.domain.errors import Malformed, Problem
from vivavoce.engine.ports.graders import LOCAL_MODEL

SECRET_KEY_FILE = "secret.key"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Each field is the setting `VIVA_<FIELD>`."""

    data_dir: Path = Path()
    database_url: str = ""  # default: SQLite in the data dir
    blob_url: str = ""  # default: a folder in the data dir
    host: str = "127.0.0.1"
    port: int = 8377
    log: str = "info"  # info | debug | warning | json
    rate_per_minute: int = 60  # API calls, testing-api.md section 1; 0 = no limit
    rate_per_hour: int = 1800
    public_url: str = ""  # what media links start with; default: the request's own host
    secret_key: str = ""  # protects stored secrets; default: made on first start in the data dir
    secret_key_file: str = ""
    max_conversation_file: int = 32 * 1024 * 1024  # bytes
    max_batch_file: int = 256 * 1024 * 1024
    allow_hosts: tuple[str, ...] = ()  # bot addresses a server may call, besides public ones
    judge_url: str = ""  # an OpenAI-compatible service; default: nobody judges
    judge_model: str = ""
    judge_key: str = dataclasses.field(default="", repr=False)
    embedding_url: str = ""  # the same for embeddings
    embedding_model: str = ""  # `local`: the model of the extra local-embeddings
    embedding_key: str = dataclasses.field(default="", repr=False)

    @classmethod
    def read(cls, environment: Mapping[str, str], **flags: Any) -> "Settings":
        """Settings from the environment, with flags that are not None on top. Raises Malformed."""
        known = {field.name: field for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, field in known.items():
            text = environment.get(f"VIVA_{name.upper()}", "")
            if text:
                values[name] = _parse(f"VIVA_{name.upper()}", field.type, text)
        values.update({name: value for name, value in flags.items() if value is not None})
        settings = cls(**values)
        if settings.data_dir == Path():
            settings = replace(settings, data_dir=Path(platformdirs.user_data_dir("vivavoce", False)))
        if not 0 <= settings.port <= 65535:
            raise Malformed(Problem(f"{settings.port} is no port", "VIVA_PORT", "0 to 65535"))
        if settings.log not in ("debug", "info", "warning", "json"):
            raise Malformed(Problem(f"{settings.log!r} is no log setting", "VIVA_LOG", "info or json"))
        if settings.public_url and not _is_address(settings.public_url):
            hint = "such as https://tests.example.org"
            raise Malformed(Problem(f"{settings.public_url!r} is no address", "VIVA_PUBLIC_URL", hint))
        _check_graders(settings)
        for name in ("max_conversation_file", "max_batch_file"):
            if getattr(settings, name) < 1:
                raise Malformed(Problem("no file would be small enough", f"VIVA_{name.upper()}"))
        return settings

    @property
    def private_bots_allowed(self) -> bool:
        """Loopback and private bot addresses are allowed by default only on a loopback server."""
        return self.host in LOOPBACK


def _check_graders(settings: Settings) -> None:
    """A service of models is an address and a model, or nothing."""
    for name, url, model in (
        ("JUDGE", settings.judge_url, settings.judge_model),
        ("EMBEDDING", settings.embedding_url, settings.embedding_model),
    ):
        if name == "EMBEDDING" and model == LOCAL_MODEL and not url:
            continue
        if url and not _is_address(url):
            hint = "such as https://models.example.org/v1"
            raise Malformed(Problem(f"{url!r} is no address", f"VIVA_{name}_URL", hint))
        if url and not model:
            raise Malformed(Problem("no model is named", f"VIVA_{name}_MODEL", f"VIVA_{name}_URL is set"))
        if model and not url:
            raise Malformed(Problem("no address is set", f"VIVA_{name}_URL", f"VIVA_{name}_MODEL is set"))


def _is_address(text: str) -> bool:
    """Whether paths can be appended to it."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    sound = parts.scheme in ("http", "https") and parts.hostname and port != 0
    return bool(sound) and not parts.query and not parts.fragment and " " not in text


def _parse(name: str, kind: Any, text: str) -> Any:
    if kind is int:
        return _parse_size(name, text)
    if kind is Path:
        return Path(text).expanduser()
    if kind is str:
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _parse_size(name: str, text: str) -> int:
    """A whole number; sizes may end in KB, MB or GB (binary)."""
    digits, factor = text.strip().upper(), 1
    for suffix, power in (("KB", 1), ("MB", 2), ("GB", 3)):
        if digits.endswith(suffix):
            digits, factor = digits.removesuffix(suffix).strip(), 1024**power
    if not digits.isdecimal():
        raise Malformed(Problem(f"{text!r} is no whole number", name, "for sizes also 32MB"))
    return int(digits) * factor
