"""Received: a mail of ours as it arrived somewhere, looked at for what only its journey shows.

Signing is the mail server's work, after we have let go of the mail; RFC 8058 wants the one-click
headers under a DKIM signature, or mailboxes do not show the button. A mail sent to oneself tells.
Whether the signature holds is for the receiving server to say; what it covers is read here.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

from drumbeat.app.health import Examined

_ONE_CLICK = ("list-unsubscribe", "list-unsubscribe-post")


def examine_mail(raw: bytes) -> list[Examined]:
    """What is in order with a received mail, and what its server must be told."""
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return list(_examined(mail))


def _examined(mail: EmailMessage) -> Iterator[Examined]:
    missing = [name for name in _ONE_CLICK if name not in mail]
    detail = f"{' and '.join(missing)} missing" if missing else "one-click headers are there"
    yield Examined("mail headers", not missing, detail)
    sender = parseaddr(str(mail["From"] or ""))[1].rpartition("@")[2].casefold()
    ours = [tags for tags in _signatures(mail) if _is_aligned(tags.get("d", ""), sender)]
    if not ours:
        text = f"no DKIM signature of {sender or 'its sender'}: let the mail server sign for it"
        yield Examined("mail signing", False, text)
        return
    covered = [set(re.split(r"\s*:\s*", tags.get("h", "").casefold())) for tags in ours]
    best = max(covered, key=lambda names: len(names & set(_ONE_CLICK)))
    bare = [name for name in _ONE_CLICK if name not in best]
    advice = f"the signature does not cover {' and '.join(bare)}: add them to what is signed"
    yield Examined("mail signing", not bare, advice if bare else f"signed by {ours[0]['d']}")


def _signatures(mail: EmailMessage) -> Iterator[dict[str, str]]:
    """The tags of each DKIM-Signature header (RFC 6376, 3.5)."""
    for header in mail.get_all("DKIM-Signature", []):
        pairs = (part.partition("=") for part in str(header).split(";"))
        yield {name.strip(): "".join(value.split()) for name, _, value in pairs if name.strip()}


def _is_aligned(domain: str, sender: str) -> bool:
    """Relaxed alignment: the signing domain is the sender's, or one above or below it."""
    one, other = domain.casefold(), sender
    return bool(one) and (one == other or other.endswith(f".{one}") or one.endswith(f".{other}"))
