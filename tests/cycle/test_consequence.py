"""Consequences: who is told of what the monitor finds."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.campaign.guardrail_rule import Consequence, Severity
from drumbeat.core.operations.cause import Cause
from drumbeat.core.operations.diagnosis import Diagnosis
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.cycle import watch
from drumbeat.cycle.consequence import is_told, tell
from drumbeat.cycle.desk import Desk, Desks, Office
from drumbeat.engine.clock import VirtualClock
from drumbeat.store import escalations
from drumbeat.store.cycles import CycleRow, CycleStatus
from drumbeat.store.escalations import EscalationRow
from drumbeat.testing.gate_world import START, gate_world


def finding(
    kind: WatchKind, cause: Cause | None = None, consequence: Consequence | None = None
) -> WatchFinding:
    diagnosis = cause and Diagnosis(
        cause=cause, evidence=("orders +31 %",), would_change="a calm week", owner=FailureClass.DATA
    )
    return WatchFinding(
        key="k",
        kind=kind,
        campaign="tea-letter",
        cycle="c-1",
        subject="tea-letter",
        metric="orders",
        severity=Severity.WARNING,
        text="orders are up",
        consequence=consequence,
        diagnosis=diagnosis,
    )


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param(finding(WatchKind.CAUSE, Cause.STOCK_OUT), True, id="a business problem"),
        pytest.param(finding(WatchKind.CAUSE, Cause.SEASONALITY), False, id="a season alone"),
        pytest.param(
            finding(WatchKind.GUARDRAIL, Cause.SEASONALITY, Consequence.ESCALATE),
            True,
            id="a season that crosses a line",
        ),
        pytest.param(
            finding(WatchKind.GUARDRAIL, Cause.NOISE, Consequence.PAUSE), False, id="chance"
        ),
        pytest.param(finding(WatchKind.DATA), True, id="data that cannot be trusted"),
    ],
)
def test_people_are_told_of_what_they_can_mend(found: WatchFinding, told: bool) -> None:
    assert is_told(found) is told


def desks(home: Path, *campaigns: str) -> tuple[Office, list[Desk]]:
    """A cycle of each campaign at its monitoring, in one workspace."""
    world = gate_world(home)
    own = {name: SimpleNamespace(campaign=name, channels=("email",)) for name in campaigns}
    library = cast(Any, SimpleNamespace(campaigns=own))
    office = Office(world.gate, library, cast(Any, None), cast(Any, None), Desks())
    rows = (
        CycleRow(f"cyc-{name}", name, 1, START, "monitoring", CycleStatus.OPEN, START, "")
        for name in campaigns
    )
    return office, [office.desks.of(office, row) for row in rows]


def open_ones(office: Office) -> list[EscalationRow]:
    with office.database.read() as connection:
        return escalations.all_open(connection)


def test_what_the_whole_site_suffers_from_is_told_once_and_not_by_each_campaign(
    tmp_path: Path,
) -> None:
    office, both = desks(tmp_path, "letters", "ads")
    with office.database.write() as transaction:
        for desk in both:
            mine = {"campaign": desk.campaign.campaign, "key": f"k/{desk.cycle.id}"}
            for kind in (WatchKind.CAUSE, WatchKind.ANOMALY):
                seen = finding(kind, Cause.TRACKING_BREAK, Consequence.ESCALATE)
                tell(desk, transaction, seen.model_copy(update=mine))
            tired = finding(WatchKind.CAUSE, Cause.CREATIVE_FATIGUE)
            tell(desk, transaction, tired.model_copy(update=mine))
    told = [(one.kind, one.campaign) for one in open_ones(office)]
    assert sorted(told) == [("metric", "ads"), ("metric", "letters"), ("site", "")]
    (site,) = [one for one in open_ones(office) if one.kind == "site"]
    assert site.text.startswith("seen first by letters: ")
    assert site.text.endswith("Likely cause: tracking break.")


def test_a_critical_line_is_told_by_itself_whatever_lies_behind_it(tmp_path: Path) -> None:
    office, (desk,) = desks(tmp_path, "tea-letter")
    worst = finding(WatchKind.GUARDRAIL, Cause.STOCK_OUT, Consequence.PAUSE)
    with office.database.write() as transaction:
        tell(desk, transaction, worst.model_copy(update={"severity": Severity.CRITICAL}))
    assert [(one.kind, one.campaign) for one in open_ones(office)] == [("metric", "tea-letter")]


def test_what_no_campaign_shows_any_more_is_over_at_midnight(tmp_path: Path) -> None:
    office, (desk,) = desks(tmp_path, "tea-letter")
    seen = finding(WatchKind.CAUSE, Cause.STOCK_OUT)
    with office.database.write() as transaction:
        tell(desk, transaction, seen)
    clock = office.gate.door.clock
    assert isinstance(clock, VirtualClock)
    for hour, standing, is_whole, is_open in (
        (23, [], True, True),  # by day not every cycle was looked at
        (24, [seen], True, True),
        (48, [], False, True),  # one could not be looked at
        (72, [], True, False),
    ):
        clock.reach(START.replace(hour=0) + timedelta(hours=hour))
        watch.note_mended(office, standing, is_whole=is_whole)
        assert bool(open_ones(office)) is is_open, hour
    with office.database.write() as transaction:
        tell(desk, transaction, seen)
    assert open_ones(office), "when it comes back it is news again"
