"""`drumbeat detect`: what is unusual in a series is named; what cannot be known is not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Drumbeat, Sheet

SPIKE = 400


def series(count: int = 500, spike: float = 5000.0) -> Iterable[str]:
    """Hourly rows with a daily rhythm and one value that does not belong."""
    for n in range(count):
        at = datetime(2026, 3, 2) + timedelta(hours=n)
        usual = 100 + 20 * (n % 24 in range(9, 18)) + (n * 7919 % 13)
        yield f"{at},{spike if n == SPIKE else usual}"


def test_the_spike_is_found_with_its_line_and_score(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("timestamp,value", *series())
    found = drumbeat("detect", file, "--json")
    assert (found.code, found.err) == (0, "")
    assert (found.json["format_version"], found.json["kind"]) == (1, "detect")
    (one,) = found.json["files"]
    assert (one["file"], one["points"], one["missing"]) == (str(file), 500, 0)
    assert one["count"] == len(one["anomalies"])
    spike = max(one["anomalies"], key=lambda anomaly: anomaly["score"])
    assert spike["line"] == SPIKE + 2
    assert spike["timestamp"] == "2026-03-18T16:00:00"
    assert 0.5 <= spike["score"] <= 1
    assert spike["low"] < spike["expected"] < spike["high"] < 5000


def test_several_files_are_judged_apart(drumbeat: Drumbeat, sheet: Sheet) -> None:
    spiky = sheet("timestamp,value", *series(), name="spiky.csv")
    calm = sheet("timestamp,value", *series(spike=110.0), name="calm.csv")
    found = drumbeat("detect", spiky, calm)
    assert found.code == 0
    assert str(spiky) in found.out
    assert f"{calm}: 0 anomalies in 500 points" in found.err


def test_gaps_are_counted_and_not_judged(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("timestamp,value", *series(), "2026-04-01,", "2026-04-02,NaN")
    assert drumbeat("detect", file, "--json").json["files"][0]["missing"] == 2


def test_rows_out_of_order_are_counted_and_said(drumbeat: Drumbeat, sheet: Sheet) -> None:
    rows = list(series())
    rows[20], rows[40] = rows[40], rows[20]
    file = sheet("timestamp,value", *rows, rows[-1])
    # The twenty rows behind the early one, the late one itself, and the repeated last.
    assert drumbeat("detect", file, "--json").json["files"][0]["out_of_order"] == 21
    assert "21 rows repeat a time or go back in time" in drumbeat("detect", file).err


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["2026-01-01,5"], id="one observation"),
        pytest.param([f"2026-01-{n:02},5" for n in range(1, 30)], id="constant"),
        pytest.param([f"2026-01-{n:02},{n % 3}" for n in range(28, 0, -1)], id="reversed"),
        pytest.param(["2026-01-01,5", "2026-01-01,6", "2026-01-01,7"], id="repeated"),
        pytest.param(["2026-10-25T02:30+02:00,5", "2026-10-25T02:30+01:00,6"], id="clock change"),
    ],
)
def test_a_series_that_says_little_has_no_anomalies(
    rows: list[str], drumbeat: Drumbeat, sheet: Sheet
) -> None:
    found = drumbeat("detect", sheet("timestamp,value", *rows), "--json")
    assert found.code == 0
    assert found.json["files"][0]["count"] == 0


def test_too_short_a_series_says_so(drumbeat: Drumbeat, sheet: Sheet) -> None:
    found = drumbeat("detect", sheet("timestamp,value", "2026-01-01,5"))
    assert "too short a series to know what is usual" in found.err


def test_a_bad_row_is_named_by_file_and_line(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("timestamp,value", "2026-01-01,5", "yesterday,6")
    found = drumbeat("detect", file)
    assert (found.code, found.out) == (2, "")
    assert found.err == (f"{file}:3: expected a time such as 2026-04-01 08:00, got 'yesterday'\n")


def test_nothing_is_printed_when_one_of_several_files_is_bad(
    drumbeat: Drumbeat, sheet: Sheet
) -> None:
    good = sheet("timestamp,value", *series(), name="good.csv")
    found = drumbeat("detect", good, good.parent / "nix.csv", "--json")
    assert (found.code, found.out) == (3, "")


def test_the_chart_dots_the_anomalies(drumbeat: Drumbeat, sheet: Sheet, tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    file = sheet("timestamp,value", *series())
    assert drumbeat("detect", file, "--svg", chart).code == 0
    drawn = ElementTree.parse(chart).getroot()
    assert drawn.tag.endswith("svg")
    assert [one for one in drawn.iter() if one.get("class") == "chart-point"]
    assert [one for one in drawn.iter() if one.tag.endswith("style")]


def test_a_chart_of_two_files_is_refused(drumbeat: Drumbeat, sheet: Sheet) -> None:
    file = sheet("timestamp,value", *series())
    found = drumbeat("detect", file, file, "--svg", "chart.svg")
    assert (found.code, found.err) == (2, "drumbeat: --svg draws one file; name one\n")


@pytest.mark.parametrize("threshold", ["0", "1", "-0.5", "high", "nan"])
def test_a_threshold_that_is_none_is_refused(threshold: str, drumbeat: Drumbeat) -> None:
    assert drumbeat("detect", "data.csv", "--threshold", threshold).code == 2
