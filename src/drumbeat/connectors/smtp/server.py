"""Server: a line to an SMTP server, and what its answers mean for one mail."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.connectors.smtp.mime import Letter

TIMEOUT_SECONDS = 30.0
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_GOOD = (250, 251)
_SHUTTING_DOWN = 421


class Security(StrEnum):
    """How the line is kept private; ``none`` only reaches this machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Handed(StrEnum):
    """What became of one mail. Only ``SENT`` and ``UNCLEAR`` may have reached anybody.

    ``REFUSED``: this contact, for good. ``LATER``: this contact, for now. ``UNCLEAR``: the line
    broke after the mail was on its way. ``CLOSED``: the line broke before it was. ``UNWELCOME``:
    the server takes no mail from our sender, whoever it is for. ``NOT_OURS``: it was not ours to
    hand over after all.
    """

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNCLEAR = "unclear"
    CLOSED = "closed"
    UNWELCOME = "unwelcome"
    NOT_OURS = "not ours"


@dataclass(frozen=True)
class Answer:
    """``said`` is the server's own sentence, for people."""

    handed: Handed
    said: str = ""


@dataclass(frozen=True)
class Server:
    """Where and how to sign in."""

    host: str
    port: int
    security: Security
    username: str
    password: str


def _unclaimed() -> bool:
    """For mails that may go out twice: nobody keeps book of them."""
    return True


class Line:
    """One session with a server, opened when needed and opened again where it broke."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open is not None:
            _quit(self._open)

    def ready(self) -> smtplib.SMTP:
        """The open session. Raises ConnectorError: away, no encryption, or not let in."""
        if self._open is None:
            self._open = connect(self._server)
        return self._open

    def hand_over(self, letter: Letter, claim: Callable[[], bool] = _unclaimed) -> Answer:
        """Give the server one mail, on a second line where the first had gone dead meanwhile.

        ``claim`` is asked when the server is ready for the mail itself: from its yes to the
        server's answer, and at no other time, a process that dies leaves doubt behind.
        Raises ConnectorError when there is no line to be had; the mail did not go out then.
        """
        answer = self._try(letter, claim)
        return self._try(letter, claim) if answer.handed is Handed.CLOSED else answer

    def _try(self, letter: Letter, claim: Callable[[], bool]) -> Answer:
        session = self.ready()
        try:
            objection = _envelope(session, letter)
        except (OSError, smtplib.SMTPException) as error:
            return self._broken(Handed.CLOSED, error)
        if objection is not None:
            return self._after_refusal(session, objection)
        if not claim():
            return self._after_refusal(session, Answer(Handed.NOT_OURS))
        try:
            code, said = session.data(letter.content)
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return self._broken(Handed.UNCLEAR, error)
        answer = Answer(Handed.SENT) if code in _GOOD else _meaning(code, said, Handed.REFUSED)
        return answer if answer.handed is Handed.SENT else self._after_refusal(session, answer)

    def _broken(self, handed: Handed, error: Exception) -> Answer:
        self._drop()
        return Answer(handed, f"{type(error).__name__}: {error}")

    def _after_refusal(self, session: smtplib.SMTP, answer: Answer) -> Answer:
        """Clear the table for the next mail; a server that is hanging up gets a new line."""
        if answer.handed is Handed.CLOSED:
            self._drop()
            return answer
        try:
            session.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()
        return answer

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def connect(server: Server) -> smtplib.SMTP:
    """A session, signed in. Raises ConnectorError."""
    where = f"{server.host}:{server.port}"
    if server.security is Security.NONE and server.host not in LOCAL_HOSTS:
        message = f"refusing to send to {server.host} without encryption; set security: starttls"
        raise ConnectorError(ErrorKind.BAD_REQUEST, message)
    try:
        return _signed_in(server)
    except smtplib.SMTPAuthenticationError as error:
        kind = ErrorKind.AUTH_EXPIRED if error.smtp_code >= 500 else ErrorKind.RETRY_AFTER
        raise ConnectorError(kind, f"{where} did not let us in: {_said(error)}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise ConnectorError(ErrorKind.BAD_REQUEST, f"{where}: {error}") from error
    except (OSError, smtplib.SMTPException) as error:
        message = f"cannot reach the mail server {where}: {error}; check host, port and security"
        raise ConnectorError(ErrorKind.DISCONNECTED, message) from error


def _signed_in(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    place = (server.host, server.port)
    session: smtplib.SMTP
    if server.security is Security.TLS:
        session = smtplib.SMTP_SSL(*place, timeout=TIMEOUT_SECONDS, context=context)
    else:
        session = smtplib.SMTP(*place, timeout=TIMEOUT_SECONDS)
    try:
        if server.security is Security.STARTTLS:
            session.starttls(context=context)
        if server.username:
            session.login(server.username, server.password)
        session.ehlo_or_helo_if_needed()
    except BaseException:
        session.close()
        raise
    return session


def _envelope(session: smtplib.SMTP, letter: Letter) -> Answer | None:
    """Announce sender and recipient; the server's objection, None when it has none."""
    code, said = session.mail(letter.sender)
    if code not in _GOOD:
        return _meaning(code, said, Handed.UNWELCOME)
    code, said = session.rcpt(letter.recipient)
    return None if code in _GOOD else _meaning(code, said, Handed.REFUSED)


def _meaning(code: int, said: bytes, for_good: Handed) -> Answer:
    text = f"{code} {said.decode(errors='replace')}"
    if code == _SHUTTING_DOWN:
        return Answer(Handed.CLOSED, text)
    return Answer(for_good if code >= 500 else Handed.LATER, text)


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_bytes(error.smtp_error).decode(errors='replace')}"


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _quit(session: smtplib.SMTP) -> None:
    try:
        session.quit()
    except (OSError, smtplib.SMTPException):
        session.close()
