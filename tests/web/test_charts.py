"""Charts: every value has a place, gaps stay gaps, texts are escaped, and nothing is a style."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.money import Money
from drumbeat.testing.web_content.campaigns import spark_of
from drumbeat.testing.web_content.pages import series
from drumbeat.testing.web_content.planning import EXPERIMENTS
from drumbeat.web.axis import ticks
from drumbeat.web.band_chart import band_chart, spread
from drumbeat.web.chart import pace, spark
from drumbeat.web.interval_chart import interval_chart
from drumbeat.web.views.campaign import Pace, Spark
from drumbeat.web.views.value import Tone

NAMES = '<b> & "quotes"'


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def count(svg: str, tag: str, style: str) -> int:
    return len(re.findall(rf'<{tag} class="{style}"', svg))


@pytest.mark.parametrize(
    "svg",
    [
        spark(spark_of(1, falls=True), NAMES),
        spark(Spark((1.0,)), NAMES),
        spark(Spark(()), NAMES),
        spark(Spark((5.0, 5.0, 5.0)), NAMES),
        pace(Pace(Money.of("1", "EUR"), Money.of("0", "EUR"), 0.5), NAMES),
        band_chart(series(), NAMES),
        interval_chart(EXPERIMENTS["H-07"].effects, NAMES),
    ],
)
def test_a_chart_is_well_formed_named_and_without_style(svg: str) -> None:
    root = parsed(svg)
    assert root.get("aria-label") == NAMES
    assert root.get("role") == "img"
    assert "style" not in svg
    assert "nan" not in svg.lower()


def test_what_is_outside_of_the_range_is_marked() -> None:
    assert count(spark(spark_of(1, falls=True), "x"), "circle", "out") == 2
    assert count(band_chart(series(falls=True), "x"), "circle", "out") == 2
    assert count(band_chart(series(falls=False), "x"), "circle", "out") == 0


def test_a_missing_day_is_a_gap_and_not_a_guess() -> None:
    whole = series(falls=False)
    gap = replace(whole, values=(*whole.values[:20], None, *whole.values[21:]))
    assert count(band_chart(whole, "x"), "polyline", "line") == 1
    assert count(band_chart(gap, "x"), "polyline", "line") == 2


def test_markers_are_numbered_and_colored_by_who() -> None:
    svg = band_chart(series(), "x")
    kinds = ("number agent", "number person", "number outside")
    assert [count(svg, "circle", kind) for kind in kinds] == [2, 1, 1]


def test_a_chart_without_values_is_nothing() -> None:
    empty = replace(series(), values=(None,) * 60)
    assert band_chart(empty, "x") == ""
    assert interval_chart((), "x") == ""


def test_one_wide_interval_leaves_the_others_their_size() -> None:
    first = replace(EXPERIMENTS["H-07"].effects[0], value=0.12, low=0.03, high=0.21, limit=None)
    wide = replace(first, value=-0.49, low=-3.3, high=2.4)
    alone, beside = interval_chart((first,), "x"), interval_chart((first, wide), "x")
    assert "+100%" in beside
    assert "300%" not in beside
    assert count(beside, "path", f"effect {first.tone}") == 2, "it goes on at both ends"
    assert count(alone, "path", f"effect {first.tone}") == 0


@pytest.mark.parametrize(
    ("spent", "expected", "tone"),
    [
        pytest.param("85", 0.72, Tone.BAD, id="ahead of the line"),
        pytest.param("69", 0.70, Tone.GOOD, id="on the line"),
        pytest.param("25", 0.56, Tone.WARN, id="far behind"),
    ],
)
def test_pace_has_a_tone(spent: str, expected: float, tone: Tone) -> None:
    assert Pace(Money.of(spent, "EUR"), Money.of("100", "EUR"), expected).tone is tone


@given(st.floats(-1e6, 1e6), st.floats(1e-2, 1e9))
def test_ticks_cover_what_is_shown_with_a_few_round_numbers(low: float, size: float) -> None:
    marks = ticks(low, low + size)
    slack = (marks[-1] - marks[0]) * 1e-6
    assert marks[0] <= low + slack
    assert marks[-1] >= low + size - slack
    assert 2 <= len(marks) <= 9


def test_ticks_of_nothing_are_still_two() -> None:
    assert ticks(3, 3) == (3, 4)
    assert len(ticks(float("nan"), 1)) == 2


@pytest.mark.parametrize(
    ("wished", "placed"),
    [
        pytest.param([], [], id="none"),
        pytest.param([50.0], [50.0], id="one stays where it is"),
        pytest.param([10.0, 50.0], [10.0, 50.0], id="far apart"),
        pytest.param([30.0, 30.0, 35.0], [30.0, 40.0, 50.0], id="each makes room for the next"),
        pytest.param([90.0, 98.0, 99.0], [80.0, 90.0, 100.0], id="pushed back from the edge"),
        pytest.param([5.0] * 3, [5.0, 15.0, 25.0], id="the same day"),
        pytest.param([0.0] * 21, [5.0 * n for n in range(21)], id="more than there is room for"),
    ],
)
def test_numbers_do_not_cover_each_other(wished: list[float], placed: list[float]) -> None:
    assert spread(wished, 0.0, 100.0, 10.0) == placed
