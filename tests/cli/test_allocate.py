"""`drumbeat allocate`: money goes where one more unit brings most, as far as that can be known."""

from collections.abc import Iterable
from datetime import date, timedelta
from math import log1p
from pathlib import Path

import pytest

from tests.cli.conftest import Drumbeat, Sheet

HEADER = "date,channel,spend,revenue"
CURVES = {"search": (900.0, 200.0), "social": (300.0, 300.0)}


def history(days: int = 180, brand: float = 200.0) -> Iterable[str]:
    """Two channels whose spend is drawn freely, and a brand line that never changes."""
    state = 1
    for n in range(days):
        day = date(2026, 1, 1) + timedelta(days=n)
        for name, (scale, unit) in CURVES.items():
            state = state * 48271 % 2147483647
            spend = 50 + state % 1000
            state = state * 48271 % 2147483647
            yield f"{day},{name},{spend},{500 + scale * log1p(spend / unit) + state % 41:.2f}"
        yield f"{day},brand,{brand},{500 + n * 7919 % 41}"


def test_the_budget_goes_to_what_brings_more(drumbeat: Drumbeat, sheet: Sheet) -> None:
    found = drumbeat("allocate", sheet(HEADER, *history()), "--budget", "EUR 8,000/week", "--json")
    assert (found.code, found.json["budget"]) == (0, "EUR 8,000.00/week")
    rows = {row["channel"]: row for row in found.json["channels"]}
    assert rows["search"]["proposed"] > 2 * rows["social"]["proposed"]
    assert sum(row["proposed"] for row in rows.values()) == pytest.approx(8000, abs=0.05)
    assert rows["search"]["marginal_low"] <= rows["search"]["marginal"]
    assert found.json["allocation"]["is_optimal"]
    assert found.json["allocation"]["gain"] == pytest.approx(
        rows["search"]["gain"] + rows["social"]["gain"]
    )


def test_what_cannot_be_told_keeps_its_money_and_says_why(drumbeat: Drumbeat, sheet: Sheet) -> None:
    found = drumbeat("allocate", sheet(HEADER, *history()), "--budget", "EUR 8,000/week")
    (brand,) = [line for line in found.out.splitlines() if line.startswith("brand")]
    assert brand.split()[1:4] == ["1,400.00", "1,400.00", "unknown"]
    assert "not identified: too little variation in spend" in brand


def test_nothing_identified_is_no_allocation(drumbeat: Drumbeat, sheet: Sheet) -> None:
    rows = (row for row in history() if "brand" in row)
    found = drumbeat("allocate", sheet(HEADER, *rows), "--budget", "EUR 8,000/week", "--json")
    assert (found.code, found.json["allocation"]) == (0, None)
    assert [row["identified"] for row in found.json["channels"]] == [False]


def test_a_budget_below_what_is_kept_is_refused(drumbeat: Drumbeat, sheet: Sheet) -> None:
    found = drumbeat("allocate", sheet(HEADER, *history()), "--budget", "EUR 1,000/week")
    assert (found.code, found.out) == (4, "")
    assert "not identified spend 1,400.00 already" in found.err


def test_a_daily_and_a_weekly_budget_are_the_same_split(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet(HEADER, *history())
    weekly, daily = (
        {row["channel"]: row["proposed"] for row in found.json["channels"]}
        for found in (
            drumbeat("allocate", file, "--budget", "EUR 7,000/week", "--json"),
            drumbeat("allocate", file, "--budget", "EUR 1,000/day", "--json"),
        )
    )
    assert {name: daily[name] * 7 for name in daily} == pytest.approx(weekly, abs=0.05)


def test_rows_of_one_day_and_channel_are_added_up(drumbeat: Drumbeat, sheet: Sheet) -> None:
    whole = drumbeat("allocate", sheet(HEADER, *history()), "--budget", "EUR 8,000/week", "--json")
    split = []
    for row in history():
        day, name, spend, revenue = row.split(",")
        split += [
            f"{day},{name},{float(spend) / 2},{revenue}",
            f"{day},{name},{float(spend) / 2},0",
        ]
    found = drumbeat("allocate", sheet(HEADER, *split), "--budget", "EUR 8,000/week", "--json")
    assert found.json["channels"] == whole.json["channels"]


def test_lift_tests_tell_what_history_cannot(drumbeat: Drumbeat, sheet: Sheet) -> None:
    tests = sheet(
        "channel,spend_low,spend_high,effect,error",
        "brand,0,200,150,10",
        "brand,200,400,80,10",
        name="tests.csv",
    )
    file = sheet(HEADER, *history())
    found = drumbeat(
        "allocate", file, "--budget", "EUR 8,000/week", "--lift-tests", tests, "--json"
    )
    (brand,) = [row for row in found.json["channels"] if row["channel"] == "brand"]
    assert (brand["identified"], brand["source"]) == (True, "lift tests")
    one = sheet(*tests.read_text().splitlines()[:2], name="one.csv")
    told = drumbeat("allocate", file, "--budget", "EUR 8,000/week", "--lift-tests", one, "--json")
    (brand,) = [row for row in told.json["channels"] if row["channel"] == "brand"]
    assert "one lift test is a point, not a curve" in brand["detail"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(
            ["date,channel,spend,revenue", "2026-01-01,a,-5,1"],
            ":2: spend cannot be negative, got -5",
            id="negative",
        ),
        pytest.param(
            ["date,channel,spend,revenue,currency", "2026-01-01,a,5,1,EUR", "2026-01-02,a,5,1,USD"],
            ":3: this row is in USD and the budget in EUR",
            id="two currencies",
        ),
        pytest.param(["date,channel,spend,revenue", "2026-01-01,a,5,1"], "a: 1 obs", id="one day"),
        pytest.param(
            ["date,spend,revenue", "2026-01-01,5,1"], "no column channel", id="no channel"
        ),
        pytest.param(
            ["date,channel,spend,revenue", "2026-01-01,a,x,1", "2026-01-02,a,5,1"],
            ":2: expected a number, got 'x'",
            id="no number",
        ),
    ],
)
def test_a_history_that_cannot_be_read_is_refused(
    lines: list[str], said: str, drumbeat: Drumbeat, sheet: Sheet
) -> None:
    found = drumbeat("allocate", sheet(*lines), "--budget", "EUR 100/week")
    assert (found.code, found.out) == (2, "")
    assert said in found.err


@pytest.mark.parametrize("budget", ["10,000", "EUR 10", "10 EUR/week", "EUR 5/fortnight"])
def test_a_budget_without_currency_or_period_is_refused(budget: str, drumbeat: Drumbeat) -> None:
    found = drumbeat("allocate", "data.csv", "--budget", budget)
    assert found.code == 2
    assert found.err.startswith("drumbeat: --budget: expected")


def test_the_chart_shows_what_one_more_unit_brings(
    drumbeat: Drumbeat, sheet: Sheet, tmp_path: Path
) -> None:
    chart = tmp_path / "chart.svg"
    file = sheet(HEADER, *history())
    assert drumbeat("allocate", file, "--budget", "EUR 8,000/week", "--svg", chart).code == 0
    assert "search" in chart.read_text()
