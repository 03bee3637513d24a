"""Output: data others can parse, tables others can cut, and nothing a terminal would obey."""

import json
from datetime import UTC, datetime

import pytest

from drumbeat.cli.output import data, figure, say, table


def test_a_document_carries_its_version_and_kind(capsys: pytest.CaptureFixture[str]) -> None:
    data("thing", {"at": datetime(2026, 9, 7, 6, tzinfo=UTC), "name": "Füllhorn"})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {
        "format_version": 1,
        "kind": "thing",
        "at": "2026-09-07T06:00:00+00:00",
        "name": "Füllhorn",
    }
    assert "Füllhorn" in printed


def test_unknown_figures_are_null_and_never_nan(capsys: pytest.CaptureFixture[str]) -> None:
    data("thing", {"rows": [{"low": float("nan"), "high": float("inf")}, (1.5, None)]})
    assert json.loads(capsys.readouterr().out)["rows"] == [
        {"low": None, "high": None},
        [1.5, None],
    ]


def test_a_piped_table_keeps_every_row_on_one_whole_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long_id = "prop-" + "0123456789" * 30
    table(["Id", "Why"], [[long_id, "two\nlines\tand a tab"], ["b", ""]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f"{long_id}  two lines and a tab"
    assert lines[2] == "b"
    assert lines[0].split() == ["Id", "Why"]


def test_an_empty_table_is_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    table(["Id", "Why"], [])
    assert capsys.readouterr().out == "Id  Why\n"


def test_a_cell_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table(["Comment"], [["\x1b[2Jgone\x07 \x9b31m"]])
    printed = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b"} & set(printed)
    assert "gone" in printed


def test_on_a_terminal_brackets_stay_characters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    table(["Note"], [["[red]sale[/red] [1/2]"]])
    assert "[red]sale[/red] [1/2]" in capsys.readouterr().out


def test_in_a_narrow_window_a_row_is_a_block_and_no_word_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    rows = [["retargeting-evergreen", "supervised"], ["news", ""]]
    monkeypatch.setenv("COLUMNS", "32")
    table(["Campaign", "Phase"], rows)
    narrow = capsys.readouterr().out
    assert narrow == "Campaign: retargeting-evergreen\nPhase: supervised\n\nCampaign: news\n\n"
    monkeypatch.setenv("COLUMNS", "60")
    table(["Campaign", "Phase"], rows)
    assert "retargeting-evergreen   supervised" in capsys.readouterr().out


def test_no_color_means_no_escape_sequence_at_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    table(["Note"], [["a"]])
    bold = capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    table(["Note"], [["a"]])
    plain = capsys.readouterr().out
    assert "\x1b" in bold
    assert "\x1b" not in plain


def test_prose_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("Nothing needs you.")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "Nothing needs you.\n")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(None, "unknown", id="none"),
        pytest.param(float("nan"), "unknown", id="nan"),
        pytest.param(float("-inf"), "unknown", id="infinite"),
        pytest.param(1234567.0, "1.23457e+06", id="large"),
        pytest.param(1234.5, "1,234.5", id="thousands"),
        pytest.param(0.0, "0", id="zero"),
    ],
)
def test_a_figure_is_shown_or_said_to_be_unknown(value: float | None, shown: str) -> None:
    assert figure(value) == shown
