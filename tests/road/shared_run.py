"""A long run made once a test session, however many workers pytest has: the others wait for it."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

_DONE = "finished"


def shared_run(
    factory: pytest.TempPathFactory, worker: str, name: str, make: Callable[[Path], None]
) -> Path:
    """The folder ``make`` filled. ``worker`` is pytest-xdist's name of this process."""
    base = factory.getbasetemp() if worker == "master" else factory.getbasetemp().parent
    folder = base / name
    folder.mkdir(exist_ok=True)
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / f"{name}.{_DONE}").exists():
            make(folder)
            (base / f"{name}.{_DONE}").touch()
    return folder
