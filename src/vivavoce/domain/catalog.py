"""What is kept besides runs: suites, client apps, uploaded files."""

from datetime import datetime
from enum import Enum
from typing import Literal, get_args

import msgspec

from vivavoce.domain.suite import SuiteHead


class SuiteKind(Enum):
    CONVERSATION = "conversation"
    BATCH = "batch"


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """A suite as it is kept; its units lie beside it, by revision. Times are UTC."""

    id: str  # ctc- or ts-<uuid>
    kind: SuiteKind
    bot_id: str
    head: SuiteHead  # of a batch suite only name and description
    revision: int = 1
    unit_count: int = 0
    total: int = 0  # steps, or batch cases
    language: str = ""
    created_by: str = ""  # u-<uuid>
    modified_by: str = ""
    created_on: datetime
    modified_on: datetime
    file_id: str = ""  # batch: the file as it was uploaded
    file_name: str = ""
    engine: str = ""  # batch: regression | dgpt
    prebuilt: bool = False

    @property
    def name(self) -> str:
        return self.head.name


Scope = Literal[
    "Batch Tests Execution",
    "Batch Tests Management",
    "Conversation Tests Execution",
    "Conversation Tests Management",
    "Intent and Entity Detection",
]
SCOPES: tuple[Scope, ...] = get_args(Scope)


class App(msgspec.Struct, frozen=True, kw_only=True):
    """A client app: whose tokens we accept, and what they may do."""

    client_id: str  # cs-<uuid>
    name: str
    secret: str  # in the clear only in memory; storage seals it
    algorithm: str = "HS256"
    scopes: tuple[Scope, ...] = ()
    streams: tuple[str, ...] = ()  # bot ids
    all_streams: bool = False
    max_lifetime_s: int = 86_400  # of a token without `exp`, counted from `iat` (8.27)
    created_on: datetime
    revoked: bool = False


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file in the blob store."""

    id: str  # 24 hex digits
    key: str  # in the blob store
    name: str  # as uploaded
    size: int  # bytes
    sha256: str  # hex
    client_id: str  # the app that uploaded it; empty: ours
    created_on: datetime
