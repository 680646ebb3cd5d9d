"""Blobs, in a folder and in an object store (obstore's own, in memory)."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from vivavoce.domain.errors import InputError, InternalError, Malformed, NotFound
from vivavoce.engine.ports.store import Blobs
from vivavoce.storage import open_blobs

MIB = 1024 * 1024


@pytest.fixture(params=["folder", "memory:///"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return open_blobs(tmp_path / "blöbs 😀 %20" if request.param == "folder" else request.param)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def content(blobs: Blobs, key: str) -> bytes:
    async with blobs.open(key) as stream:
        return b"".join([chunk async for chunk in stream])


async def test_bytes_come_back(blobs: Blobs) -> None:
    await blobs.put("files/a.csv", b"abc")
    assert await content(blobs, "files/a.csv") == b"abc"
    await blobs.put("files/a.csv", chunks(b"", b"de", b"f"))
    assert await content(blobs, "files/a.csv") == b"def"
    await blobs.put("empty", chunks())
    assert await content(blobs, "empty") == b""


async def test_large_ones_are_streamed(blobs: Blobs) -> None:
    parts = [bytes([number]) * MIB for number in range(20)]
    await blobs.put("big", chunks(*parts))
    sizes = []
    async with blobs.open("big") as stream:
        async for chunk in stream:
            assert set(chunk) <= set(range(20))
            sizes.append(len(chunk))
    assert sum(sizes) == 20 * MIB
    reader = blobs.reader("big")
    reader.seek(5 * MIB - 1)
    assert reader.read(3) == b"\x04\x05\x05"
    reader.close()


def test_a_file_is_put_and_read_anywhere(blobs: Blobs, tmp_path: Path) -> None:
    path = tmp_path / "source"
    path.write_bytes(b"line 1\nline 2 \xc3\xbc\n")
    blobs.put_file("report.csv", path)
    with blobs.reader("report.csv") as reader:
        assert reader.readline() == b"line 1\n"
        assert reader.seek(-2, io.SEEK_END) == 15
        assert (reader.read(), reader.read()) == (b"\xbc\n", b"")
        reader.seek(0)
        with io.TextIOWrapper(reader, encoding="utf-8") as text:
            assert text.read() == "line 1\nline 2 ü\n"


async def test_a_broken_upload_leaves_what_was_there(blobs: Blobs, tmp_path: Path) -> None:
    class Gone(Exception):
        pass

    async def broken() -> AsyncIterator[bytes]:
        for _ in range(12):
            yield b"x" * MIB
        raise Gone

    await blobs.put("kept", b"old")
    for key in ("kept", "new"):
        with pytest.raises(Gone):
            await blobs.put(key, broken())
    assert await content(blobs, "kept") == b"old"
    with pytest.raises(NotFound):
        blobs.reader("new")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] in ([], ["kept"])


async def test_what_is_not_there(blobs: Blobs) -> None:
    with pytest.raises(NotFound):
        async with blobs.open("none"):
            pass
    with pytest.raises(NotFound):
        blobs.reader("none/at-all")
    blobs.delete("none")
    await blobs.put("some", b"1")
    blobs.delete("some")
    with pytest.raises(NotFound):
        blobs.reader("some")


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".hidden", "a b", "a\n", "x" * 513]
)
async def test_keys_that_lead_elsewhere_are_refused(blobs: Blobs, key: str) -> None:
    with pytest.raises(Malformed):
        await blobs.put(key, b"")
    with pytest.raises(Malformed):
        blobs.reader(key)
    with pytest.raises(Malformed):
        blobs.delete(key)


def test_ping(blobs: Blobs, tmp_path: Path) -> None:
    blobs.ping()
    lost = open_blobs(tmp_path / "lost")
    (tmp_path / "lost").rmdir()
    with pytest.raises(InternalError):
        lost.ping()


def test_places_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in ("gopher://x/y", tmp_path / "file" / "folder"):
        with pytest.raises(InputError, match="cannot be opened"):
            open_blobs(place)
    folder = open_blobs(f"file://{tmp_path}/a%20b")
    folder.ping()
    assert (tmp_path / "a b").is_dir()


def test_a_refused_address_is_told_in_one_line_without_its_password() -> None:
    with pytest.raises(InputError) as refused:
        open_blobs("nope://user:secret@host/bucket")
    assert "nope://***@host/bucket" in refused.value.message
    assert "secret" not in refused.value.message and "\n" not in refused.value.message
