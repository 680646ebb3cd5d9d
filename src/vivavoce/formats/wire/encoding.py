"""How bodies become bytes."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

BLOCK = 64 * 1024
"""A streamed body leaves in blocks of about so many bytes: each one costs the server a turn of its loop."""

_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """Compact JSON, raw UTF-8, keys in the order of the mapping."""
    return _encoder.encode(value)


def members(mapping: dict[str, Any]) -> bytes:
    """The members of a JSON object without its braces, for bodies that are written piece by piece."""
    return encode(mapping)[1:-1]


def in_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of at least BLOCK bytes, the last one excepted."""
    block = bytearray()
    for piece in pieces:
        block += piece
        if len(block) >= BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)
