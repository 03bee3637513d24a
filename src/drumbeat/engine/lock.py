"""The lock of a SQLite database: one process at a time runs its clocks."""

import fcntl
import os
from pathlib import Path


class DatabaseInUse(RuntimeError):
    """Another process runs this database already."""


class DatabaseLock:
    """An advisory lock on ``<database>.lock``.

    The operating system lets go of it when the process ends, however it ends, so that there is
    no stale lock to clean up and no heartbeat to wait for.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(database.name + ".lock")
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises DatabaseInUse, naming the process that holds it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 100).decode().strip() or "unknown"
            os.close(handle)
            raise DatabaseInUse(
                f"{self._database} is already being run by another process (pid {holder}). "
                "Stop that one first; to run several workers, use a Postgres database."
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle

    def release(self) -> None:
        """Let go; harmless when not held. The empty file stays: removing it would race."""
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None
