"""Sheets: a person's CSV is read as it is meant, or every bad line is named."""

import math
import os
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import pytest

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.sheet import read_sheet
from tests.cli.conftest import Sheet


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param(b"", "1: is empty; expected a header line", id="empty"),
        pytest.param(b"date,value\n", "1: has a header and no rows", id="no rows"),
        pytest.param(b"date,value\n1,\xff\n", "2: is not UTF-8 here", id="latin"),
        pytest.param(b'date,value\n1,"2\n', "2: is no CSV from here on", id="open quote"),
        pytest.param(b"a,a\n1,2\n", "1: the header names a twice", id="twice"),
    ],
)
def test_a_file_that_is_no_table_is_refused(raw: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(raw)
    with pytest.raises(Failure) as refused:
        read_sheet(file)
    assert str(refused.value).startswith(f"{file}:{message}")
    assert refused.value.code is Exit.INVALID


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="there is no such file") as refused:
        read_sheet(tmp_path / "nix.csv")
    assert refused.value.code is Exit.NOT_FOUND


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=("d,v\na,1\n",))
    writer.start()
    assert read_sheet(pipe).numbers(1) == [1.0]
    writer.join()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="is a folder"):
        read_sheet(tmp_path)


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        pytest.param(["v,w", "1.5,", "-2,", "1e3,"], [1.5, -2.0, 1000.0], id="plain"),
        pytest.param(["v,w", '"1,234.5",'], [1234.5], id="thousands"),
        pytest.param(["v;w", "1.234,5;", "2,25;"], [1234.5, 2.25], id="decimal comma"),
        pytest.param(["v\tw", "3.25\t"], [3.25], id="tabs"),
        pytest.param(["\ufeffv,w", "7,"], [7.0], id="byte order mark"),
    ],
)
def test_numbers_are_read_as_they_are_meant(
    lines: list[str], values: list[float], sheet: Sheet
) -> None:
    read = read_sheet(sheet(*lines))
    assert read.numbers(read.column("V", ())) == values


@pytest.mark.parametrize("cell", ["EUR 5", "5 %", "inf", "--1", "1_000", "0x10", "five"])
def test_what_is_no_number_is_named_with_its_line(cell: str, sheet: Sheet) -> None:
    file = sheet("d,v", "a,1", f"b,{cell}", "c,3")
    with pytest.raises(Failure) as refused:
        read_sheet(file).numbers(1)
    assert str(refused.value) == f"{file}:3: expected a number, got {cell!r}"


@pytest.mark.parametrize("cell", ["", "NaN", "NA", "n/a", "null", " - "])
def test_a_gap_is_a_gap_where_gaps_are_allowed(cell: str, sheet: Sheet) -> None:
    read = read_sheet(sheet("d,v", "a,1", f"b,{cell}"))
    values = read.numbers(1, gaps=True)
    assert values[0] == 1
    assert math.isnan(values[1])


def test_a_gap_is_refused_where_it_is_not(sheet: Sheet) -> None:
    read = read_sheet(sheet("d,v", "a,1", "b,"))
    with pytest.raises(Failure, match=":3: expected a number, got ''"):
        read.numbers(1)


def test_a_column_wrong_throughout_is_told_once(sheet: Sheet) -> None:
    file = sheet("d,v", "a,x", "b,y")
    with pytest.raises(Failure) as refused:
        read_sheet(file).numbers(1)
    assert str(refused.value).endswith("so it is in every row: is 'v' the right column?")


