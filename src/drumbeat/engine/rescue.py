"""Rescue: what to do with a tick that is claimed and does not move, as one pure decision."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar


class Answer(StrEnum):
    """Every possible answer."""

    LEAVE = "leave"  # it waits its turn, or somebody is at work on it
    RESUME = "resume"  # nobody is at work on it: back into the queue
    FAIL = "fail"  # it will never move by itself: tell the work


class State(StrEnum):
    """How far a tick's workflow has come, in the words of the queue."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class Worker(StrEnum):
    """What is known of the process that took a running tick."""

    AT_WORK = "at work"
    IDLE = "idle"  # alive, and certain not to be working on this tick
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Ruling:
    """An answer and the reason for it, in words a person can read."""

    answer: Answer
    reason: str


def judge(state: State, worker: Worker, *, rescues: int, limit: int) -> Ruling:
    """What to do with a claimed tick that has not moved its subject on.

    ``rescues`` counts how often this tick was taken from a dead worker; at ``limit`` it is taken
    for the cause of those deaths.
    """
    match state:
        case State.WAITING:
            return Ruling(Answer.LEAVE, "waits in the queue")
        case State.DONE:
            return Ruling(Answer.FAIL, "the tick ended without moving its subject on")
        case State.BROKEN:
            return Ruling(Answer.FAIL, "the tick broke before its failure could be recorded")
        case State.UNKNOWN:
            return Ruling(Answer.LEAVE, "its state is not known")
        case State.RUNNING:
            return _running(worker, rescues, limit)


def _running(worker: Worker, rescues: int, limit: int) -> Ruling:
    match worker:
        case Worker.AT_WORK:
            return Ruling(Answer.LEAVE, "a worker is at work on it")
        case Worker.IDLE:
            return Ruling(Answer.RESUME, "its worker took it and never began")
        case Worker.GONE if rescues >= limit:
            return Ruling(Answer.FAIL, f"{rescues + 1} workers died while running it")
        case Worker.GONE:
            return Ruling(Answer.RESUME, "its worker is gone")


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Stillness(Generic[Key, Value]):
    """How long each of several values has not changed, by one observer's own stopwatch.

    Heartbeats are counters, and each observer times for itself how long a counter has stood
    still: no two computers need to agree on the time of day.
    """

    def __init__(self) -> None:
        self._seen: dict[Key, tuple[Value, float]] = {}

    def observe(self, values: Mapping[Key, Value], at: float) -> dict[Key, float]:
        """Seconds since each value was first seen as it is now; what is missing is forgotten."""
        self._seen = {key: self._since(key, value, at) for key, value in values.items()}
        return {key: at - since for key, (_, since) in self._seen.items()}

    def _since(self, key: Key, value: Value, at: float) -> tuple[Value, float]:
        seen = self._seen.get(key)
        return seen if seen is not None and seen[0] == value else (value, at)
