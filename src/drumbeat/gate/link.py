"""Link: a signed pointer in a mail to one question, for one person, until it lapses.

It carries no right of its own: whoever follows it is shown the question, and an answer is given
in the name of the person it was sent to, through the same function as every other answer.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from drumbeat.gate.seal import opened, packed, sealed
from drumbeat.store.escalations import EscalationRow

_MARK = b"drumbeat link:"
_LONGEST_TOKEN = 1000


class LinkKind(StrEnum):
    """What a signed link in a mail asks about."""

    DECISION = "decision"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class Link:
    """``account`` is asked about ``subject`` as ``fingerprint`` names it. ``key`` tells it from
    every other link; whole seconds count in ``until``."""

    kind: LinkKind
    subject: str
    fingerprint: str
    account: str
    until: datetime
    key: str


def seal(link: Link, secret: bytes) -> str:
    """The link as it stands in an address; the same link is always the same text."""
    fields = [
        str(link.kind),
        link.subject,
        link.fingerprint,
        link.account,
        int(link.until.timestamp()),
        link.key,
    ]
    return sealed(packed(json.dumps(fields, separators=(",", ":")).encode()), _MARK, secret)


def unseal(token: str, secret: bytes) -> Link | None:
    """The link as it was sealed here; None for anything else. It may have lapsed."""
    body = opened(token, _MARK, secret, _LONGEST_TOKEN)
    if body is None:
        return None
    kind, subject, fingerprint, account, until, key = json.loads(
        base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    )
    ends = datetime.fromtimestamp(until, UTC)
    return Link(LinkKind(kind), subject, fingerprint, account, ends, key)


def occasion_of(row: EscalationRow) -> str:
    """What a link to an escalation is bound to: this time the failure was noticed, not the next."""
    return row.opened_at.isoformat()
