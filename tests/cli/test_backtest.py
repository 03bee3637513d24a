"""`drumbeat backtest` replays an export, takes people's decisions, and says what is missing."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Drumbeat, Sheet

START = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def export(sheet: Sheet) -> Path:
    lines = [
        f"{START + day * DAY},always-on,{unit},{200 * 100},{2 * 100},{conversions},100.00"
        for day in range(35)
        for unit, conversions in (("good", 30), ("weak", 10))
    ]
    head = "date,campaign,line_item,impressions,clicks,conversions,cost"
    return sheet(head, *lines, name="ads.csv")


def test_the_command_shows_three_deciders_and_what_is_unknown(
    drumbeat: Drumbeat, export: Path
) -> None:
    told = drumbeat("backtest", export, "--currency", "EUR", "--all")
    assert told.code == 0
    assert [line.split()[0] for line in told.out.splitlines()[1:4]] == ["people", "agent", "rules"]
    assert "unknown for 2 of 2 units" in told.err


def test_the_command_takes_peoples_decisions_by_unit(
    drumbeat: Drumbeat, export: Path, sheet: Sheet
) -> None:
    mine = sheet("date,target,action,change", "2026-03-20,good,budget,-40%", name="mine.csv")
    told = drumbeat("backtest", export, "--currency", "EUR", "--decisions", mine, "--json")
    assert (told.code, told.json["people_from"]) == (0, "decisions file")
    assert told.json["tallies"][0]["wrong"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "--currency EUR"),
        (("--currency", "EUR", "--by", "shoe"), 2, "no row has 'shoe'; choose one of line_item"),
        (("--currency", "EUR", "--map", "cost=-"), 2, "no spend"),
    ],
)
def test_the_command_says_what_is_missing(
    drumbeat: Drumbeat, export: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    told = drumbeat("backtest", export, *arguments)
    assert told.code == code
    assert says in told.err
    assert drumbeat("backtest", export.parent / "none.csv").code == 3
