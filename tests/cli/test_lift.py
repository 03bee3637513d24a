"""`drumbeat lift`: what was added, with its interval; what is not proven is called that."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.cli.conftest import Drumbeat, Sheet

START = date(2026, 3, 1)
GEOS = [f"geo-{n}" for n in range(12)]


def regions(effect: float) -> Iterable[str]:
    """Daily rows of twelve geos; the first six are lifted from the start on."""
    chance = Random(4)
    for n in range(84):
        day = START + timedelta(days=n - 56)
        for at, geo in enumerate(GEOS):
            noise = chance.gauss(1, 0.014)
            lifted = 1 + effect * (at < 6 and day >= START)
            yield f"{day},{geo},{(1000 + 100 * at) * noise * lifted:.2f}"


def test_a_lifted_region_is_measured(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("date,geo,value", *regions(0.1))
    found = drumbeat("lift", file, "--treated", ",".join(GEOS[:6]), "--start", START, "--json")
    assert found.code == 0
    (one,) = found.json["lifts"]
    assert one["verdict"] == "lift"
    assert one["low"] < 0.1 < one["high"]
    assert one["effect"] == pytest.approx(0.1, abs=0.01)
    assert one["geos"] == GEOS[:6]
    assert 0 <= one["placebo_false_positive_rate"] <= 0.25


def test_no_lift_is_not_proven(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("date,geo,value", *regions(0.0))
    found = drumbeat("lift", file, "--treated", ",".join(GEOS[:6]), "--start", START)
    assert found.code == 0
    assert "not proven" in found.out
    assert "On dates when nothing ran" in found.err


def test_treated_geos_may_be_named_one_by_one(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("date,geo,value", *regions(0.1))
    named = [part for geo in GEOS[:6] for part in ("--treated", geo)]
    assert drumbeat("lift", file, *named, "--start", START, "--json").json["lifts"][0]["geos"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--treated", "geo-1"], "needs both --treated and --start", id="no start"),
        pytest.param(["--start", "2026-03-01"], "needs both --treated", id="no geos"),
        pytest.param([], "needs both --treated and --start", id="neither"),
        pytest.param(
            ["--treated", "geo-99", "--start", "2026-03-01"],
            "treated geo 'geo-99' has no rows",
            id="unknown geo",
        ),
        pytest.param(
            ["--treated", "geo-1", "--start", "2026-01-05"], "dates before the start", id="early"
        ),
        pytest.param(["--treated", "geo-1", "--start", "soon"], "Invalid value", id="no date"),
    ],
)
def test_a_geo_test_that_cannot_be_read_is_refused(
    options: list[str], said: str, drumbeat: Drumbeat, sheet: Sheet
) -> None:
    found = drumbeat("lift", sheet("date,geo,value", *regions(0.1)), *options)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_counted_arms_are_compared_with_those_held_out(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("arm,n,conversions", "mail,10000,600", "holdout,10000,500")
    (one,) = drumbeat("lift", file, "--json").json["lifts"]
    assert (one["treated"], one["control"], one["verdict"]) == ("mail", "holdout", "lift")
    assert one["absolute"] == pytest.approx(0.01)
    assert one["effect"] == pytest.approx(0.2)
    assert one["low"] < 0.2 < one["high"]


def test_people_are_read_row_by_row(drumbeat: Drumbeat, sheet: Sheet) -> None:
    spends = [
        (arm, n % 10 * scale) for arm, scale in (("Mail", 3), ("None", 2)) for n in range(300)
    ]
    file = sheet("segment,spend", *(f"{arm},{spend}" for arm, spend in spends))
    found = drumbeat("lift", file, "--arm", "segment", "--outcome", "spend", "--json")
    (one,) = found.json["lifts"]
    assert one["verdict"] == "lift"
    assert one["effect"] == pytest.approx(0.5)
    assert one["absolute"] == pytest.approx(4.5)


def test_two_treatments_are_two_rows(drumbeat: Drumbeat, sheet: Sheet) -> None:
    rows = ("a,1000,60", "b,1000,90", "no mail,1000,50")
    lifts = drumbeat("lift", sheet("arm,n,conversions", *rows), "--json").json["lifts"]
    assert [(one["treated"], one["verdict"]) for one in lifts] == [("a", "unknown"), ("b", "lift")]


def test_an_arm_too_small_to_measure_is_unknown(drumbeat: Drumbeat, sheet: Sheet) -> None:
    found = drumbeat("lift", sheet("arm,n,conversions", "mail,1,1", "control,1,0"))
    assert found.code == 0
    assert found.out.splitlines()[1].split()[:3] == ["mail", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("lines", "options", "said"),
    [
        pytest.param(
            ["arm,n,conversions", "a,10,1", "b,10,2"],
            [],
            "say which arm is the control",
            id="which",
        ),
        pytest.param(
            ["arm,n,conversions", "a,10,1", "b,10,2"],
            ["--control", "c"],
            "no arm is called 'c'; the file has a, b",
            id="unknown control",
        ),
        pytest.param(
            ["arm,n,conversions", "a,10,11", "control,10,2"],
            [],
            ":2: 11 of 10 units cannot have converted",
            id="impossible",
        ),
        pytest.param(["arm,n,conversions", "a,10,1"], [], "two arms are needed", id="one arm"),
        pytest.param(
            ["unit,arm,value", "u1,a,1", "u2,control,0", "u1,control,1"],
            [],
            ":4: unit 'u1' of line 2 appears in arm 'a' there and in 'control' here",
            id="crossed",
        ),
        pytest.param(
            ["unit,arm,value", "u1,a,1", "u2,control,0", "u1,a,1"],
            [],
            ":4: unit 'u1' of line 2 appears again",
            id="repeated",
        ),
        pytest.param(["x,y", "1,2"], [], "there is no column arm or group or variant", id="header"),
    ],
)
def test_arms_that_cannot_be_read_are_refused(
    lines: list[str], options: list[str], said: str, drumbeat: Drumbeat, sheet: Sheet
) -> None:
    found = drumbeat("lift", sheet(*lines), *options)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_the_chart_shows_an_interval_an_arm(
    drumbeat: Drumbeat, sheet: Sheet, tmp_path: Path
) -> None:
    chart = tmp_path / "chart.svg"
    file = sheet("arm,n,conversions", "mail,10000,600", "holdout,10000,500")
    assert drumbeat("lift", file, "--svg", chart).code == 0
    drawn = chart.read_text()
    assert "chart-good" in drawn
    assert ">20%</text>" in drawn


def test_a_chart_of_nothing_known_is_refused(
    drumbeat: Drumbeat, sheet: Sheet, tmp_path: Path
) -> None:
    file = sheet("arm,n,conversions", "mail,1,1", "control,1,0")
    found = drumbeat("lift", file, "--svg", tmp_path / "chart.svg")
    assert found.code == 1
    assert "everything is unknown" in found.err
