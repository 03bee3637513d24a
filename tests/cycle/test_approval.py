"""What an unanswered question means for its cycle: it sleeps, and never asks again and again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import propose
from drumbeat.core.governance.verdict import Allow
from drumbeat.core.money import Money
from drumbeat.cycle.approval import decide
from drumbeat.cycle.step import Wait
from drumbeat.store.proposals import Judged, Status

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACTION = Action(
    kind="campaign.launch",
    channel=Channel.WORKSPACE,
    connection="",
    campaign="weekly",
    target="pack:1",
    before=None,
    after={"pack": "1"},
    spend_delta=Money.zero("EUR"),
)
ASKED = propose(ACTION, Actor.agent("launcher"), "due", now=NOW, expires_at=NOW + 9 * HOUR)
WAITING = Judged(
    proposal=ASKED,
    verdict=Allow(),
    status=Status.WAITING,
    policy="",
    decide_by=NOW + 3 * HOUR,
    decided_at=None,
    decided_by="",
    reason="",
)
AGREED = replace(WAITING, status=Status.AGREED, acts_at=NOW + HOUR / 2)


@pytest.mark.parametrize(
    ("judged", "now", "until"),
    [
        pytest.param(WAITING, NOW, NOW + 3 * HOUR, id="until-its-promise"),
        pytest.param(WAITING, NOW + 3 * HOUR, NOW + 9 * HOUR, id="late-until-it-expires"),
        pytest.param(replace(WAITING, decide_by=None), NOW, NOW + 9 * HOUR, id="no-promise"),
        pytest.param(WAITING, NOW + 9 * HOUR, None, id="until-somebody-wakes-it"),
        pytest.param(AGREED, NOW, NOW + HOUR / 2, id="until-it-can-no-longer-be-undone"),
        pytest.param(AGREED, NOW + HOUR / 2, NOW + 3 * HOUR / 2, id="no-busy-wait-for-the-outbox"),
    ],
)
def test_a_waiting_cycle_sleeps_to_a_moment_ahead(
    judged: Judged, now: datetime, until: datetime | None
) -> None:
    step = decide(cast(Any, SimpleNamespace(now=now)), judged)
    assert isinstance(step, Wait)
    assert step.until == until
