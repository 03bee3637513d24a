"""Shadow cases: agents' recorded wishes, people's decisions and what was measured afterwards."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.governance.decision import Decision, of_action
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.shadow import (
    Outcome,
    Pair,
    ShadowCase,
    ShadowVerdict,
    judge,
    labels_apart,
    outcome_of,
    outcome_of_labels,
    pairs,
)
from drumbeat.store import objects, proposals, readings, shadow
from drumbeat.store.database import Database

# What comes of a decision is measured over a week, from the day after it.
_SETTLES = timedelta(days=1)
_FOLLOWED = timedelta(days=7)
# What mails and posts are judged by, and how long their counts still come in.
_RATE = {"send": ("clicks", "delivered"), "post": ("engagements", "impressions")}
_RIPENS = timedelta(days=3)
# How far back a campaign's time in shadow counts.
BACK = timedelta(days=180)


def judge_campaign(database: Database, campaign: str, now: datetime) -> tuple[ShadowCase, ...]:
    """Judge every occasion that is ripe with all that is known now, and keep the verdicts."""
    with database.read() as connection:
        judged = tuple(cases(connection, campaign, now))
    with database.write() as transaction:
        shadow.replace_cases(transaction, campaign, judged)
    return judged


def cases(connection: sa.Connection, campaign: str, now: datetime) -> Iterator[ShadowCase]:
    """An agreement counts at once; who was right where they differ takes a week to see."""
    did = shadow.decisions(connection, campaign, now - BACK)
    for pair in pairs(wishes(connection, campaign, now), did):
        early = judge(pair, None)
        if early.verdict is ShadowVerdict.AGREED:
            yield early
        elif now - pair.first.at >= _SETTLES + _FOLLOWED:
            choice = _choice(connection, campaign, pair, now)
            yield judge(pair, _outcome(connection, campaign, pair), choice)


def wishes(connection: sa.Connection, campaign: str, now: datetime) -> list[Decision]:
    """What agents would have done to a campaign, as far as it was only recorded."""
    asked = proposals.observed(connection, campaign, now - BACK)
    return [_wish(one.proposal) for one in asked if _is_wish(one.proposal)]


def _is_wish(proposal: Proposal) -> bool:
    """Agents' choices; not the launcher putting back what people changed about a launch."""
    is_repair = proposal.by.id == "launcher" and proposal.action.before is not None
    return proposal.by.is_agent and not is_repair


def _wish(proposal: Proposal) -> Decision:
    return of_action(
        proposal.action,
        at=proposal.proposed_at,
        by=str(proposal.by),
        why=proposal.why,
        source=proposal.id,
    )


def _choice(connection: sa.Connection, campaign: str, pair: Pair, now: datetime) -> Outcome | None:
    """How the campaign's mails or posts with the agent's words did beside those with the
    person's, over the time in shadow: nobody got both, but both were sent."""
    apart = labels_apart(pair)
    if not apart:
        return None
    over, under = _RATE[pair.first.target.partition(":")[0]]
    counts = readings.totals(connection, campaign, since=now - BACK, parts=False)
    mine: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    for one in objects.of_campaign(connection, campaign):
        own = counts.get(one.target, {}).get(("", ""), {})
        if not own.get(under) or one.goes_out_at + _RIPENS > now:
            continue
        for number, side in enumerate((mine, theirs)):
            if all(str(one.state.get(n, "")) == words[number] for n, words in apart.items()):
                side.append((own.get(over, 0.0), own[under]))
    words = ", ".join(f"{name} {pair[0]} against {pair[1]}" for name, pair in apart.items())
    return outcome_of_labels(mine, theirs, f"{over} of {under}, {words}")


def _outcome(connection: sa.Connection, campaign: str, pair: Pair) -> Outcome | None:
    """What a line item returned beside its campaign's others."""
    target, since = pair.first.target, pair.first.at + _SETTLES
    found = readings.totals(connection, campaign, since=since, until=since + _FOLLOWED, parts=False)
    counts = {t: parts["", ""] for t, parts in found.items() if t.startswith("line_item:")}
    mine = counts.pop(target, None)
    if mine is None:
        return None
    return outcome_of(
        mine.get("conversions", 0.0),
        mine.get("spend", 0.0),
        sum(one.get("conversions", 0.0) for one in counts.values()),
        sum(one.get("spend", 0.0) for one in counts.values()),
    )
