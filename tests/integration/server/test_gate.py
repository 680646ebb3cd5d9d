"""Paths, methods, tokens, streams, scopes, limits, sizes: one at a time."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.server.client import Answer, request
from tests.integration.server.server import OTHER, STREAM, Server, running_server
from vivavoce.domain.catalog import SCOPES
from vivavoce.server.calls import CALLS, Call

CONVERSATION = f"/api/public/stream/{STREAM}/conversation/testsuite"
BATCH = f"/api/public/bot/{STREAM}/testsuite"
EVERY_PATH = [(call, position) for call in CALLS for position in range(len(call.paths))]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


def path_of(call: Call, position: int = 0, stream: str = STREAM) -> str:
    parts = call.paths[position].split("/")
    values = {"{streamId}": stream}
    return "/".join(values.get(part, "thing") if part.startswith("{") else part for part in parts)


def refused(answer: Answer, status: int, code: int, *messages: str) -> None:
    assert (answer.status, answer.code, answer.messages) == (status, code, list(messages)), answer
    assert b": " not in answer.body.split(b'"msg"')[0]  # compact
    assert answer.headers["content-length"] == str(len(answer.body))


async def test_other_methods_are_refused_before_the_token(server: Server):
    for call, position in EVERY_PATH:
        path = path_of(call, position)
        allowed = (await request(server.app, "OPTIONS", path)).headers["allow"].split(", ")
        assert call.method in allowed
        for method in METHODS:
            answer = await request(server.app, method, path)
            if method in allowed:
                assert answer.status == 401
            else:
                refused(answer, 405, 405, "Method Not Allowed")
                assert answer.headers["allow"] == ", ".join(allowed)


async def test_methods_of_one_path_are_joined(server: Server):
    assert (await request(server.app, "PUT", CONVERSATION)).headers["allow"] == "DELETE, GET"
    assert (await request(server.app, "PUT", f"{BATCH}/import")).headers["allow"] == "DELETE, POST"


async def test_a_post_may_say_that_it_deletes(server: Server):
    names = {"testSuiteNames": ["no such suite"]}
    for value in ("delete", "DELETE", " Delete "):
        answer = await server.call("POST", CONVERSATION, names, headers={"X-HTTP-Method-Override": value})
        assert answer.messages[0] == "Test Suite not found"
        gone = await server.call("POST", f"{BATCH}/none", headers={"x-http-method-override": value})
        refused(gone, 400, 400, "Test Suite not found", "there is no suite 'none'")
    refused(await server.call("POST", CONVERSATION, names), 405, 405, "Method Not Allowed")
    put = await server.call("POST", CONVERSATION, names, headers={"x-http-method-override": "put"})
    refused(put, 405, 405, "Method Not Allowed")
    no_delete = await server.call(
        "POST", f"{CONVERSATION}/import", headers={"x-http-method-override": "delete"}
    )
    refused(no_delete, 405, 405, "Method Not Allowed")
    get = await server.call("GET", CONVERSATION, headers={"x-http-method-override": "delete"})
    assert get.status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/public/nothing",
        f"{CONVERSATION}/",
        f"{BATCH}/%FF",
        "/api/../healthz",
        "/api/healthz",
    ],
)
async def test_unknown_paths_are_refused_before_anything_else(server: Server, path: str):
    for method in METHODS:
        refused(await request(server.app, method, path), 404, 404, "Not Found")


async def test_inner_paths_cannot_be_reached_from_outside(server: Server):
    for call in CALLS:
        for path in (f"/{call.name}", f"/api/{call.name}", f"/%61pi/public/bot/{STREAM}/testsuite"):
            assert (await server.call(call.method, path)).status == 404


def bad_tokens(server: Server) -> dict[str, str]:
    now = int(server.time.now().timestamp())
    sound = server.token()
    stranger = server.client.__class__(
        client_id="cs-x", name="", secret="s" * 40, created_on=server.time.now()
    )
    revoked = server.add_app()
    server.engine.store.apps.revoke(revoked.client_id)
    return {
        "none": "",
        "broken": "abc",
        "cut": sound[:-4],
        "stranger": server.token(stranger),
        "revoked": server.token(revoked),
        "over": server.token(exp=now - 6),
        "of another algorithm": server.token(algorithm="HS512"),
        "of another spelling": server.token(appId=None, appid=server.client.client_id),
        "a list": server.token(appId=[server.client.client_id]),
        "exp a text": server.token(exp=str(now + 100)),
        "without times": server.token(exp=None, iat=None),
        "too old": server.token(exp=None, iat=now - 86_400 - 6),
        "Latin-1": "\xe9.\xe9.\xe9",
        "very long": "a" * 60_000 + ".b.c",
    }


async def test_every_bad_token_is_refused_alike(server: Server):
    for why, token in bad_tokens(server).items():
        for call in CALLS:
            if not call.signed:
                answer = await server.call(call.method, path_of(call), token=token)
                assert (why, answer.status, answer.code) == (why, 401, 4002)
                assert answer.messages == ["Invalid SDK credentials"]
                assert answer.reads == 0


async def test_what_is_a_sound_token(server: Server):
    now = int(server.time.now().timestamp())
    hs512 = server.add_app(algorithm="HS512")
    for token in (
        server.token(exp=now - 3),
        server.token(exp=None, iat=now - 86_000),
        server.token(exp=10**15),
        server.token(sub=None),
        server.token(sub=7),
        server.token(aud="x", jti="y", more={"a": [1]}),
        server.token(hs512),
    ):
        assert (await server.call("GET", CONVERSATION, token=token)).status == 200
    bearer = {"auth": "", "Authorization": f"bearer {server.token()}"}
    assert (await server.call("GET", CONVERSATION, headers=bearer)).status == 401  # `auth` wins
    headers = {"Authorization": f"Bearer {server.token()}"}
    assert (await request(server.app, "GET", CONVERSATION, headers=headers)).status == 200


async def test_a_foreign_stream_and_an_unknown_one_are_refused_alike(server: Server):
    admin = server.add_app(streams=(), all_streams=True)
    stale = server.add_app(streams=("st-gone",))
    for call in CALLS:
        if "{streamId}" in call.paths[0]:
            foreign = await server.call(call.method, path_of(call, stream=OTHER))
            unknown = await server.call(call.method, path_of(call, stream="st-none"))
            gone = await server.call(call.method, path_of(call, stream="st-gone"), app=stale)
            nobodys = await server.call(call.method, path_of(call, stream="st-none"), app=admin)
            for answer in (foreign, unknown, gone, nobodys):
                refused(answer, 401, 4002, "Invalid SDK credentials")
    other = f"/api/public/stream/{OTHER}/conversation/testsuite"
    assert (await server.call("GET", other, app=admin)).status == 200


async def test_each_call_needs_its_scope(server: Server):
    for call in CALLS:
        if call.scope is None:
            continue
        others = server.add_app(scopes=[scope for scope in SCOPES if scope != call.scope])
        own = server.add_app(scopes=[call.scope])
        answer = await server.call(call.method, path_of(call), app=others)
        refused(answer, 401, 4002, "Permission denied. Scope is incorrect!")
        assert (await server.call(call.method, path_of(call), app=own)).status != 401


async def test_upload_needs_any_valid_app(server: Server):
    bare = server.add_app(scopes=(), streams=())
    assert await server.upload(b"x", app=bare)


@pytest.fixture
async def limited(tmp_path: Path) -> AsyncIterator[Server]:
    async with running_server(tmp_path, rate_per_minute=3, rate_per_hour=5) as running:
        yield running


async def test_calls_are_limited_per_stream(limited: Server):
    other_app = limited.add_app(streams=(STREAM, OTHER))
    for app in (None, other_app, None):
        assert (await limited.call("GET", CONVERSATION, app=app)).status == 200
    for method, path in (("GET", BATCH), ("POST", f"{CONVERSATION}/import"), ("DELETE", f"{BATCH}/x")):
        answer = await limited.call(method, path, app=other_app)
        message = "Rate limit for this API has been reached. Please try again after some time."
        refused(answer, 429, 429, message)
        assert 58 <= int(answer.headers["retry-after"]) <= 60
    assert (await limited.call("GET", CONVERSATION.replace(STREAM, OTHER), app=other_app)).status == 200
    limited.time.passed += 60
    for _ in range(2):
        assert (await limited.call("GET", CONVERSATION.replace("/stream/", "/bot/"))).status == 200
    hour = await limited.call("GET", CONVERSATION)
    assert hour.status == 429
    assert 3500 <= int(hour.headers["retry-after"]) <= 3540


async def test_status_calls_are_limited_per_request(limited: Server):
    for kind, prefix in ((CONVERSATION, "ctr"), (BATCH, "tr")):
        for number in range(3):
            for run in ("1", "2"):
                answer = await limited.call("GET", f"{kind}/none/{prefix}-{run}/status")
                assert answer.status == 400, number
        assert (await limited.call("GET", f"{kind}/other name/{prefix}-1/status")).status == 429
    assert (await limited.call("GET", f"{CONVERSATION}/import/ds-1/status")).status == 400
    assert (await limited.call("GET", CONVERSATION)).status == 200  # not the stream's


async def test_uploads_are_limited_per_app(limited: Server):
    for path in ("/api/public/uploadfile", f"/api/public/bot/{STREAM}/file/upload", "/api/public/uploadfile"):
        assert (await limited.call("POST", path)).status == 415
    assert (await limited.call("POST", "/api/public/uploadfile")).status == 429
    assert (await limited.call("POST", "/api/public/uploadfile", app=limited.add_app())).status == 415
    assert (await limited.call("GET", CONVERSATION)).status == 200


async def test_calls_before_authentication_and_without_scope_are_not_counted(limited: Server):
    unscoped = limited.add_app(scopes=())
    for _ in range(10):
        assert (await limited.call("GET", CONVERSATION, token="x")).status == 401
        assert (await limited.call("GET", CONVERSATION, app=unscoped)).status == 401
        assert (await limited.call("PUT", CONVERSATION)).status == 405
    assert (await limited.call("GET", CONVERSATION)).status == 200


async def test_a_body_that_does_not_tell_its_size_is_cut_off(tmp_path: Path):
    async with running_server(tmp_path, request_size=1000) as server:
        asked = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal asked
            while True:
                asked += 1
                yield b" " * 100

        answer = await server.call("POST", f"{CONVERSATION}/import", endless())
        refused(answer, 413, 413, "The request is larger than the limit of 1,000 bytes")
        assert asked == 11
        fine = json.dumps({"fileName": "0" * 24, "name": "n", "userEmailId": "e"}).encode().ljust(1000)
        refused(await server.call("POST", f"{CONVERSATION}/import", fine), 400, 400, "Invalid file id")
        assert (await server.call("POST", f"{CONVERSATION}/import", fine + b" ")).status == 413


async def test_a_websocket_is_not_answered(server: Server):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/api/public/uploadfile", "headers": [], "query_string": b""}
    await server.app(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
