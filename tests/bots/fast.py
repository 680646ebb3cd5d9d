"""A bot as fast as Python allows, for benches: one asyncio protocol, no framework.

Any POST with a JSON body is answered with its text, an intent and a context that never change:
`{"messages": [{"text": <body's text>, "intent": "echo"}], "context": {"channel": "bench"}}`.
"""

import asyncio
from typing import cast

import msgspec

_decode = msgspec.json.Decoder(dict).decode
_encode = msgspec.json.Encoder().encode
_ANSWER = b'{"messages":[{"text":%s,"intent":"echo"}],"context":{"channel":"bench"}}'


class FastBot(asyncio.Protocol):
    def __init__(self, latency_s: float = 0.0) -> None:
        self.latency_s = latency_s
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            size = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0] or 0)
            if len(self.buffer) < end + 4 + size:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + size], self.buffer[end + 4 + size :]
            answer = _ANSWER % _encode(_decode(body).get("text", "") if body else "")
            if self.latency_s:
                asyncio.get_running_loop().call_later(self.latency_s, self.reply, answer)
            else:
                self.reply(answer)

    def reply(self, answer: bytes) -> None:
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(answer), answer)
        )
