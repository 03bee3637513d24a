"""MIME: one reader's mail, with text and HTML parts and a one-click way out (RFC 8058)."""

from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

from drumbeat.connectors.smtp.contacts import Contact
from drumbeat.core.campaign.merge import render
from drumbeat.core.campaign.objects import Send, Variant
from drumbeat.core.canonical import digest


@dataclass(frozen=True)
class Envelope:
    """What the connection adds to every mail."""

    list_id: str
    unsubscribe_url: str


@dataclass(frozen=True)
class Letter:
    """A mail ready to hand over. ``sender`` and ``recipient`` are those of the envelope."""

    sender: str
    recipient: str
    content: bytes


class _OneLine(UnstructuredHeader):
    """A header that is never folded: a link folded by the library becomes an encoded word, and
    then no mail program finds the link any more."""

    # Given by the class the registry mixes this one into.
    name: str

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> Policy:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "list-unsubscribe-post", "list-id"):
        registry.map_to_type(name, _OneLine)  # type: ignore[arg-type]  # a mixin by design
    return SMTP.clone(header_factory=registry)


_POLICY = _policy()


def compose(
    send: Send, variant: Variant, contact: Contact, envelope: Envelope, *, permit: str, at: datetime
) -> EmailMessage:
    """The mail as it leaves. ``envelope.unsubscribe_url`` is this reader's own.

    Raises ValueError: something in the mail stays unfilled (MergeError), or an address or header
    would not be one line of plain characters.
    """
    told = {name: _words(value) for name, value in contact.fields.items()}
    fields = {**told, "unsubscribe_url": envelope.unsubscribe_url}
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(send.from_address, send.from_name)
    mail["To"] = _address(contact.address)
    if send.reply_to:
        mail["Reply-To"] = _address(send.reply_to)
    mail["Subject"] = _one_line(render(variant.subject, fields, contact.segments))
    mail["Date"] = format_datetime(at)
    # Derived, not drawn: a receiving server that sees it again can tell it is the same mail.
    host = ascii_address(send.from_address).rpartition("@")[2]
    mail["Message-ID"] = f"<{digest([permit, contact.address])[:32]}@{host}>"
    mail["List-Id"] = f"<{_one_line(envelope.list_id)}>"
    mail["List-Unsubscribe"] = f"<{_one_line(envelope.unsubscribe_url)}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(render(variant.text, fields, contact.segments))
    html = render(variant.html, fields, contact.segments, is_html=True)
    mail.add_alternative(html, subtype="html")
    return mail


def letter(send: Send, mail: EmailMessage, contact: Contact) -> Letter:
    """The mail and its envelope. Raises ValueError for what cannot be written as bytes."""
    sender, recipient = ascii_address(send.from_address), ascii_address(contact.address)
    return Letter(sender, recipient, mail.as_bytes())


def ascii_address(address: str) -> str:
    """The address with an international domain spelt for SMTP. Raises ValueError for one that
    is not plain, or that a mail program could read as another."""
    name, _, host = address.rpartition("@")
    spelt = f"{name}@{host.encode('idna').decode()}" if not host.isascii() else address
    if not spelt.isascii() or not spelt.isprintable() or parseaddr(spelt) != ("", spelt):
        raise ValueError(f"{address!r} is no address plain mail servers take")
    return spelt


def _address(address: str, shown: str = "") -> Address:
    try:
        return Address(_one_line(shown), addr_spec=ascii_address(address))
    except (HeaderParseError, IndexError) as error:
        raise ValueError(f"{address!r} is no address: {error}") from error


def _words(value: str) -> str:
    """What a list says of a contact, on one line and without what nobody could see."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _one_line(text: str) -> str:
    """The text itself. Raises ValueError where it would start a header of its own."""
    if not text.isprintable():
        raise ValueError(f"{text!r} does not fit into one header line")
    return text
