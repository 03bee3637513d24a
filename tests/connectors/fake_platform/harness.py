"""The platform double itself: what the gate's tests rest on keeps the contract, too."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import JsonValue

from drumbeat.connectors.contract import Capability, Connector
from drumbeat.connectors.manifest import Manifest
from drumbeat.connectors.registry import Wiring
from drumbeat.testing.harness import Harness, Peer, Place, Sample
from drumbeat.testing.platform import FakePlatform, FakeSite

_TARGET = "line_item:conformance/main"


class Site(Peer):
    def __init__(self, faults: list[str]) -> None:
        self.settings = {}
        self.site = FakeSite(faults=faults)

    def trace(self) -> Sequence[str]:
        return [f"{number} {fingerprint}" for number, fingerprint in self.site.calls]

    def go_away(self) -> None:
        self.site.is_away = True
        self.site.faults = ["busy"] * 9


def _launched(now: datetime) -> JsonValue:
    return {"daily_budget_minor": 40_00}


def _raised(now: datetime) -> JsonValue:
    return {"daily_budget_minor": 50_00}


def _removed(now: datetime) -> JsonValue:
    return None


_LAUNCH = Sample("ads.launch_line_item", _TARGET, _launched)


class FakePlatformHarness(Harness):
    name: ClassVar[str] = "fake-platform"
    connector: ClassVar[str] = "fake-platform"
    is_choosy: ClassVar[bool] = False
    samples: ClassVar[tuple[Sample, ...]] = (
        _LAUNCH,
        Sample("ads.set_budget", _TARGET, _raised, given=_LAUNCH),
        Sample("ads.remove_line_item", _TARGET, _removed, given=_LAUNCH),
    )

    @contextmanager
    def open(self, place: Place, *, lossy: bool) -> Iterator[Site]:
        yield Site(["after"] * 99 if lossy else [])

    def manifest(self) -> Manifest:
        return Manifest(
            name="fake-platform",
            title="A platform in memory",
            channels=("ads",),
            entry="drumbeat.testing.platform:FakePlatform",
            capabilities=(Capability.LOOK_UP, Capability.SERVER_IDEMPOTENCY),
            kinds=tuple(sample.kind for sample in self.samples),
            key_window=timedelta(hours=24),
            look_up_lag=timedelta(),
        )

    def connect(self, peer: Peer, wiring: Wiring) -> Connector:
        assert isinstance(peer, Site)
        claimed = frozenset(self.manifest().capabilities)
        return FakePlatform(wiring.connection, wiring.desk, peer.site, claimed)


HARNESSES = (FakePlatformHarness(),)
