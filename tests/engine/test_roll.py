"""Roll call: who is alive, on a file of one's own and among many."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from drumbeat.engine.database import open_database
from drumbeat.engine.roll import Alone, Rescues, Together


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'roll.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def server(postgres: Callable[[], str]) -> Iterator[sa.Engine]:
    engine = open_database(postgres(), pool=3)
    yield engine
    engine.dispose()


def test_alone_everybody_else_is_gone(file: sa.Engine) -> None:
    roll = Alone(file, "me")
    roll.join()
    assert roll.gone({"me", "yesterday"}, at=0) == {"yesterday"}


def test_rescues_are_counted_by_tick_and_can_be_forgotten(file: sa.Engine) -> None:
    Alone(file, "me").join()
    rescues = Rescues(file)
    for tick in ("tick:a:1:0", "tick:a:1:0", "tick:b:1:0"):
        rescues.count(tick)
    before = rescues.times("tick:a:1:0")
    rescues.forget({"tick:a:1:0", "tick:never:0:0"})
    assert (before, rescues.times("tick:a:1:0"), rescues.times("tick:b:1:0")) == (2, 0, 1)


@pytest.mark.postgres
def test_a_worker_is_gone_when_its_beats_stand_still(server: sa.Engine) -> None:
    me, other = (Together(server, name, dead_after=10) for name in ("me", "other"))
    me.join()
    other.join()
    me.gone({"other"}, at=0)
    other.beat()
    alive = me.gone({"other"}, at=11)
    dead = me.gone({"other"}, at=21)
    assert (sorted(alive), sorted(dead)) == ([], ["other"])


@pytest.mark.postgres
def test_a_worker_that_never_signed_in_or_signed_out_is_gone_at_once(server: sa.Engine) -> None:
    me, other = (Together(server, name, dead_after=10) for name in ("me", "other"))
    me.join()
    other.join()
    other.leave()
    assert me.gone({"other", "stranger", "me"}, at=0) == {"other", "stranger"}


@pytest.mark.postgres
def test_a_worker_taken_for_dead_signs_in_again_with_its_next_beat(server: sa.Engine) -> None:
    me, other = (Together(server, name, dead_after=10) for name in ("me", "other"))
    me.join()
    other.join()
    me.gone({"other"}, at=0)
    me.gone({"other"}, at=10)
    other.beat()
    assert me.gone({"other"}, at=11) == frozenset()


@pytest.mark.postgres
def test_one_worker_at_a_time_has_its_turn(server: sa.Engine) -> None:
    me, other = (Together(server, name, dead_after=10) for name in ("me", "other"))
    with me.turn() as first, other.turn() as second:
        during = (first, second)
    with other.turn() as after:
        assert (during, after) == ((True, False), True)
