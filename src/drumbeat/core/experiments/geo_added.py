"""Geo added: what ads brought, told from the regions that go without them since a day.

Where ads stop, the shop's orders fall by what the ads had added; before that day all regions were
served alike. Difference in differences, as ``stats.incrementality.geo_lift`` does it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from drumbeat.core.experiments.holdout import Treatment
from drumbeat.core.experiments.incremental import Lifted
from drumbeat.core.operations.reading import Measured
from drumbeat.stats.incrementality import Lift, geo_lift

RETURN = "return on ad spend"
_OUTCOMES = {"orders": "conversions", "revenue": "revenue"}


def added_by_ads(
    readings: Iterable[Measured], held: Collection[str], since: datetime | None, spend: float
) -> tuple[Lifted, ...]:
    """Conversions, revenue and return that ads added since the hold-out began.

    ``readings`` are the shop's daily orders and revenue by region; ``spend`` (minor units) what
    the ads cost since then. What cannot be told is unknown and says why.
    """
    if since is None or not held:
        why = "no region goes without these ads yet"
        return tuple(Lifted(name, Treatment.NOTHING, None, why) for name in _names())
    rows = [one for one in readings if "region" in one.dimensions]
    found = {metric: _added(metric, rows, held, since) for metric in _OUTCOMES}
    return (*found.values(), _return(found["revenue"], spend))


def _names() -> tuple[str, ...]:
    return (*_OUTCOMES.values(), RETURN)


def _added(metric: str, rows: list[Measured], held: Collection[str], since: datetime) -> Lifted:
    name = _OUTCOMES[metric]
    mine = [one for one in rows if one.metric == metric]
    try:
        lift = geo_lift(
            [one.since.date() for one in mine],
            [str(one.dimensions["region"]) for one in mine],
            [one.value for one in mine],
            held,
            since.date(),
        )
    except ValueError as error:
        return Lifted(name, Treatment.NOTHING, None, str(error))
    served = sum(
        one.value
        for one in mine
        if one.dimensions["region"] not in held and one.since.date() >= since.date()
    )
    total = _total(lift, served)
    is_known = lift.verdict != "not proven"
    return Lifted(name, Treatment.NOTHING, None, lift.reason, total, is_known)


def _total(lift: Lift, served: float) -> tuple[float, float, float]:
    """Without ads a region sells (1 + effect) of what it would: of what is sold with them,
    ``-effect`` is theirs."""
    return -lift.high * served, -lift.effect * served, -lift.low * served


def _return(revenue: Lifted, spend: float) -> Lifted:
    if revenue.total is None or spend <= 0:
        why = revenue.reason if revenue.total is None else "nothing was spent since"
        return Lifted(RETURN, Treatment.NOTHING, None, why)
    low, mean, high = (part / spend for part in revenue.total)
    total = low, mean, high
    return Lifted(RETURN, Treatment.NOTHING, None, revenue.reason, total, revenue.is_known)
