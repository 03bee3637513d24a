"""Rescue decisions: every state of a stuck tick has one answer, and unknown means hands off."""

import itertools

import pytest

from drumbeat.engine.rescue import Answer, State, Stillness, Worker, judge


@pytest.mark.parametrize(
    ("state", "worker", "rescues", "answer"),
    [
        pytest.param(State.WAITING, Worker.GONE, 9, Answer.LEAVE, id="waiting-in-the-queue"),
        pytest.param(State.RUNNING, Worker.AT_WORK, 9, Answer.LEAVE, id="somebody-works-on-it"),
        pytest.param(State.RUNNING, Worker.GONE, 0, Answer.RESUME, id="its-worker-died"),
        pytest.param(State.RUNNING, Worker.GONE, 2, Answer.RESUME, id="last-chance"),
        pytest.param(State.RUNNING, Worker.GONE, 3, Answer.FAIL, id="it-kills-its-workers"),
        pytest.param(State.RUNNING, Worker.IDLE, 9, Answer.RESUME, id="taken-and-never-begun"),
        pytest.param(State.DONE, Worker.AT_WORK, 0, Answer.FAIL, id="over-and-nothing-moved"),
        pytest.param(State.BROKEN, Worker.GONE, 0, Answer.FAIL, id="broke-unrecorded"),
        pytest.param(State.UNKNOWN, Worker.GONE, 9, Answer.LEAVE, id="unknown-means-no"),
    ],
)
def test_a_stuck_tick_gets_one_answer(
    state: State, worker: Worker, rescues: int, answer: Answer
) -> None:
    assert judge(state, worker, rescues=rescues, limit=3).answer is answer


@pytest.mark.parametrize(("state", "worker"), list(itertools.product(State, Worker)))
def test_every_combination_has_a_reason(state: State, worker: Worker) -> None:
    assert judge(state, worker, rescues=1, limit=3).reason


def test_a_tick_given_up_says_how_many_workers_it_took() -> None:
    assert "4 workers" in judge(State.RUNNING, Worker.GONE, rescues=3, limit=3).reason


def test_a_counter_that_moves_is_not_still() -> None:
    still: Stillness[str, int] = Stillness()
    still.observe({"a": 1, "b": 1}, at=100.0)
    assert still.observe({"a": 2, "b": 1}, at=109.0) == {"a": 0.0, "b": 9.0}


def test_a_counter_that_came_back_starts_anew() -> None:
    still: Stillness[str, int] = Stillness()
    still.observe({"a": 1}, at=0.0)
    still.observe({}, at=5.0)
    assert still.observe({"a": 1}, at=9.0) == {"a": 0.0}
