"""The simulated market's way into the conformance suite: mail, ads and social, one by one."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pydantic import JsonValue

from drumbeat.connectors.contract import Connector
from drumbeat.connectors.registry import Wiring
from drumbeat.connectors.simulated.connector import SimulatedConnector
from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.testing.harness import Harness, Peer, Place, Sample
from tests.connectors.simulated.market.pieces import creative, line_item, post, send

_OUTAGE = timedelta(days=60)
_SCENARIO = "incidents: [{kind: connector_outage, after: 60d, lasts: 10d}]"
_SEND, _ITEM, _POST = "send:news/1", "line_item:ads/core", "post:calendar/1"
_MIX = {"feed": 0.5, "stories": 0.3, "display": 0.2}
_FAR = timedelta(days=300)


class Market(Peer):
    def __init__(self, place: Place, channel: str, faults: str) -> None:
        self._place = place
        self._start = place.clock.now()
        self.connector: SimulatedConnector | None = None
        (place.home / "market.yaml").write_text(_SCENARIO, encoding="utf-8")
        self.settings = {"channel": channel, "scenario": "market.yaml", "faults": faults}

    def trace(self) -> Sequence[str]:
        with closing(sqlite3.connect(self._place.home / "world.db")) as journal:
            rows = journal.execute("SELECT key, target, after FROM orders ORDER BY seq")
            return [" ".join(row) for row in rows]

    def go_away(self) -> None:
        self._place.clock.set(self._start + _OUTAGE + timedelta(hours=1))

    def event(self, now: datetime) -> tuple[bytes, Mapping[str, str]]:
        assert self.connector is not None
        call = next(self.connector.webhooks(self._start, now))
        return call.body, call.headers


def _gone(now: datetime) -> JsonValue:
    return None


def _ad(**changes: Any) -> Callable[[datetime], JsonValue]:
    def after(now: datetime) -> JsonValue:
        item = line_item(until=(now + _FAR).isoformat(), **changes)
        return LineItem.model_validate(item).model_dump(mode="json")

    return after


def _mail(now: datetime) -> JsonValue:
    return Send.model_validate(send(now + timedelta(hours=2))).model_dump(mode="json")


def _post(boost: int = 0) -> Callable[[datetime], JsonValue]:
    def after(now: datetime) -> JsonValue:
        made = post(now + timedelta(hours=2), boost_minor=boost, currency="EUR")
        return Post.model_validate(made).model_dump(mode="json")

    return after


def _reply(now: datetime) -> JsonValue:
    return {"object": "reply", "post": _POST, "text": "Thank you", "comment": ""}


class SimulatedHarness(Harness):
    connector: ClassVar[str] = "simulated"
    channel: ClassVar[str]

    @contextmanager
    def open(self, place: Place, *, lossy: bool) -> Iterator[Market]:
        yield Market(place, self.channel, "timeout_after_commit=1" if lossy else "")

    def connect(self, peer: Peer, wiring: Wiring) -> Connector:
        connector = super().connect(peer, wiring)
        assert isinstance(peer, Market)
        assert isinstance(connector, SimulatedConnector)
        peer.connector = connector
        return connector


_MAILED = Sample("email.schedule_send", _SEND, _mail)


class SimulatedEmail(SimulatedHarness):
    name: ClassVar[str] = "simulated-email"
    channel: ClassVar[str] = "email"
    samples: ClassVar[tuple[Sample, ...]] = (
        _MAILED,
        Sample("email.cancel_send", _SEND, _gone, given=_MAILED),
    )


_LAUNCHED = Sample("ads.launch_line_item", _ITEM, _ad())
_PAUSED = Sample("ads.pause", _ITEM, _ad(status="paused"), given=_LAUNCHED)


class SimulatedAds(SimulatedHarness):
    name: ClassVar[str] = "simulated-ads"
    channel: ClassVar[str] = "ads"
    samples: ClassVar[tuple[Sample, ...]] = (
        _LAUNCHED,
        _PAUSED,
        Sample("ads.enable", _ITEM, _ad(), given=_PAUSED),
        Sample("ads.set_budget", _ITEM, _ad(daily_budget_minor=12_000), given=_LAUNCHED),
        Sample("ads.set_creatives", _ITEM, _ad(creatives=[creative("c")]), given=_LAUNCHED),
        Sample("ads.set_audience", _ITEM, _ad(breadth="broad"), given=_LAUNCHED),
        Sample("ads.set_placements", _ITEM, _ad(placements=_MIX), given=_LAUNCHED),
        Sample("ads.set_bid", _ITEM, _ad(target_cpa_minor=900), given=_LAUNCHED),
        Sample("ads.extend_flight", _ITEM, _ad(name="core"), given=_LAUNCHED),
        Sample("ads.remove_line_item", _ITEM, _gone, given=_LAUNCHED),
    )


_POSTED = Sample("social.schedule_post", _POST, _post())
_BOOSTED = Sample("social.boost_post", _POST, _post(2_000), given=_POSTED)


class SimulatedSocial(SimulatedHarness):
    name: ClassVar[str] = "simulated-social"
    channel: ClassVar[str] = "social"
    samples: ClassVar[tuple[Sample, ...]] = (
        _POSTED,
        _BOOSTED,
        Sample("social.stop_boost", _POST, _post(), given=_BOOSTED),
        Sample("social.reply", "reply:calendar/1", _reply, given=_POSTED),
        Sample("social.delete_post", _POST, _gone, given=_POSTED),
    )


HARNESSES = (SimulatedEmail(), SimulatedAds(), SimulatedSocial())
