"""Reads batch suites of either form, judged by content (testing-api.md 4.1, 8.17)."""

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal

from vivavoce.domain.batch.suite_check import SuiteCheck
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.formats.batch_csv import read_csv
from vivavoce.formats.batch_csv_writing import batch_csv_file
from vivavoce.formats.batch_json import batch_document, read_json
from vivavoce.formats.encodings import utf8_stream

__all__ = ["FileType", "batch_csv_file", "batch_document", "guess_file_type", "read_batch"]

FileType = Literal["json", "csv"]


def read_batch(
    stream: BinaryIO, *, file_type: str | None, delimiter: str | None, warn: Callable[[str], None] | None
) -> Iterator[BatchCase]:
    """The cases in order, streamed from CSV; JSON is held as bytes. UTF-8 or UTF-16.

    `file_type`: what the uploader says; the content wins, with a warning. `delimiter`: of CSV, a character
    or a name; None: from the header. `warn` is told what is odd, at the end what is odd between cases; None:
    the file was read before, so that nothing is told or looked for again. Raises Malformed, possibly after
    good cases: store none of them then.
    """
    tell = warn or _nobody
    start, whole = utf8_stream(stream)
    actual = guess_file_type(start)
    if file_type is not None and file_type.lower() != actual:
        tell(f"the file was announced as {file_type} and is read as {actual.upper()}")
    cases = read_json(whole.read(), tell) if actual == "json" else read_csv(whole, delimiter, tell)
    if warn is None:
        yield from cases
        return
    check = SuiteCheck()
    yield from check.watched(cases)
    check.raise_if_wrong()
    for warning in check.warnings():
        tell(warning)


def guess_file_type(first_bytes: bytes) -> FileType:
    """By the first character that is no blank; of UTF-8 bytes."""
    text = first_bytes.removeprefix(codecs.BOM_UTF8).lstrip()
    return "json" if text.startswith((b"{", b"[")) else "csv"


def _nobody(warning: str) -> None:
    """Whom warnings are told that were told before."""
