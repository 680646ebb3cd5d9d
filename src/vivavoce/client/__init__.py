"""The Python client of the testing API: `Client` for asyncio, `BlockingClient` for all others.

It needs only `domain` and three small libraries, so that a pipeline can import it without the server's.
"""

from vivavoce.client.blocking import BlockingClient
from vivavoce.client.client import Client
from vivavoce.client.errors import ApiError, ClientError, ServerUnreachable, UnexpectedAnswer, WaitTimeout
from vivavoce.client.values import (
    BatchRun,
    BatchSuite,
    BatchSuitePage,
    ConversationRun,
    Detection,
    Export,
    Import,
    Revision,
    RevisionPage,
    RunPage,
    SuitePage,
    UploadedFile,
)
from vivavoce.client.waiting import Pace

__all__ = [
    "ApiError",
    "BatchRun",
    "BatchSuite",
    "BatchSuitePage",
    "BlockingClient",
    "Client",
    "ClientError",
    "ConversationRun",
    "Detection",
    "Export",
    "Import",
    "Pace",
    "Revision",
    "RevisionPage",
    "RunPage",
    "ServerUnreachable",
    "SuitePage",
    "UnexpectedAnswer",
    "UploadedFile",
    "WaitTimeout",
]
