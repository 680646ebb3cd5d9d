"""The transport against real servers and raw sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from multidict import CIMultiDict
from tests.bots.running import RunningBots
from yarl import URL

from vivavoce.connectors.addresses import IP, Allow
from vivavoce.connectors.transport import AiohttpTransport, Answer, json_value
from vivavoce.domain.errors import ConnectionLost, Unreachable, UnreadableReply


@pytest.fixture
async def transport() -> AsyncIterator[AiohttpTransport]:
    transport = AiohttpTransport()
    yield transport
    await transport.aclose()


async def ask(
    transport: AiohttpTransport, url: str, body: bytes | None = b"{}", method: str = "POST"
) -> Answer:
    return await transport.request(method, URL(url), CIMultiDict(), body, name="the bot")


class RawServer:
    """A server of a few bytes; counts its connections."""

    def __init__(self, answer: bytes, *, then_close: bool = True) -> None:
        self.answer, self.then_close = answer, then_close
        self.requests: list[bytes] = []

    async def __aenter__(self) -> "RawServer":
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/x?key=s3cret"
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.server.close()
        await self.server.wait_closed()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(65536):
            self.requests.append(head)
            writer.write(self.answer)
            await writer.drain()
            if self.then_close:
                break
        writer.close()


async def test_an_answer_of_any_status_is_an_answer(transport: AiohttpTransport, bots: RunningBots) -> None:
    answer = await ask(transport, f"{bots.url}/nasty/status/500?after=3")
    assert (answer.status, answer.headers["retry-after"]) == (500, "3")
    assert json_value(answer, "the bot") == {"error": "as asked"}


async def test_a_refused_connection(transport: AiohttpTransport, unused_tcp_port: int) -> None:
    with pytest.raises(Unreachable, match="the bot cannot be reached: connection refused"):
        await ask(transport, f"http://127.0.0.1:{unused_tcp_port}/?key=s3cret")


async def test_a_name_that_does_not_exist(transport: AiohttpTransport) -> None:
    with pytest.raises(Unreachable, match="its name cannot be resolved"):
        await ask(transport, "http://no-such-bot.invalid/")


async def test_https_to_a_plain_server(transport: AiohttpTransport, bots: RunningBots) -> None:
    with pytest.raises(Unreachable, match="no secure connection"):
        await ask(transport, bots.url.replace("http:", "https:"))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_a_broken_connection_is_never_tried_again_in_silence(
    transport: AiohttpTransport, method: str
) -> None:
    """The bot answers the first turn, takes the second on the same connection, and drops it."""
    taken: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            taken.append(await reader.read(65536))
            if len(taken) == 1:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        assert (await ask(transport, url, method=method)).status == 200
        with pytest.raises(ConnectionLost):
            await ask(transport, url, method=method)
    assert len(taken) == 2


@pytest.mark.parametrize(
    "answer", [b"hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nbad\r\n\r\n"]
)
async def test_what_is_not_http(transport: AiohttpTransport, answer: bytes) -> None:
    async with RawServer(answer) as server:
        with pytest.raises(UnreadableReply, match="does not speak HTTP") as caught:
            await ask(transport, server.url)
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize("way", ["huge", "huge-chunked", "bomb"])
async def test_a_body_that_is_too_large_is_not_read_to_its_end(bots: RunningBots, way: str) -> None:
    transport = AiohttpTransport(max_body=1000)
    with pytest.raises(UnreadableReply, match="the bot answered more than 1,000 bytes"):
        await ask(transport, f"{bots.url}/nasty/{way}")
    assert (await ask(transport, f"{bots.url}/echo")).status == 200
    await transport.aclose()


async def test_a_body_of_just_the_limit_is_read() -> None:
    async with RawServer(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" + b"1" * 10) as server:
        for limit, fits in ((10, True), (9, False)):
            transport = AiohttpTransport(max_body=limit)
            if fits:
                assert json_value(await ask(transport, server.url), "the bot") == 1111111111
            else:
                with pytest.raises(UnreadableReply):
                    await ask(transport, server.url)
            await transport.aclose()


async def test_time_is_the_callers(transport: AiohttpTransport, bots: RunningBots) -> None:
    for way in ("hang", "trickle"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await ask(transport, f"{bots.url}/nasty/{way}")
    assert (await ask(transport, f"{bots.url}/echo")).status == 200


async def test_redirects_are_shown_and_not_followed(transport: AiohttpTransport, bots: RunningBots) -> None:
    async with RawServer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as elsewhere:
        answer = await ask(transport, str(URL(f"{bots.url}/nasty/redirect").with_query(to=elsewhere.url)))
        assert answer.status == 302
        assert elsewhere.requests == []


async def test_no_cookie_is_kept(transport: AiohttpTransport) -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\n{}"
    async with RawServer(answer, then_close=False) as server:
        assert (await ask(transport, server.url)).cookies() == ["a=1", "b=2"]
        await ask(transport, server.url)
        await transport.aclose()
    assert not any(b"ookie" in request for request in server.requests)


async def test_proxies_of_the_environment_are_not_used(
    transport: AiohttpTransport, bots: RunningBots, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert (await ask(transport, f"{bots.url}/echo")).status == 200


def refuse_loopback(host: str, address: IP) -> str | None:
    return f"{address} is loopback" if address.is_loopback else None


@pytest.mark.parametrize(
    ("host", "allow"),
    [
        ("127.0.0.1", refuse_loopback),
        ("localhost", refuse_loopback),
        ("127.1", refuse_loopback),
        ("2130706433", refuse_loopback),
        ("[::1]", refuse_loopback),
        ("[::ffff:127.0.0.1]", refuse_loopback),
        ("169.254.169.254", None),
        ("[fe80::1]", None),
    ],
)
async def test_a_refused_address_is_never_connected_to(
    bots: RunningBots, host: str, allow: Allow | None
) -> None:
    transport = AiohttpTransport(allow=allow)
    before = sum(bots.bots.calls.values())
    with pytest.raises(Unreachable, match=r"may not be called|not valid"):
        await ask(transport, f"http://{host}:{URL(bots.url).port}/echo")
    assert sum(bots.bots.calls.values()) == before
    await transport.aclose()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_an_allowed_address_is(bots: RunningBots, host: str) -> None:
    transport = AiohttpTransport(allow=lambda host, address: None)
    assert (await ask(transport, f"http://{host}:{URL(bots.url).port}/echo")).status == 200
    await transport.aclose()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "an empty body instead of JSON"),
        (b"<html>", "no JSON (malformed: invalid character (byte 0))"),
        (b'"\xff"', "no JSON (not UTF-8)"),
        (b"[" * 100_000, "JSON that is nested too deeply"),
        (b'{"a": 1', "no JSON (Input data was truncated)"),
    ],
)
def test_what_is_not_json(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableReply) as caught:
        json_value(Answer(200, {}, body), "the bot")
    assert caught.value.message == f"the bot answered {reason}"


def test_json() -> None:
    assert json_value(Answer(200, {}, b"\xef\xbb\xbf[1]"), "the bot") == [1]
    assert json_value(Answer(204, {}, b""), "the bot") is None