def test_many_bad_lines_are_shortened(sheet: Sheet) -> None:
    file = sheet("d,v", "a,1", *(f"b,x{n}" for n in range(15)))
    with pytest.raises(Failure) as refused:
        read_sheet(file).numbers(1)
    lines = str(refused.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == f"{file}: and 5 lines more"


def test_a_row_that_ends_early_is_named(sheet: Sheet) -> None:
    file = sheet("d,v", "a,1", "b")
    with pytest.raises(Failure, match=":3: the row ends before column 'v'"):
        read_sheet(file).numbers(1)


def test_an_unknown_column_is_refused_with_the_header(sheet: Sheet) -> None:
    file = sheet("d,v", "a,1")
    with pytest.raises(Failure, match=":1: there is no column 'sales'; the header has d, v"):
        read_sheet(file).column("sales", ("v",))


def test_columns_are_found_by_name_before_place(sheet: Sheet) -> None:
    read = read_sheet(sheet("rownames,Value,Date", "1,2,3"))
    assert read.column(None, ("date",), 0) == 2
    assert read.column(None, ("geo", "value"), 0) == 1
    assert read.column(None, ("geo",), 0) == 0


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        pytest.param("2026-04-01", datetime(2026, 4, 1), id="day"),
        pytest.param("2026-04-01 08:30:00", datetime(2026, 4, 1, 8, 30), id="naive"),
        pytest.param("2026-04-01T08:30Z", datetime(2026, 4, 1, 8, 30, tzinfo=UTC), id="aware"),
        pytest.param("1.4.2026", datetime(2026, 4, 1), id="german"),
        pytest.param("12/31/2026", datetime(2026, 12, 31), id="the month comes first"),
        pytest.param("31/12/2026 14:30", datetime(2026, 12, 31, 14, 30), id="the day comes first"),
        pytest.param("12/31/2026 2:30 PM", datetime(2026, 12, 31, 14, 30), id="afternoon"),
        pytest.param("1775031000", datetime(2026, 4, 1, 8, 10, tzinfo=UTC), id="seconds"),
        pytest.param("1775031000000", datetime(2026, 4, 1, 8, 10, tzinfo=UTC), id="milliseconds"),
    ],
)
def test_moments_are_read(cell: str, moment: datetime, sheet: Sheet) -> None:
    assert read_sheet(sheet("t,v", f"{cell},1")).moments(0) == [moment]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        pytest.param(["4/1/2026"], ":2: expected a date such as 2026-04-01, got", id="either"),
        pytest.param(["4/13/2026", "13/4/2026"], "day and month trade places", id="both"),
        pytest.param(["4/31/2026"], "there is no such day", id="no such day"),
    ],
)
def test_a_day_half_the_world_reads_otherwise_is_refused(
    cells: list[str], why: str, sheet: Sheet
) -> None:
    with pytest.raises(Failure, match=why):
        read_sheet(sheet("t,v", *(f"{cell},1" for cell in cells))).days(0)


def test_one_cell_tells_for_its_column_which_is_the_month(sheet: Sheet) -> None:
    read = read_sheet(sheet("t,v", "4/1/2026,1", "4/13/2026,1"))
    assert read.days(0) == [date(2026, 4, 1), date(2026, 4, 13)]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param(["d,v", "a,1,234.50"], ":2: has 3 cells, the header has 2", id="unquoted"),
        pytest.param(
            ["d;v", "a;1.234", "b;987"], ":2: '1.234' may be 1234 or a fraction", id="dot"
        ),
        pytest.param(["d\tv", "a\t1,234"], ":2: '1,234' may be 1234 or a fraction", id="comma"),
        pytest.param(
            ["d,v,Currency", "a,1,EUR", "b,2,", "c,3,usd"], ":4: USD after EUR", id="currencies"
        ),
    ],
)
def test_what_may_mean_another_number_is_refused(
    lines: list[str], problem: str, sheet: Sheet
) -> None:
    with pytest.raises(Failure, match=problem):
        read_sheet(sheet(*lines)).numbers(1)


@pytest.mark.parametrize("cells", [["1.234", "1.5"], ["0.125"], ["1.234.567,5", "2,5"]])
def test_a_row_that_tells_solves_the_riddle_for_all(cells: list[str], sheet: Sheet) -> None:
    assert len(read_sheet(sheet("d;v", *(f"a;{cell}" for cell in cells))).numbers(1)) == len(cells)


def test_days_ignore_the_time(sheet: Sheet) -> None:
    assert read_sheet(sheet("t,v", "2026-04-01 23:59,1")).days(0) == [date(2026, 4, 1)]


def test_yes_and_no_are_outcomes(sheet: Sheet) -> None:
    assert read_sheet(sheet("a,v", "x,TRUE", "y,false")).outcomes(1) == [1.0, 0.0]


@pytest.mark.parametrize("cell", ["1.5", "-1"])
def test_a_count_is_whole_and_not_negative(cell: str, sheet: Sheet) -> None:
    with pytest.raises(Failure, match=":2: expected a whole number of 0 or more"):
        read_sheet(sheet("a,n", f"x,{cell}")).counts(1)


def test_a_count_that_may_be_a_thousand_is_refused(sheet: Sheet) -> None:
    with pytest.raises(Failure, match=r":2: '1\.000' may be 1000 or a fraction"):
        read_sheet(sheet("a;n", "x;1.000", "y;900")).counts(1)
