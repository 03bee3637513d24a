"""`drumbeat experiment size` and `analyze`: honest sizes, and no winner of a broken split."""

from pathlib import Path

import pytest

from drumbeat.stats.power import proportions_sample_size
from tests.cli.conftest import Drumbeat, Sheet

COUNTED = "arm,n,conversions"


def test_both_designs_are_sized_in_units_and_weeks(drumbeat: Drumbeat) -> None:
    options = ("--baseline", "2%", "--lift", "10%", "--per-week", 20000)
    found = drumbeat("experiment", "size", *options, "--json").json
    peeking, once = found["designs"]
    assert once["units"] == 2 * proportions_sample_size(0.02, 0.1)
    assert once["units"] < peeking["units"] < 1.2 * once["units"]
    assert peeking["per_arm"] * 2 >= peeking["units"]
    assert peeking["weeks"] == -(-peeking["units"] // 20000)


def test_percent_and_fraction_are_the_same(drumbeat: Drumbeat) -> None:
    percent = drumbeat("experiment", "size", "--baseline", "2%", "--lift", "10%", "--json")
    fraction = drumbeat("experiment", "size", "--baseline", "0.02", "--lift", "0.1", "--json")
    assert percent.json == fraction.json


def test_a_mean_is_sized_with_its_variance(drumbeat: Drumbeat) -> None:
    options = ("--baseline", "41.5", "--variance", "900", "--lift", "5%")
    found = drumbeat("experiment", "size", *options)
    assert found.code == 0
    assert found.out.splitlines()[1].startswith("peeking allowed")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--baseline", "2%", "--lift", "0"], id="no lift"),
        pytest.param(["--baseline", "60%", "--lift", "100%"], id="above one"),
        pytest.param(["--baseline", "41.5", "--lift", "5%"], id="mean without variance"),
        pytest.param(["--baseline", "two", "--lift", "5%"], id="words"),
        pytest.param(["--baseline", "nan", "--lift", "5%"], id="nan"),
        pytest.param(["--baseline", "2%", "--lift", "5%", "--alpha", "90%"], id="alpha"),
        pytest.param(["--baseline", "2%"], id="nothing to find"),
    ],
)
def test_what_cannot_be_sized_is_refused(options: list[str], drumbeat: Drumbeat) -> None:
    found = drumbeat("experiment", "size", *options)
    assert (found.code, found.out) == (2, "")


