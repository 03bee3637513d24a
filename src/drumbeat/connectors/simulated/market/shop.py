"""Shop: visits, baskets, orders, leads and stock, as the shop's own systems know them.

Nothing here feeds back into the market, so it is worked out when somebody asks, for any hours.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats, Hashes, Ints, Rows
from drumbeat.connectors.simulated.market.chance import pick, quantile
from drumbeat.connectors.simulated.market.hours import DAY
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.sales import (
    SALES,
    Source,
    basket_values,
    pixel_loss,
    spread_out,
    taken,
)
from drumbeat.connectors.simulated.market.scenario import shares
from drumbeat.connectors.simulated.market.tape import joined, table

_BRAND_SHARE = 0.3  # of organic visits come from brand searches
_SEARCHES = 60.0
_BOUNCE = 0.42
_BASKET = 0.16  # of the visitors who stay put something into the basket
LOAD_SECONDS = 1.7
_LEAD_TAKES = 48  # hours until sales has made an opportunity of a lead, or not
_OPPORTUNITY = 0.3
_MAIL_READ_FOR = 21 * DAY
_MOST_PARTS = 48  # parts of days that are kept
_ONE = np.zeros(1, dtype=np.uint64)


# One row an hour of what the site's own measurement saw; ``page_load`` in seconds.
SEEN = table(
    visits="i8",
    bounced="i8",
    baskets="i8",
    leads="i8",
    opportunities="i8",
    brand_searches="i8",
    page_load="f8",
)


def hourly(market: Market, since: int, until: int) -> Rows:
    """What the site's own measurement saw in each hour."""
    days = [_day(market, first, last)[0] for first, last in _days(market, since, until)]
    return joined(SEEN, days)


def orders(market: Market, since: int, until: int) -> Rows:
    """Every order the shop took from ``since`` to before ``until``, in the shape of a sale."""
    sold, until = market.sales.rows, min(until, market.hour)
    caused = sold["incremental"] & (sold["at"] >= since) & (sold["at"] < until)
    days = [_day(market, first, last)[1] for first, last in _days(market, since, until)]
    return joined(SALES, [sold[caused], *days])


