"""A real SMTP server on loopback that keeps what it takes and says no where it is told to."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

Hook = Callable[[str], None]


@dataclass(frozen=True)
class Taken:
    """One mail the server took responsibility for."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        mail = message_from_bytes(self.raw, policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


@dataclass
class MailServer:
    """``answers`` maps a recipient to the lines it gets in turn instead of a yes, such as
    ``450 busy``; ``at_data`` the same once the mail was sent. The last line stays."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    at_data: dict[str, list[str]] = field(default_factory=dict)
    at_sender: list[str] = field(default_factory=list)
    # Takes each mail, then hangs up without saying so.
    is_lossy: bool = False
    # Called with the recipient at RCPT, and once its mail was taken.
    on_recipient: Hook = lambda recipient: None
    on_taken: Hook = lambda recipient: None
    # A new line after this many mails, as many servers want it.
    most_a_line: int = 1_000_000
    sessions: int = 0
    controller: Controller | None = None

    @property
    def recipients(self) -> list[str]:
        return [taken.recipient for taken in self.taken]

    def start(self) -> None:
        self.controller = _Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        session.mails = 0
        return responses

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if session.mails >= self.most_a_line:
            server.transport.close()
            return "421 enough for one line"
        refusal = _next(self.at_sender)
        if refusal:
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.on_recipient(address)
        refusal = _next(self.answers.get(address, []))
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        [recipient] = envelope.rcpt_tos
        refusal = _next(self.at_data.get(recipient, []))
        if refusal:
            return refusal
        session.mails += 1
        self.taken.append(Taken(envelope.mail_from, recipient, envelope.original_content))
        self.on_taken(recipient)
        if self.is_lossy:
            server.transport.close()
        return "250 taken"


class _Controller(Controller):
    """Without the SMTPUTF8 extension, as many servers still are."""

    def __init__(self, handler: MailServer, **more: Any) -> None:
        super().__init__(handler, enable_SMTPUTF8=False, **more)


@contextmanager
def mail_server(**settings: Any) -> Iterator[MailServer]:
    """A running server."""
    server = MailServer(port=free_port(), **settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _next(lines: list[str]) -> str:
    if len(lines) > 1:
        return lines.pop(0)
    return lines[0] if lines else ""
