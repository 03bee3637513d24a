"""Notifiers: what arrives at the other end, and what each refusal means."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from drumbeat.connectors.notifiers import long_tail, webhook
from drumbeat.connectors.notifiers.contract import Contact, Message, NotTold
from drumbeat.connectors.notifiers.registry import build
from drumbeat.connectors.notifiers.webhook import WebhookNotifier, read_secret, signature
from drumbeat.connectors.registry import BadSetting
from tests.connectors.smtp.mail_server import MailServer, mail_server

ANA = Contact("ana", "Ana Dörte", "ana@northbean.example")
MESSAGE = Message(
    to=ANA,
    subject="[critical] newsletter: Beschwerden über 0,1 %\r\nBcc: eve@evil.example",
    text="spam_complaint_rate is 0.2 %, above 0.1 %",
    severity="critical",
    campaign="newsletter",
    at=datetime(2026, 6, 10, 12, tzinfo=UTC),
)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = "note-0a1b2c"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def mailer(server: MailServer, **more: str) -> Any:
    settings = {"host": "127.0.0.1", "port": str(server.port), "security": "none"}
    return build("mail", {**settings, "sender": "drumbeat@northbean.example", **more}, lambda: 0.0)


def test_a_mail_arrives_as_plain_text_at_the_persons_own_address(server: MailServer) -> None:
    mailer(server).notify(MESSAGE, KEY)
    [taken] = server.taken
    assert taken.recipient == "ana@northbean.example"
    assert taken.mail["To"] == "Ana Dörte <ana@northbean.example>"
    assert taken.mail.get_content().strip() == MESSAGE.text
    assert taken.mail["Auto-Submitted"] == "auto-generated"


def test_a_subject_cannot_add_a_header(server: MailServer) -> None:
    mailer(server).notify(MESSAGE, KEY)
    [taken] = server.taken
    assert taken.mail["Bcc"] is None
    assert taken.mail["Subject"].endswith("0,1 % Bcc: eve@evil.example")


def test_a_repeat_has_the_same_message_id(server: MailServer) -> None:
    mailer(server).notify(MESSAGE, KEY)
    mailer(server).notify(MESSAGE, KEY)
    assert {taken.mail["Message-ID"] for taken in server.taken} == {
        "<note-0a1b2c@northbean.example>"
    }


@pytest.mark.parametrize(
    ("line", "permanent"),
    [
        pytest.param("450 busy", False, id="not-now"),
        pytest.param("550 no such person", True, id="never"),
    ],
)
def test_a_mail_server_that_says_no(server: MailServer, line: str, permanent: bool) -> None:
    server.answers = {"ana@northbean.example": [line]}
    with pytest.raises(NotTold) as error:
        mailer(server).notify(MESSAGE, KEY)
    assert error.value.permanent is permanent


def test_a_mail_server_that_is_away_is_tried_again(server: MailServer) -> None:
    server.stop()
    with pytest.raises(NotTold) as error:
        mailer(server).notify(MESSAGE, KEY)
    assert not error.value.permanent


def test_the_signature_equals_the_published_vector() -> None:
    made = signature(
        read_secret(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


Handler = Callable[[httpx.Request], httpx.Response]


def hook(handler: Handler) -> WebhookNotifier:
    client = httpx.Client(transport=httpx.MockTransport(handler))
    url = "https://hooks.example/secret-path"
    return WebhookNotifier(url, read_secret(SECRET), lambda: 1_614_265_330.9, client)


def test_a_webhook_is_signed_over_exactly_what_is_sent() -> None:
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    hook(take).notify(MESSAGE, KEY)
    [request] = seen
    assert request.headers["webhook-id"] == KEY
    assert request.headers["webhook-timestamp"] == "1614265330"
    assert request.headers["webhook-signature"] == signature(
        read_secret(SECRET), KEY, 1_614_265_330, request.content
    )
    assert json.loads(request.content)["data"]["to"] == "ana"


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (404, True), (410, True), (408, False), (429, False), (500, False), (302, True)],
)
def test_what_a_receivers_answer_means(status: int, permanent: bool) -> None:
    with pytest.raises(NotTold) as error:
        hook(lambda _: httpx.Response(status)).notify(MESSAGE, KEY)
    assert error.value.permanent is permanent


def test_an_error_never_quotes_the_address_of_a_webhook() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    with pytest.raises(NotTold, match=r"hooks\.example cannot be reached") as error:
        hook(away).notify(MESSAGE, KEY)
    assert "secret-path" not in str(error.value)


class FakeApprise:
    def __init__(self, *, takes: bool) -> None:
        self.takes = takes
        self.sent: list[dict[str, str]] = []

    def notify(self, **fields: str) -> bool:
        self.sent.append(fields)
        return self.takes


def test_the_long_tail_is_told_how_grave_it_is() -> None:
    sender = FakeApprise(takes=True)
    long_tail.AppriseNotifier(sender).notify(MESSAGE, KEY)
    long_tail.AppriseNotifier(sender).notify(replace(MESSAGE, severity="warning"), KEY)
    assert [one["notify_type"] for one in sender.sent] == ["failure", "warning"]


def test_a_service_that_takes_nothing_is_tried_again() -> None:
    with pytest.raises(NotTold) as error:
        long_tail.AppriseNotifier(FakeApprise(takes=False)).notify(MESSAGE, KEY)
    assert not error.value.permanent


@pytest.mark.filterwarnings("ignore:.imghdr.:DeprecationWarning")
def test_apprise_itself_says_no_where_nobody_listens() -> None:
    notifier = build("apprise", {"url": "json://127.0.0.1:9/nothing"}, lambda: 0.0)
    with pytest.raises(NotTold):
        notifier.notify(MESSAGE, KEY)


@pytest.mark.filterwarnings("ignore:.imghdr.:DeprecationWarning")
def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(BadSetting, match="no service is known"):
        build("apprise", {"url": "carrier-pigeon://loft"}, lambda: 0.0)


SHORT = base64.b64encode(b"x" * 10).decode()


@pytest.mark.parametrize(
    ("kind", "settings", "why"),
    [
        pytest.param("fax", {}, "no notifier is called 'fax'", id="kind"),
        pytest.param("mail", {"host": "x"}, "needs host and sender", id="sender"),
        pytest.param("mail", {"sender": "a@b.example"}, "needs host and sender", id="host"),
        pytest.param(
            "mail", {"host": "x", "sender": "a@b.example", "port": "smtp"}, "port", id="port"
        ),
        pytest.param(
            "mail", {"host": "x", "sender": "a@b.example", "security": "tsl"}, "security", id="tls"
        ),
        pytest.param("webhook", {"url": "http://hooks.example"}, "https", id="plain"),
        pytest.param("webhook", {"url": "https://h.example"}, "24 to 64", id="no-secret"),
        pytest.param(
            "webhook", {"url": "https://h.example", "secret": "whsec_%%%"}, "base64", id="base64"
        ),
        pytest.param(
            "webhook", {"url": "https://h.example", "secret": SHORT}, "10 bytes", id="short"
        ),
    ],
)
def test_settings_that_are_refused(kind: str, settings: dict[str, str], why: str) -> None:
    with pytest.raises(BadSetting, match=why):
        build(kind, settings, lambda: 0.0)


def test_a_webhook_to_this_machine_needs_no_encryption() -> None:
    made = webhook.create({"url": "http://127.0.0.1:8000/hook", "secret": SECRET}, lambda: 0.0)
    assert isinstance(made, WebhookNotifier)
