"""What is refused, in which order, and in which words (testing-api.md 1 and 8.24 to 8.27)."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.acceptance import suites
from tests.acceptance.house import House, make_app
from tests.acceptance.http_api import USER, Api, App, segment
from tests.acceptance.processes import Server, serving, viva
from tests.acceptance.report import read_report

SUITES = "/conversation/testsuite"
CREDENTIALS = (401, 4002, "Invalid SDK credentials")
SCOPE = (401, 4002, "Permission denied. Scope is incorrect!")
INVALID = (412, 412, "Validation errors/ Invalid arguments")
METHOD = (405, 405, "Method Not Allowed")
NO_SUITE = (400, 400, "Test Suite not found")
RATE = (429, 429, "Rate limit for this API has been reached. Please try again after some time.")

CM, CE = "Conversation Tests Management", "Conversation Tests Execution"
BM, BE = "Batch Tests Management", "Batch Tests Execution"
CALLS = [  # method, path below the bot's, scope
    ("POST", f"{SUITES}/import", CM),
    ("GET", f"{SUITES}/import/ds-1/status", CM),
    ("GET", SUITES, CM),
    ("DELETE", SUITES, CM),
    ("GET", f"{SUITES}/a%20suite/export", CM),
    ("GET", f"{SUITES}/a%20suite/runs", CM),
    ("POST", f"{SUITES}/a%20suite/run", CE),
    ("GET", f"{SUITES}/a%20suite/ctr-1/status", CE),
    ("POST", f"{SUITES}/a%20suite/ctr-1/cancel", CE),
    ("POST", "/testsuite/import", BM),
    ("GET", "/testsuite", BM),
    ("DELETE", "/testsuite/a%20suite", BM),
    ("POST", "/testsuite/a%20suite/export", BM),
    ("DELETE", "/testsuite/a%20suite/tr-1", BM),
    ("POST", "/testsuite/a%20suite/run", BE),
    ("GET", "/testsuite/a%20suite/tr-1/status", BE),
    ("POST", "/testsuite/a%20suite/tr-1/cancel", BE),
    ("POST", "/file/upload", ""),
]


# --- the order of checks


@pytest.fixture(scope="module")
def limited(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with 20 calls a minute, and small files."""
    data_dir = house.copy(tmp_path_factory.mktemp("limited") / "data")
    sizes = {"max_conversation_file": "2KB", "max_batch_file": "4KB"}
    with serving(data_dir, rate_per_minute="20", **sizes) as running:
        yield running


@pytest.fixture(scope="module")
def executing(house: House, server: Server, limited: Server) -> dict[str, App]:
    """By server: an app made while it runs, which may only run batch tests, of one bot."""
    one_bot = [house.bots["dialog"]]
    return {one.url: make_app(one.data_dir, "executing", one_bot, "--scope", BE) for one in (server, limited)}


async def test_checks_come_in_order(
    limited: Server, house: House, executing: dict[str, App], session: aiohttp.ClientSession
) -> None:
    """One call with every fault there is; then one fault after the other is mended."""
    api = Api(session, limited.url, house.apps["all"], house.bots["dialog"])
    path, known = f"{SUITES}/import", "known"
    narrow = executing[limited.url].token()
    await api.import_suite(suites.greeting(), known)
    good, broken = await api.upload(suites.greeting()), await api.upload('{"testSteps": [')
    large = await api.upload('{"testSteps": [' + " " * 3000)
    while (await api.get(SUITES)).status == 200:
        pass  # until the limit is reached
    too_large = b" " * (5 * 1024 * 1024)
    foreign = f"/api/public/stream/{house.bots['foreign']}{path}"

    assert (await api.call("PUT", f"{path}/x/y", too_large, token="")).refusal[0] == 404
    assert (await api.call("PUT", path, too_large, token="")).refusal == METHOD
    assert (await api.post(path, too_large, token="")).refusal == CREDENTIALS
    assert (await api.post(foreign, too_large, token=narrow)).refusal == CREDENTIALS
    assert (await api.post(path, too_large, token=narrow)).refusal == SCOPE
    assert (await api.post(path, too_large)).refusal == RATE

    api = api.of(bot=house.bots["nasty"])
    await api.import_suite(suites.greeting(), known)
    assert (await api.post(path, too_large)).refusal[:2] == (413, 413)
    body: dict[str, Any] = {"fileName": "0" * 24, "name": known}
    assert (await api.post(path, body)).refusal == INVALID
    body |= {"userEmailId": USER}
    assert (await api.post(path, body)).refusal == (400, 400, "Invalid file id")
    assert (await api.post(path, body | {"fileName": large})).refusal[:2] == (409, 409)
    assert (await api.post(path, body | {"fileName": large, "name": "new"})).refusal[:2] == (413, 413)
    assert (await api.post(path, body | {"fileName": broken, "name": "new"})).refusal == INVALID
    started = (await api.post(path, body | {"fileName": good, "name": "new"})).ok
    assert (await api.wait_import(started["dsId"]))["status"] == "SUCCESS"


