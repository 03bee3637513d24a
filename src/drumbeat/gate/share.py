"""Share: assets shown to somebody without an account, by a link that lapses and can be taken back.

The link lets look at what is to be judged, and where its maker allows it lets leave a remark. A
guest's remark is a remark: it answers nothing, teaches nothing and counts nowhere as an approval.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from drumbeat.core.canonical import digest, name
from drumbeat.gate.barred import barred
from drumbeat.gate.comment import LONGEST, NotSaid
from drumbeat.gate.door import Door
from drumbeat.gate.notify import News, tell
from drumbeat.gate.recipients import manager, people_of
from drumbeat.gate.seal import opened, sealed
from drumbeat.store import comments, ledger, shares
from drumbeat.store.comments import Comment
from drumbeat.store.shares import Share

LASTS_AT_MOST = timedelta(days=30)
# Showing what nobody has approved yet to somebody outside is for those who answer for it.
MAY_SHARE = frozenset({"operator", "manager", "approver:brand"})
_MARK = b"drumbeat share:"
_LONGEST_NAME, _LONGEST_TOKEN = 80, 300
# Whoever has the link can write; nobody reads more than this.
_MOST_REMARKS = 200


@dataclass(frozen=True)
class NotShared:
    """Nothing is shown, and why."""

    why: str


def share(
    door: Door,
    subject: str,
    account: str,
    *,
    cycle: str,
    campaign: str,
    whom: str,
    span: timedelta,
    may_comment: bool,
) -> Share | NotShared:
    """Let whoever has the link look at an asset, or at all of a cycle's, for a while."""
    if why := barred(door, account, MAY_SHARE, "share"):
        return NotShared(why)
    called = whom.strip()
    if not called or len(called) > _LONGEST_NAME:
        return NotShared("say whom it is for, so that people know whose link to take back")
    if not timedelta() < span <= LASTS_AT_MOST:
        return NotShared(f"a link lasts {LASTS_AT_MOST.days} days at most")
    now = door.now
    with door.database.write() as transaction:
        # Asking twice at once is one link; asking again for one that was taken back is another.
        ended = sum(one.ended_at is not None for one in shares.of_cycle(transaction, cycle))
        made = Share(
            id=name("shr", subject, account, called, now.isoformat(), ended),
            cycle=cycle,
            subject=subject,
            campaign=campaign,
            whom=called,
            by=account,
            at=now,
            until=now + span,
            may_comment=may_comment,
        )
        if shares.add(transaction, made):
            _note(door, transaction, "shared", made, account)
    return made


def unshare(door: Door, share_id: str, account: str) -> Share | NotShared:
    """Take a link back: from now on it shows nothing."""
    if why := barred(door, account, MAY_SHARE, "share"):
        return NotShared(why)
    with door.database.write() as transaction:
        made = shares.load(transaction, share_id)
        if made is None:
            return NotShared("there is no such link")
        if shares.end(transaction, share_id, door.now):
            _note(door, transaction, "unshared", made, account)
    return made


def open_share(door: Door, token: str) -> Share | NotShared:
    """What the link shows, as things stand now; looking changes nothing."""
    share_id = opened(token, _MARK, door.key, _LONGEST_TOKEN)
    if share_id is None:
        return NotShared("it was not made here, or not all of it arrived")
    with door.database.read() as connection:
        made = shares.load(connection, share_id)
    if made is None:
        return NotShared("what it showed is gone")
    if made.ended_at is not None:
        return NotShared("it was taken back")
    if made.until <= door.now:
        return NotShared("it has lapsed")
    if barred(door, made.by, MAY_SHARE, "share"):
        return NotShared("whoever shared it is no longer here")
    return made


def token_of(made: Share, key: bytes) -> str:
    """The link as it stands in an address; the same share is always the same text."""
    return sealed(made.id, _MARK, key)


def remark(
    door: Door, token: str, asset: str, version: str, called: str, text: str
) -> Comment | NotSaid:
    """Keep a guest's remark on a version, under the name they gave.

    The words and the name are kept beside the ledger, which has their fingerprint.
    """
    made = open_share(door, token)
    if isinstance(made, NotShared):
        return NotSaid(made.why)
    if not made.may_comment or not made.holds(asset):
        return NotSaid("this link lets look, not comment")
    said, guest = text.strip(), " ".join(called.split())
    if not said or len(said) > LONGEST:
        return NotSaid(f"a comment has between 1 and {LONGEST:,} characters")
    if not guest or len(guest) > _LONGEST_NAME:
        return NotSaid(f"say who you are, in {_LONGEST_NAME} characters at most")
    by, now = guest_of(made), door.now
    kept = Comment(
        name("com", asset, version, by, guest, said), asset, version, by, now, said, guest
    )
    with door.database.write() as transaction:
        if comments.count_by(transaction, by) >= _MOST_REMARKS:
            return NotSaid("enough was said by this link; answer whoever sent it to you")
        if comments.add(transaction, kept):
            ledger.append(
                transaction,
                "guest_commented",
                at=now,
                actor=by,
                subject=asset,
                campaign=made.campaign,
                cycle=made.cycle,
                version=version,
                share=made.id,
                text_digest=digest([guest, said]),
            )
            _tell(door, transaction, made, kept)
    return kept


def _tell(door: Door, transaction: sa.Connection, made: Share, kept: Comment) -> None:
    """Tell whoever answers for the campaign, and whoever gave the link. The guest's words and
    name stay where they can be erased: no mail carries them."""
    owners = people_of(door, "owner", made.campaign) or (manager(door),)
    news = News(
        escalation=kept.id,
        campaign=made.campaign,
        severity="remark",
        text=f"a guest commented on what would go out: {door.rules.site}/assets/{kept.asset}",
        occasion="said",
    )
    tell(door, transaction, dict.fromkeys((*owners, made.by)), news)


def guest_of(made: Share) -> str:
    """Who speaks by a link: nobody with an account, and never mistaken for one."""
    return f"{comments.GUEST}{made.id}"


def _note(door: Door, transaction: sa.Connection, kind: str, made: Share, account: str) -> None:
    ledger.append(
        transaction,
        kind,
        at=door.now,
        actor=f"person:{account}",
        subject=made.subject,
        campaign=made.campaign,
        cycle=made.cycle,
        share=made.id,
        until=made.until.isoformat(),
        may_comment=made.may_comment,
    )
