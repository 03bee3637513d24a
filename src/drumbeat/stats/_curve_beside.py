"""What else was spent, where several channels are told one and the same response."""

from collections.abc import Mapping, Sequence

import numpy as np

from drumbeat.stats._curve_history import ChannelHistory
from drumbeat.stats._forecast_grid import Days, Floats, NotEnoughData
from drumbeat.stats.response import adstock

_FEWEST_SHARED = 10
_LINGERS = 0.5
_ROWS_A_COLUMN = 20


def sharing(channels: Mapping[str, ChannelHistory]) -> dict[str, list[ChannelHistory]]:
    """For each channel those whose response is the same figure on every date they share: a total
    (of sales, say) that all of them had a part in. A channel's own response is shared by none."""
    told = {name: _response(one) for name, one in channels.items()}
    return {
        name: [
            channels[other] for other in told if other != name and _alike(told[name], told[other])
        ]
        for name in channels
    }


def spent_beside(days: Days, others: Sequence[ChannelHistory]) -> Floats:
    """Columns that stand for the others' effects on ``days``, as (days, columns): their spend
    levelled off, as it is, and felt a period later. A date without a row had no spend. Short
    histories afford the first of these alone."""
    columns = [column for one in others for column in _columns(days, one)]
    if len(columns) * _ROWS_A_COLUMN > len(days):
        columns = columns[::3]
    return np.column_stack(columns) if columns else np.zeros((len(days), 0))


def _columns(days: Days, one: ChannelHistory) -> tuple[Floats, Floats, Floats]:
    known, spend, _, _ = one.complete()
    share = spend / (spend.mean() or 1.0)
    now, later = (dict(zip(known, of, strict=True)) for of in (share, adstock(share, _LINGERS)))
    felt, lingering = (np.array([of.get(day, 0.0) for day in days]) for of in (now, later))
    return np.log1p(felt), felt, np.log1p(lingering)


def _response(one: ChannelHistory) -> dict[np.datetime64, float]:
    try:
        days, _, response, _ = one.complete()
    except NotEnoughData:
        return {}
    return dict(zip(days, response, strict=True))


def _alike(one: Mapping[np.datetime64, float], other: Mapping[np.datetime64, float]) -> bool:
    both = np.array([(one[day], other[day]) for day in one if day in other])
    if len(both) < _FEWEST_SHARED or not np.ptp(both):
        return False
    return bool(np.allclose(both[:, 0], both[:, 1], rtol=1e-9, atol=0.0))