async def test_an_unknown_suite_wins_over_an_unknown_run(api: Api) -> None:
    await api.import_suite(suites.greeting(), "there")
    await api.import_batch(suites.utterances(1), "there")
    unknown = [(f"{SUITES}/there/ctr-1", "status"), ("/testsuite/there/tr-1", "status")]
    for path, call in unknown:
        assert (await api.get(f"{path}/{call}")).refusal == (400, 400, "Test Result not found.")
        assert (await api.post(f"{path}/cancel")).refusal == (400, 400, "Test Result not found.")
        elsewhere = path.replace("there", "elsewhere")
        assert (await api.get(f"{elsewhere}/{call}")).refusal == NO_SUITE
        assert (await api.post(f"{elsewhere}/cancel")).refusal == NO_SUITE
    status = await api.get(f"{SUITES}/import/ds-1/status")
    assert status.refusal == (400, 400, "Invalid request ID")
    body = {"version": "nonsense"}
    assert (await api.post("/testsuite/elsewhere/run", body)).refusal == INVALID, (
        "a body comes before a suite"
    )


# --- methods and paths


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
async def test_method_token_and_scope_of_every_call(
    api: Api, house: House, executing: dict[str, App], method: str, path: str, scope: str
) -> None:
    apps = {CM: house.apps["managing"], BE: executing[api.url]}
    for root in ("stream", "bot"):
        calls = api.of(root=root)
        for wrong in ("PUT", "PATCH", "HEAD", "OPTIONS"):
            answer = await calls.call(wrong, path, token="")
            assert answer.status == 405 and method in answer.headers["allow"].split(", ")
            assert answer.body == b"" if wrong == "HEAD" else answer.refusal == METHOD
        assert (await calls.call(method, path, token="")).refusal == CREDENTIALS
        for of_app, app in apps.items():
            answer = await calls.call(method, path, b"nonsense", token=app.token())
            assert answer.status != 401 if scope in (of_app, "") else answer.refusal == SCOPE


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/public/nothing", f"{SUITES}/", f"{SUITES}/x", "/testsuite/a/b/c/d", "/x%00/run"],
)
async def test_unknown_paths_under_api_are_json_too(api: Api, path: str) -> None:
    for token in ("", None):
        answer = await api.get(path, token=token)
        assert answer.refusal[:2] == (404, 404)


# --- tokens


