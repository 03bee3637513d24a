"""Portfolio: once a week the money of whole campaigns is weighed; people decide what moves."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from drumbeat.agents.improving.allocation import Shift, Source
from drumbeat.agents.improving.case import SpendDay
from drumbeat.agents.improving.heeding import held_by
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.daily import per_day
from drumbeat.core.campaign.expected_gain import SPAN, Checked, Move, check, is_ripe
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.governance.teaching import heed
from drumbeat.core.money import Money
from drumbeat.cycle import moves
from drumbeat.cycle.desk import Office
from drumbeat.cycle.library import Library
from drumbeat.gate import internal, reads
from drumbeat.store import ledger, proposals, readings, settings
from drumbeat.store.proposals import Status

# The setting a decision leaves: what a campaign may plan with a day, in minor units.
DAILY_TOTAL = "daily_total"
_MONDAY = 0
_CURVES, _MATURES = timedelta(days=180), timedelta(days=7)
_LATELY = 28
_LASTS = timedelta(days=7)
# Where moves between campaigns wait for their check, and how soon plans go by a decision.
_LIST, _NEXT_PLAN = "portfolio", timedelta(days=7)


def weigh_weekly(office: Office) -> None:
    """Propose a shift between campaigns where their curves are known; hold, and say why, else."""
    if office.now.weekday() != _MONDAY:
        return
    _check_due(office)
    sources = [one for one in (_source(office, c) for c in _paid(office.library)) if one]
    if len(sources) < 2:
        return
    found = office.team.optimizer.between(sources)
    if found.shift is None:
        unknown = {name: one.detail for name, one in sorted(found.unknown.items())}
        told = "; ".join(f"{n}: {why}" for n, why in unknown.items())
        text = told or "no move between campaigns is worth more than noise"
        _hold(office, "not identified" if unknown else "within noise", text)
        return
    wanted = list(_proposals(office, found.shift, sources))
    lesson = _lesson(office, wanted)
    if lesson is not None:
        hold = held_by(lesson)
        _hold(office, hold.reason, hold.text, [str(one) for one in hold.evidence])
        return
    _ask(office, found.shift, wanted)


def _lesson(office: Office, wanted: Iterable[Proposal]) -> Constraint | None:
    """What a person said against any part of the move: without a part there is no move."""
    seen = reads.sight(office.gate.door, office.team.optimizer.role)
    with office.database.read() as connection:
        overrides = reads.lessons(office.gate.door, connection, seen)
    if seen.seen or seen.denied:
        _note_reads(office, seen)
    found = (heed(one.action, overrides, office.now) for one in wanted)
    return next((one.lesson for one in found if one.action is None), None)


def _note_reads(office: Office, seen: Sight) -> None:
    """One line for the day's looks, however many there are."""
    mark, today = "portfolio-read", office.now.date().isoformat()
    with office.database.write() as transaction:
        if settings.get(transaction, mark) != today:
            settings.put(transaction, mark, today)
            reads.close(office.gate.door, transaction, seen)


def _ask(office: Office, shift: Shift, wanted: list[Proposal]) -> None:
    """Ask people for the move, and keep what it is expected to bring."""
    answers = [office.gate.submit(one) for one in wanted]
    if all(one.status in (Status.ALLOWED, Status.WAITING) for one in answers):
        made = Move(
            proposals=tuple(one.id for one in wanted),
            campaign=_LIST,
            why=shift.why,
            gained=max(shift.by, key=lambda name: shift.by[name]),
            expected=shift.expected,
            asked_at=office.now,
        )
        moves.keep(office.database, made)


def _hold(office: Office, code: str, text: str, evidence: Iterable[str] = ()) -> None:
    """Money stays where it is, and the ledger says why; once a Monday."""
    mark, today = "portfolio-weighed", office.now.date().isoformat()
    with office.database.write() as transaction:
        if settings.get(transaction, mark) == today:
            return  # told before this look was lost and taken again
        settings.put(transaction, mark, today)
        ledger.append(
            transaction,
            "held_steady",
            at=office.now,
            actor="agent:optimizer",
            subject="portfolio",
            code=code,
            text=text,
            evidence=list(evidence),
        )


