"""The doctor sees what nobody carried on: escalations, promises, notices."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from drumbeat.app.compose import App, open_app
from drumbeat.app.health import Examined, examine
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.operations.sla_policy import Milestone
from drumbeat.engine.clock import VirtualClock
from drumbeat.files.scaffold import init
from drumbeat.gate import sla
from drumbeat.gate.escalate import escalate
from drumbeat.store import ledger

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CAMPAIGN = "weekly-newsletter"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    init(tmp_path, date(2026, 11, 23))
    opened = open_app(tmp_path, clock=VirtualClock(NOW), durable=False)
    yield opened
    opened.close()


def said(app: App, name: str) -> Examined:
    return next(one for one in examine(app) if one.name == name)


def wait(app: App, **by: float) -> None:
    assert isinstance(app.clock, VirtualClock)
    app.clock.advance(timedelta(**by))


def test_at_rest_nothing_is_behind_its_time(app: App) -> None:
    assert said(app, "clocks").is_well
    assert said(app, "notices").is_well


def test_an_escalation_nobody_carries_on_is_seen(app: App) -> None:
    with app.database.write() as transaction:
        escalate(
            app.gate.door, transaction, failure="data", severity="critical", text="no orders",
            key="orders", campaign=CAMPAIGN, kind=AlertKind.METRIC,
        )  # fmt: skip
    assert said(app, "clocks").is_well
    wait(app, hours=9)
    found = said(app, "clocks")
    assert not found.is_well
    assert "1 escalations and" in found.detail
    assert "drumbeat up" in found.detail


def test_a_promise_nobody_looks_at_is_seen(app: App) -> None:
    with app.database.write() as transaction:
        sla.hear(
            app.gate.door, transaction, Milestone.CYCLE_OPENED,
            subject="cycle:cyc-1", campaign=CAMPAIGN,
        )  # fmt: skip
    wait(app, days=3)
    found = said(app, "clocks")
    assert not found.is_well
    assert "0 escalations and 1 promises were due before" in found.detail


def test_a_notice_that_could_not_be_sent_is_seen(app: App) -> None:
    with app.database.write() as transaction:
        ledger.append(
            transaction, "notice_failed", at=NOW, actor="system:notices", subject="esc-1",
            person="ana", via="pager", why="410 gone",
        )  # fmt: skip
    wait(app, hours=1)
    found = said(app, "notices")
    assert not found.is_well
    assert "could not be sent over pager" in found.detail