async def test_tokens_that_are_refused(api: Api, house: House, server: Server) -> None:
    app, now = api.app, int(time.time())
    revoked = make_app(server.data_dir, "revoked", [api.bot], "--all-scopes")
    assert (await api.get(SUITES, token=revoked.token())).status == 200
    viva("app", "revoke", revoked.client_id, data_dir=server.data_dir)
    payload = urlsafe_b64encode(json.dumps({"appId": app.client_id, "exp": now + 60}).encode()).rstrip(b"=")
    unsigned = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode() + f".{payload.decode()}."
    refused = {
        "empty": " ",
        "rubbish": "rubbish",
        "three parts of rubbish": "a.b.c",
        "not ASCII": "ü.ü.ü",
        "unsigned": unsigned,
        "wrong secret": app.token(secret="x" * 64),
        "a byte changed": app.token()[:-2] + "xx",
        "another algorithm": app.token(algorithm="HS512"),
        "appid": app.token(appId=None, appid=app.client_id),
        "app ID": app.token(appId=None, **{"app ID": app.client_id}),
        "unknown app": App("cs-unknown", app.secret).token(),
        "another app's secret": App(app.client_id, house.apps["managing"].secret).token(),
        "expired": app.token(exp=now - 60),
        "from the future": app.token(iat=now + 600),
        "no times at all": app.token(exp=None, iat=None),
        "older than the app's longest lifetime": app.token(exp=None, iat=now - 2 * 86_400),
        "revoked": revoked.token(),
    }
    for why, token in refused.items():
        answer = await api.get(SUITES, token="", headers={"auth": token})
        assert answer.refusal == CREDENTIALS, why
    for bot in (house.bots["foreign"], f"st-{uuid4()}", "st-unknown"):
        assert (await api.of(bot=bot).get(SUITES)).refusal == CREDENTIALS, bot


async def test_tokens_that_are_accepted(api: Api) -> None:
    token = api.app.token()
    for headers in (
        {"auth": token},
        {"Auth": token},
        {"Authorization": f"bearer {token}"},
        {"Authorization": f"Bearer {token}"},
        {"auth": token, "Authorization": "bearer rubbish"},
    ):
        assert (await api.get(SUITES, token="", headers=headers)).status == 200, headers
    both = {"auth": "rubbish", "Authorization": f"bearer {token}"}
    assert (await api.get(SUITES, token="", headers=both)).refusal == CREDENTIALS, "`auth` wins"
    fresh = api.app.token(exp=None, sub=None)
    assert (await api.get(SUITES, token=fresh)).status == 200
    late = api.app.token(exp=int(time.time()) - 2)
    assert (await api.get(SUITES, token=late)).status == 200, "5 s of leeway"


async def test_the_command_signs_a_token(api: Api, server: Server) -> None:
    token = viva("token", "--client-id", api.app.client_id, data_dir=server.data_dir).stdout.strip()
    assert (await api.get(SUITES, token=token)).status == 200


async def test_an_app_with_hs512(api: Api, server: Server) -> None:
    app = make_app(server.data_dir, "sha-512", [api.bot], "--all-scopes", "--algorithm", "HS512")
    assert (await api.get(SUITES, token=app.token(algorithm="HS512"))).status == 200
    assert (await api.get(SUITES, token=app.token())).refusal == CREDENTIALS


# --- bodies


RUN = f"{SUITES}/there/run"
IMPORT = f"{SUITES}/import"


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        (IMPORT, {"name": "n", "userEmailId": USER}, "$.fileName"),
        (IMPORT, {"fileName": "f", "userEmailId": USER}, "$.name"),
        (IMPORT, {"fileName": "f", "name": "n"}, "$.userEmailId"),
        (IMPORT, {"fileName": 1, "name": "n", "userEmailId": USER}, "$.fileName"),
        (IMPORT, {"fileName": "f", "name": ["n"], "userEmailId": USER}, "$.name"),
        (IMPORT, {"fileName": "f", "name": None, "userEmailId": USER}, "$.name"),
        (IMPORT, {"fileName": "f", "name": "n", "userEmailId": USER, "tags": "t"}, "$.tags"),
        (IMPORT, {"fileName": "f", "name": "n", "userEmailId": USER, "tags": ["t", 1]}, "$.tags[1]"),
        (RUN, {"version": "inDevelopment"}, "$.userEmailId"),
        (RUN, {"version": "indevelopment", "userEmailId": USER}, "$.version"),
        (RUN, {"version": True, "userEmailId": USER}, "$.version"),
        ("/testsuite/import", {"fileName": "f"}, "$.name"),
        ("/testsuite/import", {"fileName": "f", "name": "n", "importType": "replace"}, "$.importType"),
        ("/testsuite/import", {"fileName": "f", "name": "n", "delimiter": "ab"}, "$.delimiter"),
        ("/testsuite/import", {"fileName": "f", "name": "n", "fileType": "xls"}, "$.fileType"),
        ("/testsuite/there/run", {}, "$.version"),
        ("/testsuite/there/run", {"version": "published", "notes": "n" * 1025}, "$.notes"),
        ("/testsuite/there/run", {"version": "published", "engine": "other"}, "$.engine"),
        (RUN, [], "$"),
        (RUN, "text", "$"),
        (RUN, b"", "$"),
        (RUN, b" \n", "empty"),
        (RUN, b"{", "line 1, column 2"),
        (RUN, b'{"version": "published",\n "x": \xff}', "line 2"),
        (RUN, b"[" * 100_000, "nested"),
        (RUN, b'{"version": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested"),
    ],
)
async def test_wrong_bodies_are_refused_with_their_place(api: Api, path: str, body: Any, place: str) -> None:
    answer = await api.post(path, body)
    assert answer.refusal == INVALID
    assert any(place in message for message in answer.messages[1:]), answer.messages


