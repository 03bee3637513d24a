"""Autonomy levels: what agents have earned for each action kind and channel, and the wish to change
it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from drumbeat.app.autonomy import DatedCase, Words, all_dated_cases, cited_as
from drumbeat.app.compose import App
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.autonomy import (
    Agreement,
    LevelReadiness,
    agreements,
    level_readiness,
)
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.levels import LevelOverride, effective_level
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.gate import levels
from drumbeat.store.proposals import Judged

_LIFE = timedelta(days=14)


@dataclass(frozen=True)
class LevelLine:
    """One kind on one channel: the rung in force, why, and what the next one lacks."""

    kind: str
    channel: str
    declared: Level
    since: LevelOverride | None
    ready: LevelReadiness
    found: Agreement | None
    # The promotion that put the rung in force, with the evidence people approved it on.
    granted: Judged | None = None

    @property
    def level(self) -> Level:
        return self.ready.level

    @property
    def approver(self) -> str:
        """The account that approved the rung in force; empty where it was declared or lost."""
        return self.granted.decided_by.removeprefix("person:") if self.granted else ""

    @property
    def granted_on(self) -> str:
        """What stood in the ledger when it was approved."""
        evidence = self.granted.proposal.evidence if self.granted else ()
        return "; ".join(one.text for one in evidence)


def level_lines(app: App) -> tuple[LevelLine, ...]:
    """Every kind agents may want, on its channel."""
    with app.database.read() as connection:
        return levels_now(app, connection, Words.of(connection))


def levels_now(
    app: App,
    connection: sa.Connection,
    words: Words,
    found: Mapping[str, tuple[DatedCase, ...]] | None = None,
) -> tuple[LevelLine, ...]:
    """The same, in the caller's transaction; ``found`` where the answers have been read already."""
    by_campaign = all_dated_cases(app, connection) if found is None else found
    answered = [one for cases in by_campaign.values() for one in cases]
    rows = {name: app.files.actions.row(name) for name in KINDS}
    asked = {name: row for name, row in rows.items() if isinstance(row, Row) and row.agents}
    targets = {name: levels.target_of(name, str(KINDS[name].channel)) for name in asked}
    changed = levels.overrides_of(connection, targets.values())
    return tuple(
        _line(name, row, targets[name], changed.get(targets[name]), answered, words)
        for name, row in asked.items()
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
    is_early = to.rank > line.level.rank and line.ready.lacking
    why = f"{reason} (still lacking: {line.ready.lacking})" if is_early else reason
    return app.gate.submit(level_wish(app, line, to, Actor.person(account), why))


def level_wish(app: App, line: LevelLine, to: Level, by: Actor, why: str) -> Proposal:
    """The proposal to go to another rung, on what people answered."""
    now = app.clock.now()
    action = Action(
        kind="autonomy.promote" if to.rank > line.level.rank else "autonomy.demote",
        channel=Channel.WORKSPACE,
        connection="",
        campaign="",
        target=levels.target_of(line.kind, line.channel),
        before={"level": str(line.level)},
        after={"level": str(to), "declared": str(line.declared), "reason": why},
        spend_delta=Money.zero(app.gate.door.rules.currency),
    )
    return propose(
        action,
        by,
        why,
        now=now,
        expires_at=now + _LIFE,
        evidence=(cited_as(line.found),) if line.found else (),
        if_nothing=f"{line.kind} stays at {line.level}",
        occasion=now.isoformat(),
    )


def _line(
    kind: str,
    row: Row,
    target: str,
    override: LevelOverride | None,
    answered: Iterable[DatedCase],
    words: Words,
) -> LevelLine:
    channel, level = str(KINDS[kind].channel), effective_level(row.level, override)
    since = words.since(target, override)
    mine = (
        case
        for at, case in answered
        if (case.kind, case.channel) == (kind, channel) and (since is None or at >= since)
    )
    found = next(iter(agreements(mine)), None)
    ready = level_readiness(kind, row, level, found)
    granted = words.granted.get(target)
    is_it = granted is not None and override is not None and _gave(granted) == override.level
    return LevelLine(kind, channel, row.level, override, ready, found, granted if is_it else None)


def _gave(judged: Judged) -> str:
    after = judged.proposal.action.after
    return str(after.get("level")) if isinstance(after, dict) else ""
