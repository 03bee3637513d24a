"""Dues: who may tick and when: leases, the fence, and pokes that come at the wrong moment."""

from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.store import dues
from drumbeat.store.database import Database
from drumbeat.store.dues import Due, StaleTick

NOW = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
HOUR = timedelta(hours=1)


def schedule(database: Database, subject: str, at: datetime = NOW) -> None:
    with database.write() as transaction:
        dues.schedule(transaction, subject, at)


def claim(database: Database, now: datetime = NOW, limit: int = 10) -> list[Due]:
    with database.write() as transaction:
        return list(dues.claim(transaction, now, limit, LEASE))


def commit(database: Database, taken: Due, now: datetime, wake_at: datetime | None) -> None:
    with database.write() as transaction:
        dues.commit(transaction, taken, now, wake_at)


def next_due(database: Database) -> datetime | None:
    with database.read() as connection:
        return dues.next_due(connection)


def test_what_is_due_is_claimed_in_order_and_once(database: Database) -> None:
    schedule(database, "late", NOW + HOUR)
    schedule(database, "b")
    schedule(database, "a")
    schedule(database, "first", NOW - HOUR)
    assert [due.subject for due in claim(database)] == ["first", "a", "b"]
    assert claim(database) == []


def test_no_more_is_claimed_than_asked_for(database: Database) -> None:
    for number in range(5):
        schedule(database, f"s{number}")
    assert [due.subject for due in claim(database, limit=2)] == ["s0", "s1"]
    assert [due.subject for due in claim(database)] == ["s2", "s3", "s4"]


def test_a_lease_that_ran_out_is_claimed_again_under_the_same_number(database: Database) -> None:
    schedule(database, "cycle:1")
    (first,) = claim(database)
    assert claim(database, NOW + LEASE - timedelta(microseconds=1)) == []
    assert next_due(database) == NOW + LEASE
    assert claim(database, NOW + LEASE) == [first]


def test_only_the_first_to_commit_counts(database: Database) -> None:
    schedule(database, "cycle:1")
    (mine,) = claim(database)
    (theirs,) = claim(database, NOW + LEASE)
    commit(database, theirs, NOW, NOW + HOUR)
    with pytest.raises(StaleTick):
        commit(database, mine, NOW, None)
    assert next_due(database) == NOW + HOUR


def write_and_commit(database: Database, taken: Due) -> None:
    with database.write() as transaction:
        dues.schedule(transaction, "effects", NOW)
        dues.commit(transaction, taken, NOW, NOW)


def test_what_a_stale_tick_wrote_is_gone_with_it(database: Database) -> None:
    schedule(database, "cycle:1")
    (mine,) = claim(database)
    commit(database, mine, NOW, None)
    with pytest.raises(StaleTick):
        write_and_commit(database, mine)
    assert next_due(database) is None


def test_a_commit_with_nothing_ahead_sleeps_until_poked(database: Database) -> None:
    schedule(database, "watch")
    (due,) = claim(database)
    commit(database, due, NOW, None)
    assert next_due(database) is None
    with database.write() as transaction:
        dues.poke(transaction, "watch", NOW + HOUR)
    assert next_due(database) == NOW + HOUR


def test_a_poke_never_makes_later(database: Database) -> None:
    schedule(database, "watch", NOW)
    schedule(database, "watch", NOW + HOUR)
    assert next_due(database) == NOW


def test_a_poke_while_the_tick_runs_is_not_lost(database: Database) -> None:
    schedule(database, "cycle:1")
    (due,) = claim(database)
    with database.write() as transaction:
        dues.poke(transaction, "cycle:1", NOW)  # somebody approves in the middle of the tick
    assert claim(database) == []  # the lease holds
    commit(database, due, NOW + HOUR, NOW + timedelta(days=3))
    (again,) = claim(database, NOW + HOUR)
    assert (again.seq, again.attempt) == (due.seq + 1, 0)


def test_a_poke_while_the_tick_fails_is_answered_by_its_retry(database: Database) -> None:
    schedule(database, "cycle:1")
    (due,) = claim(database)
    with database.write() as transaction:
        dues.poke(transaction, "cycle:1", NOW)
        assert dues.retry(transaction, "cycle:1", due.seq, due.attempt, NOW + HOUR, "away")
    (again,) = claim(database, NOW + HOUR)
    assert (again.seq, again.attempt) == (due.seq, 1)
    commit(database, again, NOW + HOUR, None)
    assert next_due(database) is None


def test_a_failure_is_noted_once(database: Database) -> None:
    schedule(database, "cycle:1")
    (due,) = claim(database)
    with database.write() as transaction:
        assert dues.retry(transaction, "cycle:1", due.seq, 0, NOW + HOUR, "away")
        assert not dues.retry(transaction, "cycle:1", due.seq, 0, NOW, "away again")
    assert next_due(database) == NOW + HOUR


def test_a_failure_of_a_tick_that_was_committed_since_is_stale_news(database: Database) -> None:
    schedule(database, "cycle:1")
    (due,) = claim(database)
    commit(database, due, NOW, NOW + HOUR)
    with database.write() as transaction:
        assert not dues.retry(transaction, "cycle:1", due.seq, due.attempt, NOW, "late")
