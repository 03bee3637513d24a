"""Autonomy: the action matrix as levels by phase, how far each campaign is, and who is told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from drumbeat.app.autonomy import Words, all_dated_cases, cited_as, standing_on
from drumbeat.app.autonomy_levels import LevelLine, levels_now
from drumbeat.app.pages.asking import risk_of
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import kind_title
from drumbeat.app.pages.rule_order import addable, form_of
from drumbeat.app.pages.usual import typical
from drumbeat.app.pages.words import role_words
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.verdict import Ask, Weight
from drumbeat.gate import phases
from drumbeat.store import drills, proposals
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.format import span
from drumbeat.web.views.autonomy import (
    ApprovalLoad,
    AutonomyView,
    Drills,
    EscalationPath,
    Level,
    LevelRow,
    MatrixRow,
    PhaseRow,
    PromiseRow,
    RuleForm,
    Rung,
    Simulation,
)

_PROMOTE = "autonomy.promote"
_QUARTER = timedelta(days=91)
# More careful answers than this nobody gives in a day.
_A_DAY = 20
_HASTY = timedelta(seconds=3)
_MOST_PHASES = 50


@dataclass(frozen=True)
class Autonomy:
    """Only shows: a rule is changed through ``rule_order``.

    Campaigns' phases are told of the first 50, answers of today, drills of the last 91 days.
    ``rule`` and ``simulate`` answer None for a kind, phase or level there is not.
    """

    ground: Ground

    def autonomy(self) -> AutonomyView:
        ground = self.ground
        with ground.app.database.read() as connection:
            answers = proposals.answers(connection)
            today = proposals.answered_since(connection, ground.local_midnight())
            waiting = [one.proposal for one in proposals.waiting(connection)]
            asked = {o.action.campaign: o.id for o in waiting if o.action.kind == _PROMOTE}
            drilled = tuple(self._drills(connection))
            words, said = Words.of(connection), all_dated_cases(ground.app, connection)
            rungs = levels_now(ground.app, connection, words, said)
            standings = tuple(
                standing_on(ground.app, connection, name, words, said[name])
                for name in list(ground.campaigns)[:_MOST_PHASES]
            )
        return AutonomyView(
            version=ground.app.gate.door.rules.version[:12],
            matrix=tuple(self._matrix()),
            ladder=tuple(self._ladder()),
            phases=tuple(self._phases(standings, answers, asked)),
            paths=tuple(self._paths()),
            load=tuple(self._load(today)),
            drills=drilled,
            campaigns=len(ground.campaigns),
            levels=tuple(map(self._level_row, rungs)),
            promises=tuple(self._promises()),
            addable=addable(ground),
        )

    def rule(self, kind: str, typed: Mapping[str, str] | None = None) -> RuleForm | None:
        return form_of(self.ground, kind, typed)

    def simulate(self, kind: str, phase: str, level: str) -> Simulation | None:
        if kind not in KINDS or phase not in set(Phase) or level not in set(Level):
            return None
        since = self.ground.now - _QUARTER
        door = self.ground.app.gate.door
        with self.ground.app.database.read() as connection:
            in_force = phases.phases_of(door, connection, door.rules.campaigns)
            campaigns = {name for name, one in in_force.items() if one == phase}
            found = proposals.of_kind(connection, kind, since)
        concerned = [one for one in found if one.proposal.action.campaign in campaigns]
        return _replayed(kind, phase, Level(level), concerned)

    def _matrix(self) -> Iterator[MatrixRow]:
        matrix = self.ground.app.gate.door.rules.matrix
        for kind in KINDS.values():
            row = matrix.row(kind.name)
            yield MatrixRow(
                kind=kind.name,
                title=kind.title,
                channel=str(kind.channel),
                agents=row.agents if isinstance(row, Row) else (),
                risk=str(risk_of(self.ground, kind.name)),
                levels=tuple(_level(row, phase) for phase in Phase),
                approvers=_approvers(row),
                limits=_limits(row) if isinstance(row, Row) else "",
            )

    def _level_row(self, line: LevelLine) -> LevelRow:
        found, since = line.found, line.since
        return LevelRow(
            kind=line.kind,
            title=kind_title(line.kind),
            channel=line.channel,
            level=Level(line.level),
            evidence=cited_as(found).text.partition(": ")[2] if found else "no answer yet",
            next=str(line.ready.next or ""),
            lacking=line.ready.lacking,
            since=since.at if since else None,
            by=self._by(line),
            granted_on=line.granted_on,
            is_quiet=found is None and since is None,
        )

    def _by(self, line: LevelLine) -> str:
        """Who put the level in force, or took the one before away; nobody where it is declared."""
        if name := self.ground.name(line.approver):
            return f"approved by {name}"
        return f"{line.since.by}: {line.since.reason}" if line.since else ""

    def _promises(self) -> Iterator[PromiseRow]:
        """Those of policy/sla.yaml; a campaign's own stand in its file."""
        file = self.ground.app.files.sla
        for one in file.policies if file else ():
            where = one.channel or "every channel"
            text = f"{one.stage} on {where} within {span(one.target)}, or {one.failure} is told"
            yield PromiseRow(f"policy/sla.yaml#policies/{one.id}", one.id, text)
        for rule in file.conditions if file else ():
            said = rule.expr or f"{rule.metric} against its line"
            text = f"{said} on {rule.channel or 'every channel'}: {rule.then}"
            yield PromiseRow(f"policy/sla.yaml#conditions/{rule.id}", rule.id, text)

    def _ladder(self) -> Iterator[Rung]:
        matrix = self.ground.app.gate.door.rules.matrix
        rows = {kind: row for kind in KINDS if isinstance(row := matrix.row(kind), Row)}
        steps = sorted({row.min_confidence for row in rows.values()}, reverse=True)
        for step in steps:
            kinds = [kind_title(kind) for kind, row in rows.items() if row.min_confidence == step]
            if step:
                yield Rung(step, f"done alone where the phase allows it: {', '.join(kinds)}")
            else:
                yield Rung(0.0, "a person is asked, whatever else speaks for it")

    def _phases(
        self,
        standings: Iterable[Mapping[str, Any]],
        answers: dict[tuple[str, str], int],
        waiting: dict[str, str],
    ) -> Iterator[PhaseRow]:
        for now in standings:
            name = now["campaign"]
            agreed = answers.get((name, Status.APPROVED), 0)
            refused = answers.get((name, Status.REJECTED), 0)
            edited = answers.get((name, Status.REPLACED), 0)
            text = f"{agreed} approved unchanged, {edited} edited, {refused} rejected"
            lacking = "; ".join(now["lacking"][:2])
            far = "has earned the next phase" if now["ready"] else lacking or "at the top"
            yield PhaseRow(
                name,
                self.ground.title(name),
                Phase(now["phase"]),
                f"{text}; {far}",
                waiting.get(name, ""),
                Phase(now["next"]) if now["next"] else None,
            )

    def _paths(self) -> Iterator[EscalationPath]:
        for name, policy in self.ground.app.files.escalation.policies.items():
            for failure, levels in policy.classes.items():
                steps = tuple(f"{_whom(one.to)} {_after(one.after)}" for one in levels)
                yield EscalationPath(failure.replace("_", " ").capitalize(), steps, name)

    def _drills(self, connection: sa.Connection) -> Iterator[Drills]:
        """Those who asked for it and were tested in the last quarter."""
        found = drills.since(connection, self.ground.now - _QUARTER)
        for account in sorted({one.account for one in found}):
            said = [one.is_caught for one in found if one.account == account]
            yield Drills(self.ground.name(account), sum(said), len(said) - sum(said))

    def _load(self, today: list[Judged]) -> Iterator[ApprovalLoad]:
        by_person: dict[str, list[timedelta]] = {}
        for one in today:
            if one.decided_at is not None and one.decided_by.startswith("person:"):
                took = one.decided_at - one.proposal.proposed_at
                by_person.setdefault(one.decided_by.removeprefix("person:"), []).append(took)
        for account, spans in sorted(by_person.items()):
            yield ApprovalLoad(
                self.ground.name(account),
                len(spans),
                _A_DAY,
                typical(spans),
                sum(one < _HASTY for one in spans),
            )


