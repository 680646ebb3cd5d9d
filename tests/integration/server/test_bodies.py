"""Bodies that are no JSON, or not the right one: 412 with the place of every problem, and nothing changes."""

from tests.integration.server.server import STREAM, Server

CONVERSATION = f"/api/public/stream/{STREAM}/conversation/testsuite"
BATCH = f"/api/public/bot/{STREAM}/testsuite"
FIND = f"/api/v1.1/rest/bot/{STREAM}/findIntent"
FIRST = "Validation errors/ Invalid arguments"


async def problems(server: Server, path: str, body, method: str = "POST", **more) -> list[str]:
    answer = await server.call(method, path, body, **more)
    assert (answer.status, answer.code, answer.messages[0]) == (412, 412, FIRST), answer
    return answer.messages[1:]


UNREADABLE = [
    (b"", "$: Field required"),
    (b"   ", "the body is empty"),
    (b"{", "line 1, column 2"),
    (b'{"name": "x"\n "y"}', "line 2, column 2"),
    (b'{"name": "x",}', "line 1, column 14"),
    (b"<html>", "line 1, column 1"),
    (b"name=x&version=y", "line 1, column"),
    (b'{"name": "\xff"}', "not UTF-8"),
    ('{"name": "x"}'.encode("utf-16"), "UTF-16"),
    (b'{"name": "a\\u0000b"}', "U+0000"),
    (b'{"name": "\\ud800"}', "surrogate"),
    (b'{"name": NaN}', "line 1"),
    (b'{"name": ' + b"9" * 5000 + b"}", "$: holds a number that is too large"),
    (b'{"name": 1e999}', "$: holds a number that is too large"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"a":' * 500 + b"1" + b"}" * 500, "nested deeper than 64 levels"),
    (b"[]", "$: Input should be a valid dictionary"),
    (b'"text"', "$: Input should be a valid dictionary"),
    (b"null", "$: "),
    (b"7", "$: Input should be a valid dictionary"),
]


async def test_what_cannot_be_read(server: Server):
    for body, problem in UNREADABLE:
        for path, method in ((f"{CONVERSATION}/import", "POST"), (CONVERSATION, "DELETE"), (FIND, "POST")):
            (only,) = await problems(server, path, body, method)
            assert problem in only


async def test_null_for_an_optional_field_is_as_good_as_none(server: Server):
    body = {**IMPORT, "description": None, "tags": None, "preprocessor": None}
    answer = await server.call("POST", f"{CONVERSATION}/import", body)
    assert answer.messages == ["Invalid file id"]


async def test_a_body_is_judged_by_its_content(server: Server):
    body = b'\xef\xbb\xbf{"fileName": "x", "name": "n", "userEmailId": "e"}'
    for kind in ("text/plain", "multipart/form-data; boundary=x", "x", "application/json; charset=latin-1"):
        answer = await server.call("POST", f"{CONVERSATION}/import", body, headers={"content-type": kind})
        assert answer.messages == ["Invalid file id"]


IMPORT = {"fileName": "f", "name": "n", "userEmailId": "e"}
OF_CONVERSATIONS = [
    ({"fileName": None, "name": 7, "userEmailId": []}, ["$.fileName: ", "$.name: ", "$.userEmailId: "]),
    ({"name": ""}, ["$.name: String should have at least 1 character"]),
    ({"name": " \t"}, ["$.name: must not be blank"]),
    ({"name": "x" * 257}, ["$.name: String should have at most 256 characters"]),
    ({"name": "import"}, ["$.name: is a reserved name"]),
    ({"name": "AllMlUtterances"}, ["$.name: is a reserved name"]),
    ({"name": "Successful user utterances"}, ["$.name: is a reserved name"]),
    ({"tags": "a"}, ["$.tags: Input should be a valid list"]),
    ({"tags": ["a", 1, ""]}, ["$.tags[1]: Input should be a valid string", "$.tags[2]: must not be blank"]),
    ({"description": 7}, ["$.description: Input should be a valid string"]),
    ({"preprocessor": {}}, ["$.preprocessor: Input should be a valid string"]),
    ({"importType": "add"}, ["$.importType: Input should be 'new' or 'update'"]),
    ({"replays": 0}, ["$.replays: Input should be greater than or equal to 1"]),
    ({"replays": 11}, ["$.replays: Input should be less than or equal to 10"]),
]
OF_BATCHES = [
    ({"fileType": "xml"}, ["$.fileType: Input should be 'json', 'csv' or ''"]),
    ({"importType": "merge"}, ["$.importType: Input should be 'new' or 'update'"]),
    ({"delimiter": "::"}, ["$.delimiter: must be one character"]),
    ({"delimiter": '"'}, ["$.delimiter: must be one character"]),
    ({"engine": "other"}, ["$.engine: Input should be 'regression', 'dgpt' or ''"]),
    ({"name": "Last100sentences"}, ["$.name: is a reserved name"]),
]


async def test_fields_of_imports(server: Server):
    for path, cases in ((CONVERSATION, OF_CONVERSATIONS), (BATCH, OF_BATCHES)):
        for changes, expected in cases:
            found = await problems(server, f"{path}/import", {**IMPORT, **changes})
            assert len(found) == len(expected)
            assert all(one.startswith(start) for one, start in zip(found, expected, strict=True)), found


OTHERS = [
    (
        ("POST", f"{CONVERSATION}/none/run", {"version": "configured", "userEmailId": "e"}),
        "$.version: Input should be 'published' or 'inDevelopment'",
    ),
    (("POST", f"{CONVERSATION}/none/run", {"version": "published"}), "$.userEmailId: Field required"),
    (("POST", f"{BATCH}/none/run", {}), "$.version: Field required"),
    (
        ("POST", f"{BATCH}/none/run", {"version": "published", "notes": "x" * 1025}),
        "$.notes: String should have at most 1024 characters",
    ),
    (("DELETE", CONVERSATION, {"testSuiteNames": []}), "$.testSuiteNames: List should have at least 1 item"),
    (
        ("DELETE", CONVERSATION, {"testSuiteNames": ["a", 1]}),
        "$.testSuiteNames[1]: Input should be a valid string",
    ),
    (("POST", FIND, {"input": "", "streamName": ""}), "$.input: must not be blank"),
    (
        ("POST", FIND, {"input": "x" * 3001, "streamName": ""}),
        "$.input: String should have at most 3000 characters",
    ),
    (("GET", f"{CONVERSATION}?skip=-1", b""), "query skip: Input should be greater than or equal to 0"),
    (("GET", f"{BATCH}?skip=x", b""), "query skip: Input should be a valid integer"),
    (("GET", f"{BATCH}?skip={10**20}", b""), "query skip: Input should be less than or equal to"),
    (("GET", f"{CONVERSATION}?limit=0", b""), "query limit: Input should be greater than or equal to 1"),
    (("GET", f"{BATCH}?limit=501", b""), "query limit: Input should be less than or equal to 500"),
    (("GET", f"{CONVERSATION}?tag=%00", b""), "query tag: "),
    (("GET", f"{CONVERSATION}/a/ctr-1/status?details=maybe", b""), "query details: "),
    (("GET", f"{CONVERSATION}/a/export?revision=-1", b""), "query revision: "),
    (
        ("GET", f"{CONVERSATION}/a/ctr-1/report?format=pdf", b""),
        "query format: Input should be 'junit', 'csv', 'json', 'markdown' or 'html'",
    ),
]


async def test_fields_of_the_others_and_queries(server: Server):
    for (method, path, body), expected in OTHERS:
        (found,) = await problems(server, path, body, method)
        assert found.startswith(expected), found


async def test_an_odd_language_header(server: Server):
    for language in ("x" * 40, "en; drop", "-"):
        (found,) = await problems(server, CONVERSATION, b"", "GET", headers={"bot-language": language})
        assert found.startswith("header bot-language: ")
    for language in ("en", "zh_cn", "pt-BR", ""):
        answer = await server.call("GET", CONVERSATION, headers={"bot-language": language})
        assert answer.status == 200


async def test_of_very_many_problems_the_first_are_told(server: Server):
    found = await problems(server, CONVERSATION, {"testSuiteNames": [1] * 400}, "DELETE")
    assert len(found) == 51
    assert found[-1] == "and 350 more problems"
