"""The file of a multipart body, in pieces of any size."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.server.multipart import FileUpload
from vivavoce.server.refusals import Refusal

TYPE = "multipart/form-data; boundary=xyz"


def form(*parts: tuple[str, bytes], end: bytes = b"--xyz--\r\n") -> bytes:
    return b"".join(b"--xyz\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n" for head, data in parts) + end


def named(name: str, filename: str | None = None) -> str:
    head = f'Content-Disposition: form-data; name="{name}"'
    return head if filename is None else f'{head}; filename="{filename}"'


async def in_pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(body: bytes, content_type: str = TYPE, size: int = 7) -> tuple[str, bytes]:
    part = FileUpload(in_pieces(body, size), content_type)
    name = await part.open()
    return name, b"".join([piece async for piece in part.chunks()])


@given(st.binary(max_size=400), st.integers(min_value=1, max_value=500))
async def test_any_content_in_any_pieces(content, size):
    content = content.replace(b"--xyz", b"")
    body = form((named("fileContext"), b"bulkImport"), (named("file", "a.csv"), content), (named("x"), b"y"))
    assert await read(body, size=size) == ("a.csv", content)


@pytest.mark.parametrize(
    "content_type",
    ["", "application/json", "multipart/form-data", "text/plain; boundary=abc", "multipart/", "\xe9"],
)
async def test_a_rubbish_content_type_does_not_matter(content_type):
    assert await read(form((named("file", "a"), b"content")), content_type) == ("a", b"content")


@pytest.mark.parametrize(
    ("filename", "kept"),
    [
        ("C:\\\\Users\\\\me\\\\a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("", "file"),
        ("süß.json", "süß.json"),
        ("x" * 400 + ".csv", "x" * 251 + ".csv"),
    ],
)
async def test_the_files_name(filename, kept):
    assert (await read(form((named("file", filename), b"1"))))[0] == kept


async def test_a_file_without_a_name_is_a_file():
    assert await read(form((named("file"), b"1"))) == ("file", b"1")


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (b"", 415, "multipart"),
        (b'{"a": 1}', 415, "multipart"),
        (form((named("fileContext"), b"x")), 412, "$.file"),
        (form((named("files", "a"), b"x")), 412, "$.file"),
        (form((named("file", "a"), b"1"), (named("file", "b"), b"2")), 412, "more than one file"),
        (form((named("file", "a"), b"1"), end=b""), 412, "before it is complete"),
        (form((named("file", "a"), b"1"))[:-20], 412, "before it is complete"),
        (form(*[(named("x"), b"")] * 40, (named("file", "a"), b"1")), 412, "too many parts"),
        (form((named("x"), b"1" * 70_000), (named("file", "a"), b"1")), 412, "too large"),
        (form((named("file", "a") + "\r\nX: " + "y" * 9000, b"1")), 412, "header"),
        (b"--xyz\r\nbroken\r\n\r\nx", 412, "broken"),
    ],
)
async def test_what_is_refused(body, status, why):
    content_type = TYPE if status == 412 else "application/json"
    with pytest.raises(Refusal) as caught:
        await read(body, content_type, size=1000)
    assert caught.value.status == status
    assert why in str(caught.value)


async def test_another_boundary_than_the_headers_is_refused():
    with pytest.raises(Refusal) as caught:
        await read(form((named("file", "a"), b"1")), "multipart/form-data; boundary=other")
    assert caught.value.status == 412


async def test_nothing_is_held_but_the_piece_at_hand():
    body = form((named("file", "a"), b"z" * 1_000_000))
    part = FileUpload(in_pieces(body, 1000), TYPE)
    await part.open()
    assert max([len(piece) async for piece in part.chunks()]) <= 1000
