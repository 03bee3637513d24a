"""Autonomy: how far each campaign has come, on what evidence, and the wish to change it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS, is_for_review
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.autonomy import (
    Agreement,
    Case,
    Readiness,
    agreements,
    readiness,
    realised,
)
from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.levels import LevelOverride, PhaseOverride, level
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.governance.shadow import ShadowCase
from drumbeat.core.money import Money
from drumbeat.gate import phases
from drumbeat.gate.phases import target_of
from drumbeat.store import ledger, proposals, shadow
from drumbeat.store.proposals import Judged, Status

_LIFE = timedelta(days=14)
# An approved or rejected pack is one answer about what its channel launches.
_LAUNCHED = {
    Channel.EMAIL: "email.schedule_send",
    Channel.ADS: "ads.launch_line_item",
    Channel.SOCIAL: "social.schedule_post",
}
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
DatedCase: TypeAlias = tuple[datetime, Case]
_ANSWERS = ("judged", "approved", "undone", "edited", "rejected", "rolled_back")
_TOLD = (*_ANSWERS, "move_checked")


def standing(app: App, campaign: str) -> dict[str, Any]:
    """One campaign: its phase, its levels, agents' agreement with people, what is lacking."""
    with app.database.read() as connection:
        answered = tuple(dated_cases(app, connection, campaign))
        return standing_on(app, connection, campaign, Words.of(connection), answered)


def standing_on(
    app: App,
    connection: sa.Connection,
    campaign: str,
    words: "Words",
    answered: Iterable[DatedCase],
) -> dict[str, Any]:
    """The same, on answers that have been read already."""
    phase, override = _phase(app, connection, campaign)
    since = words.since(target_of(campaign), override)
    found = agreements(case for at, case in answered if since is None or at >= since)
    ready = _readiness(app, campaign, phase, found)
    own, matrix = app.gate.door.rules.campaigns[campaign], app.files.actions
    return {
        "campaign": campaign,
        "phase": str(phase),
        "declared": str(own.phase),
        "since": override.model_dump(mode="json") if override else None,
        "levels": {
            kind: str(level(matrix.row(kind), phase, own.tightened.get(kind, "")))
            for kind in _kinds(app, campaign)
        },
        "agreement": [vars(one) for one in found],
        "next": str(ready.next) if ready.next else None,
        "ready": ready.is_ready,
        "opens": list(ready.opens),
        "lacking": list(ready.lacking),
    }


@dataclass(frozen=True)
class Words:
    """What people said of promotions: the targets that wait for their word, when they last turned
    one down, and the last one they granted."""

    waiting: frozenset[str]
    turned_down: Mapping[str, datetime]
    granted: Mapping[str, Judged]

    @classmethod
    def of(cls, connection: sa.Connection) -> "Words":
        asked = proposals.of_kind(connection, "autonomy.promote", _LONG_AGO)
        open_ones = (Status.WAITING, Status.AGREED)
        return cls(
            frozenset(o.proposal.action.target for o in asked if o.status in open_ones),
            {
                one.proposal.action.target: one.decided_at
                for one in sorted(asked, key=lambda one: one.decided_at or _LONG_AGO)
                if one.status is Status.REJECTED and one.decided_at is not None
            },
            {o.proposal.action.target: o for o in asked if o.status is Status.APPROVED},
        )

    def since(self, target: str, override: PhaseOverride | LevelOverride | None) -> datetime | None:
        """From when cases count: a change of the rung, or a no to changing it, starts afresh."""
        said = (override.at if override else None), self.turned_down.get(target)
        return max((at for at in said if at is not None), default=None)


def evidence(
    app: App, connection: sa.Connection, campaign: str, since: datetime | None
) -> tuple[Agreement, ...]:
    """Agents against people, from the ledger and from shadow, from ``since`` on."""
    found = dated_cases(app, connection, campaign)
    return agreements(case for at, case in found if since is None or at >= since)


def dated_cases(app: App, connection: sa.Connection, campaign: str) -> Iterator[DatedCase]:
    """Every answer to an agent, what agents' changes brought, and what they would have done while
    people did it and what came of the difference, each with its moment."""
    entries = list(ledger.entries(connection, campaign=campaign, kinds=_TOLD))
    yield from _dated(app, campaign, entries, shadow.cases(connection, campaign))


def all_dated_cases(app: App, connection: sa.Connection) -> dict[str, tuple[DatedCase, ...]]:
    """The same of every campaign, asked for once however many there are."""
    told: dict[str, list[Entry]] = {name: [] for name in app.files.campaigns}
    for entry in ledger.entries(connection, kinds=_TOLD):
        if entry.campaign in told:
            told[entry.campaign].append(entry)
    compared: dict[str, list[ShadowCase]] = {}
    for one in shadow.cases(connection):
        compared.setdefault(one.campaign, []).append(one)
    return {
        name: tuple(_dated(app, name, entries, compared.get(name, ())))
        for name, entries in told.items()
    }


def _dated(
    app: App, campaign: str, entries: list[Entry], compared: Iterable[ShadowCase]
) -> Iterator[DatedCase]:
    yield from _answered(entries, app.files.campaigns[campaign].channels)
    for entry in entries:
        case = realised(entry) if entry.kind == "move_checked" else None
        if case is not None:
            yield entry.at, case
    for one in compared:
        yield one.at, Case(one.kind, one.channel, one.is_for_the_agent, one.effect)


