"""Simulated campaign-years with crashes and sleeping machines: no breach is silent, none is late.

Stages start, pause, go on and finish at random moments; every fifth is late. Workers crash before
their commit, die with a lease in their hand, and the machine sleeps for hours. Each breach, told
from the script alone, must have a notice within a minute of the moment it was due, or of the
moment anybody was there again to notice it.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa

from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.operations.business_calendar import ALWAYS
from drumbeat.core.operations.sla_policy import Milestone, SlaPolicy, SlaStage
from drumbeat.cycle.desk import Desks, Office
from drumbeat.cycle.work import LEASE, CampaignWork
from drumbeat.engine.inline import Inline
from drumbeat.engine.tick import Tick
from drumbeat.gate import sla
from drumbeat.gate.door import CLOCKS, NOTICES
from drumbeat.gate.rules import Promise
from drumbeat.store import clocks, dues, escalations
from drumbeat.store.trouble_tables import escalation, notice, sla_clock
from drumbeat.testing.gate_world import CAMPAIGN
from tests.gate.escalation_world import EscalationWorld, escalation_world

M = Milestone
YEAR = timedelta(days=365)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
# Stage, target in minutes, what starts and what stops it.
_STAGES = (
    (SlaStage.PLAN, 48 * 60, M.CYCLE_OPENED, M.PLANNED),
    (SlaStage.QA, 120, M.ASSETS_LOCKED, M.CHECKED),
    (SlaStage.LAUNCH, 240, M.APPROVED, M.LAUNCHED),
)


def promises() -> tuple[Promise, ...]:
    return tuple(
        Promise(
            SlaPolicy(
                id=stage,
                stage=stage,
                target=timedelta(minutes=minutes),
                failure=FailureClass.DATA,
                start=(begins,),
                pause={M.AHEAD_OF_TIME: M.ITS_TIME},
                stop=(ends,),
                reset=(M.EDITED,),
            ),
            ALWAYS,
        )
        for stage, minutes, begins, ends in _STAGES
    )


@dataclass(frozen=True)
class Heard:
    """One line of the script."""

    at: datetime
    milestone: Milestone
    subject: str
    campaign: str


@dataclass
class Script:
    """What happens, and which clocks run out when, worked out on paper."""

    lines: list[Heard] = field(default_factory=list)
    due: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def stage(self, chance: random.Random, number: int, begin: datetime, name: str) -> None:
        """One stage's life: it starts, perhaps pauses or starts afresh, and is done at last."""
        stage, minutes, starts, stops = _STAGES[number]
        target = timedelta(minutes=minutes)
        takes = target * (chance.uniform(1.01, 3) if chance.random() < 0.2 else chance.random())
        pause_at, pause = takes * chance.random(), timedelta(minutes=chance.randrange(1, 600))
        campaign, subject = name, f"cycle:{name}/{begin:%Y%m%d}/{stage}"
        self._hear(begin, starts, subject, campaign)
        interrupted = chance.random()
        if interrupted < 0.25:
            self._hear(begin + pause_at, M.AHEAD_OF_TIME, subject, campaign)
            self._hear(begin + pause_at + pause, M.ITS_TIME, subject, campaign)
            out = begin + target + (pause if pause_at < target else timedelta())
            end = begin + takes + pause
        elif interrupted < 0.35 and pause_at < target:
            self._hear(begin + pause_at, M.EDITED, subject, campaign)
            out, end = begin + pause_at + target, begin + takes
        else:
            out, end = begin + target, begin + takes
        self._hear(end, stops, subject, campaign)
        if out <= end:
            self.due[(subject, stage)] = out

    def _hear(self, at: datetime, milestone: Milestone, subject: str, campaign: str) -> None:
        self.lines.append(Heard(at, milestone, subject, campaign))


def scripted(chance: random.Random, begin: datetime, campaigns: int, span: timedelta) -> Script:
    script = Script()
    for number in range(campaigns):
        moment = begin + chance.random() * WEEK
        while moment < begin + span:
            stage = chance.randrange(len(_STAGES))
            offset = timedelta(hours=chance.random() * 72)
            script.stage(chance, stage, moment + offset, f"campaign-{number}")
            moment += WEEK
    script.lines.sort(key=lambda line: (line.at, line.subject))
    return script


class Crash(RuntimeError):
    """The worker is gone before its commit."""


@dataclass
class FragileWork(CampaignWork):
    """The product's own work, in a process that crashes and is killed now and then."""

    office: Office
    chance: random.Random
    # When nobody could have noticed anything.
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    crashes: int = 0

    def __post_init__(self) -> None:
        super().__init__(self.office)

    def run(self, tick: Tick) -> None:
        luck = self.chance.random()
        now = self.office.now
        if luck < 0.03:
            self.outages.append((now, now + LEASE))
            return  # killed: the lease runs out before anybody takes over
        if luck < 0.10:
            self._crash(tick)
        super().run(tick)

    def _crash(self, tick: Tick) -> None:
        """Do everything up to the commit, then lose it."""
        self.crashes += 1
        with self.office.database.write() as transaction:
            sla.look(self.office.gate.door, transaction)
            raise Crash(tick.subject)


