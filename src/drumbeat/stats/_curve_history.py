"""What response curves are fitted from: spend and response a channel over time, and lift tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any

import numpy as np

from drumbeat.stats._forecast_grid import Column, Days, Floats, as_days, as_values, lay_out
from drumbeat.stats._numbers import MOST, as_list, is_number, on_one_scale, require_kind


@dataclass(frozen=True)
class ChannelHistory:
    """Spend and response of one channel on ascending dates, one row a day or a week.

    Raises ValueError for columns of unequal length, dates out of order or repeated, and for
    negative spend. Dates where spend or response is missing are left out.
    """

    dates: Column
    spend: Any
    response: Any

    def __post_init__(self) -> None:
        spend, response = as_values(self.spend), as_values(self.response)
        if not len(as_days(self.dates)) == len(spend) == len(response):
            raise ValueError("dates, spend and response must be columns of the same length")
        if (spend < 0).any():
            raise ValueError(f"row {int(np.flatnonzero(spend < 0)[0])} has negative spend")
        on_one_scale(spend, "spend")
        on_one_scale(response, "response")

    def complete(self) -> tuple[Days, Floats, Floats, int]:
        """Days, spend and response of the complete rows, and the days a step."""
        spend = on_one_scale(as_values(self.spend), "spend")
        response = on_one_scale(as_values(self.response), "response")
        step = lay_out(self.dates, spend).step_days
        kept = ~np.isnan(spend) & ~np.isnan(response)
        return as_days(self.dates)[kept], spend[kept], response[kept], step


@dataclass(frozen=True)
class LiftTest:
    """A randomized test: raising steady spend from ``spend_low`` to ``spend_high`` brought
    ``effect`` more response a period, with standard error ``error``."""

    channel: str
    spend_low: float
    spend_high: float
    effect: float
    error: float

    def __post_init__(self) -> None:
        numbers = (self.spend_low, self.spend_high, self.effect, self.error)
        if not all(is_number(one) and abs(one) <= MOST for one in numbers):
            raise ValueError(f"a lift test needs finite numbers, got {self!r}")
        if not 0 <= self.spend_low < self.spend_high or self.error <= 0:
            raise ValueError(f"expected 0 <= spend_low < spend_high and error > 0, got {self!r}")
        if min(self.spend_high, self.error) * MOST < 1:
            raise ValueError(f"smaller than anything that is counted: {self!r}")


_COLUMNS = {"date", "channel", "spend", "response"}

History = Mapping[str, ChannelHistory | Mapping[str, Any]] | Iterable[Mapping[str, Any]]


def by_channel(history: History) -> dict[str, ChannelHistory]:
    """Rows with ``date, channel, spend, response`` (and perhaps ``currency``), the same as columns
    (a data frame), or a history a channel.

    Raises ValueError for a missing column or for more than one currency.
    """
    if hasattr(history, "to_dict"):
        history = history.to_dict("records")
    if isinstance(history, Mapping) and set(history) >= _COLUMNS:
        history = [dict(zip(history, row, strict=True)) for row in _rows(history)]
    if isinstance(history, Mapping):
        read = {str(name): _columns(str(name), one) for name, one in history.items()}
        require_kind(ChannelHistory, **read)
        return read
    rows = as_list(history, "history")
    for at, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise ValueError(
                "history must be a ChannelHistory a channel, or rows with date, channel, spend "
                f"and response; row {at} is {shortened(row)}"
            )
        missing = _COLUMNS - set(row)
        if missing:
            raise ValueError(f"row {at} has no {sorted(missing)[0]!r}")
    currencies = sorted({str(row["currency"]) for row in rows if row.get("currency")})
    if len(currencies) > 1:
        raise ValueError(f"spend is in {' and '.join(currencies)}: convert it to one currency")
    channels = dict.fromkeys(str(row["channel"]) for row in rows)
    return {name: _one([row for row in rows if str(row["channel"]) == name]) for name in channels}


def _rows(columns: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    lists = {name: as_list(column, name) for name, column in columns.items()}
    lengths = {name: len(column) for name, column in lists.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns must be of the same length, got {lengths}")
    return list(zip(*lists.values(), strict=True))


def _columns(name: str, one: Any) -> Any:
    if not isinstance(one, Mapping):
        return one
    named = {"dates" if column == "date" else column: values for column, values in one.items()}
    if not set(named) >= {"dates", "spend", "response"}:
        raise ValueError(f"{name}: dates, spend and response are needed, got {sorted(one)}")
    return ChannelHistory(named["dates"], named["spend"], named["response"])


def _one(rows: list[Mapping[str, Any]]) -> ChannelHistory:
    columns = ([row[name] for row in rows] for name in ("date", "spend", "response"))
    return ChannelHistory(*columns)
