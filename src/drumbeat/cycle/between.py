"""Between: once a day, what runs of the campaigns is weighed against each other; owners decide.

What plans may have is weighed once a week (``portfolio``); here it is the budgets that run, between
two plans, whatever their channels and platforms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.between import LiveBudget, LiveCampaign, LiveMove
from drumbeat.agents.improving.case import LEARNS
from drumbeat.agents.improving.heeding import held_by
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.daily import per_day
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.freeze import ScopeKind
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.money import Money
from drumbeat.cycle import boosts, case_book, moves, portfolio
from drumbeat.cycle.desk import Office
from drumbeat.gate import parts, reads
from drumbeat.gate.shortfall import look_after
from drumbeat.store import effects, experiments, holds, objects, readings, settings
from drumbeat.store.objects import LiveObject
from drumbeat.store.proposals import Status

_LATELY = timedelta(days=7)
_LASTS = timedelta(days=3)
_STEP = 0.2
_WEEK, _AGAIN = timedelta(days=7), timedelta(days=28)
_MARK, _DENIED = "between-held", "denied"


@dataclass(frozen=True)
class _Known:
    """What is read once for all campaigns."""

    under_test: frozenset[str]
    # What an earlier move changed and has yet to be read: campaigns, and line items of tests.
    settling: frozenset[str]
    frozen: frozenset[str]


def look(office: Office) -> bool:
    """Propose a move between two campaigns that run, or hold and say why; whether every campaign
    that pays runs now, so that nothing is left for plans to move."""
    paid = portfolio.paying(office.library)
    if len(paid) < 2:
        _alone(office, paid)
        return False
    with office.database.read() as connection:
        kept = moves.of(connection, portfolio.LIST)
        known = _known(connection, kept)
        campaigns = [_running(office, connection, one, known) for one in paid]
        # What the rules do not let through they do not let through tomorrow.
        was_denied = _was_held(connection, office.now, _DENIED, _WEEK)
    _look_after(office, kept)
    live = [one for one in campaigns if one.lines]
    if len(live) > 1 and not was_denied:
        _weigh(office, live)
    return len(live) == len(paid)


def _alone(office: Office, paid: list[Campaign]) -> None:
    """One campaign with line items beside others with boosts: nothing is weighed, and why."""
    if paid and boosts.boosting(office.library):
        text = f"{paid[0].title} has no other to be weighed against"
        _hold(office, Hold(reason="not identified", text=text))


def _weigh(office: Office, live: list[LiveCampaign]) -> None:
    able = [one for one in live if not one.problem]
    shown = [one for one in able if _may_read(office, one.name)] if len(able) > 1 else able
    days = _histories(office, shown) if len(shown) > 1 else {}
    hidden = {one.name for one in able} - {one.name for one in shown}
    weighed = [
        replace(one, barred="the optimizer may not read readings")
        if one.name in hidden
        else _with_days(one, days, office.now)
        for one in live
    ]
    found = office.team.optimizer.between_live(weighed)
    _keep(office, weighed, case_book.answer_of(found))
    match found:
        case Hold() as hold:
            _hold(office, hold)
        case move:
            _ask(office, move)


def _may_read(office: Office, campaign: str) -> bool:
    seen = reads.sight(office.gate.door, office.team.optimizer.role, campaign)
    may_read = seen.may(DataScope.READINGS)
    portfolio.note_reads(office, seen, campaign)
    return may_read


def _keep(office: Office, weighed: list[LiveCampaign], answer: case_book.Answer) -> None:
    """What was weighed stays, so that it can be weighed again."""
    with office.database.read() as connection:
        if not case_book.is_news(connection, case_book.BETWEEN, answer):
            return
    with office.database.write() as transaction:
        case_book.keep_between(transaction, weighed, answer, office.now)


def _known(connection: sa.Connection, kept: moves.Moves) -> _Known:
    frozen = {
        hold.scope.of or hold.scope.kind
        for hold in holds.in_force(connection)
        if hold.scope.kind in (ScopeKind.WORKSPACE, ScopeKind.CAMPAIGN)
        or (hold.scope.kind is ScopeKind.CHANNEL and hold.scope.of == Channel.ADS)
    }
    settling = frozenset(target for move in kept.open for target in move.expected.targets)
    return _Known(experiments.under_test(connection), settling, frozenset(map(str, frozen)))


def _running(
    office: Office, connection: sa.Connection, campaign: Campaign, known: _Known
) -> LiveCampaign:
    name, now = campaign.campaign, office.now
    items = [
        one
        for one in objects.of_campaign(connection, name, after=now)
        if one.target.startswith("line_item:") and one.state["status"] == "active"
    ]
    low, high = map(float, per_day(campaign.budget.range))
    if campaign.budget.per_day is not None:
        high = min(high, campaign.budget.per_day.minor / _overspend(office, items))
    barred = _barred(office, name, known)
    lines: tuple[LiveBudget, ...] = ()
    if items:
        changed = effects.last_changed(connection, name)
        rest = _rest(office)
        tests = known.under_test | moves.settling(connection, name)
        lines = tuple(
            LiveBudget(
                one.target,
                int(one.state["daily_budget_minor"]),
                _rests(one.target, changed.get(one.target), tests, now - rest),
            )
            for one in items
            if one.state["daily_budget_minor"]
        )
    return LiveCampaign(
        name=name,
        label=campaign.title,
        currency=campaign.currency,
        aim=campaign.goal.metric,
        low=low,
        high=high,
        per_change=_most_at_once(office, campaign),
        lines=lines,
        barred=barred,
    )


def _most_at_once(office: Office, campaign: Campaign) -> float:
    """How much of a budget may change at once: by the campaign's file and by the matrix."""
    row = office.gate.door.rules.matrix.row(parts.PART)
    limits = (row.limits.per_change, row.limits.per_day) if isinstance(row, Row) else ()
    own = campaign.budget.per_change or _STEP
    return min(own, *(one for one in limits if one is not None))