@dataclass
class Year:
    """One run: the world, its script, and what was lived through."""

    world: EscalationWorld
    script: Script
    work: FragileWork


def live(folder: Path, seed: int, campaigns: int, span: timedelta) -> Year:
    chance = random.Random(seed)
    world = escalation_world(folder)
    own = replace(world.door.rules.campaigns[CAMPAIGN], promises=promises())
    names = [f"campaign-{n}" for n in range(campaigns)]
    world.door.rules = replace(world.door.rules, campaigns=dict.fromkeys(names, own))
    office = Office(world.gate, cast(Any, None), cast(Any, None), cast(Any, None), Desks())
    work = FragileWork(office, chance)
    with world.database.write() as transaction:
        dues.schedule(transaction, CLOCKS, world.clock.now())
        dues.schedule(transaction, NOTICES, world.clock.now())
    script = scripted(chance, world.clock.now(), campaigns, span)
    engine = Inline(work, world.clock)
    for line in script.lines:
        if chance.random() < 0.01:
            _sleep(world, work, min(line.at, world.clock.now() + timedelta(hours=30)))
        if line.at > world.clock.now():
            engine.run_until(line.at)
        _say(world, line)
    engine.run_until(script.lines[-1].at + WEEK)
    return Year(world, script, work)


def _sleep(world: EscalationWorld, work: FragileWork, until: datetime) -> None:
    """The machine sleeps: the clock jumps, and nothing ran in between."""
    if until > world.clock.now():
        work.outages.append((world.clock.now(), until))
        world.clock.reach(until)


def _say(world: EscalationWorld, line: Heard) -> None:
    with world.database.write() as transaction:
        sla.hear(
            world.door,
            transaction,
            line.milestone,
            subject=line.subject,
            campaign=line.campaign,
            at=line.at,
        )
        for row in escalations.open_about(transaction, [line.campaign]):
            escalations.close(transaction, row.id, world.clock.now())


def told(world: EscalationWorld) -> dict[tuple[str, str], datetime]:
    """When a person was first told of each breach; of a folded notice, when its digest went."""
    digest = notice.alias("digest")
    sent = sa.func.coalesce(notice.c.sent_at, digest.c.sent_at, type_=notice.c.sent_at.type)
    query = (
        sa.select(sla_clock.c.subject, sla_clock.c.stage, sa.func.min(sent, type_=sent.type))
        .select_from(notice)
        .join(escalation, escalation.c.id == notice.c.escalation)
        .join(sla_clock, escalation.c.detail.like("%sla/" + sla_clock.c.id + "%"))
        .outerjoin(digest, digest.c.id == notice.c.digest)
        .group_by(sla_clock.c.subject, sla_clock.c.stage)
    )
    with world.database.read() as connection:
        return {(subject, stage): at for subject, stage, at in connection.execute(query)}


def waited(outages: list[tuple[datetime, datetime]], due: datetime, at: datetime) -> timedelta:
    """How long from ``due`` to ``at`` somebody could have noticed: outages do not count."""
    present, moment = timedelta(), due
    for begin, end in sorted(outages):
        if end > moment and begin < at:
            present += max(begin - moment, timedelta())
            moment = end
    return present + max(at - moment, timedelta())


def late(year: Year) -> dict[tuple[str, str], timedelta]:
    """Breaches told after more than a minute of being there, and those never told."""
    found = told(year.world)
    never = datetime.max.replace(tzinfo=year.world.clock.now().tzinfo)
    waits = {
        key: waited(year.work.outages, due, found.get(key, never))
        for key, due in year.script.due.items()
    }
    return {key: wait for key, wait in waits.items() if wait > MINUTE}


def check(year: Year) -> None:
    assert late(year) == {}
    with year.world.database.read() as connection:
        broken = {
            (clock.subject, str(clock.policy.stage)): clock.breached_at
            for clock in clocks.started(connection)
            if clock.breached_at is not None
        }
    assert broken == year.script.due
    assert year.world.is_intact()


def test_twenty_campaign_years_without_a_silent_breach(tmp_path: Path) -> None:
    year = live(tmp_path, seed=1, campaigns=20, span=YEAR)
    assert len(year.script.due) > 150
    assert year.work.crashes > 50
    assert len(year.work.outages) > 50
    check(year)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 150))
def test_a_thousand_campaign_years_without_a_silent_breach(tmp_path: Path, seed: int) -> None:
    check(live(tmp_path, seed=seed, campaigns=20, span=YEAR))
