"""Weeks in shadow: agents only propose, a person posts their own way, and the market tells who was
right."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from drumbeat.app.approver import ScriptedApprover
from drumbeat.app.compose import App, open_app
from drumbeat.connectors.simulated.market.order import Order
from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.governance.shadow import ShadowVerdict
from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.inline import Inline
from drumbeat.store import ledger, proposals, shadow, states
from tests.road.calendar_demo import KEY, SEED, edit, only

BEGINS = datetime(2026, 9, 7, 6, tzinfo=UTC)
WEEKS = 6
SOCIAL = "social-calendar"
LIKED, DISLIKED = 1.2, -1.2
pytestmark = pytest.mark.slow


class Person:
    """Posts what agents wished for: every other time as they would, else opened with a fact."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._posted: set[str] = set()
        self._connection = app.files.campaigns[SOCIAL].connection[Channel.SOCIAL]
        self._approver = ScriptedApprover(app.gate, SEED)

    def __call__(self, now: datetime) -> datetime | None:
        with self._app.database.read() as connection:
            asked = proposals.observed(connection, SOCIAL, now - timedelta(days=7))
        platform = self._app.gate.door.platforms[self._connection].connector
        world = platform._world  # type: ignore[attr-defined]
        for one in asked:
            action = one.proposal.action
            if action.kind == "social.schedule_post" and action.target not in self._posted:
                assert isinstance(action.after, dict)
                state: dict[str, Any] = dict(action.after)
                if len(self._posted) % 2:
                    state["hook"] = "fact"
                world.advance(now)
                world.apply(Order(action.target, state), f"mei/{action.target}", now)
                self._posted.add(action.target)
        return self._approver(now)


def test_posts_worded_otherwise_are_better_or_worse_once_enough_went_out(tmp_path: Path) -> None:
    file = only(tmp_path, SOCIAL, BEGINS)
    edit(file, "variables: [creative, send_time, posting_cadence]", "variables: [subject]")
    (tmp_path / "scenarios").mkdir(exist_ok=True)
    appeals = f"{{'hook:fact': {{'*': {DISLIKED}}}, 'hook:question': {{'*': {LIKED}}}}}"
    text = f"name: tastes\nappeals: {appeals}\n"
    (tmp_path / "scenarios" / "tastes.yaml").write_text(text, encoding="utf-8")
    edit(
        tmp_path / "drumbeat.yaml",
        "settings: {start:",
        "settings: {scenario: scenarios/tastes.yaml, start:",
    )
    clock = VirtualClock(BEGINS)
    app = open_app(tmp_path, clock=clock, durable=False, key=KEY, calm_hours=4)
    name = app.files.campaigns[SOCIAL].connection[Channel.SOCIAL]
    with app.database.write() as transaction:
        states.set_mode(transaction, name, ConnectionMode.SHADOW, "dana", clock.now())
    app.work.start()
    Inline(app.work, clock, idle=Person(app), strict=True).run_until(BEGINS + WEEKS * timedelta(7))
    with app.database.read() as connection:
        cases = shadow.cases(connection, SOCIAL)
        done = list(ledger.entries(connection, kinds=("effect_done",)))
    app.close()
    by_verdict = {verdict: [c for c in cases if c.verdict is verdict] for verdict in ShadowVerdict}
    assert not [e for e in done if e.campaign == SOCIAL]
    assert len(by_verdict[ShadowVerdict.AGREED]) >= 10
    better = by_verdict[ShadowVerdict.BETTER]
    assert better, {v: len(found) for v, found in by_verdict.items()}
    assert all("hook" in case.reason and "against fact" in case.reason for case in better)
    assert all(case.effect is not None and case.effect > 0 for case in better)
    questions = [c for c in cases if "question against fact" in c.reason]
    assert not any(c.verdict is ShadowVerdict.WORSE for c in questions)
