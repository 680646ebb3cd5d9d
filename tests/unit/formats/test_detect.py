"""Telling the kind of a suite file by as little of it as possible."""

from io import BytesIO

import pytest

from vivavoce.domain.catalog import SuiteKind
from vivavoce.formats.detect import kind_of, kind_of_stream

CSV = b"input,intent\r\n" + b"hello there,Greet\r\n" * 20_000
YAML = b"# tests\ncases:\n" + b"- name: one\n" * 20_000
SPACE = b" " * 100_000
BATCH = b'{"testCases": [%s{"input": "hello", "intent": "Greet"}]}' % SPACE
CONVERSATION = b'{"testCases": [%s{"messages": []}]}' % SPACE


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (CSV, SuiteKind.BATCH),
        (b"\xef\xbb\xbf" + CSV, SuiteKind.BATCH),
        (CSV.decode().encode("utf-16"), SuiteKind.BATCH),
        (YAML, SuiteKind.CONVERSATION),
        (BATCH, SuiteKind.BATCH),
        (CONVERSATION, SuiteKind.CONVERSATION),
        (BATCH.decode().encode("utf-16"), SuiteKind.BATCH),
        (b"", SuiteKind.CONVERSATION),
    ],
)
def test_a_stream_is_of_the_kind_that_its_bytes_are(data: bytes, kind: SuiteKind) -> None:
    assert kind_of(data) is kind
    assert kind_of_stream(BytesIO(data)) is kind


@pytest.mark.parametrize("data", [CSV, YAML])
def test_of_a_large_file_that_is_no_json_only_the_start_is_read(data: bytes) -> None:
    stream = BytesIO(data)
    kind_of_stream(stream)
    assert stream.tell() < len(data) / 2
