"""Charts: well-formed, labeled, escaped, without style, script or a number that is none."""

import math
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.stats.svg import Band, Interval, Marker, interval_chart, line_chart, standalone

SVG = "{http://www.w3.org/2000/svg}"
DAYS = ["1 May", "2 May", "3 May", "4 May"]


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def having(chart: str, name: str) -> list[ElementTree.Element]:
    return [one for one in parsed(chart).iter() if name in one.get("class", "").split()]


def test_a_chart_is_one_labeled_image() -> None:
    chart = parsed(line_chart("Orders rose to 9 on 4 May.", DAYS, [1, 4, 6, 9]))
    assert (chart.tag, chart.get("role")) == (f"{SVG}svg", "img")
    assert chart.get("aria-label") == "Orders rose to 9 on 4 May."
    title = chart.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Orders rose to 9 on 4 May."


def test_the_line_runs_from_left_to_right_and_higher_is_up() -> None:
    (line,) = having(line_chart("l", DAYS, [1, 4, 6, 9]), "chart-line")
    places = [tuple(map(float, one.split(","))) for one in line.get("points", "").split()]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)


@pytest.mark.parametrize("gap", [None, math.nan, math.inf])
def test_a_gap_breaks_the_line_and_the_band(gap: float | None) -> None:
    seen = [1.0, 2.0, gap, 3.0, 4.0]
    chart = line_chart("l", [*DAYS, "5 May"], seen, band=Band([0, 1, gap, 2, 3], [2, 3, 4, 5, 6]))
    assert len(having(chart, "chart-line")) == 2
    assert len(having(chart, "chart-band")) == 2
    assert "nan" not in chart.lower()
    assert "inf" not in chart.lower()


def test_a_lone_day_between_gaps_is_a_dot() -> None:
    (dot,) = having(line_chart("l", DAYS, [None, 5, None, None]), "chart-line")
    assert dot.tag == f"{SVG}circle"


def test_points_and_numbered_markers_are_drawn() -> None:
    happened = [Marker(1, "Budget raised", "agent"), Marker(3, "Outage", "outside")]
    chart = line_chart("l", DAYS, [1, 4, 6, 9], expected=[1, 3, 5, 7], points=[2], markers=happened)
    assert len(having(chart, "chart-point")) == 1
    assert len(having(chart, "chart-expected")) == 1
    assert [one.findtext(f"{SVG}text") for one in having(chart, "chart-marker")] == ["1", "2"]
    assert having(chart, "chart-marker-outside")[0].findtext(f"{SVG}title") == "Outage"


def test_intervals_stand_left_or_right_of_zero() -> None:
    rows = [Interval("B against A", 0.01, 0.03, 0.05, "good"), Interval("C", -0.04, -0.02, 0.0)]
    chart = interval_chart("B wins.", rows, unit=" points")
    (zero,) = having(chart, "chart-axis")
    good, middle = having(chart, "chart-good")[0], having(chart, "chart-estimate")[0]
    bar = good.find(f"{SVG}line")
    assert bar is not None
    assert float(zero.get("x1", 0)) < float(bar.get("x1", 0)) < float(middle.get("cx", 0))
    assert len(having(chart, "chart-open")) == 1


def test_hostile_text_stays_text() -> None:
    evil = '"><script>alert(1)</script>&'
    charts = [
        line_chart(evil, [evil] * 2, [1, 2], markers=[Marker(0, evil)]),
        interval_chart(evil, [Interval(evil, 0, 1, 2)], unit=evil),
    ]
    for chart in charts:
        assert "<script" not in chart
        assert parsed(chart).get("aria-label") == evil


def test_no_style_is_inline() -> None:
    chart = line_chart("l", DAYS, [1, 2, 3, 4], band=Band([0] * 4, [5] * 4), points=[1])
    styled = [one for one in parsed(chart).iter() if {"style", "stroke"} & set(one.attrib)]
    assert styled == []


def test_a_file_takes_one_style_element_along() -> None:
    alone = parsed(standalone(line_chart("l", DAYS, [1, 2, 3, 4])))
    (style,) = alone.findall(f"{SVG}style")
    assert ".chart-line" in (style.text or "")
    assert alone[0].tag == f"{SVG}title"
    assert alone.findtext(f"{SVG}text") == "l"
    assert (alone.get("height"), alone.get("viewBox")) == ("226", "0 0 640 226")


def test_an_interval_says_its_middle_and_its_whole_name() -> None:
    name = "a very long name of a campaign in the north"
    (bar,) = having(interval_chart("l", [Interval(name, 1, 2, 3)], unit=" %"), "chart-open")
    assert bar.findtext(f"{SVG}title") == name
    said = [one.text for one in bar.findall(f"{SVG}text")]
    assert said == ["a very long name of a campa…", "2 %"]


@pytest.mark.parametrize(
    ("names", "seen", "points", "words"),
    [
        pytest.param([], [], [], "cannot carry", id="nothing"),
        pytest.param(DAYS, [1.0], [], "4 positions", id="too short"),
        pytest.param(DAYS, [None] * 4, [], "no number", id="only gaps"),
        pytest.param(DAYS, [1.0] * 4, [4], "position 4 is outside", id="outside"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    names: list[str], seen: list[float | None], points: list[int], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        line_chart("l", names, seen, points=points)


@pytest.mark.parametrize(
    "rows", [[], [Interval("x", 1, 0, 2)], [Interval("x", 0, math.nan, 2)]], ids=str
)
def test_what_is_no_interval_is_refused(rows: list[Interval]) -> None:
    with pytest.raises(ValueError, match=r"interval|finite"):
        interval_chart("l", rows)


@given(st.lists(st.none() | st.floats(-1e12, 1e12), min_size=1, max_size=30))
def test_any_numbers_stay_inside_the_picture(seen: list[float | None]) -> None:
    chart = line_chart("l", [str(i) for i in range(len(seen) + 1)], [*seen, 1.0])
    places = [
        tuple(map(float, one.split(",")))
        for line in having(chart, "chart-line")
        for one in line.get("points", "").split()
    ]
    assert all(0 <= x <= 640 and 0 <= y <= 200 for x, y in places)
