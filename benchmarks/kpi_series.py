"""The daily KPI series the forecast is judged on, read from the data folder beside the checkout."""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"

Series = tuple[list[date], list[float]]


def kpi_series() -> Iterator[tuple[str, Series]]:
    """Name and series of each daily KPI; days without a row stay out."""
    folder = DATA / "kpi"
    yield "blog visits", _hyndsight(folder / "fpp2__hyndsight.csv")
    yield "book page views", _columns(folder / "fpp3__otexts_views.csv", "Date", "Pageviews")
    days, logs = _columns(folder / "wp_log_peyton_manning.csv", "ds", "y")
    yield "encyclopedia page views (log)", (days, logs)
    yield "encyclopedia page views", (days, [math.exp(one) for one in logs])
    yield from _pizza(folder / "gt__pizzaplace.csv")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def _columns(path: Path, day: str, value: str) -> Series:
    rows = _rows(path)
    return [date.fromisoformat(row[day]) for row in rows], [float(row[value]) for row in rows]


def _hyndsight(path: Path) -> Series:
    values = [float(row["value"]) for row in _rows(path)]
    return [date(2014, 4, 30) + timedelta(days=i) for i in range(len(values))], values


def _pizza(path: Path) -> Iterator[tuple[str, Series]]:
    revenue: Counter[date] = Counter()
    orders: defaultdict[date, set[str]] = defaultdict(set)
    for row in _rows(path):
        day = date.fromisoformat(row["date"])
        revenue[day] += float(row["price"])  # type: ignore[assignment]
        orders[day].add(row["id"])
    days = sorted(revenue)
    yield "shop revenue", (days, [float(revenue[day]) for day in days])
    yield "shop orders", (days, [float(len(orders[day])) for day in days])