def test_a_clear_difference_is_called_by_its_arm(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet(COUNTED, "control,5000,250", "curious,5000,350")
    found = drumbeat("experiment", "analyze", file, "--json").json
    (one,) = found["comparisons"]
    assert (found["control"], found["split"]["mismatch"]) == ("control", False)
    assert (one["treatment"], one["decision"]) == ("curious", "treatment")
    assert one["effect"] == pytest.approx(0.02)
    assert one["low"] < one["effect"] < one["high"]
    assert one["relative"] == pytest.approx(0.4)
    assert [arm["conversions"] for arm in found["arms"]] == [250, 350]


def test_noise_is_undecided(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet(COUNTED, "control,5000,250", "curious,5000,262")
    found = drumbeat("experiment", "analyze", file)
    assert found.code == 0
    assert "undecided" in found.out


def test_a_plan_makes_an_early_read_stricter(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet(COUNTED, "control,1000,50", "curious,1000,72")
    once = drumbeat("experiment", "analyze", file, "--json").json["comparisons"][0]
    planned = drumbeat("experiment", "analyze", file, "--max-n", 40000, "--json")
    early = planned.json["comparisons"][0]
    assert (once["decision"], early["decision"]) == ("treatment", "undecided")
    assert early["high"] - early["low"] > once["high"] - once["low"]


def test_running_past_the_plan_is_said(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet(COUNTED, "control,5000,250", "curious,5000,350")
    found = drumbeat("experiment", "analyze", file, "--max-n", 4000, "--json")
    assert found.json["comparisons"][0]["overrun"] is True


def test_a_broken_split_has_no_winner(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet(COUNTED, "control,5000,250", "curious,6000,600")
    found = drumbeat("experiment", "analyze", file)
    assert found.code == 0
    assert "The units are not split as designed (p " in found.err
    assert "treatment" not in found.out.lower()
    as_data = drumbeat("experiment", "analyze", file, "--json").json
    assert as_data["split"]["mismatch"] is True
    assert as_data["comparisons"] == [
        {
            "treatment": "curious",
            "effect": None,
            "low": None,
            "high": None,
            "decision": "split broken",
        }
    ]


def test_a_split_that_is_even_in_total_is_broken_by_day(drumbeat: Drumbeat, sheet: Sheet) -> None:
    rows = ("control,mon,900,9", "new,mon,100,1", "control,tue,100,1", "new,tue,900,9")
    split = drumbeat("experiment", "analyze", sheet("arm,day,n,conversions", *rows), "--json").json[
        "split"
    ]
    assert split["mismatch"] is True
    assert split["worst"].startswith("day: ")


def test_by_names_a_column_of_its_own(drumbeat: Drumbeat, sheet: Sheet) -> None:
    rows = ("control,old,900,9", "new,old,100,1", "control,new,100,1", "new,new,900,9")
    file = sheet("arm,browser,n,conversions", *rows)
    without = drumbeat("experiment", "analyze", file, "--json").json
    named = drumbeat("experiment", "analyze", file, "--by", "browser", "--json").json
    assert (without["split"]["mismatch"], named["split"]["mismatch"]) == (False, True)


def test_what_was_not_looked_at_is_said(drumbeat: Drumbeat, sheet: Sheet) -> None:
    rows = [f"{n},{'ab'[n % 2]},{'xy'[n // 2 % 2]},{n % 3 % 2}" for n in range(200)]
    file = sheet("user,arm,device,converted", *rows)
    found = drumbeat("experiment", "analyze", file, "--control", "a")
    assert "Not looked at: device." in found.err
    asked = drumbeat("experiment", "analyze", file, "--control", "a", "--by", "device")
    assert "Not looked at" not in asked.err


def test_a_designed_split_is_no_mismatch(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet(COUNTED, "control,9000,450", "new,1000,80")
    shares = ("--share", "control=90%", "--share", "new=10%")
    found = drumbeat("experiment", "analyze", file, *shares, "--json").json
    assert found["split"]["mismatch"] is False


def test_unit_rows_of_money_are_compared_by_their_means(drumbeat: Drumbeat, sheet: Sheet) -> None:
    rows = [f"c{n},control,{n % 7 * 2}" for n in range(350)]
    rows += [f"b{n},b,{n % 7 * 3}" for n in range(350)]
    found = drumbeat("experiment", "analyze", sheet("unit,arm,value", *rows), "--json").json
    assert found["comparisons"][0]["effect"] == pytest.approx(3.0)
    assert found["comparisons"][0]["decision"] == "treatment"
    assert found["arms"][0]["conversions"] is None


def test_each_further_arm_makes_the_call_stricter(drumbeat: Drumbeat, sheet: Sheet) -> None:
    two = sheet(COUNTED, "control,5000,250", "a,5000,296", name="two.csv")
    rows = ("control,5000,250", "a,5000,296", "b,5000,250", "c,5000,250", "d,5000,250")
    many = sheet(COUNTED, *rows, name="many.csv")
    alone, among = (
        drumbeat("experiment", "analyze", file, "--json").json["comparisons"][0]["decision"]
        for file in (two, many)
    )
    assert (alone, among) == ("treatment", "undecided")


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        pytest.param(["--share", "control=90%"], "give one for each arm", id="one missing"),
        pytest.param(["--share", "a=1", "--share", "b=1"], "give one for each arm", id="foreign"),
        pytest.param(["--share", "control=x", "--share", "new=1"], "expected a number", id="word"),
        pytest.param(["--alpha", "2"], "alpha is a chance between 0 and 1", id="alpha"),
    ],
)
def test_a_design_that_is_none_is_refused(
    shares: list[str], said: str, drumbeat: Drumbeat, sheet: Sheet
) -> None:
    file = sheet(COUNTED, "control,9000,450", "new,9000,480")
    found = drumbeat("experiment", "analyze", file, *shares)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_the_chart_shows_the_effect(drumbeat: Drumbeat, sheet: Sheet, tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    file = sheet(COUNTED, "control,5000,250", "curious,5000,350")
    assert drumbeat("experiment", "analyze", file, "--svg", chart).code == 0
    assert "curious" in chart.read_text()


def test_a_test_read_past_its_plan_says_so(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("arm,n,conversions", "control,5000,250", "b,5000,310")
    past = drumbeat("experiment", "analyze", file, "--max-n", "1000")
    assert "ran past its planned size" in past.err
    assert "past its planned" not in drumbeat("experiment", "analyze", file).err


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["control;1000;30", "b;1020;35"], id="a row an arm"),
        pytest.param(["control;500;3", "b;510;5", "control;500;2", "b;510;4"], id="a row a day"),
    ],
)
def test_counts_without_a_column_of_units_are_no_units(
    rows: list[str], drumbeat: Drumbeat, sheet: Sheet
) -> None:
    file = sheet("variant;Nutzer;conversions", *rows)
    found = drumbeat("experiment", "analyze", file)
    assert found.code == 2
    assert f"{file}:1: no column says how many units were in an arm" in found.err
