"""Dispatcher, keeper and janitor over a queue in memory."""

from datetime import UTC, datetime, timedelta

from drumbeat.engine.clock import VirtualClock
from drumbeat.engine.dispatch import Dispatcher
from drumbeat.engine.keeper import Janitor, Keeper
from drumbeat.engine.rescue import State
from drumbeat.engine.tick import Tick
from tests.engine.shelf import FakeCounts, FakeQueue, FakeRoll, FakeWork

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ONE, TWO, THREE = Tick("a", 1), Tick("b", 1), Tick("c", 1)


class Scene:
    """One keeper with everything around it under control."""

    def __init__(self) -> None:
        self.work, self.queue, self.roll = FakeWork(), FakeQueue(), FakeRoll()
        self.counts, self.seconds = FakeCounts(), 0.0
        self.keeper = Keeper(
            "me", self.work, self.queue, self.roll, self.counts, stopwatch=lambda: self.seconds
        )

    def look(self, after: float = 0.0) -> None:
        self.seconds += after
        self.keeper.turn()


def test_the_ticks_of_a_dead_worker_go_back_and_are_counted() -> None:
    scene = Scene()
    scene.queue.put(ONE, State.RUNNING, "dead")
    scene.queue.put(TWO, State.RUNNING, "alive")
    scene.roll.dead = {"dead"}
    scene.look()
    assert scene.queue.resumed == [ONE]
    assert scene.counts.counts == {ONE.name: 1}


def test_nothing_is_rescued_while_another_worker_has_its_turn() -> None:
    scene = Scene()
    scene.queue.put(ONE, State.RUNNING, "dead")
    scene.roll.dead, scene.roll.mine = {"dead"}, False
    scene.look()
    assert scene.queue.resumed == []


def test_a_tick_that_took_down_four_workers_is_given_up_and_told() -> None:
    scene = Scene()
    for number in range(4):
        scene.queue.put(ONE, State.RUNNING, f"worker-{number}")
        scene.roll.dead = {f"worker-{number}"}
        scene.look(after=10)
    assert scene.queue.resumed == [ONE] * 3
    assert scene.queue.dropped == [ONE]
    assert scene.work.failures == {ONE: "4 workers died while running it"}


def test_a_tick_we_took_and_never_began_goes_back_after_a_while() -> None:
    scene = Scene()
    scene.queue.put(ONE, State.RUNNING, "me")
    scene.look()
    scene.look(after=29)
    before = list(scene.queue.resumed)
    scene.look(after=1)
    assert (before, scene.queue.resumed) == ([], [ONE])
    assert scene.counts.counts == {}, "no worker died: it must not count towards giving up"


def test_a_tick_we_are_at_work_on_is_left_alone_however_long_it_takes() -> None:
    scene = Scene()
    scene.queue.put(ONE, State.RUNNING, "me")
    scene.queue.at_work = {ONE}
    scene.look()
    scene.look(after=100_000)
    assert scene.queue.resumed == []


def test_a_full_batch_asks_for_another_round_at_once() -> None:
    work, queue = FakeWork(due=[ONE, TWO, THREE]), FakeQueue()
    dispatcher = Dispatcher(work, queue, VirtualClock(NOW), batch=2)
    assert [dispatcher.turn(), dispatcher.turn()] == [True, False]
    assert list(queue.entries) == [ONE, TWO, THREE]


def test_a_tick_claimed_again_although_it_is_over_is_failed() -> None:
    queue, long_ago = FakeQueue(), (NOW - timedelta(minutes=5)).timestamp()
    queue.put(ONE, State.DONE, made=long_ago)
    queue.put(TWO, State.BROKEN, made=long_ago)
    queue.put(THREE, State.RUNNING, made=long_ago)
    work = FakeWork(due=[ONE, TWO, THREE])
    Dispatcher(work, queue, VirtualClock(NOW), batch=9, real=VirtualClock(NOW)).turn()
    assert set(work.failures) == {ONE, TWO}
    assert "without moving its subject on" in work.failures[ONE]


def test_a_tick_that_was_over_within_moments_is_not_failed() -> None:
    queue = FakeQueue()
    queue.put(ONE, State.DONE, made=NOW.timestamp())
    work = FakeWork(due=[ONE])
    Dispatcher(work, queue, VirtualClock(NOW), batch=9, real=VirtualClock(NOW)).turn()
    assert work.failures == {}


def test_the_janitor_clears_what_is_old_batch_by_batch() -> None:
    queue, counts = FakeQueue(), FakeCounts({ONE.name: 2, "tick:kept:1:0": 1})
    for tick in (ONE, TWO, THREE):
        queue.put(tick, State.DONE)
    janitor = Janitor(queue, counts, keep=timedelta(days=1), batch=2, real=VirtualClock(NOW))
    assert [janitor.turn(), janitor.turn()] == [True, False]
    assert queue.forgotten_before == NOW - timedelta(days=1)
    assert (queue.entries, counts.counts) == ({}, {"tick:kept:1:0": 1})
