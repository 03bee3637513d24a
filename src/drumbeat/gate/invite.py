"""Invite: the links a notice carries: to decide what waits, and to take an escalation in hand.

They are made from the notice alone, so that one that is sent again carries the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.connectors.notifiers.contract import MessageLink
from drumbeat.core.canonical import name
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.verdict import Ask
from drumbeat.core.operations.escalation import AlertKind, EscalationState
from drumbeat.gate.delegate import lent_to
from drumbeat.gate.door import Door
from drumbeat.gate.link import Link, LinkKind, occasion_of, seal
from drumbeat.store import escalations, notices, proposals
from drumbeat.store.escalations import EscalationRow
from drumbeat.store.notices import Notice
from drumbeat.store.proposals import Judged, Status

# As long as an approval itself would count.
LIFE = timedelta(hours=72)
_MOST = 6


@dataclass(frozen=True)
class Letter:
    """What links are bound to: the person, and the message that carries them."""

    id: str
    person: str
    at: datetime


def links_of(door: Door, connection: sa.Connection, notice: Notice) -> tuple[MessageLink, ...]:
    """What its person can do about a notice, or about what a digest tells of; at most six."""
    if not door.rules.site:
        return ()
    letter = Letter(notice.id, notice.person, notice.made_at)
    told = [notice] if notice.escalation else notices.folded(connection, notice.id)
    found: dict[str, MessageLink] = {}
    for one in told:
        row = escalations.load(connection, one.escalation)
        if row is not None and row.state == EscalationState.OPEN:
            for judged in _asked(connection, row):
                found |= _decide(door, connection, letter, judged)
            found[row.id] = _in_hand(door, letter, row)
    return tuple(found.values())[:_MOST]


def decision_link(door: Door, letter: Letter, judged: Judged) -> MessageLink:
    """The way to one decision for the letter's person."""
    asked = judged.proposal
    link = Link(
        kind=LinkKind.DECISION,
        subject=asked.id,
        fingerprint=asked.fingerprint,
        account=letter.person,
        until=min(letter.at + LIFE, asked.expires_at),
        key=name("link", letter.id, asked.id),
    )
    about = f" ({asked.action.campaign})" if asked.action.campaign else ""
    return MessageLink(
        f"Approve or reject: {KINDS[asked.action.kind].title}{about}", at(door, link)
    )


def can_answer(door: Door, connection: sa.Connection, person: str, judged: Judged) -> bool:
    """Whether this person's answer could count: by a role of their own, or one lent to them."""
    account = door.rules.person(person)
    need = judged.verdict.need if isinstance(judged.verdict, Ask) else None
    wanted = set(need.roles) if need else set()
    if need and account and person in need.people:
        return True
    if account is None or not wanted:
        return False
    lent = (roles for _, roles in lent_to(door, connection, account, judged.proposal.id))
    return any(roles & wanted for roles in (account.roles, *lent))


def at(door: Door, link: Link) -> str:
    """The address of a link."""
    return f"{door.rules.site}/by-link/{seal(link, door.key)}"


def _decide(
    door: Door, connection: sa.Connection, letter: Letter, judged: Judged
) -> Iterator[tuple[str, MessageLink]]:
    if judged.status is Status.WAITING and can_answer(door, connection, letter.person, judged):
        yield judged.proposal.id, decision_link(door, letter, judged)


def _asked(connection: sa.Connection, row: EscalationRow) -> list[Judged]:
    """The decisions an escalation is about: the one that is late, or those its cycle waits for."""
    if row.kind == AlertKind.DECISION:
        judged = proposals.load(connection, str(row.detail.get("key", "")))
        return [judged] if judged else []
    return proposals.of_cycle(connection, row.cycle) if row.cycle else []


def _in_hand(door: Door, letter: Letter, row: EscalationRow) -> MessageLink:
    link = Link(
        kind=LinkKind.ESCALATION,
        subject=row.id,
        fingerprint=occasion_of(row),
        account=letter.person,
        until=letter.at + LIFE,
        key=name("link", letter.id, row.id),
    )
    return MessageLink("Take it in hand, so that nobody else is called", at(door, link))
