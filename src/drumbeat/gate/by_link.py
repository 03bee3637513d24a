"""By link: an answer given from a mail: shown by opening, given by a deliberate post, once.

Mail programs and scanners open every link, so opening changes nothing at all. High risk is never
answered this way: it takes signing in and confirming who one is.
"""

from dataclasses import dataclass
from enum import StrEnum

from drumbeat.core.governance.approval import CHANGED, UNPROVEN
from drumbeat.core.governance.matrix import Risk
from drumbeat.core.operations.escalation import EscalationState
from drumbeat.gate import answer, in_hand
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.door import Door
from drumbeat.gate.link import Link, LinkKind, occasion_of, unseal
from drumbeat.store import escalations, ledger, once, proposals
from drumbeat.store.escalations import EscalationRow
from drumbeat.store.proposals import Status

_VIA = "link"


class Word(StrEnum):
    """What a person can say by link."""

    APPROVE = "approve"
    REJECT = "reject"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True)
class Opened:
    """A link that can be answered. ``needs_proof``: not by itself, only signed in."""

    link: Link
    needs_proof: bool = False
    escalation: EscalationRow | None = None


@dataclass(frozen=True)
class Spoilt:
    """A link nothing can be done with, and why; ``link`` where it was once ours."""

    why: str
    link: Link | None = None


def open_link(door: Door, token: str) -> Opened | Spoilt:
    """What the link is about, as things stand now."""
    link = unseal(token, door.key)
    if link is None:
        return Spoilt("it was not made here, or not all of it arrived")
    if link.until <= door.now:
        return Spoilt("it has lapsed", link)
    if door.rules.person(link.account) is None:
        return Spoilt("the person it was sent to is no longer here", link)
    with door.database.read() as connection:
        if once.is_used(connection, _use(link)):
            return Spoilt("it was used already", link)
    match link.kind:
        case LinkKind.DECISION:
            return _open_decision(door, link)
        case LinkKind.ESCALATION:
            return _open_escalation(door, link)


def answer_link(
    door: Door, token: str, word: Word, reason: str, code: str = "other"
) -> Answered | NotAnswered | in_hand.Outcome:
    """Answer in the name of the person it was sent to. An answer that does not count leaves the
    link as it was."""
    opened = open_link(door, token)
    if isinstance(opened, Spoilt):
        return NotAnswered(opened.why)
    if opened.needs_proof:
        return NotAnswered(UNPROVEN, needs_proof=True)
    link = opened.link
    # Claimed first: of two at once, one answers; a crash in between costs a sign-in, no more.
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        if not once.claim(transaction, _use(link), link.until, door.now):
            return NotAnswered("it was used already")
    said = _say(door, link, word, reason, code)
    if isinstance(said, NotAnswered | in_hand.NotHandled):
        with door.database.write() as transaction:
            once.release(transaction, _use(link))
    return said


def _say(
    door: Door, link: Link, word: Word, reason: str, code: str
) -> Answered | NotAnswered | in_hand.Outcome:
    match link.kind, word:
        case LinkKind.DECISION, Word.APPROVE:
            return answer.approve(
                door, link.subject, link.account, link.fingerprint, reason, via=_VIA
            )
        case LinkKind.DECISION, Word.REJECT:
            return answer.reject(
                door,
                link.subject,
                link.account,
                reason,
                code,
                via=_VIA,
                fingerprint=link.fingerprint,
            )
        case LinkKind.ESCALATION, Word.ACKNOWLEDGE:
            return in_hand.acknowledge(door, link.subject, link.account)
        case _:
            return NotAnswered(f"this link is not there to {word}")


def _open_decision(door: Door, link: Link) -> Opened | Spoilt:
    with door.database.read() as connection:
        judged = proposals.load(connection, link.subject)
    if judged is None:
        return Spoilt("what it asked about is gone", link)
    if judged.status is not Status.WAITING:
        return Spoilt("it has been answered already", link)
    if judged.proposal.fingerprint != link.fingerprint:
        return Spoilt(CHANGED, link)
    return Opened(link, needs_proof=answer.risk_of(door, judged) is Risk.HIGH)


def _open_escalation(door: Door, link: Link) -> Opened | Spoilt:
    with door.database.read() as connection:
        row = escalations.load(connection, link.subject)
    if row is None or occasion_of(row) != link.fingerprint:
        return Spoilt("what it was about is over", link)
    if row.state != EscalationState.OPEN:
        return Spoilt(f"it is {row.state} already", link)
    return Opened(link, escalation=row)


def _use(link: Link) -> str:
    return f"link:{link.key}"
