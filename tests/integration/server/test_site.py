"""Health, numbers, documentation, and faults of ours."""

import json
import logging
import re
from pathlib import Path

import pytest

from tests.integration.server.client import request
from tests.integration.server.server import STREAM, Server, running_server
from vivavoce.formats.native.schema import suite_schema
from vivavoce.formats.reports import report_schema
from vivavoce.server.calls import CALLS

CONVERSATION = f"/api/public/stream/{STREAM}/conversation/testsuite"


def gone() -> None:
    raise OSError("gone")


async def test_health(server: Server, monkeypatch: pytest.MonkeyPatch):
    assert (await request(server.app, "GET", "/healthz")).body == b'{"status":"ok"}'
    ready = await request(server.app, "GET", "/readyz")
    assert (ready.status, ready.body) == (200, b'{"status":"ok"}')
    await server.dispatcher.aclose()
    monkeypatch.setattr(server.engine.blobs, "ping", gone)
    stopped = await request(server.app, "GET", "/readyz")
    assert stopped.status == 503
    assert stopped.json() == {"status": "unavailable", "failing": ["blobs", "dispatcher"]}
    assert (await request(server.app, "GET", "/healthz")).status == 200


async def test_numbers(server: Server):
    await server.call("GET", CONVERSATION)
    await server.call("GET", CONVERSATION)
    await server.call("GET", CONVERSATION, token="x")
    text = (await request(server.app, "GET", "/metrics")).body.decode()
    assert 'viva_requests_total{call="list_conversation_suites",code="200"} 2\n' in text
    assert 'viva_requests_total{call="list_conversation_suites",code="401"} 1\n' in text
    assert 'viva_runs_in_progress{kind="conversation"} 0\n' in text
    assert text.endswith("\n")
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) .+|\w+(\{(\w+="[^"]*",?)+\})? \d+', line), line


async def test_the_documentation_works_offline(server: Server):
    page = await request(server.app, "GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    text = page.body.decode()
    assert "http://" not in text and "https://" not in text
    for asset in re.findall(r'(?:src|href)="([^"]+)"', text):
        answer = await request(server.app, "GET", f"/{asset}")
        assert answer.status == 200, asset
        assert answer.body
    for path in ("/docs/nothing.js", "/docs/..%2fpyproject.toml", "/nothing", "/"):
        answer = await request(server.app, "GET", path)
        assert (answer.status, answer.messages) == (404, ["Not Found"])


async def test_the_schema_of_suites_is_there_for_editors(server: Server):
    answer = await request(server.app, "GET", "/suite.schema.json")
    assert answer.status == 200 and json.loads(answer.body) == suite_schema()


async def test_the_schema_of_reports_is_there_for_machines(server: Server):
    answer = await request(server.app, "GET", "/report.schema.json")
    assert answer.status == 200 and answer.body.decode() == report_schema.schema_text()


async def test_the_openapi_document_shows_every_call_with_its_body(server: Server):
    document = (await request(server.app, "GET", "/openapi.json")).json()
    shown = {(path, method) for path, item in document["paths"].items() for method in item}
    assert shown == {(path, call.method.lower()) for call in CALLS for path in call.paths}
    for path, item in document["paths"].items():
        for operation in item.values():
            named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
            assert named == re.findall(r"\{(\w+)\}", path)
            assert "422" not in operation["responses"]
    body = document["paths"][CONVERSATION.replace(STREAM, "{streamId}") + "/import"]["post"]["requestBody"]
    reference = body["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    assert schema["required"] == ["fileName", "name", "userEmailId"]
    references = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert references <= set(document["components"]["schemas"])
    assert not re.search(r"'type': 'null'|'const'|'prefixItems'", str(document))  # not known to OpenAPI 3.0
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(ids) == len(set(ids))


class Fault(RuntimeError):
    pass


def break_store(server: Server, part: str, method: str) -> None:
    def broken(*args, **kwargs):
        raise Fault("disk full at /secret/path")

    setattr(getattr(server.engine.store, part), method, broken)


@pytest.mark.parametrize(("part", "method"), [("apps", "get"), ("bots", "get"), ("suites", "page")])
async def test_a_fault_of_ours_is_told_without_its_inside(
    server: Server, part: str, method: str, caplog: pytest.LogCaptureFixture
):
    break_store(server, part, method)
    with caplog.at_level(logging.ERROR):
        answer = await server.call("GET", CONVERSATION)
    assert (answer.status, answer.body) == (
        500,
        b'{"errors":[{"msg":"Internal Server Error","code":500}]}',
    )
    request_id = answer.headers["x-request-id"]
    (record,) = [record for record in caplog.records if request_id in record.getMessage()]
    assert record.exc_info is not None and isinstance(record.exc_info[1], Fault)
    assert "list_conversation_suites" in record.getMessage()


async def test_a_configured_address_stands_in_links(tmp_path: Path):
    async with running_server(tmp_path, public_url="https://viva.example/") as server:
        file_id = await server.upload(b"input,intent\r\na,b\r\n")
        base = f"/api/public/bot/{STREAM}/testsuite"
        await server.call("POST", f"{base}/import", {"fileName": file_id, "name": "n"})
        url = (await server.call("POST", f"{base}/n/export")).json()["downloadUrl"]
        assert url.startswith("https://viva.example/api/getMediaStream/media/f-")
