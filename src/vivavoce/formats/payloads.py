"""Domain values as bytes: JSON, which the database's own tools can read.

Not MessagePack: it cannot hold the whole numbers beyond 64 bits that a bot's context may well contain.
"""

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from vivavoce.domain.batch.utterance import BatchCase, CaseResult

_encoder = msgspec.json.Encoder()
_decode_results: msgspec.json.Decoder[tuple[CaseResult, ...]] = msgspec.json.Decoder(tuple[CaseResult, ...])
_decode_cases: msgspec.json.Decoder[tuple[BatchCase, ...]] = msgspec.json.Decoder(tuple[BatchCase, ...])
_FAST = 1  # of zlib's levels: higher ones cost more than the disk does


def encode(value: object) -> bytes:
    """Encode a value; a lone surrogate in a text, which no UTF-8 can hold, becomes U+FFFD."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return _encoder.encode(_clean(msgspec.to_builtins(value)))


def pack_results(results: Sequence[CaseResult]) -> bytes:
    """The results of a chunk of utterances, compressed: a tenth of what they are as text."""
    return zlib.compress(encode(results), _FAST)


def unpack_results(packed: bytes) -> tuple[CaseResult, ...]:
    return _decode_results.decode(zlib.decompress(packed))


def decode_cases(payload: bytes) -> tuple[BatchCase, ...]:
    """The cases of a chunk, as `encode` wrote them."""
    return _decode_cases.decode(payload)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
