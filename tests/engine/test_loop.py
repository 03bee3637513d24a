"""Loops: they survive what their turns raise, wait longer each time, and stop when told."""

import threading

import pytest

from drumbeat.engine.loop import Loop, pause
from tests.engine.processes import wait_until


@pytest.mark.parametrize(
    ("every", "failures", "seconds"),
    [
        pytest.param(0.25, 0, 0.25, id="all-well"),
        pytest.param(0.25, 1, 0.5, id="first-failure"),
        pytest.param(0.25, 4, 4.0, id="fourth-in-a-row"),
        pytest.param(0.25, 5000, 30.0, id="never-longer-than-half-a-minute"),
        pytest.param(600.0, 3, 600.0, id="unless-that-is-its-pace"),
    ],
)
def test_the_pause_grows_with_failures_up_to_a_limit(
    every: float, failures: int, seconds: float
) -> None:
    assert pause(every, failures) == seconds


def test_a_turn_with_more_to_do_is_followed_by_another_at_once() -> None:
    answers, done = iter([True, True, True, False]), threading.Event()

    def turn() -> bool:
        more = next(answers)
        if not more:
            done.set()
        return more

    loop = Loop("test", 3600, turn)
    loop.start()
    assert done.wait(10)
    assert loop.stop(10)


def test_a_nudge_ends_the_pause() -> None:
    turns: list[int] = []

    def turn() -> bool:
        turns.append(1)
        return False

    loop = Loop("test", 3600, turn)
    loop.start()
    wait_until(lambda: len(turns) == 1)
    loop.nudge()
    wait_until(lambda: len(turns) == 2)
    assert loop.stop(10)


def test_a_failure_is_kept_until_a_turn_succeeds(caplog: pytest.LogCaptureFixture) -> None:
    healthy = threading.Event()

    def turn() -> bool:
        if not healthy.is_set():
            raise OSError("the disk is full")
        return False

    loop = Loop("dispatcher", 0.01, turn)
    loop.start()
    wait_until(lambda: loop.problem == "OSError: the disk is full")
    healthy.set()
    wait_until(lambda: loop.problem is None)
    assert loop.stop(10)
    [told] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert told.getMessage() == "dispatcher failed, trying again: OSError: the disk is full"
    assert told.exc_info is None


def test_a_mistake_is_told_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    loop = Loop("dispatcher", 10, lambda: bool(1 / 0))
    loop.start()
    wait_until(lambda: loop.problem is not None)
    assert loop.stop(10)
    [told] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert told.exc_info is not None


def test_a_loop_that_never_started_stops_at_once() -> None:
    assert Loop("test", 1, lambda: False).stop(0)