def _days(market: Market, since: int, until: int) -> Iterator[tuple[int, int]]:
    # Days are counted in UTC from the epoch here: they only bundle the work.
    until = min(until, market.hour)
    while since < until:
        end = min((since // DAY + 1) * DAY, until)
        yield since, end
        since = end


def _day(market: Market, since: int, until: int) -> tuple[Rows, Rows]:
    """The hours of a day, or of a part of it, and the orders no campaign brought.

    What is over stays as it was: whole days are kept, and the parts last asked for.
    """
    kept = market.shop_days if until - since == DAY else market.shop_parts
    if (since, until) not in kept:
        if kept is market.shop_parts and len(kept) >= _MOST_PARTS:
            kept.clear()
        organic = [_anonymous(market, since, until), _regulars(market, since, until)]
        kept[since, until] = _seen(market, since, until), joined(SALES, organic)
    return kept[since, until]


def _seen(market: Market, since: int, until: int) -> Rows:
    early = np.arange(since - _LEAD_TAKES, until, dtype=np.int64)
    visits = _organic_visits(market, early) + _channel_visits(market, early)
    interested = visits.astype(np.float64) * market.ground.scenario.lead_share
    leads = _count(market, "shop/leads", early, interested)
    hours, visits = early[_LEAD_TAKES:], visits[_LEAD_TAKES:]
    slow = market.ground.effects.total(IncidentKind.SLOW_LANDING_PAGE, hours)
    bounced = _part(market, "shop/bounce", hours, visits, np.minimum(_BOUNCE + 0.055 * slow, 0.95))
    failing = market.ground.effects.total(IncidentKind.SALES_FOLLOW_UP_FAILURE, hours)
    followed = leads[:-_LEAD_TAKES] * _OPPORTUNITY * (1.0 - np.minimum(failing, 1.0))
    searches = _SEARCHES * _brand(market, hours) * market.ground.season.demand(hours)
    noise = 0.12 * market.ground.chance.normal("shop/load", _ONE, hours)
    rows = np.zeros(len(hours), dtype=SEEN)
    rows["hour"], rows["visits"], rows["bounced"] = hours, visits, bounced
    stayed = np.full(len(hours), _BASKET)
    rows["baskets"] = _part(market, "shop/basket", hours, visits - bounced, stayed)
    rows["leads"] = leads[_LEAD_TAKES:]
    rows["opportunities"] = _count(market, "shop/opportunity", hours, followed)
    rows["brand_searches"] = _count(market, "shop/search", hours, searches)
    rows["page_load"] = LOAD_SECONDS * np.exp(noise) + slow
    return rows


def _anonymous(market: Market, since: int, until: int) -> Rows:
    ground = market.ground
    hours = np.arange(since, until, dtype=np.int64)
    visits = _organic_visits(market, hours).astype(np.float64)
    willing = visits * ground.scenario.shop_conversion_rate
    each, nth = spread_out(_count(market, "shop/orders", hours, willing))
    units = nth.astype(np.uint64)
    return _organic_orders(market, hours[each] + (nth % 60) / 60.0, units, hours[each])


def _regulars(market: Market, since: int, until: int) -> Rows:
    """Orders of subscribers who would have come without any campaign, within one day."""
    day = since // DAY
    if day not in market.regulars:
        market.regulars[day] = _regulars_of(market, day)
    found = market.regulars[day]
    return found[(found["at"] >= since) & (found["at"] < until)]


def _regulars_of(market: Market, day: int) -> Rows:
    contacts, ground = market.ground.contacts, market.ground
    people = np.arange(len(contacts), dtype=np.uint64)
    mood = ground.season.now(day * DAY).mood
    often = contacts.habits[:, 3] / 7.0 * mood * (contacts.joined <= day * DAY)
    buyers = people[ground.chance.uniform("regular", people, day) < often]
    when = day * DAY + DAY * ground.chance.uniform("regular/when", buyers, day)
    ticks = np.full(len(buyers), -day)
    return _organic_orders(market, when, buyers, ticks, buyers.astype(np.int64))


def _organic_orders(
    market: Market, at: Floats, unit: Hashes, tick: Ints, contact: Ints | None = None
) -> Rows:
    ground = market.ground
    luck = ground.chance.lanes("organic", unit, tick, 5)
    product = pick(luck[0], shares(ground.scenario.products))
    region = pick(luck[1], shares(ground.scenario.regions))
    kept = luck[2] < taken(ground, at, product)
    rows = np.zeros(len(at), dtype=SALES)
    rows["hour"], rows["at"], rows["clicked"] = np.floor(at), at, at
    rows["source"], rows["row"], rows["arm"] = int(Source.ORGANIC), -1, -1
    rows["contact"] = -1 if contact is None else contact
    rows["product"] = product
    rows["region"] = region if contact is None else ground.contacts.region[contact]
    rows["value"] = basket_values(ground, luck[3])
    rows["tracked"] = luck[4] >= pixel_loss(ground, at)
    rows["incremental"] = True
    taken_rows: Rows = rows[kept]
    return taken_rows


def _organic_visits(market: Market, hours: Ints) -> Ints:
    scenario = market.ground.scenario
    known = 1.0 - _BRAND_SHARE + _BRAND_SHARE * _brand(market, hours)
    mean = scenario.organic_visits_per_day / DAY * market.ground.season.demand(hours) * known
    return _count(market, "shop/visits", hours, mean)


def _channel_visits(market: Market, hours: Ints) -> Ints:
    first, last = int(hours[0]), int(hours[-1]) + 1
    mails = market.mail.between(first - _MAIL_READ_FOR, last)["clicked"]
    edges = np.arange(first, last + 1)
    visits = np.histogram(mails[np.isfinite(mails)], edges)[0]
    for tape in (market.ads, market.social):
        rows = tape.between(first, last)
        counted = np.bincount(rows["hour"] - first, rows["clicks"], minlength=len(hours))
        visits = visits + counted.astype(np.int64)
    return visits.astype(np.int64)


def _brand(market: Market, hours: Ints) -> Floats:
    """Interest in the brand; hours before the market opened or yet to come count as usual."""
    interest = np.ones(len(hours))
    rows = market.hours.between(int(hours[0]), int(hours[-1]) + 1)
    interest[rows["hour"] - int(hours[0])] = rows["brand"]
    return interest


def _count(market: Market, stream: str, hours: Ints, mean: Floats) -> Ints:
    return market.ground.chance.count(stream, _ONE, hours, mean)


def _part(market: Market, stream: str, hours: Ints, whole: Ints, share: Floats) -> Ints:
    """How many of the whole, each with this chance (normal limit of the binomial)."""
    z = quantile(market.ground.chance.uniform(stream, _ONE, hours))
    part = np.rint(whole * share + np.sqrt(whole * share * (1.0 - share)) * z)
    return np.clip(part, 0, whole).astype(np.int64)
