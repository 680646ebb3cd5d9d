"""Domain values as bytes: JSON, which the database's own tools can read.

Not MessagePack: it cannot hold the whole numbers beyond 64 bits that a bot's context may well contain.
"""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()


def encode(value: object) -> bytes:
    """Encode a value; a lone surrogate in a text, which no UTF-8 can hold, becomes U+FFFD."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return _encoder.encode(_clean(msgspec.to_builtins(value)))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
