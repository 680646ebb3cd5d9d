"""Raw paths against the table of calls."""

import pytest

from vivavoce.server.calls import BY_NAME, CALLS
from vivavoce.server.paths import Paths

PATHS = Paths()
STREAM = "/api/public/stream/st-1"
BOT = "/api/public/bot/st-1"


def names(path: str) -> list[str]:
    return [found.call.name for found in PATHS.find(path.encode())]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_every_template_leads_to_its_call_first_of_its_method(call):
    for template in call.paths:
        path = "/".join("x-1" if part.startswith("{") else part for part in template.split("/"))
        found = [one for one in PATHS.find(path.encode()) if one.call.method == call.method]
        assert found[0].call is call
        assert set(found[0].parameters.values()) <= {"x-1"}


def test_names_are_unique_and_every_name_is_found():
    assert len(BY_NAME) == len(CALLS)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a%20b", "a b"),
        ("a%2Fb%2fc", "a/b/c"),
        ("%22quoted%22", '"quoted"'),
        ("%F0%9F%8E%93", "🎓"),
        ("caf%C3%A9", "café"),
        ("100%25", "100%"),
        ("a+b", "a+b"),
        ("%2E%2E", ".."),
        ("x" * 256, "x" * 256),
    ],
)
def test_a_suites_name_is_decoded_after_the_path_is_split(raw, name):
    (found,) = PATHS.find(f"{STREAM}/conversation/testsuite/{raw}/run".encode())
    assert found.parameters == {"streamId": "st-1", "testSuiteName": name}


def test_a_suite_may_be_called_like_a_part_of_the_path():
    assert names(f"{STREAM}/conversation/testsuite/run/run") == ["run_conversation_suite"]
    assert names(f"{BOT}/testsuite/import") == ["import_batch_suite", "delete_batch_suite"]


def test_fixed_words_win_over_names():
    assert names(f"{STREAM}/conversation/testsuite/import/ds-1/status") == [
        "conversation_import_status",
        "conversation_run_status",
    ]


def test_bot_and_stream_mean_the_same():
    for rest in ("/conversation/testsuite", "/testsuite", "/testsuite/a/tr-1/status", "/file/upload"):
        assert names(STREAM + rest) == names(BOT + rest) != []


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/public",
        "/api/public/stream//testsuite",
        "/api/public/stream/st-1/testsuite/",
        "//api/public/uploadfile",
        "/api/public/uploadfile/",
        "/api/public/streams/st-1/testsuite",
        "/api/public/stream/st-1/testsuite/a/b/c",
        "/api/public/stream/st-1/testsuite/%FF",
        "/api/public/stream/st-1/testsuite/%00",
        "/API/public/uploadfile",
        "/api/public%2Fuploadfile",
    ],
)
def test_other_paths_do_not_exist(path):
    assert names(path) == []
