"""History evidence: imported rows summed into the figures a dossier holds."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from drumbeat.core.campaign.dossier import CycleRecord, LineRecord
from drumbeat.core.campaign.history import HistoryRow
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.link import slug
from drumbeat.core.campaign.tally import Tally
from drumbeat.core.campaign.week import week_of, window_of
from drumbeat.core.money import Money

_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


def tallies_of_history(
    rows: Iterable[HistoryRow], element: LessonElement, dimension: str, over: str, under: str
) -> tuple[Tally, ...]:
    """One tally a value of ``dimension``, from rows that hold both counts.

    Rows without trials are left out: what a held-out group did is no hit of a mail.
    """
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    days: list[date | None] = []
    kind = ""
    for row in rows:
        subject = row.dimensions.get(dimension)
        trials = row.measures.get(under)
        if subject is None or not trials or over not in row.measures:
            continue
        counted = sums[_plain(subject)]
        counted[0] += row.measures[over]
        counted[1] += trials
        days.append(row.at)
        kind = row.kind
    source = f"history/{kind} {window_of(days)}"
    return tuple(
        Tally(element, subject, over, under, float(hits), float(trials), source)
        for subject, (hits, trials) in sorted(sums.items())
    )


def _plain(subject: str) -> str:
    """A value as our own files would name it: ``Womens E-Mail`` is ``womens-e-mail``."""
    return subject if _SLUG.fullmatch(subject) else slug(subject)


def lines_of_history(rows: Iterable[HistoryRow], dimension: str = "") -> tuple[LineRecord, ...]:
    """One record a campaign of an ads export, or a value of ``dimension``, and currency. Amounts
    are summed exactly and turned into minor units once."""
    grouped: dict[tuple[str, str], list[HistoryRow]] = defaultdict(list)
    for row in rows:
        name = row.dimensions.get(dimension) if dimension else row.campaign
        if name is not None and row.currency:
            grouped[name, row.currency].append(row)
    return tuple(_line(name, group) for (name, _), group in sorted(grouped.items()))


def cycles_of_history(rows: Iterable[HistoryRow], currency: str) -> tuple[CycleRecord, ...]:
    """One record a week of dated rows; money in minor units of ``currency``. Amounts of another
    one are left out: their cents are no cents of ours."""
    weeks: dict[str, list[HistoryRow]] = defaultdict(list)
    for row in rows:
        if row.at is not None:
            weeks[week_of(row.at)].append(row)
    return tuple(_week(week, group, currency) for week, group in sorted(weeks.items()))


def _line(name: str, rows: list[HistoryRow]) -> LineRecord:
    currency = rows[0].currency or "XXX"
    spend = sum((row.amounts.get("spend", Decimal(0)) for row in rows), Decimal(0))
    revenue = sum((row.amounts.get("revenue", Decimal(0)) for row in rows), Decimal(0))
    return LineRecord(
        name=name,
        impressions=_sum(rows, "impressions"),
        clicks=_sum(rows, "clicks"),
        conversions=_sum(rows, "conversions"),
        spend_minor=Money.of(spend, currency).minor,
        revenue_minor=Money.of(revenue, currency).minor,
        currency=currency,
        source=f"history/{rows[0].kind} {window_of(row.at for row in rows)}",
    )


def _week(week: str, rows: list[HistoryRow], currency: str) -> CycleRecord:
    names = dict.fromkeys(name for row in rows for name in row.measures)
    counts = {name: _sum(rows, name) for name in names}
    ours = [row.amounts for row in rows if row.currency == currency]
    for name in dict.fromkeys(name for amounts in ours for name in amounts):
        exact = sum((amounts.get(name, Decimal(0)) for amounts in ours), Decimal(0))
        counts[name] = Money.of(exact, currency).minor
    first = min(row.at for row in rows if row.at is not None)
    return CycleRecord(week, first, counts, f"history/{rows[0].kind} {week}")


def _sum(rows: list[HistoryRow], name: str) -> float:
    return float(sum((row.measures.get(name, Decimal(0)) for row in rows), Decimal(0)))
