"""The live demo's time: on a machine that cannot keep up it passes slowly, and nothing is late."""

from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.app.demo import START, open_demo, prepare
from drumbeat.app.live_demo import LiveDemo
from drumbeat.store import ledger


def test_time_waits_for_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day a second, and every look at what is due takes ten: ten days, were nobody to wait."""
    prepare(tmp_path / "demo", 7)
    demo = open_demo(tmp_path / "demo", 7)
    live, clock = LiveDemo(demo), demo.clock
    watch = [0.0]
    monkeypatch.setattr(clock, "_monotonic", lambda: watch[0])
    # Nobody is there: what waits for people does not hold the time in this test.
    monkeypatch.setattr(LiveDemo, "is_waiting_for_people", False)
    clock.set_speed(86_400)
    began = clock.now()
    for _ in range(30):
        live._turn()
        due = demo.app.work.next_due()
        watch[0] += 10.0
        assert due is None or clock.now() <= max(due, clock._base)
    assert clock.now() > began + timedelta(hours=12)
    # People are late, as they did not come; neither agents nor clocks are.
    with demo.app.database.read() as connection:
        told = [
            str(one.body.get("text", ""))
            for one in ledger.entries(connection, kinds=("escalated",))
        ]
    assert not [
        one for one in told if "clocks run" in one or ("late: " in one and "approve" not in one)
    ]


def test_a_fresh_demo_begins_with_a_past_and_a_question(tmp_path: Path) -> None:
    """Whoever opens the page finds something to look at and something to do."""
    prepare(tmp_path / "demo", 7)
    live = LiveDemo(open_demo(tmp_path / "demo", 7))
    live._play_first_weeks()
    live._play_on()
    began = live.demo.clock.now() - START
    assert timedelta(weeks=2) < began < timedelta(weeks=3)
    assert live.is_waiting_for_people
    live.demo.app.close()
