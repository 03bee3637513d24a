"""History totals: exact while summing, rounded once."""

from datetime import date
from decimal import Decimal

import pytest

from drumbeat.core.campaign.history import HistoryKind, HistoryRow, summarize
from drumbeat.core.money import Money


def row(
    spend: str, currency: str = "EUR", at: date | None = None, campaign: str = "a"
) -> HistoryRow:
    return HistoryRow(
        kind=HistoryKind.ADS,
        at=at,
        campaign=campaign,
        measures={"clicks": Decimal(3)},
        amounts={"spend": Decimal(spend)},
        currency=currency,
    )


def test_fractions_of_a_cent_are_kept_while_summing() -> None:
    rows = tuple(row("0.004") for _ in range(1000))
    assert summarize(HistoryKind.ADS, rows).amounts == {"spend": Money(minor=400, currency="EUR")}
    assert sum(one.money("spend").minor for one in rows) == 0


def test_a_summary_spans_its_rows() -> None:
    rows = (
        row("1", at=date(2026, 4, 2), campaign="b"),
        row("1", at=date(2026, 4, 1)),
        row("1"),
    )
    summary = summarize(HistoryKind.ADS, rows)
    assert (summary.first, summary.last) == (date(2026, 4, 1), date(2026, 4, 2))
    assert summary.campaigns == ("a", "b")
    assert summary.rows == 3
    assert summary.measures == {"clicks": Decimal(9)}


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(ValueError, match="EUR, USD"):
        summarize(HistoryKind.ADS, (row("1"), row("1", "USD")))


def test_an_empty_history_sums_to_nothing() -> None:
    summary = summarize(HistoryKind.KPI, ())
    assert (summary.rows, summary.first, summary.amounts) == (0, None, {})
