"""`drumbeat shadow` reads people's decisions, judges, and says what is wrong with a file."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from drumbeat.cli.decisions_file import read_decisions
from drumbeat.cli.exits import Failure
from tests.cli.conftest import Drumbeat

HEAD = "date,campaign,target,action,change,reason\n"
GOOD = (
    "2026-05-04,retargeting-evergreen,visitors,budget,+20%,sells well\n"
    "2026-05-06,retargeting-evergreen,lookalike,pause,,too dear\n"
    "2026-05-07 15:30,retargeting-evergreen,brand,budget,50 -> 65,\n"
)


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_rows_become_decisions(tmp_path: Path) -> None:
    found = read_decisions(written(tmp_path, HEAD + GOOD), "Europe/Berlin")
    assert [(d.kind, round(d.push, 3)) for d in found] == [
        ("ads.set_budget", 0.2),
        ("ads.pause", -1.0),
        ("ads.set_budget", 0.3),
    ]
    assert found[0].target == "line_item:retargeting-evergreen/visitors"
    assert found[2].at.isoformat() == "2026-05-07T13:30:00+00:00"
    assert found[1].source == "mine.csv:3"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        pytest.param("2026-05-04,a,x,dance,,\n", "mine.csv:2: no action is called 'dance'", id="a"),
        pytest.param("2026-05-04,a,x,budget,lots,\n", "mine.csv:2: expected a change", id="b"),
        pytest.param("2026-05-04,a,x,budget,0 -> 5,\n", "mine.csv:2: expected a change", id="c"),
        pytest.param("5/4/26,a,x,budget,+5%,\n", "mine.csv:2: expected a time", id="d"),
        pytest.param("2026-05-04,,x,pause,,\n", "mine.csv:2: names no campaign", id="e"),
        pytest.param("2026-05-04,a,,pause,,\n", "mine.csv:2: the cell is empty", id="f"),
        pytest.param("", "has a header and no rows", id="g"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(Failure) as caught:
        read_decisions(written(tmp_path, HEAD + row))
    assert says in str(caught.value)
    assert caught.value.code == 2


def test_a_file_without_a_target_column_shows_its_header(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"no column target.*date, action"):
        read_decisions(written(tmp_path, "date,action\n2026-05-04,pause\n"))


def test_the_command_takes_a_file_in_once_and_reports(
    drumbeat: Drumbeat, workspace: Path, tmp_path: Path
) -> None:
    recent = GOOD.replace("2026-05", f"{date.today() - timedelta(days=40):%Y-%m}")
    file = written(tmp_path, HEAD + recent)
    told = drumbeat("shadow", "--decisions", file, "--json", "-C", workspace)
    assert told.code == 0
    (mine,) = [c for c in told.json["campaigns"] if c["campaign"] == "retargeting-evergreen"]
    assert (mine["human_decisions"], mine["agent_decisions"]) == (3, 0)
    again = drumbeat("shadow", "--decisions", file, "-C", workspace)
    assert "0 of 3 decisions are new" in again.err


def test_an_unknown_campaign_in_the_file_is_refused_and_nothing_is_kept(
    drumbeat: Drumbeat, workspace: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, f"{HEAD}2026-08-04,nobodys,x,pause,,\n{GOOD}")
    told = drumbeat("shadow", "--decisions", file, "-C", workspace)
    assert told.code == 3
    assert "nobodys" in told.err
    after = drumbeat("shadow", "--json", "-C", workspace)
    assert all(one["human_decisions"] == 0 for one in after.json["campaigns"])
