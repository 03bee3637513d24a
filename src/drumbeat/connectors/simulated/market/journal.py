"""Journal: the orders a market has carried out, the only thing about it that is kept on disk.

A SQLite file that several processes may share and that survives the death of any of them: an
order is in it wholly or not at all. (Write-ahead log with ``synchronous=NORMAL``: a power cut,
unlike a kill, may cost the last orders.)
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drumbeat.connectors.simulated.market.order import KeyConflict, Order, Placed
from drumbeat.core.canonical import canonical

_TABLES = """
CREATE TABLE IF NOT EXISTS market (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS orders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    at REAL NOT NULL,
    target TEXT NOT NULL,
    after TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
"""
_COLUMNS = "seq, key, at, target, after"


class OtherMarket(ValueError):
    """The file holds a market with other parameters."""


class Journal:
    """Orders in the sequence they were accepted. ``path`` None keeps them in memory only."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        # The world serializes access; orders may come from any thread of the process.
        self._base = sqlite3.connect(
            path or ":memory:", timeout=30.0, isolation_level=None, check_same_thread=False
        )
        if path is not None:
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=NORMAL")
        with self._writing():
            for statement in _TABLES.split(";"):
                self._base.execute(statement)

    def settle(self, facts: dict[str, str]) -> dict[str, str]:
        """Write down the market's parameters at first use; later, give back the first ones."""
        with self._writing():
            for name, value in facts.items():
                self._base.execute("INSERT OR IGNORE INTO market VALUES (?, ?)", (name, value))
        return dict(self._base.execute("SELECT name, value FROM market"))

    def since(self, seq: int) -> list[Placed]:
        """The orders accepted after the one with this number."""
        rows = self._base.execute(
            f"SELECT {_COLUMNS} FROM orders WHERE seq > ? ORDER BY seq",  # noqa: S608
            (seq,),
        )
        return [_placed(row) for row in rows]

    def find(self, key: str) -> Placed | None:
        """The order placed under a key."""
        row = self._base.execute(
            f"SELECT {_COLUMNS} FROM orders WHERE key = ?",  # noqa: S608
            (key,),
        ).fetchone()
        return _placed(row) if row else None

    def place(self, order: Order, key: str, at: float, judge: Callable[[], None]) -> Placed:
        """Write an order down, once. ``judge`` runs in the same transaction and may raise.

        The same key with the same order gives the first placing again; with another order it
        raises KeyConflict.
        """
        with self._writing():
            earlier = self.find(key)
            if earlier is not None:
                if earlier.order.digest != order.digest:
                    raise KeyConflict(f"key {key} was used for another change of the market")
                return earlier
            judge()
            after = canonical(order.after).decode()
            cursor = self._base.execute(
                "INSERT INTO orders (key, at, target, after, digest) VALUES (?, ?, ?, ?, ?)",
                (key, at, order.target, after, order.digest),
            )
            return Placed(int(cursor.lastrowid or 0), key, at, order)

    def close(self) -> None:
        self._base.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")


def _placed(row: tuple[int, str, float, str, str]) -> Placed:
    seq, key, at, target, after = row
    return Placed(seq, key, at, Order(target, json.loads(after)))
