"""Truth: what is really going on in a market. For benches and tests; no connector comes near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from drumbeat.connectors.simulated.market import mail, shop
from drumbeat.connectors.simulated.market.comment import Comment, comments
from drumbeat.connectors.simulated.market.hours import hour_of, moment_of
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.order import Order, Placed
from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.connectors.simulated.market.world import World
from drumbeat.core.campaign.objects import Send

# What a subscriber is worth who does not leave: about a year of unprompted orders.
_YEARS = 1.0
_PLAIN_BUSINESS = frozenset(
    {
        IncidentKind.STOCK_OUT,
        IncidentKind.SLOW_LANDING_PAGE,
        IncidentKind.BROKEN_LANDING_PAGE,
        IncidentKind.SALES_FOLLOW_UP_FAILURE,
        IncidentKind.SEASONALITY,
    }
)


@dataclass(frozen=True)
class Cause:
    """An incident as it is. ``ends`` None: for good. ``is_business``: no campaign can cure it."""

    kind: IncidentKind
    begins: datetime
    ends: datetime | None
    target: str
    magnitude: float
    is_business: bool
    note: str


@dataclass(frozen=True)
class Worth:
    """What a stretch of time was worth, in minor units: margin of what would not have been
    sold otherwise, less what was spent, less the future orders of those who left the list."""

    margin: int
    spend: int
    departures: int

    @property
    def total(self) -> int:
        return self.margin - self.spend - self.departures


@dataclass(frozen=True)
class Prospect:
    """The true mean chances of one variant in one segment, as shares of the mailed."""

    variant: str
    segment: str
    people: int
    opens: float
    clicks: float
    buys: float


class Truth:
    """The hidden side of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _market(self) -> Market:
        return self._world.market

    def causes(self, at: datetime | None = None) -> list[Cause]:
        """All incidents in order of their beginning; with ``at``, those going on then."""
        effects = self._market.ground.effects
        found = []
        for incident in self._world.scenario.incidents:
            begin, end = effects.window(incident)
            if at is None or begin <= hour_of(at) < end:
                cause = Cause(
                    kind=incident.kind,
                    begins=moment_of(begin),
                    ends=None if end == float("inf") else moment_of(end),
                    target=incident.target,
                    magnitude=incident.size,
                    is_business=incident.kind in _PLAIN_BUSINESS,
                    note=incident.note,
                )
                found.append(cause)
        return sorted(found, key=lambda cause: cause.begins)

    def comments(self, target: str) -> list[Comment]:
        """The comments under a post with what each one is."""
        number = self._market.posts.find(target)
        rows = self._market.social.rows
        return comments(self._market, rows[rows["row"] == number])

    def incremental(self, source: Source, since: datetime, until: datetime) -> tuple[int, int]:
        """Orders and their value (minor units) that a channel alone brought about."""
        rows = self._market.sales.rows
        mine = (rows["source"] == int(source)) & rows["incremental"]
        mine &= (rows["at"] >= hour_of(since)) & (rows["at"] < hour_of(until))
        return int(mine.sum()), int(rows["value"][mine].sum())

    def worth(self, since: datetime, until: datetime) -> Worth:
        """What came of a stretch of time, organic business included."""
        return _worth(self._market, hour_of(since), hour_of(until))

    def what_if(
        self, orders: Sequence[Order], since: datetime, until: datetime, *, ads_only: bool = False
    ) -> Worth:
        """What a stretch of time would be worth, had these orders been placed at its start.

        Luck is shared with the real course of things, so a difference is the orders' doing.
        Nobody else reacts: people and agents do not act in the copy. ``ads_only`` leaves new
        mails and posts out of the copy, which is faster: line items do not change what they do,
        so differences between orders of line items stay as they are.
        """
        fork = self._market.fork(ads_only=ads_only)
        first = hour_of(since)
        last_number = max((entry.seq for entry in fork.feed), default=0)
        fork.place([Placed(last_number + n, "", first, order) for n, order in enumerate(orders, 1)])
        fork.advance(int(hour_of(until)))
        return _worth(fork, first, hour_of(until))

    def prospects(self, target: str, send: Send, at: datetime) -> list[Prospect]:
        """What each variant would really achieve in each segment, were the send to leave at
        ``at`` with people as tired as they are now."""
        ground = self._market.ground
        hour = int(hour_of(at))
        delivery = mail.Delivery(target, 0, send, hour, hour_of(at))
        members = np.flatnonzero(
            ground.contacts.members(send.segments) & (self._market.gone_at > hour)
        )
        found = []
        for arm, variant in enumerate(send.variants):
            rows = np.zeros(len(members), dtype=mail.MAIL)
            rows["contact"], rows["arm"] = members, arm
            odds = mail.chances(self._market.mailing, delivery, ground, rows)
            for number, segment in enumerate(ground.contacts.segment_names):
                here = ground.contacts.segment[members] == number
                if here.any():
                    clicks = odds.opens[here] * odds.clicks[here]
                    prospect = Prospect(
                        variant=variant.name,
                        segment=segment,
                        people=int(here.sum()),
                        opens=float(odds.opens[here].mean()),
                        clicks=float(clicks.mean()),
                        buys=float((clicks * odds.buys[here]).mean()),
                    )
                    found.append(prospect)
        return found


def _worth(market: Market, since: float, until: float) -> Worth:
    scenario = market.ground.scenario
    until = min(until, float(market.hour))
    first, last = int(since), int(until)
    revenue = int(shop.orders(market, first, last)["value"].sum())
    spend = int(market.ads.between(first, last)["spend"].sum())
    spend += int(market.social.between(first, last)["spend"].sum())
    left = np.flatnonzero((market.gone_at >= since) & (market.gone_at < until))
    # A dead address takes nothing with it; a person who opts out does.
    alive = left[market.ground.contacts.dead_from[left] > market.gone_at[left]]
    yearly = 52.0 * _YEARS * market.ground.contacts.habits[alive, 3].sum()
    lost = yearly * scenario.order_value.minor * scenario.gross_margin
    return Worth(
        margin=round(revenue * scenario.gross_margin), spend=spend, departures=round(float(lost))
    )
