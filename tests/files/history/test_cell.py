"""Numbers and dates as exports write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.files.history.cell import BadCell, date_of, day, month, not_negative, number


@pytest.mark.parametrize(
    ("text", "decimal_comma", "expected"),
    [
        pytest.param("0.006", False, "0.006", id="part of a cent"),
        pytest.param(" 1,972.46 ", False, "1972.46", id="thousands"),
        pytest.param("1.972,46", True, "1972.46", id="german"),
        pytest.param("1\u202f972,46", True, "1972.46", id="french"),
        pytest.param("12", True, "12", id="whole, german"),
        pytest.param("1e3", False, "1000", id="exponent"),
        pytest.param(".5", False, "0.5", id="no leading zero"),
        pytest.param("-3", False, "-3", id="negative"),
    ],
)
def test_a_number_is_read_exactly(text: str, decimal_comma: bool, expected: str) -> None:
    assert number(text, decimal_comma=decimal_comma) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "decimal_comma"),
    [
        ("", False),
        ("-", False),
        ("n/a", False),
        ("1,97", False),
        ("1.97", True),
        ("1,2,3", False),
        ("€12", False),
        ("nan", False),
        ("Infinity", False),
        ("1e999", False),
        ("9" * 60, False),
        ("١٢", False),
        ("0x10", False),
    ],
)
def test_what_is_no_number_is_refused(text: str, decimal_comma: bool) -> None:
    with pytest.raises(BadCell, match="expected a number"):
        number(text, decimal_comma=decimal_comma)


def test_counts_and_money_are_never_negative() -> None:
    with pytest.raises(BadCell, match=r"spend cannot be negative, got '-0\.01'"):
        not_negative("-0.01", "spend", decimal_comma=False)


@given(st.decimals(0, 10**12, places=4))
def test_any_amount_survives_both_ways_of_writing_it(value: Decimal) -> None:
    english, german = f"{value:,f}", f"{value:f}".replace(".", ",")
    assert number(english, decimal_comma=False) == value
    assert number(german, decimal_comma=True) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-04-01", date(2026, 4, 1), id="iso"),
        pytest.param("2026-04-01T23:59:00Z", date(2026, 4, 1), id="with a time"),
        pytest.param("2026-04-01 09:00", date(2026, 4, 1), id="with a time after a space"),
        pytest.param("1.4.2026", date(2026, 4, 1), id="german"),
    ],
)
def test_a_date_is_read(text: str, expected: date) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("4/1/2026", "such as 2026-04-01", id="april or january"),
        pytest.param("2026-02-30", "no such day", id="30 february"),
        pytest.param("yesterday", "such as 2026-04-01", id="a word"),
        pytest.param("", "such as 2026-04-01", id="nothing"),
    ],
)
def test_a_date_nobody_can_be_sure_of_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadCell, match=message):
        day(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("April", 4), ("apr", 4), (" 4 ", 4), ("12", 12), ("Sept", 9)]
)
def test_a_month_is_read(text: str, expected: int) -> None:
    assert month(text) == expected


@pytest.mark.parametrize("text", ["", "13", "0", "Aprile 4", "x", "٣"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(BadCell, match="expected a month"):
        month(text)


def test_a_day_the_month_does_not_have_is_refused() -> None:
    assert date_of(2028, 2, "29") == date(2028, 2, 29)
    with pytest.raises(BadCell, match="no such day: '2026-02-29'"):
        date_of(2026, 2, "29")
    with pytest.raises(BadCell, match="expected a day"):
        date_of(2026, 2, "first")