def _check_due(office: Office) -> None:
    """Hold every shift between campaigns that is over against what came: a ledger entry each."""
    with office.database.read() as connection:
        kept = moves.of(connection, _LIST)
    for move in kept.open:
        with office.database.read() as connection:
            made_at = _made_at(connection, move)
            if made_at is None and office.now - move.asked_at <= moves.PATIENCE:
                continue
            if made_at is not None and not is_ripe(made_at, office.now):
                continue
            found = _measured(connection, move, made_at) if made_at is not None else None
        with office.database.write() as transaction:
            ledger.append(
                transaction,
                moves.CHECKED,
                at=office.now,
                actor="agent:optimizer",
                subject="portfolio",
                **moves.told(move, found),
            )
            moves.closed(transaction, move)


def _made_at(connection: sa.Connection, move: Move) -> datetime | None:
    """When the plans went by it: within a week of the last approval. None while one is missing."""
    found = [proposals.load(connection, one) for one in move.proposals]
    done = [one for one in found if one and one.status in (Status.ALLOWED, Status.APPROVED)]
    if len(done) < len(move.proposals):
        return None
    return max(one.decided_at or one.proposal.proposed_at for one in done) + _NEXT_PLAN


def _measured(connection: sa.Connection, move: Move, made_at: datetime) -> Checked | None:
    """The campaigns' own days before and after; the shop's orders stand for the trend."""
    since = made_at - SPAN - timedelta(days=1)
    found = readings.daily_of(connection, move.expected.targets, ("conversions",), since)
    own: dict[date, float] = defaultdict(float)
    for metrics in found.values():
        for day, value in metrics.get("conversions", {}).items():
            own[day.date()] += value
    shop = readings.daily(connection, "", since).get("orders", {})
    return check(move.expected, own, {day.date(): v for day, v in shop.items()}, made_at)


def _paid(library: Library) -> Iterable[Campaign]:
    return (one for one in library.campaigns.values() if Channel.ADS in one.channels)


def _source(office: Office, campaign: Campaign) -> Source | None:
    """A campaign with its daily spend and conversions; None before it has any."""
    name, now = campaign.campaign, office.now
    with office.database.read() as connection:
        found = readings.daily_of(connection, (name,), ("spend", "conversions"), now - _CURVES).get(
            name, {}
        )
        chosen = settings.get(connection, internal.chosen_by(name), {}).get(DAILY_TOTAL)
    days = _days(found, now - _MATURES)
    if not days:
        return None
    lately = days[-_LATELY:]
    budget = int(chosen) if chosen else round(sum(d.spend_minor for d in lately) / len(lately))
    low, high = map(float, per_day(campaign.budget.range))
    step = campaign.budget.per_change or 0.2
    least, most = max(low, budget * (1 - step)), min(high, budget * (1 + step))
    if not least <= budget <= most:
        return None  # what runs is outside the range: no move, but a person's matter
    return Source(name, campaign.name or name, budget, least, most, days)


def _days(found: dict[str, dict[datetime, float]], until: datetime) -> tuple[SpendDay, ...]:
    by_day: dict[datetime, dict[str, float]] = defaultdict(dict)
    for metric, days in found.items():
        for day, value in days.items():
            by_day[day][metric] = value
    return tuple(
        SpendDay(day.date(), round(counts["spend"]), counts.get("conversions", 0.0))
        for day, counts in sorted(by_day.items())
        if "spend" in counts and day < until
    )


def _proposals(office: Office, shift: Shift, sources: list[Source]) -> Iterable[Proposal]:
    """One a campaign, what is lowered first; two people are asked for each."""
    budgets = {one.name: one.budget for one in sources}
    for name, by in sorted(shift.by.items(), key=lambda pair: (pair[1], pair[0])):
        campaign = office.library.campaigns[name]
        with office.database.read() as connection:
            chosen = settings.get(connection, internal.chosen_by(name), {})
        action = Action(
            kind="budget.allocate",
            channel=Channel.WORKSPACE,
            connection="workspace",
            campaign=name,
            target=f"setting:{name}/{DAILY_TOTAL}",
            before=chosen.get(DAILY_TOTAL),
            after=str(budgets[name] + by),
            spend_delta=Money(minor=by, currency=campaign.currency),
        )
        yield propose(
            action,
            Actor.agent("optimizer"),
            shift.why,
            now=office.now,
            expires_at=office.now + _LASTS,
            evidence=(Evidence(text=shift.expected.sentence, source=f"readings/{name}"),),
            confidence=Confidence(
                effect=shift.effect,
                standard_error=shift.error,
                sample_size=shift.sample,
                signals=("conversions",),
            ),
            if_nothing="money goes on where the next of it brings less",
            occasion=office.now.date().isoformat(),
        )
