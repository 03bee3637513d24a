"""Portfolio: once a week the money of whole campaigns is weighed; people decide what moves."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.allocation import Shift, Source
from drumbeat.agents.improving.case import SpendDay
from drumbeat.agents.improving.heeding import held_by
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.daily import DAILY_TOTAL, per_day
from drumbeat.core.campaign.expected_gain import Move
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.governance.teaching import heed
from drumbeat.core.governance.verdict import Weight
from drumbeat.core.money import Money
from drumbeat.cycle import moves, reckoning
from drumbeat.cycle.desk import Office
from drumbeat.cycle.library import Library
from drumbeat.gate import internal, reads
from drumbeat.store import ledger, readings, settings
from drumbeat.store.proposals import Judged, Status

_MONDAY = 0
CURVES, MATURES = timedelta(days=180), timedelta(days=7)
# A campaign's base metrics by day.
Days = dict[str, dict[datetime, float]]
_LATELY = 28
_LASTS = timedelta(days=7)
# Where moves between campaigns wait for their check.
LIST = "portfolio"


def weigh_weekly(office: Office, *, all_run: bool = False) -> None:
    """Propose a shift between campaigns where their curves are known; hold, and say why, else.

    Where ``all_run``, what runs of them is moved itself, and plans go by that.
    """
    if office.now.weekday() != _MONDAY:
        return
    reckoning.check_due(office, LIST)
    if all_run:
        return
    sources = _comparable(office)
    if len(sources) < 2:
        return
    found = office.team.optimizer.between(sources)
    if found.shift is None:
        unknown = {name: one.detail for name, one in sorted(found.unknown.items())}
        told = "; ".join(f"{n}: {why}" for n, why in unknown.items())
        text = told or "no move between campaigns is worth more than noise"
        _hold(office, Hold(reason="not identified" if unknown else "within noise", text=text))
        return
    wanted = list(_proposals(office, found.shift, sources))
    lesson = lesson_of(office, wanted)
    if lesson is not None:
        _hold(office, held_by(lesson))
        return
    ask(office, found.shift, wanted)


def lesson_of(office: Office, wanted: Iterable[Proposal]) -> Constraint | None:
    """What a person said against any part of the move: without a part there is no move."""
    seen = reads.sight(office.gate.door, office.team.optimizer.role)
    with office.database.read() as connection:
        overrides = reads.lessons(office.gate.door, connection, seen)
    if seen.seen or seen.denied:
        note_reads(office, seen)
    found = (heed(one.action, overrides, office.now) for one in wanted)
    return next((one.lesson for one in found if one.action is None), None)


def note_reads(office: Office, seen: Sight, campaign: str = "") -> None:
    """One line for the day's looks at a campaign, or at what is nobody's own, however many."""
    mark, today = f"portfolio-read:{campaign}", office.now.date().isoformat()
    with office.database.write() as transaction:
        if settings.get(transaction, mark) != today:
            settings.put(transaction, mark, today)
            reads.close(office.gate.door, transaction, seen, campaign)


def ask(office: Office, shift: Shift, wanted: list[Proposal]) -> list[Judged]:
    """Ask people for the move, and keep what it is expected to bring; what the gate says."""
    answers = [office.gate.submit(one) for one in wanted]
    if all(one.status in (Status.ALLOWED, Status.WAITING) for one in answers):
        made = Move(
            proposals=tuple(one.id for one in wanted),
            campaign=LIST,
            why=shift.why,
            gained=max(shift.by, key=lambda name: shift.by[name]),
            expected=shift.expected,
            asked_at=office.now,
        )
        moves.keep(office.database, made)
    return answers


def why_denied(answer: Judged) -> str:
    """The findings that forbid it, as people read them."""
    said = [one.text for one in answer.verdict.findings if one.weight >= Weight.OBSERVE]
    return f"a move is worth making and the rules do not let it through: {'; '.join(said)}"


def _hold(office: Office, hold: Hold) -> None:
    """Money stays where it is, and the ledger says why; once a Monday."""
    mark, today = "portfolio-weighed", office.now.date().isoformat()
    with office.database.write() as transaction:
        if settings.get(transaction, mark) == today:
            return  # told before this look was lost and taken again
        settings.put(transaction, mark, today)
        held(transaction, office.now, hold)


def held(transaction: sa.Connection, now: datetime, hold: Hold) -> None:
    """Money between campaigns stays where it is: one entry, with the reason."""
    ledger.append(
        transaction,
        "held_steady",
        at=now,
        actor="agent:optimizer",
        subject="portfolio",
        code=hold.reason,
        text=hold.text,
        evidence=[str(one) for one in hold.evidence],
    )


def paying(library: Library) -> list[Campaign]:
    """The campaigns with line items."""
    return [one for one in library.campaigns.values() if Channel.ADS in one.channels]


def _comparable(office: Office) -> list[Source]:
    """The campaigns that spent, of one aim and currency: the first such pair or more."""
    paid = paying(office.library)
    found = [(one, source) for one in paid if (source := _source(office, one)) is not None]
    kinds = [(one.currency, one.goal.metric) for one, _ in found]
    shared = next((kind for kind in kinds if kinds.count(kind) > 1), None)
    return [source for (_, source), kind in zip(found, kinds, strict=True) if kind == shared]


def _source(office: Office, campaign: Campaign) -> Source | None:
    """A campaign with its daily spend and conversions; None before it has any."""
    name, now = campaign.campaign, office.now
    with office.database.read() as connection:
        found = readings.daily_of(connection, (name,), ("spend", "conversions"), now - CURVES).get(
            name, {}
        )
        chosen = settings.get(connection, internal.chosen_by(name), {}).get(DAILY_TOTAL)
    days = days_of(found, now - MATURES)
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


def days_of(found: Days, until: datetime) -> tuple[SpendDay, ...]:
    """The days before ``until`` on which something was spent, in order."""
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
