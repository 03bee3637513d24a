"""`drumbeat forecast`: what to expect, with ranges, or why nothing can be said."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Drumbeat, Sheet

FIRST = date(2025, 9, 1)


def series(count: int = 200, every: int = 1) -> Iterable[str]:
    """A weekly rhythm: Sundays are half of the other days."""
    for n in range(count):
        day = FIRST + timedelta(days=n * every)
        yield f"{day},{(500 if day.weekday() == 6 else 1000) + n * 7919 % 41}"


@pytest.mark.parametrize("header", ["date,value", "ds,y", "Day,Orders", "a,b"])
def test_a_daily_series_is_forecast_under_any_header(
    header: str, drumbeat: Drumbeat, sheet: Sheet
) -> None:
    found = drumbeat("forecast", sheet(header, *series()), "--json")
    assert (found.code, found.err) == (0, "")
    assert (found.json["kind"], found.json["horizon"]) == ("forecast", 14)
    steps = found.json["steps"]
    assert [one["date"] for one in steps][:2] == ["2026-03-20", "2026-03-21"]
    assert len(steps) == 14
    for one in steps:
        assert one["low_95"] <= one["low_80"] <= one["expected"] <= one["high_80"]
        assert one["high_80"] <= one["high_95"]
    sunday, monday = steps[2], steps[3]
    assert sunday["expected"] < 0.7 * monday["expected"]


def test_the_table_has_a_row_a_step(drumbeat: Drumbeat, sheet: Sheet) -> None:
    found = drumbeat("forecast", sheet("date,value", *series()), "--horizon", 3)
    lines = found.out.splitlines()
    assert lines[0].split()[:2] == ["Date", "Expected"]
    assert [line.split()[0] for line in lines[1:]] == ["2026-03-20", "2026-03-21", "2026-03-22"]


def test_a_weekly_series_goes_on_by_weeks(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("date,value", *series(60, every=7))
    steps = drumbeat("forecast", file, "--horizon", 2, "--json").json["steps"]
    assert [one["date"] for one in steps] == ["2026-10-26", "2026-11-02"]


def test_a_day_of_the_week_that_never_had_a_value_is_unknown(
    drumbeat: Drumbeat, sheet: Sheet
) -> None:
    open_days = (row for row in series() if date.fromisoformat(row[:10]).weekday() < 6)
    file = sheet("date,value", *open_days)
    steps = drumbeat("forecast", file, "--horizon", 5, "--json").json["steps"]
    closed = [one["date"] for one in steps if one["expected"] is None]
    assert closed == ["2026-03-22"]
    assert all(one["low_95"] is None for one in steps if one["date"] in closed)
    assert drumbeat("forecast", file, "--horizon", 5).out.count("unknown") == 5


def test_named_columns_are_taken(drumbeat: Drumbeat, sheet: Sheet) -> None:
    rows = (f"{n},{row},x" for n, row in enumerate(series()))
    file = sheet("rownames,When,Orders,note", *rows)
    found = drumbeat("forecast", file, "--date", "When", "--value", "Orders", "--json")
    assert found.code == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param(
            ["2026-01-01,1", "2026-01-02,2", "2026-01-02,3"],
            ":4: 2026-01-02 appears twice; sum or drop repeated rows",
            id="repeated",
        ),
        pytest.param(
            ["2026-01-02,1", "2026-01-01,2"],
            ":3: 2026-01-01 comes after 2026-01-02; sort the rows by date",
            id="reversed",
        ),
        pytest.param(["2026-01-01,1"], ": 1 observation(s) are no series to learn from", id="one"),
        pytest.param(
            [f"2026-01-{n:02},1" for n in range(1, 20)], ": 19 steps of history cannot", id="short"
        ),
        pytest.param(["2026-01-01,EUR 3"], ":2: expected a number, got 'EUR 3'", id="currency"),
        pytest.param(
            [f"2026-{n:02}-01,1" for n in range(1, 13)],
            ": expected one row a day or one a week",
            id="monthly",
        ),
    ],
)
def test_what_is_no_series_is_refused_with_its_place(
    rows: list[str], message: str, drumbeat: Drumbeat, sheet: Sheet
) -> None:
    file = sheet("date,value", *rows)
    found = drumbeat("forecast", file, "--json")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"{file}{message}")


def test_holidays_are_known_by_country_and_part(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("date,value", *series())
    assert drumbeat("forecast", file, "--holidays", "de-be").code == 0


@pytest.mark.parametrize("place", ["XX", "DE-XX", ""])
def test_unknown_holidays_are_refused(place: str, drumbeat: Drumbeat, sheet: Sheet) -> None:
    found = drumbeat("forecast", sheet("date,value", *series()), "--holidays", place)
    assert found.code == 2
    assert "no public holidays are known" in found.err


@pytest.mark.parametrize("horizon", ["0", "366", "-1", "two"])
def test_a_horizon_that_is_none_is_refused(horizon: str, drumbeat: Drumbeat) -> None:
    assert drumbeat("forecast", "data.csv", "--horizon", horizon).code == 2


def test_the_chart_shows_what_was_and_what_is_expected(
    drumbeat: Drumbeat, sheet: Sheet, tmp_path: Path
) -> None:
    chart = tmp_path / "chart.svg"
    assert drumbeat("forecast", sheet("date,value", *series()), "--svg", chart).code == 0
    drawn = chart.read_text()
    assert all(part in drawn for part in ("chart-line", "chart-expected", "chart-band"))
