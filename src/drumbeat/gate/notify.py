"""Notify: the door to people. What they must know is written with its cause and sent afterwards.

The inbox is the notice itself: written is told. Every other way is tried until it works, under
the same key, and never waits for a freeze or a permit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.connectors.notifiers.contract import Message, NotTold
from drumbeat.core.campaign.quiet_hours import QuietHours
from drumbeat.core.canonical import name
from drumbeat.core.operations.escalation import Manner
from drumbeat.core.operations.grouping import WINDOW, deliver, digest_text
from drumbeat.gate.door import NOTICES, Door
from drumbeat.gate.invite import links_of
from drumbeat.store import dues, ledger, notices
from drumbeat.store.notices import INBOX, Notice, NoticeState

# Another worker may take over a notice whose sending has taken this long.
_LEASE = timedelta(minutes=5)
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_MOST_ATTEMPTS = 12


@dataclass(frozen=True)
class News:
    """What people are told: about which escalation, and why just now (``occasion``)."""

    escalation: str
    campaign: str
    severity: str
    text: str
    occasion: str
    manner: Manner = Manner.NEWS
    quiet: QuietHours | None = None


def tell(door: Door, transaction: sa.Connection, people: Iterable[str], news: News) -> None:
    """Write a notice for each person and each way of reaching them; the digest comes later."""
    # One writer at a time: nothing may join a digest that is being sent.
    ledger.serialize(transaction)
    for person in people:
        ways = [via for via, way in door.ways.items() if way.takes(person, news.severity)]
        for via in (INBOX, *ways):
            _write(door, transaction, person, via, news)


@dataclass(frozen=True)
class Post:
    """A letter to one person by one way: ``about`` names its occasion."""

    id: str
    person: str
    via: str
    about: str
    subject: str
    text: str
    html: str


def post(door: Door, transaction: sa.Connection, letter: Post) -> bool:
    """Write a letter to be sent at once, by this way whatever it takes; False: it is known."""
    now = door.now
    made = Notice(
        id=letter.id,
        escalation=letter.about,
        campaign="",
        person=letter.person,
        via=letter.via,
        severity="letter",
        text=letter.text,
        state=NoticeState.WAITING,
        made_at=now,
        due_at=now,
        subject=letter.subject,
        html=letter.html,
    )
    _wake(transaction, now)
    return notices.add(transaction, made)


def send_due(door: Door) -> datetime | None:
    """Send what is due; returns when there will be more. Called outside any transaction."""
    with door.database.read() as connection:
        waiting = notices.due(connection, door.now)
    for notice in waiting:
        taken = _take(door, notice)
        if taken is not None:
            _send(door, taken)
    with door.database.read() as connection:
        return notices.next_due(connection)


def _write(door: Door, transaction: sa.Connection, person: str, via: str, news: News) -> None:
    now = door.now
    before = notices.told(transaction, person, via, now - WINDOW)
    how = deliver(news.manner, news.severity, before, now)
    made = Notice(
        id=name("note", news.escalation, news.occasion, person, via),
        escalation=news.escalation,
        campaign=news.campaign,
        person=person,
        via=via,
        severity=news.severity,
        text=news.text,
        state=NoticeState.SENT,
        made_at=now,
        sent_at=now,
    )
    if not how.at_once:
        digest = _digest(transaction, made, how.at)
        made = replace(made, state=NoticeState.FOLDED, sent_at=None, digest=digest.id)
        _wake(transaction, digest.due_at)
    elif via != INBOX:
        due = news.quiet.ends_after(now) if news.quiet else now
        made = replace(made, state=NoticeState.WAITING, sent_at=None, due_at=due)
        _wake(transaction, due)
    notices.add(transaction, made)


def _digest(transaction: sa.Connection, first: Notice, at: datetime) -> Notice:
    """The digest that collects for this person and way; made when there is none."""
    known = notices.open_digest(transaction, first.person, first.via)
    if known is not None:
        return known
    made = replace(
        first,
        id=name("digest", first.person, first.via, at),
        escalation="",
        campaign="",
        text="",
        state=NoticeState.WAITING,
        sent_at=None,
        due_at=at,
    )
    notices.add(transaction, made)
    return made


def _wake(transaction: sa.Connection, at: datetime | None) -> None:
    if at is not None:
        dues.schedule(transaction, NOTICES, at)


def _take(door: Door, seen: Notice) -> Notice | None:
    """Claim it by compare-and-set, so that of several workers one sends it."""
    until = door.now + _LEASE
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        text = seen.text or digest_text([n.text for n in notices.folded(transaction, seen.id)])
        if not notices.claim(transaction, seen, until, text):
            return None
        if seen.via == INBOX:
            taken = replace(seen, attempt=seen.attempt + 1)
            notices.settle(transaction, taken, NoticeState.SENT, sent_at=door.now)
            return None
    return replace(seen, attempt=seen.attempt + 1, text=text, due_at=until)


def _send(door: Door, taken: Notice) -> None:
    """Send one that is ours. A crash from here on sends it again, under the same key."""
    try:
        _over(door, taken)
    except NotTold as error:
        _failed(door, taken, str(error), for_good=error.permanent)
    except Exception as error:  # a notifier's own defect must not keep the others waiting
        _failed(door, taken, f"{type(error).__name__}: {error}", for_good=False)
    else:
        with door.database.write() as transaction:
            notices.settle(transaction, taken, NoticeState.SENT, sent_at=door.now)


def _over(door: Door, taken: Notice) -> None:
    way, person = door.ways.get(taken.via), door.rules.people.get(taken.person)
    if way is None or person is None:
        raise NotTold(f"drumbeat.yaml no longer has {taken.person} or {taken.via}", permanent=True)
    with door.database.read() as connection:
        links = links_of(door, connection, taken) if way.is_personal else ()
    where = f"{taken.campaign}: " if taken.campaign else ""
    message = Message(
        to=person,
        subject=taken.subject or f"[{taken.severity}] {where}{taken.text}"[:160],
        text=taken.text,
        severity=taken.severity,
        campaign=taken.campaign,
        at=taken.made_at,
        links=links,
        html=taken.html,
    )
    way.notifier.notify(message, taken.id)


def _failed(door: Door, taken: Notice, why: str, *, for_good: bool) -> None:
    """Try again later; what cannot be sent stays in the inbox, and the ledger says so."""
    given_up = for_good or taken.attempt >= _MOST_ATTEMPTS
    again = door.now + min(_FIRST_PAUSE * (1 << (taken.attempt - 1)), _LONGEST_PAUSE)
    state = NoticeState.FAILED if given_up else NoticeState.WAITING
    due_at = None if given_up else again
    with door.database.write() as transaction:
        settled = notices.settle(transaction, taken, state, due_at=due_at, error=why[:300])
        if settled and given_up:
            ledger.append(
                transaction,
                "notice_failed",
                at=door.now,
                actor="system:notices",
                subject=taken.escalation or taken.id,
                campaign=taken.campaign,
                person=taken.person,
                via=taken.via,
                why=why[:300],
            )
