"""A small server that speaks the testing API: contract samples as answers, every request written down."""

import json
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web
from joserfc import jwt
from joserfc.jwk import OctKey

CONTRACT = Path(__file__).parents[2] / "fixtures" / "contract"
CLIENT_ID = "cs-8d6a7c1e-0000-4000-8000-000000000001"
SECRET = "a-secret-of-sixty-four-characters-that-is-long-enough-for-hs512-0"
STREAM = "st-8d6a7c1e-0000-4000-8000-000000000002"
FILE_ID = "0123456789abcdef01234567"
REPORT = b"Bot Name,Bank\r\n" * 50_000
TOKEN_HEADER = "auth"


def sample(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))
    return document


@dataclass
class Call:
    """One request as it arrived; `path` is percent-encoded."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class FakeServer:
    """Answers by (method, what ends the decoded path); `queued` answers of a path come first, in order."""

    calls: list[Call] = field(default_factory=list)
    queued: dict[str, deque[web.Response]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    algorithm: str = "HS256"

    def queue(self, ending: str, *answers: web.Response) -> None:
        self.queued.setdefault(ending, deque()).extend(answers)

    def application(self) -> web.Application:
        app = web.Application(client_max_size=512 * 1024 * 1024)
        app.router.add_route("*", "/{rest:.*}", self.answer)
        return app

    async def answer(self, request: web.Request) -> web.Response:
        path = request.raw_path.partition("?")[0]
        body: Any = None
        if request.content_type.startswith("multipart/"):
            body = {}
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader) and part.name is not None, "never nested here"
                body[part.name] = (part.filename, await part.read())
        elif request.can_read_body:
            body = await request.json()
        self.calls.append(Call(request.method, path, dict(request.query), dict(request.headers), body))
        if path.startswith("/api/getMediaStream/"):
            return web.Response(body=REPORT, content_type="text/csv")
        if refusal := self.token_refusal(request):
            return refusal
        for ending, answers in self.queued.items():
            if unquote(path).endswith(ending) and answers:
                return answers.popleft()
        return self.usual(request, unquote(path))

    def token_refusal(self, request: web.Request) -> web.Response | None:
        try:
            token = jwt.decode(
                request.headers.get(TOKEN_HEADER, ""), OctKey.import_key(SECRET), [self.algorithm]
            )
        except Exception:
            return refused(401, "Invalid SDK credentials", 4002)
        claims = token.claims
        if claims.get("appId") != CLIENT_ID or claims["exp"] <= claims["iat"] or claims["jti"] in self.tokens:
            return refused(401, "Invalid SDK credentials", 4002)
        self.tokens.add(claims["jti"])
        return None

    def usual(self, request: web.Request, path: str) -> web.Response:
        conversations = f"/api/public/stream/{STREAM}/conversation/testsuite"
        batches = f"/api/public/bot/{STREAM}/testsuite"
        brief = request.query.get("details") == "false"
        form = "conversation-run-completed" + (".brief" if brief else "")
        answers: dict[tuple[str, str], Any] = {
            ("POST", "/api/public/uploadfile"): {"fileId": FILE_ID, "hash": "ab" * 32},
            ("POST", f"{conversations}/import"): {"status": "IN_PROGRESS", "dsId": "ds-1"},
            ("GET", f"{conversations}/import/ds-1/status"): sample("conversation-import-success"),
            ("POST", f"{conversations}/Zahlung/a?b/run"): {"status": "IN_PROGRESS", "testRunId": "ctr-1"},
            ("GET", f"{conversations}/Zahlung/a?b/ctr-1/status"): sample(form),
            ("POST", f"{conversations}/Zahlung/a?b/ctr-1/cancel"): {"status": "aborted"},
            ("GET", f"{conversations}/Zahlung/a?b/export"): {"testSteps": []},
            ("GET", f"{conversations}/Zahlung/a?b/revisions"): {
                "count": 2,
                "moreAvailable": True,
                "revisions": [
                    {
                        "revision": 2,
                        "name": "Zahlung/a?b",
                        "description": "",
                        "tags": ["smoke"],
                        "createdBy": "u-1",
                        "createdOn": "2026-01-02T03:04:05.678Z",
                        "fileName": "cards.yaml",
                        "fileId": FILE_ID,
                        "totalTestCasesCount": 3,
                        "totalTestStepsCount": 7,
                    }
                ],
            },
            ("GET", f"{conversations}/Zahlung/a?b/ctr-1/report"): {"of": request.query.get("format")},
            ("GET", f"{batches}/NLU/tr-1/report"): {"of": request.query.get("format")},
            ("GET", f"{conversations}/Zahlung/a?b/runs"): {
                "count": 1,
                "moreAvailable": False,
                "runs": [sample("conversation-run-completed.brief")],
            },
            ("DELETE", conversations): {"status": "Success"},
            ("GET", conversations): {
                "count": 3,
                "moreAvailable": True,
                "testSuites": [
                    {
                        "_id": "ctc-1",
                        "name": "Zahlung/a?b",
                        "description": "",
                        "tags": ["smoke"],
                        "createdOn": "2026-01-02T03:04:05.678Z",
                        "lModOn": "2026-01-02T03:04:05.678Z",
                        "totalTestStepsCount": 4,
                        "lastRun": None,
                    }
                ],
            },
            ("POST", f"{batches}/import"): {
                "_id": "ts-1",
                "name": "NLU",
                "description": "",
                "streamId": STREAM,
                "language": "en",
                "fileId": FILE_ID,
                "createdBy": "u-1",
                "createdOn": "2026-01-02T03:04:05.678Z",
                "modifiedOn": "2026-01-02T03:04:05.678Z",
                "__v": 0,
                "fileName": "nlu.csv",
            },
            ("POST", f"{batches}/NLU/run"): {"status": "accepted", "requestId": "tr-1"},
            ("GET", f"{batches}/NLU/tr-1/status"): sample("batch-run-completed"),
            ("POST", f"{batches}/NLU/tr-1/cancel"): {"status": "cancelled"},
            ("POST", f"{batches}/NLU/export"): {
                "downloadUrl": "http://x/y",
                "name": "NLU",
                "description": "",
            },
            ("DELETE", f"{batches}/NLU"): {"message": "Test Suite removed successfully"},
            ("DELETE", f"{batches}/NLU/tr-1"): {"message": "Test Result Removed Successfully"},
            ("GET", batches): {
                "count": 1,
                "moreAvailable": False,
                "ts-1": {"testSuiteType": "custom", "name": "NLU", "description": "", "results": []},
                "AllMlUtterances": {"testSuiteType": "prebuilt", "results": []},
            },
            ("POST", f"/api/v1.1/rest/bot/{STREAM}/findIntent"): {
                "request": {"input": "balance"},
                "response": {
                    "result": "successintent",
                    "task": "Show balance",
                    "finalResolver": {
                        "winningIntent": [{"intent": "Show balance", "score": 0.9}],
                        "entities": [],
                    },
                },
            },
        }
        found = answers.get((request.method, path))
        return refused(404, "Not Found", 404) if found is None else web.json_response(found)


def refused(status: int, message: str, code: int, **headers: str) -> web.Response:
    body = {"errors": [{"msg": message, "code": code}]}
    return web.json_response(
        body, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
