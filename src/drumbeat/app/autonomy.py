"""Autonomy: how far each campaign has come, on what evidence, and the wish to change it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.autonomy import Agreement, Case, Readiness, agreements, readiness
from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.levels import PhaseOverride, level
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.money import Money
from drumbeat.gate import phases
from drumbeat.store import ledger, shadow
from drumbeat.store.proposals import Judged

_LIFE = timedelta(days=14)
# An approved or rejected pack is one answer about what its channel launches.
_LAUNCHED = {
    Channel.EMAIL: "email.schedule_send",
    Channel.ADS: "ads.launch_line_item",
    Channel.SOCIAL: "social.schedule_post",
}
_ANSWERS = ("judged", "approved", "undone", "edited", "rejected", "rolled_back")


def standing(app: App, campaign: str) -> dict[str, Any]:
    """One campaign: its phase, its levels, agents' agreement with people, what is lacking."""
    with app.database.read() as connection:
        phase, override = _phase(app, connection, campaign)
        found = evidence(app, connection, campaign, override)
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


def evidence(
    app: App, connection: sa.Connection, campaign: str, override: PhaseOverride | None
) -> tuple[Agreement, ...]:
    """Agents against people, from the ledger. After a change of phase the count starts afresh."""
    since = override.at if override else None
    entries = ledger.entries(connection, campaign=campaign, kinds=_ANSWERS)
    answered = cases(entries, app.files.campaigns[campaign].channels, since)
    return agreements([*answered, *in_shadow(connection, campaign, since)])


def in_shadow(connection: sa.Connection, campaign: str, since: datetime | None) -> Iterator[Case]:
    """What agents would have done while people did it, and what came of the difference."""
    for one in shadow.cases(connection, campaign, since):
        yield Case(one.kind, one.channel, one.is_for_the_agent, one.effect)


def cases(
    entries: Iterable[Entry], channels: Iterable[Channel], since: datetime | None = None
) -> Iterator[Case]:
    """Every agent's proposal that people answered: the last word counts."""
    by_agent: set[str] = set()
    said: dict[str, tuple[str, bool]] = {}
    for entry in entries:
        action = str(entry.body.get("action", ""))
        if entry.kind == "judged":
            by_agent |= {entry.subject} if entry.actor.startswith("agent:") else set()
        elif (
            entry.kind in _ANSWERS and entry.subject in by_agent and entry.at >= (since or entry.at)
        ):
            if entry.kind == "undone":
                said.pop(entry.subject, None)
                continue
            is_final = entry.kind != "approved" or bool(entry.body.get("complete"))
            said |= {entry.subject: (action, entry.kind == "approved")} if is_final else {}
    for action, agreed in said.values():
        for kind in _about(action, channels):
            channel = KINDS[kind].channel if kind in KINDS else Channel.WORKSPACE
            yield Case(kind, str(channel), agreed)


def ask_promotion(app: App, campaign: str, account: str, reason: str) -> Judged:
    """Propose the next phase; the gate asks a manager other than the proposer."""
    with app.database.read() as connection:
        phase, override = _phase(app, connection, campaign)
        found = evidence(app, connection, campaign, override)
    ready = _readiness(app, campaign, phase, found)
    if ready.next is None:
        raise ValueError(f"{campaign} is at {phase}: there is no phase above it")
    cited = tuple(
        Evidence(
            text=f"{one.kind}: people agreed {one.agreed} of {one.cases} times "
            f"({one.low:.0%} to {one.high:.0%})",
            source="ledger",
        )
        for one in found
    )
    gaps = f" (still lacking: {'; '.join(ready.lacking)})" if ready.lacking else ""
    why = f"{reason}{gaps}"
    return app.gate.submit(_wish(app, campaign, phase, ready.next, account, why, cited))


def demote(app: App, campaign: str, to: Phase, account: str, reason: str) -> Judged:
    """Lower the phase now; it takes autonomy away, so nobody else is asked."""
    with app.database.read() as connection:
        phase, _ = _phase(app, connection, campaign)
    if to.rank >= phase.rank:
        raise ValueError(f"{campaign} is at {phase}; {to} is not below it")
    return app.gate.submit(_wish(app, campaign, phase, to, account, reason, ()))


def _wish(
    app: App,
    campaign: str,
    before: Phase,
    after: Phase,
    account: str,
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
        target=f"autonomy:{campaign}",
        before={"phase": str(before), "declared": declared},
        after={"phase": str(after), "declared": declared, "reason": why},
        spend_delta=Money.zero(rules.currency),
    )
    return propose(
        action,
        Actor.person(account),
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
