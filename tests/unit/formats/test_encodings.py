import io
import json
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.errors import InputError, Malformed
from vivavoce.formats.batches import read_batch
from vivavoce.formats.encodings import decoded, encoding_of, recoded
from vivavoce.formats.training import read_training

CSV = "input,intent\n“ünï😀”,A\nsecond,B\n"
JSON = json.dumps({"testCases": [{"input": "“ünï😀”", "intent": "A"}]}, ensure_ascii=False)
READ: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16 with a mark, little": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 with a mark, big": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without, little": lambda text: text.encode("utf-16-le"),
    "UTF-16 without, big": lambda text: text.encode("utf-16-be"),
}


def read(data: bytes) -> list[BatchCase]:
    return list(read_batch(io.BytesIO(data), file_type=None, delimiter=None, warn=None))


@pytest.mark.parametrize("name", READ)
def test_what_is_read(name: str) -> None:
    encode = READ[name]
    assert [case.utterance for case in read(encode(CSV))] == ["“ünï😀”", "second"]
    assert [case.line for case in read(encode(CSV))] == [2, 3]
    assert [case.utterance for case in read(encode(JSON))] == ["“ünï😀”"]
    assert decoded(encode("Greet: [hällo]\n")) == "Greet: [hällo]\n"


def test_utf_16_over_the_borders_of_chunks() -> None:
    text = "input,intent\n" + "😀,A\n" * 60_000
    assert len(read(b"\xff\xfe" + text.encode("utf-16-le"))) == 1  # rows of one utterance are one case
    text = "input,intent\n" + "".join(f"😀{number},A\n" for number in range(30_000))
    assert [case.line for case in read(text.encode("utf-16-be"))] == list(range(2, 30_002))


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"input,intent\nfine,A\ncaf\xe9,B\n\xe9,C\n", "line 3, column 4: not UTF-8: byte 23 (0xe9)"),
        (CSV.encode("utf-32"), "line 1, column 1: the file is UTF-32 (byte 0)"),
        (CSV.encode("utf-32-be"), "line 1, column 1: the file is UTF-32 (byte 0)"),
        (b"input,intent\na\0b,A\n", "line 2, column 2: a NUL byte (byte 14)"),
        (b"\xff\xfe" + CSV.encode("utf-16-le")[:-1], "line 3: not UTF-16-LE"),
        (b"\xff\xfei\0,\0\n\0\x00\xdcx\0", "line 2: not UTF-16-LE, which the file begins as: byte 8"),
    ],
)
def test_what_is_refused_with_its_place_and_the_way_out(data: bytes, place: str) -> None:
    with pytest.raises(Malformed) as refused:
        read(data)
    told = str(refused.value.problems[0])
    assert told.startswith(place)
    assert "as UTF-8" in told or "NUL" in told


def test_a_text_that_is_none_names_line_and_byte() -> None:
    told = r"line 2, column 8: not UTF-8: byte 15 \(0xfc\) \(save the file as UTF-8\)$"
    with pytest.raises(Malformed, match=told):
        decoded(b"Greet:\n  - h\xc3\xa4l\xfc\n")
    with pytest.raises(Malformed, match=r"bot\.yaml"):
        decoded(b"\xff\xff", "bot.yaml")


class TestRecoded:
    def test_any_text_encoding(self) -> None:
        assert recoded("café".encode("cp1252"), "cp1252") == "café".encode()
        assert recoded("x".encode("utf-32"), "utf-32") == b"x"

    @pytest.mark.parametrize("name", ["nonsense", "hex", "rot13", ""])
    def test_no_encoding(self, name: str) -> None:
        with pytest.raises(InputError, match="there is no such text encoding"):
            recoded(b"61", name)

    def test_bytes_that_the_encoding_does_not_have(self) -> None:
        with pytest.raises(Malformed, match=r"line 2, column 1: not cp1252: byte 2 \(0x81\)"):
            recoded(b"a\n\x81", "cp1252")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(b"", "utf-8"), (b"a", "utf-8"), (b"a\0", "utf-16-le"), (b"\0a", "utf-16-be"), (b"a\0\0\0", "utf-32")],
)
def test_short_beginnings(data: bytes, encoding: str) -> None:
    assert encoding_of(data) == encoding


SOUND = [encode(text) for encode in READ.values() for text in (CSV, JSON, "Greet:\n- hi\n- hällo\n")]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SOUND),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=4),
    st.integers(0, 200),
)
@example(b"\xff\xfe", [], 2)
@example(b"\xfe\xff\0", [], 3)
def test_no_bytes_break_the_readers(data: bytes, changes: list[tuple[int, int]], length: int) -> None:
    """Whatever a file holds, it is read or refused as malformed."""
    changed = bytearray(data[:length])
    for at, byte in changes:
        if at < len(changed):
            changed[at] = byte
    for reader in (read, lambda data: read_training(decoded(data))):
        try:
            reader(bytes(changed))
        except Malformed as malformed:
            assert malformed.problems