async def test_every_problem_of_a_body_is_told_at_once(api: Api) -> None:
    answer = await api.post(IMPORT, {"tags": 1})
    assert answer.refusal == INVALID
    places = {message.partition(":")[0] for message in answer.messages[1:]}
    assert places == {"$.fileName", "$.name", "$.userEmailId", "$.tags"}


async def test_wrong_query_values_are_refused(api: Api) -> None:
    for query in ("skip=-1", "limit=0", "limit=501", "limit=ten", "skip=1e3"):
        for path in (SUITES, "/testsuite"):
            answer = await api.get(f"{path}?{query}")
            assert answer.refusal == INVALID
            assert query.partition("=")[0] in answer.messages[1]


async def test_bodies_are_judged_by_content_not_by_type(api: Api) -> None:
    await api.import_suite(suites.greeting(), "typed")
    run = f"{SUITES}/typed/run"
    body = json.dumps({"version": "inDevelopment", "userEmailId": USER}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "rubbish"):
        assert (await api.post(run, body, headers={"content-type": kind})).status == 200
    assert (await api.post(run, b"\xef\xbb\xbf" + body)).status == 200, "a byte order mark is fine"


async def test_sizes(api: Api, limited: Server, house: House, session: aiohttp.ClientSession) -> None:
    answer = await api.post(IMPORT, b" " * (5 * 1024 * 1024))
    assert answer.refusal[:2] == (413, 413)
    small = Api(session, limited.url, house.apps["all"], house.bots["bank"])
    refused = await small.send_file(b" " * 5000)
    assert refused.refusal[:2] == (413, 413) and "4,096" in refused.messages[0]
    file_id = await small.upload(b" " * 4096)
    body = {"fileName": file_id, "name": "n", "userEmailId": USER}
    refused = await small.post(IMPORT, body)
    assert refused.refusal[:2] == (413, 413) and "2,048" in refused.messages[0]


async def test_uploads_that_are_refused(api: Api) -> None:
    upload = "/api/public/uploadfile"
    assert (await api.send_file(b"")).refusal == INVALID
    answer = await api.post(upload, b'{"testSteps": []}', headers={"content-type": "application/json"})
    assert answer.refusal[:2] == (415, 415)
    form = aiohttp.FormData({"fileContext": "bulkImport", "other": "x"}, default_to_multipart=True)
    answer = await api.post(upload, form)
    assert answer.refusal == INVALID and "$.file" in answer.messages[1]
    cut = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf'
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert (await api.post(upload, cut, headers=headers)).refusal == INVALID
    whole = cut + b"\r\n--b--\r\n"
    for kind in ("multipart/form-data; boundary=b", "application/json", ""):
        assert (await api.post(upload, whole, headers={"content-type": kind})).status == 200, kind


