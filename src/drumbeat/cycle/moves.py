"""Moves: what a shift of money was expected to bring is written down, and checked afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.core.campaign.expected_gain import SPAN, Checked, Move, check, is_ripe, relative
from drumbeat.core.campaign.lesson import LASTS, Effect, Lesson, LessonElement
from drumbeat.core.canonical import name
from drumbeat.core.noun import Noun
from drumbeat.cycle.desk import Desk
from drumbeat.store import effects, proposals, readings, settings
from drumbeat.store.database import Database
from drumbeat.store.effects import EffectStatus

CHECKED = "move_checked"
# A move nobody let happen within this long is none.
PATIENCE = timedelta(days=7)
_METRICS = ("conversions", "orders")
_WEEK = 7


class Moves(Noun):
    """A campaign's moves that wait for their check, and what the checked ones taught."""

    open: tuple[Move, ...] = ()
    lessons: tuple[Lesson, ...] = ()


class _Days(Noun):
    """Daily counts of what was moved, and of what stands for the trend."""

    moved: dict[date, float] = Field(default_factory=dict)
    others: dict[date, float] = Field(default_factory=dict)


def of(connection: sa.Connection, campaign: str) -> Moves:
    """What is kept of a campaign's moves; nothing of either kind before the first."""
    return Moves.model_validate(settings.get(connection, _key(campaign), {}))


def settling(
    connection: sa.Connection, campaign: str, *, only_tests: bool = False
) -> frozenset[str]:
    """The targets of moves that wait for their check: what a plan changed of them before would be
    read as what the move brought. ``only_tests``: of lift tests alone."""
    return frozenset(
        target
        for move in of(connection, campaign).open
        if move.expected.basis == "lift test" or not only_tests
        for target in move.expected.targets
    )


def remember(desk: Desk, suggestion: Suggestion, proposals: Iterable[str]) -> None:
    """Keep a move with its expectation; one that is kept already stays as it is."""
    if suggestion.expected is None:
        return
    keep(
        desk.office.database,
        Move(
            proposals=tuple(proposals),
            campaign=desk.campaign.campaign,
            why=suggestion.why,
            gained=suggestion.gained,
            expected=suggestion.expected,
            asked_at=desk.now,
        ),
    )


def keep(database: Database, made: Move) -> None:
    """Keep a move until it can be checked; one that is kept already stays as it is."""
    with database.write() as transaction:
        kept = of(transaction, made.campaign)
        if made.proposals not in {one.proposals for one in kept.open}:
            _keep(transaction, made.campaign, kept.model_copy(update={"open": (*kept.open, made)}))


def check_due(desk: Desk) -> None:
    """Look after every move that is over: a ledger entry and a lesson each."""
    with desk.office.database.read() as connection:
        kept = of(connection, desk.campaign.campaign)
    for move in kept.open:
        with desk.office.database.read() as connection:
            made_at = _made_at(connection, move)
        if made_at is None:
            if desk.now - move.asked_at > PATIENCE:
                _close(desk, move, None, None)
        elif is_ripe(made_at, desk.now):
            days = _days(desk, move, made_at)
            _close(desk, move, check(move.expected, days.moved, days.others, made_at), days)


def _made_at(connection: sa.Connection, move: Move) -> datetime | None:
    """When the last of its changes was carried out; None while one was not."""
    found = [effects.of_proposal(connection, one) for one in move.proposals]
    done = [e.finished_at for e in found if e is not None and e.status is EffectStatus.DONE]
    whole = [at for at in done if at is not None]
    return max(whole) if len(whole) == len(move.proposals) else None


def _days(desk: Desk, move: Move, made_at: datetime) -> _Days:
    """The targets' own days; beside them the campaign's other line items, else the shop."""
    since = made_at - SPAN - timedelta(days=1)
    moved: dict[date, float] = defaultdict(float)
    others: dict[date, float] = defaultdict(float)
    with desk.office.database.read() as connection:
        own = readings.of(connection, move.campaign, metrics=_METRICS[:1], since=since)
        shop = readings.daily(connection, "", since)
    for one in (reading for reading in own if not reading.dimensions):
        counts = moved if one.target in move.expected.targets else others
        counts[one.since.date()] += one.value
    if not others:
        others.update({day.date(): value for day, value in shop.get(_METRICS[1], {}).items()})
    return _Days(moved=dict(moved), others=dict(others))


