"""Server: a session with an SMTP server, and what its answers mean for one mail."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum

from drumbeat.connectors.contract import ConnectorError, ErrorKind

TIMEOUT_SECONDS = 30.0
_LOCAL = {"127.0.0.1", "localhost", "::1"}


class Handed(StrEnum):
    """``SENT``: the server took it. ``REFUSED``: it never will. ``LATER``: it certainly did not
    take it now. ``UNCLEAR``: the line broke after the mail was on its way."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Server:
    """Where and how to sign in. ``security`` is starttls, tls or none."""

    host: str
    port: int
    security: str
    username: str
    password: str

    @contextmanager
    def session(self) -> Iterator[smtplib.SMTP]:
        """Raises ConnectorError when the server is away or does not let us in."""
        try:
            server = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise ConnectorError(ErrorKind.AUTH_EXPIRED, _said(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            where = f"{self.host}:{self.port}"
            message = f"cannot reach the mail server {where}: {error}"
            raise ConnectorError(ErrorKind.DISCONNECTED, message) from error
        try:
            yield server
        finally:
            _quit(server)

    def _connect(self) -> smtplib.SMTP:
        if self.security == "none" and self.host not in _LOCAL:
            message = f"refusing to send to {self.host} without encryption"
            raise ConnectorError(ErrorKind.BAD_REQUEST, message)
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.security == "tls":
            server = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        if self.security == "starttls":
            server.starttls(context=context)
        if self.username:
            server.login(self.username, self.password)
        return server


def hand_over(server: smtplib.SMTP, mail: EmailMessage) -> tuple[Handed, str]:
    """Give the server one mail; the text is what it said. Never raises."""
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return (Handed.REFUSED if code >= 500 else Handed.LATER), f"{code} {said!r}"
    except smtplib.SMTPSenderRefused as error:
        return (Handed.REFUSED if error.smtp_code >= 500 else Handed.LATER), _said(error)
    except smtplib.SMTPDataError as error:
        return (Handed.REFUSED if error.smtp_code >= 500 else Handed.LATER), _said(error)
    except (OSError, smtplib.SMTPException) as error:
        return Handed.UNCLEAR, f"{type(error).__name__}: {error}"
    return Handed.SENT, ""


def _said(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return f"{error.smtp_code} {text}"


def _quit(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
