"""Portfolio: once a week the money of whole campaigns is weighed; people decide what moves."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from drumbeat.agents.improving.allocation import Shift, Source
from drumbeat.agents.improving.case import SpendDay
from drumbeat.agents.improving.heeding import held_by
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.daily import per_day
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.governance.teaching import heed
from drumbeat.core.money import Money
from drumbeat.cycle.desk import Office
from drumbeat.cycle.library import Library
from drumbeat.gate import internal, reads
from drumbeat.store import ledger, readings, settings

# The setting a decision leaves: what a campaign may plan with a day, in minor units.
DAILY_TOTAL = "daily_total"
_MONDAY = 0
_CURVES, _MATURES = timedelta(days=180), timedelta(days=7)
_LATELY = 28
_LASTS = timedelta(days=7)


def weigh_weekly(office: Office) -> None:
    """Propose a shift between campaigns where their curves are known; hold, and say why, else."""
    if office.now.weekday() != _MONDAY:
        return
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
    for proposal in wanted:
        office.gate.submit(proposal)


def _lesson(office: Office, wanted: Iterable[Proposal]) -> Constraint | None:
    """What a person said against any part of the move: without a part there is no move."""
    seen = reads.sight(office.gate.door, office.team.optimizer.role)
    with office.database.read() as connection:
        overrides = reads.lessons(office.gate.door, connection, seen)
    if seen.seen or seen.denied:
        with office.database.write() as transaction:
            reads.close(office.gate.door, transaction, seen)
    found = (heed(one.action, overrides, office.now) for one in wanted)
    return next((one.lesson for one in found if one.action is None), None)


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
