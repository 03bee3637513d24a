"""Exports into rows: what is read, what is refused, and that nothing is half-read."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.campaign.history import HistoryKind
from drumbeat.core.money import Money
from drumbeat.files.history.columns import MapInvalid, read_map
from drumbeat.files.history.parse import HistoryInvalid, Import, parse_history, read_history
from drumbeat.files.history.reader import ImportOptions

EUR = ImportOptions(currency="EUR")
ADS = "date,campaign,clicks,spend\n2026-04-01,a,3,0.006\n2026-04-02,a,4,0.006\n"


def read(text: str, kind: str = "ads", options: ImportOptions = EUR) -> Import:
    return parse_history(text, "ads.csv", HistoryKind(kind), options)


def refused(text: str, kind: str = "ads", options: ImportOptions = EUR) -> list[str]:
    with pytest.raises(HistoryInvalid) as refusal:
        read(text, kind, options)
    return [f"{p.line}:{p.column}: {p.text}" for p in refusal.value.problems]


def test_rows_keep_their_date_campaign_and_exact_amounts() -> None:
    found = read(ADS)
    first = found.rows[0]
    assert (first.at, first.campaign, first.currency) == (date(2026, 4, 1), "a", "EUR")
    assert first.measures == {"clicks": Decimal(3)}
    assert first.amounts == {"spend": Decimal("0.006")}
    assert found.summary.amounts == {"spend": Money(minor=1, currency="EUR")}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + ADS, id="byte order mark"),
        pytest.param(ADS.replace("\n", "\r\n"), id="windows line ends"),
        pytest.param(ADS.replace(",", ";"), id="semicolons"),
        pytest.param(ADS.replace(",", ";").replace("0.006", "0,006"), id="decimal commas"),
        pytest.param(ADS.replace(",", "\t"), id="tabs"),
        pytest.param(ADS + "\n  \n", id="blank lines at the end"),
        pytest.param(ADS.replace("spend", "cost"), id="another name for spend"),
        pytest.param(ADS.replace("clicks", "Link Clicks"), id="a name with a capital and a space"),
        pytest.param(ADS.replace("2026-04-01", '"2026-04-01"'), id="quotes"),
    ],
)
def test_exports_differ_and_say_the_same(text: str, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(text.encode())
    found = read_history(file, HistoryKind.ADS, EUR)
    assert found.rows == read(ADS).rows


def test_a_cell_may_hold_delimiters_quotes_and_line_breaks() -> None:
    text = 'date,subject,sent\n2026-04-01,"Hello, ""you""\nand you",5\n2026-04-02,Plain,x\n'
    assert refused(text, "email") == ["4:18: sent: expected a number, got 'x'"]
    found = read(text.replace(",x", ",6"), "email")
    assert found.rows[0].dimensions == {"subject": 'Hello, "you"\nand you'}


def test_rows_alike_are_summed_and_empty_cells_stay_unknown() -> None:
    text = "date,campaign,clicks,spend\n2026-04-01,a,3,1\n2026-04-01,a,,1\n2026-04-01,b,,\n"
    rows = read(text).rows
    assert [row.measures for row in rows] == [{"clicks": Decimal(3)}, {}]
    assert [row.amounts for row in rows] == [{"spend": Decimal(2)}, {}]


def test_columns_are_mapped_named_and_left_out() -> None:
    text = "when,shown,size,note,clicks\n2026-04-01,10,160 x 600,hi,2\n"
    columns = read_map(["when=date", "shown=impressions", "size=dim:banner"])
    found = read(text, options=ImportOptions(columns=columns, campaign="spring"))
    assert found.rows[0].measures == {"impressions": Decimal(10), "clicks": Decimal(2)}
    assert found.rows[0].dimensions == {"banner": "160 x 600"}
    assert found.rows[0].campaign == "spring"
    assert found.left_out == ("note",)


def test_a_campaign_nobody_names_is_called_after_the_file() -> None:
    assert read("date,clicks\n2026-04-01,3\n").rows[0].campaign == "ads"


def test_months_and_days_need_a_year_from_the_file_or_the_person() -> None:
    text = "month,day,clicks\nApril,1,3\n"
    assert refused(text) == ["1:1: has months without a year; say which with --year 2026"]
    assert read(text, options=ImportOptions(year=2025)).rows[0].at == date(2025, 4, 1)
    with_year = "year,month,day,clicks\n2024,2,29,3\n"
    assert read(with_year).rows[0].at == date(2024, 2, 29)


def test_a_column_of_days_holds_dates_where_none_holds_months() -> None:
    text = "Day,Ad group,Impr.,Cost,Conversions,Conv. value\n2026-04-01,warm,900,1.50,2,90\n"
    (row,) = read(text).rows
    assert (row.at, row.dimensions) == (date(2026, 4, 1), {"line_item": "warm"})
    assert row.measures == {"impressions": Decimal(900), "conversions": Decimal(2)}
    assert row.amounts == {"spend": Decimal("1.50"), "revenue": Decimal(90)}


def test_an_export_without_dates_has_rows_without_dates() -> None:
    found = read("campaign,clicks\na,3\n")
    assert found.rows[0].at is None
    assert (found.summary.first, found.summary.last) == (None, None)


def test_one_line_a_recipient_is_counted_and_the_held_out_are_not_sent_to() -> None:
    text = "arm,visit,spend\nMail,1,2.50\nMail,0,0\nNo E-Mail,1,0\n"
    mailed, held_out = read(text, "email").rows
    assert mailed.measures == {
        "visits": Decimal(1),
        "contacts": Decimal(2),
        "sent": Decimal(2),
        "delivered": Decimal(2),
    }
    assert held_out.measures["contacts"] == 1
    assert held_out.measures["sent"] == held_out.measures["delivered"] == 0


def test_figures_of_the_business_may_fall_below_zero() -> None:
    found = read("date,metric,value\n2026-04-01,net_followers,-3\n", "kpi")
    assert found.rows[0].measures == {"value": Decimal(-3)}
    assert found.rows[0].dimensions == {"metric": "net_followers"}


def test_context_is_words() -> None:
    found = read("date,signal,subject,state\n2026-04-01,stock,kit,out\n", "context")
    assert found.rows[0].dimensions == {"signal": "stock", "subject": "kit", "state": "out"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "1:1: is empty; expected a header line", id="empty"),
        pytest.param("date,clicks\n", "1:1: has a header and no rows", id="no rows"),
        pytest.param("a,b\n1,2\n", "1:1: no column holds a figure of ads history", id="nothing"),
        pytest.param("clicks,clicks\n1,2\n", "1:1: the header names clicks twice", id="twice"),
        pytest.param(
            "cost,spend\n1,2\n", "1:1: 'cost' and 'spend' would both be spend; leave", id="both"
        ),
        pytest.param("date,clicks\n2026-04-01,3,4\n", "2:1: has 3 cells, the header", id="long"),
        pytest.param("date,clicks\n2026-04-01\n", "2:1: has 1 cells, the header has 2", id="short"),
        pytest.param("date,clicks\n2026-04-31,3\n", "2:1: date: there is no such day", id="date"),
        pytest.param(
            "date;clicks\n2026-04-01;1.234\n", "2:12: clicks: '1.234' may be", id="german thousands"
        ),
        pytest.param(
            'date;clicks;spend\n2026-04-01;1,234;"5,1"\n',
            "2:12: clicks: '1,234' may be",
            id="english thousands",
        ),
        pytest.param(
            "date,clicks,spend\n2026-04-01,3,-1\n",
            "2:14: spend: spend cannot be neg",
            id="negative",
        ),
        pytest.param(
            "month,clicks\nApril,3\n", "1:1: has months without", id="a month without a day"
        ),
        pytest.param(
            'date,clicks\n2026-04-01,"3\n', "2:1: is no CSV from here on", id="open quote"
        ),
        pytest.param(
            "spend,currency\n3,Euro\n", "2:3: currency: expected a currency such as EUR", id="euro"
        ),
        pytest.param(
            "clicks,impressions\n900,40\n800,1600\n",
            "1:1: has more clicks (1,700) than impressions (1,640); say with --map",
            id="two columns mixed up",
        ),
    ],
)
def test_an_export_that_cannot_be_trusted_is_refused(text: str, message: str) -> None:
    assert refused(text)[0].startswith(message)


def test_amounts_need_a_currency() -> None:
    assert refused(ADS, options=ImportOptions()) == [
        "1:1: has amounts without a currency; say which with --currency EUR"
    ]
    assert refused(ADS, options=ImportOptions(currency="euro"))[0].endswith("got 'euro'")


def test_two_currencies_in_one_file_are_refused() -> None:
    assert "EUR, USD" in refused("spend,currency\n3,EUR\n4,USD\n")[0]


def test_a_click_counted_a_day_after_its_view_is_no_mistake() -> None:
    found = read("date,clicks,impressions\n2026-04-01,0,500\n2026-04-02,3,2\n")
    assert found.summary.measures == {"clicks": 3, "impressions": 502}


def test_every_bad_cell_is_told_at_once_up_to_fifty() -> None:
    text = "date,clicks,spend\n2026-04-01,x,1\n2026-04-xx,3,-1\n"
    assert [line.split(": ")[0] for line in refused(text)] == ["2:12", "3:1", "3:14"]
    many = "clicks\n" + "x\n" * 500
    assert len(refused(many)) == 50


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        pytest.param(["displays"], "COLUMN=TARGET", id="no target"),
        pytest.param(["=date"], "COLUMN=TARGET", id="no column"),
        pytest.param(["a=date", "a=clicks"], "mapped twice", id="twice"),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(pairs: list[str], message: str) -> None:
    with pytest.raises(MapInvalid, match=message):
        read_map(pairs)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        pytest.param(
            {"clikcs": "clicks"}, "there is no column 'clikcs'; did you mean", id="column"
        ),
        pytest.param(
            {"clicks": "impresions"},
            "no ads column can be read as 'impresions'; did you mean 'impressions'?",
            id="target",
        ),
        pytest.param({"clicks": "dim:"}, "no ads column can be read as 'dim:'", id="no name"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(
    columns: dict[str, str], message: str
) -> None:
    found = refused(ADS, options=ImportOptions(columns=columns, currency="EUR"))
    assert message in found[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"date,clicks\n2026-04-01,\xff\n", "2:1: is not UTF-8 here", id="latin"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    with pytest.raises(HistoryInvalid) as refusal:
        read_history(file, HistoryKind.ADS, EUR)
    problem = refusal.value.problems[0]
    assert f"{problem.line}:{problem.column}: {problem.text}".startswith(message)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryInvalid, match="cannot be read: No such file"):
        read_history(tmp_path / "gone.csv", HistoryKind.ADS, EUR)


CELLS = st.text("ab,;\"\n\r\t 019.-é'", max_size=8)


@settings(max_examples=200)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join), max_size=5).map("\n".join))
def test_no_text_makes_the_importer_raise_anything_else(text: str) -> None:
    head = "date,clicks,spend,campaign\n"
    with suppress(HistoryInvalid):
        assert read(head + text).rows


@given(st.lists(st.decimals(0, 1, places=5), min_size=1, max_size=60))
def test_totals_are_rounded_once(spends: list[Decimal]) -> None:
    lines = [f"a{n},{spend}" for n, spend in enumerate(spends)]
    found = read("campaign,spend\n" + "\n".join(lines))
    assert found.summary.amounts["spend"] == Money.of(sum(spends, Decimal(0)), "EUR")