def _close(desk: Desk, move: Move, found: Checked | None, days: _Days | None) -> None:
    """Tell what came of it and take it off the list, in one transaction."""
    effect = effect_of(found, days.moved if days else {})
    with desk.office.database.write() as transaction:
        found_to_be = evidence(transaction, move, effect)
        entry = desk.note_in(
            transaction, CHECKED, "agent:optimizer", **told(move, found), **found_to_be
        )
        where = (move.campaign, desk.cycle.id, desk.now)
        closed(transaction, move)
        learn(transaction, move.campaign, lesson(move, found, effect, str(entry.seq), where))


def told(move: Move, found: Checked | None) -> dict[str, Any]:
    """What the ledger says of a checked move: what was expected, and what came."""
    return {
        "proposals": list(move.proposals),
        "expected": move.expected.model_dump(mode="json"),
        "measured": found.model_dump(mode="json") if found else None,
        "verdict": found.verdict if found else "unknown: it was not made, or not measured",
        "text": _sentence(move, found),
    }


def evidence(transaction: sa.Connection, move: Move, effect: Effect | None) -> dict[str, Any]:
    """What the change was, and what it brought: evidence for what agents may do alone."""
    made = proposals.load(transaction, move.proposals[0])
    action = made.proposal.action if made else None
    return {
        "action": action.kind if action else "",
        "channel": str(action.channel) if action else "",
        "effect": round(effect.mean, 4) if effect else None,
    }


def closed(transaction: sa.Connection, move: Move) -> None:
    """Take a checked move off the list."""
    kept = of(transaction, move.campaign)
    left = tuple(one for one in kept.open if one.proposals != move.proposals)
    _keep(transaction, move.campaign, kept.model_copy(update={"open": left}))


def _sentence(move: Move, found: Checked | None) -> str:
    if found is None:
        return f"{move.expected.sentence}; nobody can say what it brought"
    metric = move.expected.metric.replace("_", " ")
    brought = f"{found.mean:+.1f} {metric} a week ({found.low:+.1f} to {found.high:+.1f})"
    return f"{move.expected.sentence}; it brought {brought}: {found.verdict}"


def effect_of(found: Checked | None, days: Mapping[date, float]) -> Effect | None:
    """What a move brought, relative to what its targets brought on these days; None where nobody
    can say."""
    if found is None or not days:
        return None
    total = sum(days.values())
    return relative(found, total / len(days) * _WEEK, round(total))


def lesson(
    move: Move,
    found: Checked | None,
    effect: Effect | None,
    entry: str,
    where: tuple[str, str, datetime],
) -> Lesson | None:
    """What a checked move taught a campaign in a cycle, at a moment (``where``)."""
    if effect is None or not move.gained:
        return None
    campaign, cycle, now = where
    return Lesson(
        id=name("les", *move.proposals, *([campaign] if campaign != move.campaign else [])),
        campaign=campaign,
        cycle=cycle,
        element=LessonElement.LINE_ITEM,
        subject=move.gained,
        effect=effect,
        text=f"money moved to {move.gained}: {_sentence(move, found)}",
        entries=(entry,),
        learned_at=now,
        expires_at=now + LASTS,
    )


def learn(transaction: sa.Connection, campaign: str, taught: Lesson | None) -> None:
    """Keep a lesson for the campaign's next briefs."""
    if taught is not None:
        kept = of(transaction, campaign)
        fresh = kept.model_copy(update={"lessons": (*kept.lessons, taught)})
        _keep(transaction, campaign, fresh)


def _keep(transaction: sa.Connection, campaign: str, moves: Moves) -> None:
    settings.put(transaction, _key(campaign), moves.model_dump(mode="json"))


def _key(campaign: str) -> str:
    return f"moves:{campaign}"
