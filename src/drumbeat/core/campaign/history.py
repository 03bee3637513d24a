"""History rows: what past sends, ads, posts and figures did, as an importer read them."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from drumbeat.core.campaign.text import Currency
from drumbeat.core.money import Money
from drumbeat.core.noun import Noun


class HistoryKind(StrEnum):
    """What an export speaks of."""

    EMAIL = "email"
    ADS = "ads"
    SOCIAL = "social"
    KPI = "kpi"
    CONTEXT = "context"


class HistoryRow(Noun):
    """One line of the past.

    ``dimensions`` are texts that tell rows apart (segment, banner, subject); ``measures`` are
    exact numbers; ``amounts`` are exact major units of ``currency``, fractions of a cent kept.
    """

    kind: HistoryKind
    at: date | None = None
    campaign: str
    dimensions: dict[str, str] = Field(default_factory=dict)
    measures: dict[str, Decimal] = Field(default_factory=dict)
    amounts: dict[str, Decimal] = Field(default_factory=dict)
    currency: Currency | None = None

    def money(self, name: str) -> Money:
        """One amount rounded to minor units. Raises KeyError for an amount the row lacks."""
        return Money.of(self.amounts[name], self.currency or "XXX")


class HistorySummary(Noun):
    """What an import holds: exact sums, rounded once at the end."""

    kind: HistoryKind
    rows: int
    first: date | None
    last: date | None
    campaigns: tuple[str, ...]
    measures: dict[str, Decimal]
    amounts: dict[str, Money]


def summarize(kind: HistoryKind, rows: tuple[HistoryRow, ...]) -> HistorySummary:
    """Totals over rows of one kind; amounts are summed exactly and rounded once.

    Raises ValueError when rows of two currencies would be added.
    """
    currencies = {row.currency for row in rows if row.amounts}
    if len(currencies) > 1:
        raise ValueError(f"rows speak of {', '.join(sorted(map(str, currencies)))}; import apart")
    currency = next(iter(currencies), None) or "XXX"
    days = [row.at for row in rows if row.at]
    return HistorySummary(
        kind=kind,
        rows=len(rows),
        first=min(days, default=None),
        last=max(days, default=None),
        campaigns=tuple(sorted({row.campaign for row in rows})),
        measures=_totals([row.measures for row in rows]),
        amounts={
            name: Money.of(total, currency)
            for name, total in _totals([row.amounts for row in rows]).items()
        },
    )


def _totals(columns: list[dict[str, Decimal]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for column in columns:
        for name, value in column.items():
            totals[name] = totals.get(name, Decimal(0)) + value
    return totals
