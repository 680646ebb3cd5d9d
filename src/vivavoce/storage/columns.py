"""Column types that behave alike on both databases."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970 UTC: exact, comparable, and free of zones."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Words(TypeDecorator[str]):
    """Any Python text, compared exactly and ordered by code point.

    A name may come from a URL or a file and hold what PostgreSQL (NUL) or UTF-8 (lone surrogates) cannot;
    such characters are kept behind the control character SUB, so that a look-up by them finds nothing
    instead of failing.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _AWKWARD.sub(_hide, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or "\x1a" not in value else _HIDDEN.sub(_show, value)


_AWKWARD = re.compile("[\x00\x1a\ud800-\udfff]")
_HIDDEN = re.compile("\x1a([0-9a-f]{4})")


def _hide(found: re.Match[str]) -> str:
    return f"\x1a{ord(found[0]):04x}"


def _show(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


Big = BigInteger().with_variant(Integer, "sqlite")  # on SQLite only INTEGER counts rows by itself