def cases(entries: Iterable[Entry], channels: Iterable[Channel]) -> Iterator[Case]:
    """Every agent's proposal that people answered: the last word counts."""
    return (case for _, case in _answered(entries, channels))


def _answered(entries: Iterable[Entry], channels: Iterable[Channel]) -> Iterator[DatedCase]:
    by_agent: set[str] = set()
    said: dict[str, tuple[datetime, str, bool]] = {}
    for entry in entries:
        action = str(entry.body.get("action", ""))
        if entry.kind == "judged":
            by_agent |= {entry.subject} if entry.actor.startswith("agent:") else set()
        elif entry.kind == "undone":
            said.pop(entry.subject, None)
        elif entry.kind in _ANSWERS and entry.subject in by_agent:
            is_final = entry.kind != "approved" or bool(entry.body.get("complete"))
            if is_final and not is_for_review(action):
                said[entry.subject] = (entry.at, action, entry.kind == "approved")
    for at, action, agreed in said.values():
        for kind in _about(action, channels):
            channel = KINDS[kind].channel if kind in KINDS else Channel.WORKSPACE
            yield at, Case(kind, str(channel), agreed)


def ask_promotion(app: App, campaign: str, account: str, reason: str) -> Judged:
    """Propose the next phase; the gate asks a manager other than the proposer."""
    with app.database.read() as connection:
        wish = next_phase(app, connection, campaign, Words.of(connection))
    if wish.ready.next is None:
        raise ValueError(f"{campaign} is at {wish.ready.phase}: there is no phase above it")
    gaps = f" (still lacking: {'; '.join(wish.ready.lacking)})" if wish.ready.lacking else ""
    return app.gate.submit(promotion(app, wish, Actor.person(account), f"{reason}{gaps}"))


@dataclass(frozen=True)
class Wish:
    """A campaign, how ready it is for the next phase, and on what evidence."""

    campaign: str
    ready: Readiness
    found: tuple[Agreement, ...]


def next_phase(app: App, connection: sa.Connection, campaign: str, words: Words) -> Wish:
    """Whether the campaign has earned the next phase since people last spoke of it."""
    phase, override = _phase(app, connection, campaign)
    found = evidence(app, connection, campaign, words.since(target_of(campaign), override))
    return Wish(campaign, _readiness(app, campaign, phase, found), found)


def promotion(app: App, wish: Wish, by: Actor, why: str) -> Proposal:
    """The proposal to go to the next phase, citing every kind's agreement."""
    assert wish.ready.next is not None
    cited = tuple(map(cited_as, wish.found))
    return _wish(app, wish.campaign, wish.ready.phase, wish.ready.next, by, why, cited)


def cited_as(found: Agreement) -> Evidence:
    """Agreement, and the lower bound of what was measured, in a line of evidence."""
    low = found.outcome_low
    outcome = "" if low is None else f"; its measured effect is at least {low:+.0%}"
    return Evidence(
        text=f"{found.kind}: people agreed {found.agreed} of {found.cases} times "
        f"({found.low:.0%} to {found.high:.0%}){outcome}",
        source="ledger",
    )


def demote(app: App, campaign: str, to: Phase, account: str, reason: str) -> Judged:
    """Lower the phase now; it takes autonomy away, so nobody else is asked."""
    with app.database.read() as connection:
        phase, _ = _phase(app, connection, campaign)
    if to.rank >= phase.rank:
        raise ValueError(f"{campaign} is at {phase}; {to} is not below it")
    return app.gate.submit(_wish(app, campaign, phase, to, Actor.person(account), reason, ()))


def _wish(
    app: App,
    campaign: str,
    before: Phase,
    after: Phase,
    by: Actor,
    why: str,
    cited: tuple[Evidence, ...],
) -> Proposal:
    rules, now = app.gate.door.rules, app.clock.now()
    declared = str(rules.campaigns[campaign].phase)
    action = Action(
        kind="autonomy.promote" if after.rank > before.rank else "autonomy.demote",
        channel=Channel.WORKSPACE,
        connection="",
        campaign=campaign,
        target=target_of(campaign),
        before={"phase": str(before), "declared": declared},
        after={"phase": str(after), "declared": declared, "reason": why},
        spend_delta=Money.zero(rules.currency),
    )
    return propose(
        action,
        by,
        why,
        now=now,
        expires_at=now + _LIFE,
        evidence=cited,
        if_nothing=f"{campaign} stays at {before}",
        occasion=now.isoformat(),
    )


def _phase(
    app: App, connection: sa.Connection, campaign: str
) -> tuple[Phase, PhaseOverride | None]:
    phase = phases.phase_of(app.gate.door, connection, campaign)
    assert phase is not None
    return phase, phases.override_of(connection, campaign)


def _readiness(app: App, campaign: str, phase: Phase, found: tuple[Agreement, ...]) -> Readiness:
    return readiness(phase, app.files.actions, _kinds(app, campaign), found)


def _kinds(app: App, campaign: str) -> tuple[str, ...]:
    """What agents may want in this campaign, as its file lists it."""
    return tuple(kind for kind in KINDS if kind in app.files.campaigns[campaign].actions)


def _about(action: str, channels: Iterable[Channel]) -> Iterator[str]:
    yield action
    if action == "campaign.launch":
        yield from (_LAUNCHED[channel] for channel in channels if channel in _LAUNCHED)
