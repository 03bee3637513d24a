"""Mail: a notice as a plain letter to one person, over the same SMTP line campaigns use."""

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.connectors.notifiers.contract import Message, NotTold
from drumbeat.connectors.registry import BadSetting
from drumbeat.connectors.smtp.mime import Letter
from drumbeat.connectors.smtp.server import Answer, Handed, Line, Security, Server

_FOR_GOOD = frozenset({ErrorKind.AUTH_EXPIRED, ErrorKind.BAD_REQUEST})


class MailNotifier:
    """Sends each notice as one mail; the key makes its Message-ID, so mailboxes fold a repeat."""

    def __init__(self, server: Server, sender: str) -> None:
        self._server = server
        self._sender = sender

    def notify(self, message: Message, key: str) -> None:
        """Hand it to the server. An answer lost on the way counts as not told: it is sent again."""
        letter = Letter(self._sender, message.to.email, bytes(self._letter(message, key)))
        try:
            with Line(self._server) as line:
                answer = line.hand_over(letter)
        except ConnectorError as error:
            raise NotTold(str(error), permanent=error.kind in _FOR_GOOD) from error
        _check(answer)

    def _letter(self, message: Message, key: str) -> EmailMessage:
        made = EmailMessage(policy=SMTP)
        domain = self._sender.rpartition("@")[2]
        made["Message-ID"] = f"<{key}@{domain}>"
        made["Date"] = message.at
        made["From"] = Address("Drumbeat", addr_spec=self._sender)
        made["To"] = Address(message.to.name, addr_spec=message.to.email)
        made["Subject"] = " ".join(message.subject.split())[:200]
        # RFC 3834: nobody's vacation note should answer it.
        made["Auto-Submitted"] = "auto-generated"
        links = (f"{link.label}:\n{link.url}" for link in message.links)
        made.set_content("\n\n".join((message.text.rstrip("\n"), *links)) + "\n")
        if message.html:
            made.add_alternative(message.html, subtype="html")
        return made


def create(settings: Mapping[str, str]) -> MailNotifier:
    """From ``host``, ``sender`` and what signing in needs. Raises BadSetting."""
    sender = settings.get("sender", "")
    if not settings.get("host") or "@" not in sender:
        raise BadSetting("a mail notifier needs host and sender (an address)")
    port = settings.get("port") or "587"
    if not port.isdecimal():
        raise BadSetting(f"port: expected a number such as 587, got {port!r}")
    try:
        security = Security(settings.get("security") or "starttls")
    except ValueError as error:
        raise BadSetting("security: write starttls, tls or none") from error
    server = Server(
        settings["host"],
        int(port),
        security,
        settings.get("username", ""),
        settings.get("password", ""),
    )
    return MailNotifier(server, sender)


def _check(answer: Answer) -> None:
    if answer.handed is not Handed.SENT:
        for_good = answer.handed in (Handed.REFUSED, Handed.UNWELCOME)
        raise NotTold(f"the mail server answered: {answer.said}", permanent=for_good)
