"""What holds for every notifier, each against a real peer on this machine."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from drumbeat.connectors.notifiers.contract import Notifier, NotTold
from drumbeat.connectors.notifiers.registry import KINDS, build
from tests.connectors.notifiers.test_notifiers import KEY, MESSAGE, SECRET
from tests.connectors.smtp.mail_server import mail_server

_PATH = "a-path-nobody-must-learn"


@dataclass(frozen=True)
class Peer:
    """The other end: how to reach it, what arrived there, and how it goes away."""

    notifier: Notifier
    arrived: Callable[[], list[str]]
    go_away: Callable[[], None]


@contextmanager
def mail_peer() -> Iterator[Peer]:
    with mail_server() as server:
        settings = {"host": "127.0.0.1", "port": str(server.port), "security": "none"}
        notifier = build("mail", {**settings, "sender": "drumbeat@shop.example"}, lambda: 0.0)

        def arrived() -> list[str]:
            return [f"{t.mail['Message-ID']} {t.mail.get_content()}" for t in server.taken]

        yield Peer(notifier, arrived, server.stop)


@contextmanager
def _receiver(settings: Callable[[int], dict[str, str]], kind: str) -> Iterator[Peer]:
    """A web server that takes whatever is posted."""
    taken: list[str] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            words = " ".join(str(value) for value in _values(json.loads(body)))
            taken.append(f"{self.headers.get('webhook-id', '')} {words}")
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    try:
        notifier = build(kind, settings(server.server_address[1]), lambda: 1_614_265_330.0)
        yield Peer(notifier, lambda: list(taken), stop)
    finally:
        stop()


def _values(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _values(value)
    else:
        yield data


def webhook_peer() -> AbstractContextManager[Peer]:
    return _receiver(
        lambda port: {"url": f"http://127.0.0.1:{port}/{_PATH}", "secret": SECRET}, "webhook"
    )


def apprise_peer() -> AbstractContextManager[Peer]:
    return _receiver(lambda port: {"url": f"json://127.0.0.1:{port}/{_PATH}"}, "apprise")


PEERS = {"mail": mail_peer, "webhook": webhook_peer, "apprise": apprise_peer}
pytestmark = pytest.mark.filterwarnings("ignore:.imghdr.:DeprecationWarning")


@pytest.fixture(params=PEERS)
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    with PEERS[request.param]() as made:
        yield made


def test_every_kind_is_held_to_it() -> None:
    assert set(PEERS) == set(KINDS)


def test_the_words_arrive_with_their_key(peer: Peer) -> None:
    peer.notifier.notify(MESSAGE, KEY)
    (said,) = peer.arrived()
    assert MESSAGE.text in said
    assert KEY in said


def test_a_repeat_carries_the_same_key_and_another_notice_another(peer: Peer) -> None:
    peer.notifier.notify(MESSAGE, KEY)
    peer.notifier.notify(MESSAGE, KEY)
    peer.notifier.notify(replace(MESSAGE, text="something else"), "note-other")
    first, second, third = peer.arrived()
    assert first == second
    assert "note-other" in third
    assert KEY not in third


def test_one_notice_goes_to_one_place_whatever_its_words_say(peer: Peer) -> None:
    peer.notifier.notify(replace(MESSAGE, text="a\r\nBcc: eve@evil.example\r\n\r\nb"), KEY)
    assert len(peer.arrived()) == 1


def test_who_is_away_is_told_later_and_no_address_is_given_away(peer: Peer) -> None:
    peer.go_away()
    with pytest.raises(NotTold) as error:
        peer.notifier.notify(MESSAGE, KEY)
    assert not error.value.permanent
    assert _PATH not in str(error.value)
