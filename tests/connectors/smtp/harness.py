"""SMTP's way into the conformance suite, over a real mail server on loopback."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar

from pydantic import JsonValue

from drumbeat.testing.harness import Harness, Peer, Place, Sample
from tests.connectors.smtp.mail_server import MailServer, mail_server
from tests.connectors.smtp.pieces import TARGET, crowd, send, settings, write_contacts

_READERS = 4


class Mailbox(Peer):
    def __init__(self, server: MailServer) -> None:
        self.settings = settings(server.port)
        self.server = server

    def trace(self) -> Sequence[str]:
        return [f"{taken.recipient} {taken.mail['Message-ID']}" for taken in self.server.taken]

    def go_away(self) -> None:
        self.server.stop()


def _mail(now: datetime) -> JsonValue:
    return send(now).model_dump(mode="json")


class SmtpHarness(Harness):
    name: ClassVar[str] = "smtp"
    connector: ClassVar[str] = "smtp"
    samples: ClassVar[tuple[Sample, ...]] = (
        Sample("email.schedule_send", TARGET, _mail, changes=_READERS),
    )

    mailbox: Mailbox

    @contextmanager
    def open(self, place: Place, *, lossy: bool) -> Iterator[Mailbox]:
        write_contacts(place.home, crowd(_READERS))
        with mail_server(is_lossy=lossy) as server:
            self.mailbox = Mailbox(server)
            yield self.mailbox


HARNESSES = (SmtpHarness(),)
