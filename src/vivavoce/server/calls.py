"""The table of calls: everything that is decided about a request before its body is read."""

from dataclasses import dataclass
from enum import Enum

from vivavoce.domain.catalog import Scope

STREAM = "streamId"
"""The path parameter that names the bot, wherever a path has one."""


class Limit(Enum):
    """What a call's rolling limits are counted for (testing-api.md 1)."""

    NONE = "none"
    STREAM = "stream"
    APP = "app"
    REQUEST = "request"  # the run or import asked about: the last parameter of the path


class Size(Enum):
    """How large a request may be."""

    PLAIN = "plain"  # no body, or JSON
    FILE = "file"


@dataclass(frozen=True)
class Call:
    """One call of the testing API. With a `scope` an app must hold it; a signed call needs no token."""

    name: str
    method: str
    paths: tuple[str, ...]  # templates that mean the same; the documented one first
    summary: str
    scope: Scope | None = None
    limit: Limit = Limit.STREAM
    size: Size = Size.PLAIN
    signed: bool = False  # a media link carries its own signature


def _of_stream(rest: str) -> tuple[str, str]:
    return f"/api/public/stream/{{{STREAM}}}{rest}", f"/api/public/bot/{{{STREAM}}}{rest}"


def _of_bot(rest: str) -> tuple[str, str]:
    stream, bot = _of_stream(rest)
    return bot, stream


_CONVERSATION = "/conversation/testsuite"
_BATCH = "/testsuite"
_CONVERSATION_SUITE = f"{_CONVERSATION}/{{testSuiteName}}"
_BATCH_SUITE = f"{_BATCH}/{{testSuiteName}}"

# Where a path fits several templates, the first one with the request's method is meant: fixed words stand
# before names.
CALLS: tuple[Call, ...] = (
    Call(
        "upload_file",
        "POST",
        ("/api/public/uploadfile",),
        "Upload a suite file",
        limit=Limit.APP,
        size=Size.FILE,
    ),
    Call(
        "upload_bot_file",
        "POST",
        _of_bot("/file/upload"),
        "Upload a suite file under a bot's path",
        limit=Limit.APP,
        size=Size.FILE,
    ),
    # --- conversation suites
    Call(
        "import_conversations",
        "POST",
        _of_stream(f"{_CONVERSATION}/import"),
        "Create or update a conversation suite from an uploaded file, and validate it",
        "Conversation Tests Management",
    ),
    Call(
        "conversation_import_status",
        "GET",
        _of_stream(f"{_CONVERSATION}/import/{{dsId}}/status"),
        "How an import stands",
        "Conversation Tests Management",
        Limit.REQUEST,
    ),
    Call(
        "list_conversation_suites",
        "GET",
        _of_stream(_CONVERSATION),
        "Conversation suites, by name",
        "Conversation Tests Management",
    ),
    Call(
        "delete_conversation_suites",
        "DELETE",
        _of_stream(_CONVERSATION),
        "Delete conversation suites with their runs: all that are named, or none",
        "Conversation Tests Management",
    ),
    Call(
        "export_conversation_suite",
        "GET",
        _of_stream(f"{_CONVERSATION_SUITE}/export"),
        "The suite document",
        "Conversation Tests Management",
    ),
    Call(
        "list_conversation_revisions",
        "GET",
        _of_stream(f"{_CONVERSATION_SUITE}/revisions"),
        "The history of a conversation suite, newest first",
        "Conversation Tests Management",
    ),
    Call(
        "list_conversation_runs",
        "GET",
        _of_stream(f"{_CONVERSATION_SUITE}/runs"),
        "Runs of a conversation suite, newest first",
        "Conversation Tests Management",
    ),
    Call(
        "run_conversation_suite",
        "POST",
        _of_stream(f"{_CONVERSATION_SUITE}/run"),
        "Run a conversation suite",
        "Conversation Tests Execution",
    ),
    Call(
        "conversation_run_status",
        "GET",
        _of_stream(f"{_CONVERSATION_SUITE}/{{testRunId}}/status"),
        "How a conversation run stands",
        "Conversation Tests Execution",
        Limit.REQUEST,
    ),
    Call(
        "conversation_run_report",
        "GET",
        _of_stream(f"{_CONVERSATION_SUITE}/{{testRunId}}/report"),
        "A report of an ended conversation run",
        "Conversation Tests Execution",
        Limit.REQUEST,
    ),
    Call(
        "cancel_conversation_run",
        "POST",
        _of_stream(f"{_CONVERSATION_SUITE}/{{testRunId}}/cancel"),
        "Cancel a conversation run",
        "Conversation Tests Execution",
    ),
    # --- batch suites
    Call(
        "import_batch_suite",
        "POST",
        _of_bot(f"{_BATCH}/import"),
        "Create or update a batch suite from an uploaded file",
        "Batch Tests Management",
    ),
    Call(
        "list_batch_suites",
        "GET",
        _of_bot(_BATCH),
        "Batch suites with their results",
        "Batch Tests Management",
    ),
    Call(
        "delete_batch_suite",
        "DELETE",
        _of_bot(_BATCH_SUITE),
        "Delete a batch suite with its runs",
        "Batch Tests Management",
    ),
    Call(
        "export_batch_suite",
        "POST",
        _of_bot(f"{_BATCH_SUITE}/export"),
        "A link to the batch file as it was uploaded",
        "Batch Tests Management",
    ),
    Call(
        "run_batch_suite",
        "POST",
        _of_bot(f"{_BATCH_SUITE}/run"),
        "Run a batch suite",
        "Batch Tests Execution",
    ),
    Call(
        "batch_run_status",
        "GET",
        _of_bot(f"{_BATCH_SUITE}/{{requestId}}/status"),
        "How a batch run stands",
        "Batch Tests Execution",
        Limit.REQUEST,
    ),
    Call(
        "batch_run_report",
        "GET",
        _of_bot(f"{_BATCH_SUITE}/{{requestId}}/report"),
        "A report of an ended batch run",
        "Batch Tests Execution",
        Limit.REQUEST,
    ),
    Call(
        "cancel_batch_run",
        "POST",
        _of_bot(f"{_BATCH_SUITE}/{{requestId}}/cancel"),
        "Cancel a batch run",
        "Batch Tests Execution",
    ),
    Call(
        "delete_batch_run",
        "DELETE",
        _of_bot(f"{_BATCH_SUITE}/{{requestId}}"),
        "Delete a batch run with its results",
        "Batch Tests Management",
    ),
    # --- the rest
    Call(
        "find_intent",
        "POST",
        (f"/api/v1.1/rest/bot/{{{STREAM}}}/findIntent", f"/api/v1.1/rest/stream/{{{STREAM}}}/findIntent"),
        "What a bot recognises in one utterance",
        "Intent and Entity Detection",
    ),
    Call(
        "download_media",
        "GET",
        ("/api/getMediaStream/media/{file}",),
        "The file behind a signed link",
        limit=Limit.NONE,
        signed=True,
    ),
)

BY_NAME = {call.name: call for call in CALLS}
