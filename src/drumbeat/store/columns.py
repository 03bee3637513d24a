"""Columns: how times and JSON are kept, the same on SQLite and Postgres.

Both types hand the driver's values to plain functions, without the library's own steps between:
they are called for every cell that is read or written.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json
from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

from drumbeat.core.canonical import canonical

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A database that was begun earlier has this where there is nothing.
_NULL = "null"
_MICROSECOND = timedelta(microseconds=1)


class UtcTime(TypeDecorator[datetime]):
    """An aware instant as whole microseconds since 1970 UTC: sortable, and nothing is lost."""

    impl = BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        return _micros_of

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[int | None], datetime | None]:
        return _instant_of


class Json(TypeDecorator[Any]):
    """A JSON value as its canonical text, so that what is hashed is what is stored."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        return _text_of

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        return _value_of


class Kept(TypeDecorator[Any]):
    """A frozen noun as its canonical JSON; None stays None.

    A text that was read before is the noun that was made of it then: nobody changes one, and
    the same few are asked for over and over.
    """

    impl = Text
    cache_ok = True

    def __init__(self, of: Any) -> None:
        super().__init__()
        self.of = of
        self._read = lru_cache(maxsize=512)(TypeAdapter(of).validate_json)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _text_if_any

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        read = self._read
        return lambda text: None if text is None or text == _NULL else read(text)


# Many rows share the same few days.
@lru_cache(maxsize=8192)
def _micros_of(value: datetime | None) -> int | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return (value - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=8192)
def _instant_of(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def _text_of(value: Any) -> str:
    return canonical(value).decode()


def _text_if_any(value: Any) -> str | None:
    return None if value is None else _text_of(value)


def _value_of(text: str | None) -> Any:
    return None if text is None else from_json(text)
