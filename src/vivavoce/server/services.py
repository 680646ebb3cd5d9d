"""What the server works with; `wiring` builds it."""

from dataclasses import dataclass

from vivavoce.engine.core import Engine
from vivavoce.engine.ports.players import Dispatcher


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """The server's own settings (interface.md); sizes of files stand in the engine's."""

    secret_key: bytes  # signs media links
    public_url: str = ""  # what media links start with; empty: the request's own host
    rate_per_minute: int = 60  # 0 = no limit
    rate_per_hour: int = 1800
    request_size: int = 4 * 1024 * 1024  # bytes; of every call that is not an upload


@dataclass(frozen=True)
class Services:
    engine: Engine
    dispatcher: Dispatcher
    settings: ServerSettings
