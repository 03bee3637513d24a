"""Cells: exact numbers and dates as exports write them, or a clear refusal."""

import re
from datetime import date
from decimal import Decimal

_DOT = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_COMMA = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)?(?:,[0-9]+)?")
_DOT_OR_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
_COMMA_OR_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")
_GERMAN = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_DIGITS = 40


class BadCell(ValueError):
    """A cell cannot be read; the message says what was expected."""


def number(text: str, *, decimal_comma: bool) -> Decimal:
    """An exact number, thousands marks allowed. Raises BadCell for anything else."""
    plain = text.strip().replace("\u00a0", "").replace("\u202f", "")
    pattern = _COMMA if decimal_comma else _DOT
    if len(plain) > _MOST_DIGITS or not plain.strip("+-") or not pattern.fullmatch(plain):
        raise BadCell(f"expected a number, got {_short(text)}")
    plain = plain.replace(".", "").replace(",", ".") if decimal_comma else plain.replace(",", "")
    return Decimal(plain)


def not_negative(text: str, name: str, *, decimal_comma: bool) -> Decimal:
    """A number of zero or more. Raises BadCell for a negative one."""
    value = number(text, decimal_comma=decimal_comma)
    if value < 0:
        raise BadCell(f"{name} cannot be negative, got {_short(text)}")
    return value


def count(text: str, name: str, *, decimal_comma: bool) -> Decimal:
    """A number of things. Raises BadCell for a negative one, and for one such as ``1.234`` that
    the other half of the world reads as a thousand."""
    if (_DOT_OR_THOUSANDS, _COMMA_OR_THOUSANDS)[decimal_comma].fullmatch(text.strip()):
        plain = re.sub(r"[.,]", "", text.strip())
        raise BadCell(f"{_short(text)} may be a fraction or thousands; write {plain} for thousands")
    return not_negative(text, name, decimal_comma=decimal_comma)


def day(text: str) -> date:
    """``2026-04-01`` (a time after it is ignored) or ``1.4.2026``. Raises BadCell.

    ``4/1/2026`` is refused: half the world reads it as January.
    """
    plain = text.strip()
    if match := _ISO.fullmatch(plain):
        return _date(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _GERMAN.fullmatch(plain):
        return _date(int(match[3]), int(match[2]), int(match[1]), text)
    raise BadCell(f"expected a date such as 2026-04-01, got {_short(text)}")


def month(text: str) -> int:
    """``April``, ``apr`` or ``4`` as 4. Raises BadCell."""
    plain = text.strip().lower()
    if plain[:3] in _MONTHS and plain.isalpha():
        return _MONTHS.index(plain[:3]) + 1
    if plain.isdecimal() and plain.isascii() and 1 <= int(plain[:4]) <= 12:
        return int(plain)
    raise BadCell(f"expected a month such as April or 4, got {_short(text)}")


def date_of(year: int, month_number: int, day_text: str) -> date:
    """A date from its parts. Raises BadCell for a day the month does not have."""
    plain = day_text.strip()
    if not (plain.isdecimal() and plain.isascii() and len(plain) <= 2):
        raise BadCell(f"expected a day such as 17, got {_short(day_text)}")
    return _date(year, month_number, int(plain), f"{year}-{month_number:02}-{plain}")


def _date(year: int, month_number: int, day_number: int, text: str) -> date:
    try:
        return date(year, month_number, day_number)
    except ValueError as error:
        raise BadCell(f"there is no such day: {_short(text)}") from error


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}…")
