"""MIME: one reader's mail, with text and HTML parts and a one-click way out (RFC 8058)."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from drumbeat.connectors.smtp.contacts import Contact
from drumbeat.core.campaign.merge import render
from drumbeat.core.campaign.objects import Send, Variant
from drumbeat.core.canonical import digest


@dataclass(frozen=True)
class Envelope:
    """What the connection adds to every mail."""

    list_id: str
    unsubscribe_url: str


def compose(
    send: Send, variant: Variant, contact: Contact, envelope: Envelope, *, permit: str, at: datetime
) -> EmailMessage:
    """The mail as it leaves. ``envelope.unsubscribe_url`` is this reader's own.

    Raises MergeError when something in the mail stays unfilled, ValueError for an address or
    header that would not be one line.
    """
    fields = {**contact.fields, "unsubscribe_url": envelope.unsubscribe_url}
    mail = EmailMessage()
    mail["From"] = Address(send.from_name, addr_spec=send.from_address)
    mail["To"] = Address(addr_spec=contact.address)
    mail["Reply-To"] = send.reply_to
    mail["Subject"] = render(variant.subject, fields, contact.segments)
    mail["Date"] = format_datetime(at)
    # Derived, not drawn: a receiving server that sees it again can tell it is the same mail.
    host = send.from_address.rpartition("@")[2]
    mail["Message-ID"] = f"<{digest([permit, contact.address])[:32]}@{host}>"
    mail["List-Id"] = f"<{envelope.list_id}>"
    mail["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(render(variant.text, fields, contact.segments))
    html = render(variant.html, fields, contact.segments, is_html=True)
    mail.add_alternative(html, subtype="html")
    return mail