async def test_a_file_of_strangers_does_not_exist(api: Api, house: House, server: Server) -> None:
    """Apps that share a stream share their files."""
    foreign = make_app(server.data_dir, "stranger", [house.bots["foreign"]], "--all-scopes")
    stranger = api.of(bot=house.bots["foreign"], app=foreign)
    theirs = await stranger.upload(suites.greeting())
    body = {"fileName": theirs, "name": "theirs", "userEmailId": USER}
    assert (await api.post(IMPORT, body)).refusal == (400, 400, "Invalid file id")
    shared = await api.of(app=house.apps["managing"]).upload(suites.greeting())
    assert (await api.post(IMPORT, body | {"fileName": shared})).status == 200


# --- limits


async def test_limits_are_counted_by_stream_request_and_app(
    limited: Server, house: House, session: aiohttp.ClientSession
) -> None:
    api = Api(session, limited.url, house.apps["all"], house.bots["slow"])
    for _ in range(25):
        assert (await api.get(SUITES, token="")).refusal == CREDENTIALS  # these do not count
    statuses = [(await api.get(f"{SUITES}/none/export")).status for _ in range(20)]  # errors do
    assert statuses == [400] * 20
    refused = await api.get(SUITES)
    assert refused.refusal == RATE and 1 <= int(refused.headers["retry-after"]) <= 60
    assert (await api.of(root="bot").get("/testsuite")).refusal == RATE, "one window for a bot's two paths"
    status = f"{SUITES}/none/{{}}/status"
    for _ in range(20):
        assert (await api.get(status.format("ctr-1"))).refusal == NO_SUITE
    assert (await api.get(status.format("ctr-1"))).refusal == RATE
    assert (await api.get(status.format("ctr-2"))).refusal == NO_SUITE
    assert (await api.of(bot=house.bots["down"]).get(SUITES)).status == 200
    assert (await api.send_file(b"{}")).status == 200, "uploads are counted for the app alone"


# --- names


NAMES = [
    "Developer's tests",
    "a/b/c",
    'he said "hi"',
    "100% sure %2F %20",
    "emoji 🤖👩‍👩‍👧",
    "Grüße, 世界, мир",
    "question? #hash &amp; + ; = :",
    "..",
    ".",
    " blanks around ",
    "tab\tand\nline",
    "back\\slash",
    "status",
    "run",
    "x" * 256,
    "ü" * 256,
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
async def test_suites_of_any_name(api: Api, name: str) -> None:
    path = segment(name).replace(".", "%2E")  # some clients resolve dots in a path
    await api.import_suite(suites.greeting(), name)
    assert name in await api.suite_names()
    body = {"version": "inDevelopment", "userEmailId": USER}
    run_id = (await api.post(f"{SUITES}/{path}/run", body)).ok["testRunId"]
    status = await api.wait_run_at(f"{SUITES}/{path}/{run_id}/status")
    assert status["status"] == "passed"
    assert (await api.get(f"{SUITES}/{path}/export")).ok["name"] == name
    assert (await api.delete(SUITES, {"testSuiteNames": [name]})).ok == {"status": "Success"}

    assert (await api.import_batch(suites.utterances(1), name))["name"] == name
    assert name in await api.batch_names()
    run_id = (await api.post(f"/testsuite/{path}/run", {"version": "published"})).ok["requestId"]
    done = await api.wait_batch_at(f"/testsuite/{path}/{run_id}/status")
    report = await api.get(done["result"]["fileUrl"], token="")
    assert read_report(report.body).summary["Report name"] == name
    assert (await api.delete(f"/testsuite/{path}")).status == 200
    assert name not in await api.batch_names()


@pytest.mark.parametrize(
    "name", ["", " ", "\t\n", "x" * 257, "a\0b", "import", "AllMlUtterances", "Successful user utterances"]
)
async def test_names_that_no_suite_may_have(api: Api, name: str) -> None:
    file_id = await api.upload(suites.greeting())
    for path in (IMPORT, "/testsuite/import"):
        answer = await api.post(path, {"fileName": file_id, "name": name, "userEmailId": USER})
        assert answer.refusal == INVALID
        assert answer.messages[1].startswith("$")
    assert name not in await api.suite_names() and name not in await api.batch_names()
