"""Reckoning: every move between campaigns that is over is held against what came of it."""

from collections import defaultdict
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.campaign.expected_gain import SPAN, Checked, Move, check, is_ripe
from drumbeat.core.campaign.lesson import Effect
from drumbeat.core.governance import budget_move
from drumbeat.cycle import moves
from drumbeat.cycle.desk import Office
from drumbeat.gate.sequence import came_of
from drumbeat.store import cycles, ledger, proposals, readings
from drumbeat.store.effects import EffectStatus
from drumbeat.store.proposals import Status

# How soon plans go by a decision about what they may have.
_NEXT_PLAN = timedelta(days=7)
_WEEK = 7

Days = dict[date, float]


def check_due(office: Office, waiting: str) -> None:
    """A ledger entry each, and a lesson for both campaigns; ``waiting`` is the list they are on."""
    with office.database.read() as connection:
        kept = moves.of(connection, waiting)
    for move in kept.open:
        with office.database.read() as connection:
            made_at = _made_at(connection, move)
            if made_at is None and office.now - move.asked_at <= moves.PATIENCE:
                continue
            if made_at is not None and not is_ripe(made_at, office.now):
                continue
            own = _own_days(connection, move, made_at) if made_at is not None else {}
            found = _measured(connection, move, own, made_at) if made_at is not None else None
        _tell(office, move, found, moves.effect_of(found, own))


def _tell(office: Office, move: Move, found: Checked | None, effect: Effect | None) -> None:
    with office.database.write() as transaction:
        entry = ledger.append(
            transaction,
            moves.CHECKED,
            at=office.now,
            actor="agent:optimizer",
            subject="portfolio",
            # What runs was moved to it: its page shows what came of that.
            campaign=move.gained if len(move.proposals) == 1 else "",
            **moves.told(move, found),
            **moves.evidence(transaction, move, effect),
        )
        moves.closed(transaction, move)
        for campaign in move.expected.targets if effect is not None else ():
            newest = cycles.of_campaign(transaction, campaign, 1)
            if newest:
                cited = f"{entry.seq}"
                lesson = moves.lesson(
                    move, found, effect, cited, (campaign, newest[0].id, office.now)
                )
                moves.learn(transaction, campaign, lesson)


def _made_at(connection: sa.Connection, move: Move) -> datetime | None:
    """When what runs went by it: with its last part, or, of what plans may have, within a week of
    the last approval. None while something of it is missing."""
    found = [proposals.load(connection, one) for one in move.proposals]
    done = [one for one in found if one and one.status in (Status.ALLOWED, Status.APPROVED)]
    if len(done) < len(move.proposals):
        return None
    if done[0].proposal.action.kind == budget_move.KIND:
        ends = [
            one.finished_at if one is not None and one.status is EffectStatus.DONE else None
            for one in came_of(connection, done[0].proposal).values()
        ]
        known = [at for at in ends if at is not None]
        return max(known) if known and len(known) == len(ends) else None
    return max(one.decided_at or one.proposal.proposed_at for one in done) + _NEXT_PLAN


def _own_days(connection: sa.Connection, move: Move, made_at: datetime) -> Days:
    """The campaigns' conversions by day, before and after."""
    since = made_at - SPAN - timedelta(days=1)
    found = readings.daily_of(connection, move.expected.targets, ("conversions",), since)
    own: dict[date, float] = defaultdict(float)
    for metrics in found.values():
        for day, value in metrics.get("conversions", {}).items():
            own[day.date()] += value
    return dict(own)


def _measured(
    connection: sa.Connection, move: Move, own: Days, made_at: datetime
) -> Checked | None:
    """What changed of the campaigns' days; the shop's orders stand for the trend."""
    shop = readings.daily(connection, "", made_at - SPAN - timedelta(days=1)).get("orders", {})
    return check(move.expected, own, {day.date(): v for day, v in shop.items()}, made_at)
