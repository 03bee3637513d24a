"""Mastodon's way into the conformance suite: over mastodon_mock, which honours keys, and over a
server that does not."""

import atexit
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
from mastodon_mock.testing import MockServer
from pydantic import JsonValue

from drumbeat.connectors.contract import Connector
from drumbeat.connectors.mastodon.api import Api
from drumbeat.connectors.mastodon.connector import MastodonConnector
from drumbeat.connectors.mastodon.settings import read_settings
from drumbeat.connectors.registry import Wiring
from drumbeat.testing.harness import Harness, Peer, Place, Sample
from tests.connectors.mastodon.fake_server import TOKEN, FakeServer, Fault, fake_server
from tests.connectors.mastodon.pieces import TARGET, post

LATER = "post:calendar/1/2"


def _now(now: datetime) -> JsonValue:
    return post(now.replace(microsecond=0)).model_dump(mode="json")


def _later(now: datetime) -> JsonValue:
    at = now.replace(microsecond=0) + timedelta(days=1)
    return post(at, name="tuesday").model_dump(mode="json")


def _gone(now: datetime) -> JsonValue:
    return None


_PUBLISHED = Sample("social.schedule_post", TARGET, _now)
_SCHEDULED = Sample("social.schedule_post", LATER, _later)
SAMPLES = (
    _PUBLISHED,
    _SCHEDULED,
    Sample("social.delete_post", TARGET, _gone, given=_PUBLISHED),
    Sample("social.delete_post", LATER, _gone, given=_SCHEDULED),
)


class KeylessPeer(Peer):
    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self.settings = {"base_url": server.base_url, "token": TOKEN}

    def trace(self) -> Sequence[str]:
        return list(self.server.trace)

    def go_away(self) -> None:
        self.server.stop()


class KeylessHarness(Harness):
    """A server that ignores Idempotency-Key."""

    name: ClassVar[str] = "mastodon-keyless"
    connector: ClassVar[str] = "mastodon"
    samples: ClassVar[tuple[Sample, ...]] = SAMPLES
    peer: KeylessPeer

    @contextmanager
    def open(self, place: Place, *, lossy: bool) -> Iterator[KeylessPeer]:
        with fake_server(place.clock.now) as server:
            server.faults = [Fault.HANG_UP_AFTER] * 99 if lossy else []
            self.peer = KeylessPeer(server)
            yield self.peer


class Mock:
    """One mastodon_mock a process, emptied for each test: starting it costs more than a test."""

    def __init__(self) -> None:
        self.server = MockServer()
        # A client that knows no certificates is a quick one.
        self._client = httpx.Client(
            verify=False,
            headers={"Authorization": "Bearer alice_token"},
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def fresh(self) -> None:
        if not self.server.started:
            self.server = MockServer().start()
        self._client.post(f"{self.server.base_url}/api/v1/_mock/reset").raise_for_status()

    def get(self, path: str) -> Any:
        return self._client.get(f"{self.server.base_url}{path}").json()

    def post(self, path: str, **more: Any) -> Any:
        return self._client.post(f"{self.server.base_url}{path}", **more).json()

    def stop(self) -> None:
        self.server.stop()


MOCK = Mock()
atexit.register(MOCK.stop)


class MockPeer(Peer):
    """``trace`` asks the server itself: what came to be there, and what went away again."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._last: list[str] = []
        self.settings = {"base_url": MOCK.server.base_url, "token": "alice_token"}
        self.is_lossy = False

    def trace(self) -> Sequence[str]:
        if MOCK.server.started:
            self._last = self._trace(self._there())
        return self._last

    def _trace(self, there: list[str]) -> list[str]:
        self._seen += [one for one in there if one not in self._seen]
        gone = [f"{one} gone" for one in self._seen if one not in there]
        return [*self._seen, *gone]

    def go_away(self) -> None:
        MOCK.stop()

    def _there(self) -> list[str]:
        account = MOCK.get("/api/v1/accounts/verify_credentials")["id"]
        published = MOCK.get(f"/api/v1/accounts/{account}/statuses?limit=40")
        waiting = MOCK.get("/api/v1/scheduled_statuses")
        return [f"status {s['id']}" for s in reversed(published)] + [
            f"scheduled {s['id']}" for s in waiting
        ]


class MockHarness(Harness):
    """mastodon_mock, which honours Idempotency-Key. It has a clock of its own."""

    name: ClassVar[str] = "mastodon-mock"
    connector: ClassVar[str] = "mastodon"
    samples: ClassVar[tuple[Sample, ...]] = SAMPLES

    @contextmanager
    def open(self, place: Place, *, lossy: bool) -> Iterator[MockPeer]:
        MOCK.fresh()
        peer = MockPeer()
        peer.is_lossy = lossy
        yield peer

    def start(self) -> datetime:
        return datetime.now(UTC)

    def connect(self, peer: Peer, wiring: Wiring) -> Connector:
        if not isinstance(peer, MockPeer) or not peer.is_lossy:
            return super().connect(peer, wiring)
        settings = read_settings(wiring.settings)
        api = Api(
            settings.base_url,
            settings.token,
            Lossy(limits=httpx.Limits(max_keepalive_connections=0)),
        )
        return MastodonConnector(wiring, settings, api)


class Lossy(httpx.HTTPTransport):
    """Lets every change through and loses its answer."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.method != "GET":
            response.close()
            raise httpx.ReadTimeout("the answer took too long", request=request)
        return response


HARNESSES = (KeylessHarness(), MockHarness())