def _overspend(office: Office, items: Iterable[LiveObject]) -> float:
    """How many times a daily budget the platforms of these may spend on one day, at worst."""
    platforms = office.gate.door.platforms
    known = (platforms[one.connection] for one in items if one.connection in platforms)
    return max((one.overspend for one in known), default=1.0)


def _barred(office: Office, name: str, known: _Known) -> str:
    rules = office.gate.door.rules.campaigns[name]
    if rules.data_problems:
        return f"the figures cannot be trusted: {rules.data_problems[0]}"
    if known.frozen & {name, str(ScopeKind.WORKSPACE), str(Channel.ADS)}:
        return "it is frozen or only observed"
    if name in known.settling:
        return "what its last move brought has yet to be seen"
    return ""


def _rest(office: Office) -> timedelta:
    """How long a line item rests after a change: its platform learns, and the matrix has a word."""
    row = office.gate.door.rules.matrix.row(parts.PART)
    own = row.cooldown if isinstance(row, Row) else None
    return max(LEARNS, own or timedelta())


def _rests(target: str, changed: datetime | None, tests: frozenset[str], since: datetime) -> str:
    if target in tests:
        return "it is under test"
    if changed is not None and changed > since:
        return "it is learning: it was changed a moment ago"
    return ""


def _histories(office: Office, able: Iterable[LiveCampaign]) -> dict[str, portfolio.Days]:
    since = office.now - portfolio.CURVES
    with office.database.read() as connection:
        return readings.daily_of(
            connection, [one.name for one in able], ("spend", "conversions"), since
        )


def _with_days(
    one: LiveCampaign, days: Mapping[str, portfolio.Days], now: datetime
) -> LiveCampaign:
    found = days.get(one.name)
    if not found:
        return one
    # The last whole days: what a campaign spends of its budget now.
    spent = list(found.get("spend", {}).values())[-_LATELY.days - 1 : -1]
    lately = sum(spent) / len(spent) if spent else 0.0
    return replace(one, history=portfolio.days_of(found, now - portfolio.MATURES), lately=lately)


def _look_after(office: Office, kept: moves.Moves) -> None:
    """A move that a crash left half made and untold is told now."""
    for move in kept.open:
        if len(move.proposals) == 1:
            look_after(office.gate.door, move.proposals[0])


def _ask(office: Office, move: LiveMove) -> None:
    wanted = _proposal(office, move)
    lesson = portfolio.lesson_of(office, [wanted])
    if lesson is not None:
        _hold(office, held_by(lesson))
        return
    (answer,) = portfolio.ask(office, move.shift, [wanted])
    if answer.status in (Status.DENIED, Status.OBSERVED):
        _hold(office, Hold(reason=_DENIED, text=portfolio.why_denied(answer)))


def _hold(office: Office, hold: Hold) -> None:
    """Each reason is told every four weeks, with what is left out and why: two that are near each
    other may take turns from day to day."""
    with office.database.write() as transaction:
        if _was_held(transaction, office.now, hold.reason, _AGAIN):
            return
        told = settings.get(transaction, _MARK, {})
        settings.put(transaction, _MARK, {**told, hold.reason: office.now.isoformat()})
        unknown = boosts.unknown(office.library, transaction, office.now - portfolio.CURVES)
        text = "; ".join((hold.text, *unknown))
        portfolio.held(transaction, office.now, hold.model_copy(update={"text": text}))


def _was_held(connection: sa.Connection, now: datetime, reason: str, within: timedelta) -> bool:
    """Whether money stayed for this reason, and that was told lately."""
    last = settings.get(connection, _MARK, {}).get(reason)
    return last is not None and now - datetime.fromisoformat(last) < within


def _proposal(office: Office, move: LiveMove) -> Proposal:
    giver, taker, shift = move.giver, move.taker, move.shift
    action = Action(
        kind=budget_move.KIND,
        channel=Channel.WORKSPACE,
        connection="workspace",
        campaign=taker.name,
        target=budget_move.target_of(giver.name, taker.name),
        before=budget_move.state(taker.name, move.before),
        after=budget_move.state(taker.name, move.after),
        spend_delta=Money.zero(taker.currency),
    )
    sources = (f"readings/{taker.name}", f"readings/{giver.name}")
    return propose(
        action,
        Actor.agent("optimizer"),
        shift.why,
        now=office.now,
        expires_at=office.now + _LASTS,
        evidence=(
            Evidence(text=shift.expected.sentence, source=sources[0]),
            *(Evidence(text=t, source=s) for t, s in zip(move.told, sources, strict=True)),
        ),
        confidence=Confidence(
            effect=shift.effect,
            standard_error=shift.error,
            sample_size=shift.sample,
            signals=("conversions",),
        ),
        if_nothing=f"money goes on in {giver.label} where the next of it brings less",
        occasion=office.now.date().isoformat(),
    )
