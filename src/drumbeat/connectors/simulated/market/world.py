"""World: the simulated market as platforms see it, opened from its journal at any time."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from drumbeat.connectors.simulated.market.event import KINDS, Event, events, unsubscribed
from drumbeat.connectors.simulated.market.figure import Figure, Window
from drumbeat.connectors.simulated.market.figures import Reports, of_fixture
from drumbeat.connectors.simulated.market.ground import lay
from drumbeat.connectors.simulated.market.hours import hour_of, moment_of
from drumbeat.connectors.simulated.market.house_rules import accept, is_out
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.journal import Journal, OtherMarket
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.order import MarketObject, Order, Placed
from drumbeat.connectors.simulated.market.scenario import Scenario
from drumbeat.connectors.simulated.market.shelf import Kept, Shelf
from drumbeat.connectors.simulated.market.site_page import SitePage, site_page
from drumbeat.core.canonical import digest


@dataclass(frozen=True)
class Found:
    """An object as the platform has it. ``is_out``: a send or post that has left."""

    target: str
    object: MarketObject
    ref: str
    key: str
    is_out: bool


class World:
    """One market and its clock. A pure function of seed, scenario, start, journal and time.

    Safe to share between threads. Several worlds, in several processes, may stand on the same
    journal; each follows the orders of the others.
    """

    def __init__(
        self,
        scenario: Scenario,
        start: datetime,
        seed: int,
        journal: Journal,
        *,
        contacts_from: datetime | None = None,
    ) -> None:
        since = None if contacts_from is None else math.floor(hour_of(contacts_from))
        ground = lay(scenario, seed, math.floor(hour_of(start)), contacts_from=since)
        self.scenario = scenario
        self.market = Market(ground)
        self._journal = journal
        self._lock = threading.RLock()
        self._now = float(ground.start)
        self._read = 0
        self._latest = Shelf()
        self.market.place(_standing(scenario, ground.start))

    @classmethod
    def open(cls, path: Path | None, scenario: Scenario, start: datetime, seed: int = 7) -> World:
        """The market kept in a file, a new one if there is none (None: in memory only).

        A file's own start wins over ``start``. Raises OtherMarket when the file was made with
        another seed or scenario.
        """
        journal = Journal(path)
        hour = math.floor(hour_of(start))
        wanted = {"seed": str(seed), "scenario": digest(scenario), "start": str(hour)}
        kept = journal.settle(wanted)
        for name in ("seed", "scenario"):
            if kept[name] != wanted[name]:
                journal.close()
                raise OtherMarket(
                    f"{path}: this market was opened with another {name}; "
                    f"use that {name} again or remove the file to start a new market"
                )
        return cls(scenario, moment_of(int(kept["start"])), seed, journal)

    @property
    def start(self) -> datetime:
        return moment_of(self.market.ground.start)

    @property
    def now(self) -> datetime:
        """The latest moment the world has been advanced to."""
        return moment_of(self._now)

    @property
    def as_of(self) -> datetime:
        """The moment up to which things have happened: the last full hour."""
        return moment_of(math.floor(self._now))

    def advance(self, to: datetime) -> None:
        """Let time pass up to a moment; going back changes nothing."""
        with self._lock:
            self._now = max(self._now, hour_of(to))
            self._catch_up()

    def apply(self, order: Order, key: str, at: datetime) -> Placed:
        """Carry out an order once. The same key again gives the first answer.

        Raises Refusal when the platform does not take it, KeyConflict when the key was used for
        something else.
        """
        with self._lock:
            hour = max(hour_of(at), float(self.market.ground.start))

            def judge() -> None:
                self._follow()
                ground = self.market.ground
                accept(order, self._shelf(hour), ground.scenario, ground.contacts, hour)

            placed = self._journal.place(order, key, hour, judge)
            self._follow()
            return placed

    def preview(self, order: Order, at: datetime) -> MarketObject | None:
        """What an order would leave behind, without placing it. Raises Refusal."""
        with self._lock:
            self._follow()
            ground, hour = self.market.ground, hour_of(at)
            return accept(order, self._shelf(hour), ground.scenario, ground.contacts, hour)

    def find(self, key: str, at: datetime) -> Placed | None:
        """The order placed under a key up to a moment, None when there is none."""
        with self._lock:
            placed = self._journal.find(key)
            return placed if placed is not None and placed.at <= hour_of(at) else None

    def is_unreachable(self, at: datetime) -> bool:
        """Whether calls to the platform fail at a moment."""
        effects = self.market.ground.effects
        return effects.now(IncidentKind.CONNECTOR_OUTAGE, hour_of(at)) > 0.5

    def page(self, address: str, at: datetime) -> SitePage:
        """How a page of the shop answers at a moment."""
        return site_page(self.market.ground, address, hour_of(at))

    def check_same(self, scenario: Scenario, seed: int) -> None:
        """Raises OtherMarket unless this world has that scenario and seed."""
        if (scenario, seed) != (self.scenario, self.market.ground.chance.seed):
            raise OtherMarket("this market is open with another seed or scenario")

    def read(self, target: str, at: datetime) -> Found | None:
        """An object as it is at a moment, None when it is not there."""
        with self._lock:
            self._follow()
            hour = hour_of(at)
            kept = self._shelf(hour).objects.get(target)
            return None if kept is None else _found(target, kept, hour)

    def objects(self, at: datetime) -> Mapping[str, Found]:
        """Everything on the platform at a moment, by target."""
        with self._lock:
            self._follow()
            hour = hour_of(at)
            kept = self._shelf(hour).objects
            return {target: _found(target, kept[target], hour) for target in sorted(kept)}

    def figures(
        self,
        target: str,
        since: datetime,
        until: datetime,
        as_of: datetime,
        *,
        parts: bool = True,
    ) -> list[Figure] | None:
        """What is reported about a target from ``since`` to ``until``, as known at ``as_of``, in
        total or also in ``parts``.

        Never later than the last full hour. None when there never was such a target. Other
        targets than objects: ``site:shop`` and ``account:<network>``.
        """
        return self.reports((target,), since, until, as_of, parts=parts).get(target)

    def reports(
        self,
        targets: Iterable[str],
        since: datetime,
        until: datetime,
        as_of: datetime,
        *,
        parts: bool = True,
    ) -> dict[str, list[Figure]]:
        """The figures of many targets; one that never was is left out."""
        with self._lock:
            self._catch_up()
            known = min(hour_of(as_of), float(self.market.hour))
            window = Window(hour_of(since), hour_of(until), known)
            reports = Reports(self.market, window, parts=parts)
            told = {target: self._told(target, window, reports) for target in targets}
            return {target: found for target, found in told.items() if found is not None}

    def _told(self, target: str, window: Window, reports: Reports) -> list[Figure] | None:
        fixture = of_fixture(self.market, target, window)
        if fixture is not None:
            return fixture
        shelf = self.market.shelf
        kept = shelf.objects.get(target) or shelf.removed.get(target)
        if kept is None:
            kept = self._shelf(self._now).objects.get(target)
        return None if kept is None else reports.of(target, kept.object)

    def events(
        self, since: datetime, until: datetime, kinds: frozenset[str] = KINDS
    ) -> list[Event]:
        """Single happenings in order of time, in whole hours up to the last full one.

        Both ends are cut to the hour, so that spans one after the other miss nothing.
        """
        with self._lock:
            self._catch_up()
            end = min(math.floor(hour_of(until)), self.market.hour)
            return events(self.market, math.floor(hour_of(since)), end, kinds)

    def suppressed(self) -> list[str]:
        """The contacts that have left the list by now: opted out, complained or bounced."""
        with self._lock:
            self._catch_up()
            return unsubscribed(self.market, float(self.market.hour))

    def close(self) -> None:
        with self._lock:
            self._journal.close()

    def _catch_up(self) -> None:
        # Orders of other processes may have sent the market back in time.
        self._follow()
        self.market.advance(math.floor(self._now))

    def _follow(self) -> None:
        orders = self._journal.since(self._read)
        if orders:
            self._read = orders[-1].seq
            if self._reads_past(min(order.at for order in orders)):
                self._latest = Shelf()
            self.market.place(orders)

    def _reads_past(self, hour: float) -> bool:
        read = self._latest.read
        return read > 0 and self.market.feed[read - 1].at > hour

    def _shelf(self, hour: float) -> Shelf:
        shelf = self._latest
        behind = self._reads_past(hour)
        if behind:
            shelf = Shelf()
        shelf.catch_up(self.market.feed, hour)
        if not behind:
            self._latest = shelf
        return shelf


def _found(target: str, kept: Kept, hour: float) -> Found:
    return Found(target, kept.object, kept.ref, kept.key, is_out(kept, hour))


def _standing(scenario: Scenario, start: int) -> list[Placed]:
    # Negative numbers: before every order of the journal, and never a key of one.
    count = len(scenario.standing)
    return [
        Placed(
            n - count,
            "",
            float(start),
            Order(standing.target, dict(standing.values)),
        )
        for n, standing in enumerate(scenario.standing)
    ]
