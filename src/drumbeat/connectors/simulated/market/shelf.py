"""Shelf: every object on the platform at one moment, as the orders so far left it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from drumbeat.connectors.simulated.market.hours import hour_of
from drumbeat.connectors.simulated.market.incident import Incident
from drumbeat.connectors.simulated.market.order import MarketObject, Placed, merged
from drumbeat.core.campaign.objects import LineItem, Post, Send


@dataclass(frozen=True)
class Slip:
    """A person's typo in the platform's own screens: a budget times ``incident``'s magnitude."""

    at: float
    incident: Incident
    seq: int = 0


Feed = list[Placed | Slip]


@dataclass(frozen=True)
class Kept:
    """An object, who put it there last (``key`` is empty for a person) and since when it is on."""

    object: MarketObject
    key: str
    ref: str
    placed_at: float

    @cached_property
    def due(self) -> int:
        """The first whole hour this object can act in: when it was asked for, or came."""
        here = math.ceil(self.placed_at)
        match self.object:
            case Send(send_at=asked) | Post(publish_at=asked):
                return max(math.floor(hour_of(asked)), here)
            case _:
                return here


@dataclass
class Shelf:
    """Objects by target, and the last state of those that are gone.

    ``read`` counts the entries of the feed already worked in.
    """

    objects: dict[str, Kept] = field(default_factory=dict)
    removed: dict[str, Kept] = field(default_factory=dict)
    read: int = 0
    version: int = 0

    def copy(self) -> Shelf:
        return Shelf(dict(self.objects), dict(self.removed), self.read, self.version)

    def catch_up(self, feed: Feed, until: float) -> None:
        """Work in what the feed holds up to and including a moment."""
        while self.read < len(feed) and feed[self.read].at <= until:
            entry = feed[self.read]
            self.read += 1
            self.version += 1
            match entry:
                case Placed():
                    self._place(entry)
                case Slip():
                    self._slip(entry)

    def of(self, kind: type[MarketObject]) -> dict[str, Kept]:
        """The objects of one kind by target, in order of their names."""
        chosen = (t for t, kept in self.objects.items() if isinstance(kept.object, kind))
        return {target: self.objects[target] for target in sorted(chosen)}

    def _place(self, placed: Placed) -> None:
        target, after = placed.order.target, placed.order.after
        before = self.objects.get(target)
        if after is None:
            if before is not None:
                self.removed[target] = self.objects.pop(target)
            return
        found = merged(target, before.object if before else None, after)
        since = placed.at if before is None else before.placed_at
        self.objects[target] = Kept(found, placed.key, placed.ref, since)

    def _slip(self, slip: Slip) -> None:
        for target, kept in self.of(LineItem).items():
            item = cast(LineItem, kept.object)
            if slip.incident.touches(target):
                budget = round(item.daily_budget_minor * slip.incident.size)
                mistaken = item.model_copy(update={"daily_budget_minor": budget})
                self.objects[target] = Kept(mistaken, "", kept.ref, kept.placed_at)
