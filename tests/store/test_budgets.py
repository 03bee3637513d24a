"""Budgets: what is promised under a cap, under a crowd of promises."""

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from drumbeat.store import budgets, ledger
from drumbeat.store.database import Database

SCOPES = ("campaign:retargeting/month:2026-09", "workspace/month:2026-09")
CAP = 100_000
NOW = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=1)


def reserve(database: Database, proposal: str, minor: int) -> None:
    with database.write() as transaction:
        budgets.reserve(transaction, proposal, SCOPES, minor, "EUR", NOW)


def committed(database: Database) -> list[int]:
    with database.read() as connection:
        return [budgets.committed(connection, scope, NOW) for scope in SCOPES]


def test_a_promise_counts_in_every_scope(database: Database) -> None:
    reserve(database, "p1", 400)
    reserve(database, "p2", 50)
    assert committed(database) == [450, 450]


def test_the_same_proposal_reserves_once(database: Database) -> None:
    reserve(database, "p1", 400)
    reserve(database, "p1", 400)
    assert committed(database) == [400, 400]
    with database.read() as connection:
        assert budgets.reserved_by(connection, "p1", NOW) == dict.fromkeys(SCOPES, 400)


def test_what_is_given_back_can_be_promised_again(database: Database) -> None:
    reserve(database, "p1", 400)
    reserve(database, "p2", 50)
    for _ in range(2):  # giving back twice is giving back once
        with database.write() as transaction:
            budgets.release(transaction, "p1", "EUR")
    assert committed(database) == [50, 50]


def test_what_was_taken_back_comes_free_a_day_after_it_was_promised(database: Database) -> None:
    reserve(database, "p1", 400)
    reserve(database, "p2", 50)
    with database.write() as transaction:
        budgets.free_later(transaction, "p1", timedelta(days=1))
    assert committed(database) == [450, 450]
    day_after = NOW + timedelta(days=1)
    with database.read() as connection:
        assert budgets.committed(connection, SCOPES[0], day_after) == 50
        assert budgets.reserved_by(connection, "p1", day_after) == {}
    reserve(database, "p1", 400)  # promised again, it counts again
    with database.read() as connection:
        assert budgets.committed(connection, SCOPES[0], day_after) == 450


def test_what_was_promised_lately_counts_whatever_became_of_it(database: Database) -> None:
    reserve(database, "p1", 400)
    reserve(database, "p2", 50)
    with database.write() as transaction:
        budgets.free_later(transaction, "p1", timedelta())
    with database.read() as connection:
        assert (
            budgets.promised_since(
                connection, "campaign:retargeting", NOW - timedelta(hours=1), "p2"
            )
            == 400
        )
        assert (
            budgets.promised_since(connection, "campaign:retargeting", NOW + timedelta(hours=1), "")
            == 0
        )


def test_giving_back_what_was_never_promised_changes_nothing(database: Database) -> None:
    with database.write() as transaction:
        budgets.release(transaction, "nobody", "EUR")
    assert committed(database) == [0, 0]


def promise_and_die(database: Database) -> None:
    with database.write() as transaction:
        budgets.reserve(transaction, "p1", SCOPES, 400, "EUR", NOW)
        raise RuntimeError("the process dies here")


def test_a_promise_whose_transaction_fails_is_none(database: Database) -> None:
    with pytest.raises(RuntimeError):
        promise_and_die(database)
    assert committed(database) == [0, 0]


def test_any_order_of_promises_and_returns_never_goes_below_nothing(database: Database) -> None:
    luck = random.Random(7)
    for _ in range(120):
        proposal = f"p{luck.randrange(6)}"
        with database.write() as transaction:
            step = luck.choice((budgets.release, _reserve))
            step(transaction, proposal, "EUR")
            assert min(budgets.committed(transaction, scope, NOW) for scope in SCOPES) >= 0
    with database.read() as connection:
        held = [budgets.reserved_by(connection, f"p{n}", NOW) for n in range(6)]
    assert committed(database) == [sum(one.get(scope, 0) for one in held) for scope in SCOPES]


def _reserve(transaction: sa.Connection, proposal: str, currency: str) -> None:
    budgets.reserve(transaction, proposal, SCOPES, 100 + len(proposal), currency, NOW)


def test_eight_threads_that_look_before_they_promise_never_pass_the_cap(
    database: Database,
) -> None:
    """The gate's own way: look and promise in one writing transaction."""

    def spend(worker: int) -> None:
        luck = random.Random(worker)
        for number in range(25):
            minor = luck.randint(1, 2_000)
            with database.write() as transaction:
                ledger.serialize(transaction)
                if budgets.committed(transaction, SCOPES[0], NOW) + minor <= CAP:
                    budgets.reserve(transaction, f"{worker}-{number}", SCOPES, minor, "EUR", NOW)

    threads = [threading.Thread(target=spend, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert CAP - 2_000 < committed(database)[0] <= CAP
    assert len(set(committed(database))) == 1
