"""The way out of our mails: looking changes nothing, one post does it."""

from pathlib import Path

import httpx
import pytest

from drumbeat.connectors.smtp.endpoint import try_endpoint
from drumbeat.connectors.unsubscribe import TOKEN_DAYS
from drumbeat.core.compliance.facts import UnsubscribeEndpoint
from drumbeat.store import events, ledger
from drumbeat.testing.gate_world import KEY, gate_world
from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        pytest.param("GET", "/u/good", 200, "Stop these mails?", id="a-scanner-looks"),
        pytest.param("POST", "/u/good", 200, "You are unsubscribed", id="one-click"),
        pytest.param("POST", "/u/forged", 404, "not one of ours", id="forged"),
    ],
)
def test_the_link(nobody: Visitor, method: str, path: str, status: int, says: str) -> None:
    answer = nobody.send(method, path)
    assert answer.status_code == status
    assert says in answer.text
    assert "set-cookie" not in answer.headers


class Line(httpx.BaseTransport):
    """The way from a mail connection to our own page."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        given = {"content": request.read(), "headers": dict(request.headers)}
        answer = self._visitor.send(request.method, request.url.path, **given)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def test_a_mail_connection_that_tries_it_finds_it_in_order_and_changes_nothing(
    nobody: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real page over the real gate."""
    real = gate_world(tmp_path)
    doors = type(nobody.app.state.services.hooks)
    monkeypatch.setattr(doors, "unsubscribe", lambda _, token: real.gate.opt_out(token))

    def opted_out(contact: str) -> bool:
        with real.database.read() as connection:
            return events.is_suppressed(connection, contact)

    tried = try_endpoint("https://drumbeat.test/u", KEY, opted_out, Line(nobody))
    assert tried == UnsubscribeEndpoint(200, False, False, False, TOKEN_DAYS)
    with real.database.read() as connection:
        assert list(ledger.entries(connection)) == []
    elsewhere = try_endpoint("https://drumbeat.test/u", b"another key", opted_out, Line(nobody))
    assert elsewhere.post_status == 404
