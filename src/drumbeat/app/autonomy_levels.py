"""Autonomy levels: what agents have earned for each action kind and channel, and the wish to change
it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from drumbeat.app.autonomy import cases, in_shadow
from drumbeat.app.compose import App
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.autonomy import (
    Agreement,
    Case,
    LevelReadiness,
    agreements,
    level_readiness,
)
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.levels import LevelOverride
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Evidence, propose
from drumbeat.core.money import Money
from drumbeat.gate import levels
from drumbeat.store import ledger
from drumbeat.store.proposals import Judged

_LIFE = timedelta(days=14)
_ANSWERS = ("judged", "approved", "undone", "edited", "rejected", "rolled_back")


@dataclass(frozen=True)
class LevelLine:
    """One kind on one channel: the rung in force, why, and what the next one lacks."""

    kind: str
    channel: str
    declared: Level
    since: LevelOverride | None
    ready: LevelReadiness
    found: Agreement | None

    @property
    def level(self) -> Level:
        return self.ready.level


def level_lines(app: App) -> tuple[LevelLine, ...]:
    """Every kind agents may want, on its channel."""
    with app.database.read() as connection:
        answered = _answered(app, connection)
        return tuple(
            _line(app, connection, name, answered)
            for name in KINDS
            if isinstance(row := app.files.actions.row(name), Row) and row.agents
        )


def level_line(app: App, kind: str) -> LevelLine:
    """The line of one kind. Raises ValueError where agents may not want it."""
    found = next((one for one in level_lines(app) if one.kind == kind), None)
    if found is None:
        raise ValueError(f"agents may not want {kind!r}; see `drumbeat policy show`")
    return found


def change_level(app: App, line: LevelLine, to: Level, account: str, reason: str) -> Judged:
    """Propose another rung: a manager is asked for a freer one, nobody for a stricter one.

    Raises ValueError where ``to`` is the rung in force, or none.
    """
    if to is line.level or to is Level.NEVER:
        raise ValueError(f"{line.kind} is at {line.level}; {to} is no change")
    rules, now = app.gate.door.rules, app.clock.now()
    gap = f" (still lacking: {line.ready.lacking})" if line.ready.lacking else ""
    rises = to.rank > line.level.rank
    why = f"{reason}{gap}" if rises else reason
    declared = str(line.declared)
    action = Action(
        kind="autonomy.promote" if rises else "autonomy.demote",
        channel=Channel.WORKSPACE,
        connection="",
        campaign="",
        target=levels.target_of(line.kind, line.channel),
        before={"level": str(line.level)},
        after={"level": str(to), "declared": declared, "reason": why},
        spend_delta=Money.zero(rules.currency),
    )
    asked = propose(
        action,
        Actor.person(account),
        why,
        now=now,
        expires_at=now + _LIFE,
        evidence=_cited(line),
        if_nothing=f"{line.kind} stays at {line.level}",
        occasion=now.isoformat(),
    )
    return app.gate.submit(asked)


def _line(
    app: App, connection: sa.Connection, kind: str, answered: Iterable[tuple[Case, object]]
) -> LevelLine:
    channel = str(KINDS[kind].channel)
    row, declared = app.files.actions.row(kind), levels.declared_level(app.gate.door, kind)
    override = levels.override_of(connection, levels.target_of(kind, channel))
    level = levels.level_of(app.gate.door, connection, kind, channel)
    assert declared is not None
    assert level is not None
    mine = [case for case, _ in answered if (case.kind, case.channel) == (kind, channel)]
    found = next(iter(agreements(mine)), None)
    ready = level_readiness(kind, row, level, found)
    return LevelLine(kind, channel, declared, override, ready, found)


def _answered(app: App, connection: sa.Connection) -> list[tuple[Case, object]]:
    """Every answer and every verdict in shadow, since the level of its kind last changed."""
    found: list[tuple[Case, object]] = []
    since = {
        kind: override.at
        for kind, of in KINDS.items()
        if (override := levels.override_of(connection, levels.target_of(kind, str(of.channel))))
    }
    for campaign, own in app.files.campaigns.items():
        entries = list(ledger.entries(connection, campaign=campaign, kinds=_ANSWERS))
        for at in {None, *since.values()}:
            for case in (*cases(entries, own.channels, at), *in_shadow(connection, campaign, at)):
                if since.get(case.kind) == at:
                    found.append((case, at))
    return found


def _cited(line: LevelLine) -> tuple[Evidence, ...]:
    one = line.found
    if one is None:
        return ()
    text = f"{one.kind}: people agreed {one.agreed} of {one.cases} times"
    return (Evidence(text=f"{text} ({one.low:.0%} to {one.high:.0%})", source="ledger"),)
