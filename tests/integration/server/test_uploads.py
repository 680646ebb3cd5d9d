"""Uploads: what is taken, who sees it, what is refused."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.server.server import FORM_TYPE, OTHER, STREAM, Server, multipart, running_server
from vivavoce.engine.core import Sizes

UPLOAD = "/api/public/uploadfile"
CONVERSATION = f"/api/public/stream/{STREAM}/conversation/testsuite"


@pytest.mark.parametrize(
    "content_type", [FORM_TYPE["content-type"], "application/json", "multipart/form-data", ""]
)
async def test_the_answer(server: Server, content_type: str):
    headers = {"content-type": content_type} if content_type else {}
    answer = await server.call("POST", UPLOAD, multipart(b"content"), headers=headers)
    body = answer.json()
    assert list(body) == ["fileId", "hash"]
    assert len(body["fileId"]) == 24 and int(body["fileId"], 16)
    assert body["hash"] == hashlib.sha256(b"content").hexdigest()
    file = server.engine.store.files.get(body["fileId"])
    assert (file.name, file.size, file.client_id) == ("suite.json", 7, server.client.client_id)


@pytest.mark.parametrize("kind", ["bot", "stream"])
async def test_under_a_bots_path_the_answer_names_the_file(server: Server, kind: str):
    path = f"/api/public/{kind}/{STREAM}/file/upload"
    body = (await server.call("POST", path, multipart(b"x"), headers=FORM_TYPE)).json()
    assert list(body) == ["fileId", "hash", "fileName"]
    assert body["fileName"] == body["fileId"]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 415, "The upload must be multipart/form-data with a field `file`"),
        (b'{"file": "x"}', 415, "The upload must be multipart/form-data with a field `file`"),
        (multipart(b""), 412, "Validation errors/ Invalid arguments"),
        (multipart(b"x", field="other"), 412, "Validation errors/ Invalid arguments"),
        (multipart(b"x" * 1000)[:-40], 412, "Validation errors/ Invalid arguments"),
    ],
)
async def test_refusals_leave_nothing(server: Server, tmp_path: Path, body: bytes, status: int, message: str):
    answer = await server.call("POST", UPLOAD, body, headers=FORM_TYPE if status == 412 else {})
    assert (answer.status, answer.code, answer.messages[0]) == (status, status, message)
    assert not [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]


async def test_a_file_over_the_limit_is_refused_while_it_comes_in(tmp_path: Path):
    async with running_server(tmp_path, sizes=Sizes(conversation_file=10, batch_file=100_000)) as server:
        whole = multipart(b"x" * 10_000_000)
        sent = 0

        async def pieces() -> AsyncIterator[bytes]:
            nonlocal sent
            for start in range(0, len(whole), 10_000):
                sent += 10_000
                yield whole[start : start + 10_000]

        answer = await server.call("POST", UPLOAD, pieces(), headers=FORM_TYPE)
        assert (answer.status, answer.messages) == (
            413,
            ["The file is larger than the limit of 100,000 bytes"],
        )
        assert sent < 300_000
        told = await server.call("POST", UPLOAD, whole, headers=FORM_TYPE)
        assert (told.status, told.reads) == (413, 0)
        assert (await server.call("POST", UPLOAD, multipart(b"x" * 100_000), headers=FORM_TYPE)).status == 200


async def test_a_file_belongs_to_its_app_and_to_those_who_share_a_stream(server: Server):
    file_id = await server.upload(b"not json")
    sharing = server.add_app()
    stranger = server.add_app(streams=(OTHER,))
    admin = server.add_app(streams=(), all_streams=True)
    other = CONVERSATION.replace(STREAM, OTHER)
    for app, path, message in (
        (None, CONVERSATION, "Validation errors/ Invalid arguments"),
        (sharing, CONVERSATION, "Validation errors/ Invalid arguments"),
        (admin, other, "Validation errors/ Invalid arguments"),
        (stranger, other, "Invalid file id"),
    ):
        body = {"fileName": file_id, "name": "n", "userEmailId": "e"}
        assert (await server.call("POST", f"{path}/import", body, app=app)).messages[0] == message


@pytest.mark.parametrize("file_id", ["0" * 24, "x", "../../etc/passwd", "'", "🎓"])
async def test_unknown_files(server: Server, file_id: str):
    for path in (f"{CONVERSATION}/import", f"/api/public/bot/{STREAM}/testsuite/import"):
        answer = await server.call("POST", path, {"fileName": file_id, "name": "n", "userEmailId": "e"})
        assert (answer.status, answer.code, answer.messages) == (400, 400, ["Invalid file id"])
