"""Market: everything that happens, an hour at a time, and the tapes it is written on."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import cast

import numpy as np

from drumbeat.connectors.simulated.market import ads, mail, social
from drumbeat.connectors.simulated.market.ads import ADS, AdsState
from drumbeat.connectors.simulated.market.area import Areas
from drumbeat.connectors.simulated.market.arrays import Floats, Rows
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.hours import WEEK, hour_of
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.lineup import Lineup, compile_lineup, half_of
from drumbeat.connectors.simulated.market.mail import MAIL, Delivery, MailState
from drumbeat.connectors.simulated.market.names import Names
from drumbeat.connectors.simulated.market.order import Placed
from drumbeat.connectors.simulated.market.places import Mix
from drumbeat.connectors.simulated.market.program import Program, compile_program
from drumbeat.connectors.simulated.market.sales import CLICKS, SALES, Source, close
from drumbeat.connectors.simulated.market.scenario import shares
from drumbeat.connectors.simulated.market.shelf import Feed, Shelf, Slip
from drumbeat.connectors.simulated.market.social import POSTS, SocialState
from drumbeat.connectors.simulated.market.tape import Tape, joined, table
from drumbeat.core.campaign.objects import Send


@dataclass
class _State:
    """Where the market stands at the start of ``hour``."""

    hour: int
    shelf: Shelf
    mail: MailState
    ads: AdsState
    social: SocialState

    def copy(self) -> _State:
        return _State(
            self.hour, self.shelf.copy(), self.mail.copy(), self.ads.copy(), self.social.copy()
        )


@dataclass(frozen=True)
class _Stock:
    """The shelf in a form that hours can be run on: it changes only when the shelf does."""

    version: int
    lineup: Lineup
    program: Program
    sends: list[tuple[str, int, Send]]


class Market:
    """A market moved by a feed of orders. Same ground and feed, same market, at any pace.

    Only whole hours happen: an order placed within an hour takes effect with the next.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.feed: Feed = [
            Slip(ground.effects.window(incident)[0], incident)
            for incident in ground.effects.of(IncidentKind.BUDGET_TYPO)
        ]
        self.feed.sort(key=_order)
        self.sends, self.items, self.slots, self.posts = Names(), Names(), Names(), Names()
        networks = {f"followers_{n}": "f8" for n in range(len(ground.scenario.networks))}
        self.hours = Tape(table(brand="f8", **networks))
        self.sent_at: dict[str, int] = {}
        # What the shop's reports worked out about days, and parts of days, that are over.
        self.shop_days: dict[tuple[int, int], tuple[Rows, Rows]] = {}
        self.shop_parts: dict[tuple[int, int], tuple[Rows, Rows]] = {}
        # Orders of subscribers that come by themselves, by day: the same whatever is ordered.
        self.regulars: dict[int, Rows] = {}
        self.mail, self.ads = Tape(MAIL), Tape(ADS)
        self.social, self.clicks = Tape(POSTS), Tape(CLICKS)
        self._sales, self._closed = Tape(SALES), 0
        self.areas = Areas(shares(ground.scenario.regions))
        self._state = _State(
            ground.start,
            Shelf(),
            MailState.fresh(ground),
            AdsState.fresh(),
            SocialState.fresh(ground),
        )
        self._kept = [self._state.copy()]
        self._stock: _Stock | None = None
        self._ads_only = False

    @property
    def hour(self) -> int:
        """The first hour that has not happened yet."""
        return self._state.hour

    @property
    def shelf(self) -> Shelf:
        """What stood on the platform in the last hour that happened (do not change it)."""
        return self._state.shelf

    @property
    def mailing(self) -> MailState:
        """What mailing has done to people so far (do not change it)."""
        return self._state.mail

    def learning_of(self, target: str) -> float:
        """Which share of its full response a line item has reached: below 1 while it learns."""
        halves = [n for name, n in self.items.alike(target) if half_of(name)[0] == target]
        found = (self._state.ads.learning(number, self._state.hour) for number in halves[-2:])
        return min(found, default=0.0)

    def mixes_of(self, row: int) -> tuple[tuple[int, Mix], ...]:
        """The placement mixes of a line item's row so far, each with the hour it began."""
        return self._state.ads.mixes.get(row, ())

    @property
    def gone_at(self) -> Floats:
        """When each contact left the list, in hours; infinite for those who have not."""
        return self._state.mail.gone_at

    def place(self, orders: list[Placed]) -> None:
        """Put orders into the feed; what has happened since one of them happens again."""
        if not orders:
            return
        self.feed.extend(orders)
        self.feed.sort(key=_order)
        self._rewind(min(int(np.ceil(order.at)) for order in orders))

    def advance(self, hour: int) -> None:
        """Let every hour before ``hour`` happen."""
        while self._state.hour < hour:
            self._step()

    def fork(self, *, ads_only: bool = False) -> Market:
        """A copy that goes its own way from here: for asking what would have happened.

        With ``ads_only`` no mail leaves in it and no post is seen.
        """
        twin = copy.copy(self)
        twin._ads_only = ads_only
        twin.feed = list(self.feed)
        twin._state, twin._stock = self._state.copy(), None
        twin._kept = [*self._kept]
        twin.hours, twin.mail, twin.ads = self.hours.copy(), self.mail.copy(), self.ads.copy()
        twin.social, twin.clicks = self.social.copy(), self.clicks.copy()
        twin._sales = self._sales.copy()
        twin.sent_at, twin.shop_days = dict(self.sent_at), dict(self.shop_days)
        twin.shop_parts = {}
        return twin

    @property
    def sales(self) -> Tape:
        """The orders that clicks so far lead to, also those that have yet to come in.

        Nothing in the market depends on them, so they are worked out when somebody asks.
        """
        waiting = self.clicks.rows[self._closed :]
        if len(waiting):
            sold = [
                close(self.ground, self.areas, waiting[waiting["source"] == int(source)])
                for source in Source
            ]
            orders = joined(SALES, sold)
            self._sales.append(orders[np.argsort(orders["hour"], kind="stable")])
            self._closed = len(self.clicks.rows)
        return self._sales

    def _rewind(self, hour: int) -> None:
        if hour >= self._state.hour:
            return
        self._kept = [kept for kept in self._kept if kept.hour <= hour] or self._kept[:1]
        self._state = self._kept[-1].copy()
        self._stock = None
        for tape in (self.hours, self.mail, self.ads, self.social, self.clicks, self._sales):
            tape.cut(self._state.hour)
        self._closed = min(self._closed, len(self.clicks.rows))
        kept = {span: day for span, day in self.shop_days.items() if span[1] <= hour}
        self.shop_days, self.shop_parts = kept, {}

    def _step(self) -> None:
        state, ground = self._state, self.ground
        hour = state.hour
        if hour % WEEK == 0 and hour > self._kept[-1].hour:
            self._kept.append(state.copy())
        state.shelf.catch_up(self.feed, hour)
        stock = self._stock_now(hour)
        brand = ads.brand_interest(state.ads, ground, hour)
        self._write_hour(hour, brand)
        for delivery in self._due(stock, hour):
            self.sent_at[delivery.target] = hour
            self._record(self.mail, mail.deliver(state.mail, delivery, ground))
        self._record(self.ads, ads.run(state.ads, stock.lineup, ground, hour, brand))
        if not self._ads_only:
            self._record(self.social, social.run(state.social, stock.program, ground, hour))
        state.hour = hour + 1

    def _record(self, tape: Tape, happened: tuple[Rows, Rows] | None) -> None:
        if happened is not None:
            tape.append(happened[0])
            self.clicks.append(happened[1])

    def _write_hour(self, hour: int, brand: float) -> None:
        row = np.zeros(1, dtype=self.hours.rows.dtype)
        row["hour"] = hour
        row["brand"] = brand
        for n, count in enumerate(self._state.social.followers):
            row[f"followers_{n}"] = count
        self.hours.append(row)

    def _due(self, stock: _Stock, hour: int) -> list[Delivery]:
        if (
            self._ads_only
            or self.ground.effects.now(IncidentKind.PLATFORM_OUTAGE, hour, "email") >= 0.5
        ):
            return []
        sent = self._state.mail.sent
        return [
            self._delivery(target, send, hour)
            for target, due, send in stock.sends
            if due <= hour and target not in sent
        ]

    def _delivery(self, target: str, send: Send, hour: int) -> Delivery:
        at = max(hour_of(send.send_at), float(hour))
        return Delivery(target, self.sends.number(target), send, hour, at)

    def _stock_now(self, hour: int) -> _Stock:
        shelf = self._state.shelf
        if self._stock is None or self._stock.version != shelf.version:
            lineup = compile_lineup(shelf, self.items, self.slots, self.areas, self.ground)
            program = compile_program(shelf, self.posts, self.ground)
            sends = [(t, k.due, cast(Send, k.object)) for t, k in shelf.of(Send).items()]
            self._state.ads.greet(lineup, hour)
            self._state.social.greet(program)
            self._stock = _Stock(shelf.version, lineup, program, sends)
        return self._stock


def _order(entry: Placed | Slip) -> tuple[float, int]:
    return entry.at, entry.seq
