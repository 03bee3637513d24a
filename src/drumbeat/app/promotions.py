"""Promotions: what agents have earned, and what tests have shown of the library's claims, is
proposed by itself, for people to decide at the review.

It looks once a day: at what agents have lost by drift every day, at what they have earned on the
Monday of the review, an hour before the week's letters.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from drumbeat.app import claims
from drumbeat.app.autonomy import Words, next_phase, promotion
from drumbeat.app.autonomy_levels import level_wish, levels_now
from drumbeat.app.compose import App
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.autonomy import LEAST_CASES
from drumbeat.core.governance.facts import Unread
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate import demotion, levels, phases
from drumbeat.gate.facts import read_current
from drumbeat.gate.submit import judge
from drumbeat.store import settings
from drumbeat.store.proposals import Judged

# The agent that asks; the gate lets no agent answer.
_BY = Actor.agent("optimizer")
_HOUR = 6
_LAST = "promotions:last"


def look(app: App, transaction: sa.Connection) -> datetime:
    """Take back what drift has cost, and once a week ask for what was earned; when to look again.

    A workspace that has never been looked at begins with the next Monday.
    """
    local = app.clock.now().astimezone(zone_of(app))
    demotion.look_for_drift(app.gate.door, transaction)
    this = _monday(local).date().isoformat()
    kept = settings.get(transaction, _LAST)
    if kept is None or kept < this:
        if kept is not None:
            ask(app, transaction)
        settings.put(transaction, _LAST, this)
    ahead = local.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return ahead if ahead > local else ahead + timedelta(days=1)


def ask(app: App, transaction: sa.Connection) -> tuple[Judged, ...]:
    """Propose every promotion that was earned, and every change of a claim that a test has shown,
    that nobody has asked for, or turned down on the same evidence."""
    door = app.gate.door
    earned = list(_earned(app, transaction, Words.of(transaction)))
    shown = list(claims.wishes(app, transaction, _BY))
    return (
        *(judge(door, transaction, one, Unread.UNREAD) for one in earned),
        *(judge(door, transaction, one, read_current(door, one.action)) for one in shown),
    )


def _earned(app: App, connection: sa.Connection, words: Words) -> Iterator[Proposal]:
    for campaign in app.files.campaigns:
        if phases.target_of(campaign) not in words.waiting:
            wish = next_phase(app, connection, campaign, words)
            if wish.ready.is_ready:
                opens = ", ".join(wish.ready.opens) or "nothing new"
                why = f"people agreed often enough for {wish.ready.next}; it opens {opens}"
                yield promotion(app, wish, _BY, why)
    for line in levels_now(app, connection, words):
        target = levels.target_of(line.kind, line.channel)
        if line.ready.is_ready and line.ready.next is not None and target not in words.waiting:
            if line.found is None or line.found.cases < LEAST_CASES:
                continue  # people may raise a low risk without any case; agents do not ask for it
            why = f"people agreed often enough for `{line.ready.next}`"
            yield level_wish(app, line, line.ready.next, _BY, why)


def zone_of(app: App) -> ZoneInfo:
    """The workspace's own zone, in which its week begins."""
    return ZoneInfo(app.files.workspace.timezone)


def _monday(local: datetime) -> datetime:
    """The last Monday morning that has come."""
    this = local.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    this -= timedelta(days=local.weekday())
    return this if this <= local else this - timedelta(days=7)