def _level(row: object, phase: Phase) -> Level:
    """What an agent may do with this kind in this phase; people may always propose."""
    if not isinstance(row, Row) or not row.agents:
        return Level.NEVER
    acts = phase.reaches(row.phase) and not row.always_ask
    return Level.ACT if acts else Level.ASK


def _approvers(row: object) -> str:
    if not isinstance(row, Row):
        return "nobody: it is forbidden"
    roles = role_words(*row.approvals.roles) or "nobody is needed"
    many = f"{row.approvals.count} of {roles}" if row.approvals.count > 1 else roles
    return f"{many}, the campaigns’ owners among them" if row.approvals.owners else many


def _limits(row: Row) -> str:
    often = row.limits.changes_per_day
    said = (
        (row.limits.per_change, f"{row.limits.per_change or 0:.0%} a change"),
        (row.limits.per_day, f"{row.limits.per_day or 0:.0%} a day"),
        (often, "one change a day" if often == 1 else f"{often} changes a day"),
        (row.cooldown, f"then rests {span(row.cooldown or timedelta())}"),
        (row.min_confidence, f"from {row.min_confidence:.0%} confidence"),
        (row.signals, f"{row.signals} independent signals"),
    )
    return ", ".join(text for value, text in said if value)


def _after(wait: timedelta) -> str:
    return f"after {span(wait)}" if wait else "at once"


def _replayed(kind: str, phase: str, level: Level, found: list[Judged]) -> Simulation:
    """Judge the quarter's proposals with this cell changed, every other finding as it was."""
    asked = [one for one in found if isinstance(one.verdict, Ask)]
    after = sum(_would_ask(one, level) for one in found)
    unasked = [one for one in asked if not _would_ask(one, level)]
    rejected = sum(one.status is Status.REJECTED for one in unasked)
    different = rejected if level is Level.ACT else len(unasked)
    title = f"{kind_title(kind)} in phase {phase}: {level}"
    text = (
        f"Of {len(found)} proposals in 91 days people were asked about {len(asked)}; with this "
        f"they would have been asked about {after}."
    )
    if rejected and level is Level.ACT:
        text += f" {rejected} that a person rejected would have gone out."
    return Simulation(title, len(asked), after, different, text)


def _would_ask(one: Judged, level: Level) -> bool:
    """Whether a person would still be asked: by this cell, or by any other check."""
    other = [f for f in one.verdict.findings if f.weight is Weight.ASK and f.check != "phase"]
    match level:
        case Level.ASK:
            return one.status is not Status.DENIED
        case Level.ACT:
            return bool(other) and isinstance(one.verdict, Ask)
        case _:
            return False


def _whom(to: str) -> str:
    """A level's recipient as people say it."""
    kind, _, name = to.partition(":")
    return f"agent {name}" if kind == "agent" else role_words(name or kind)
