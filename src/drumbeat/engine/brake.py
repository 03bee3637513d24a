"""Brake: nothing new goes out of a workspace while an order to freeze is still being written.

A command needs a second or two to open a workspace and commit its order. It steps on the brake
before that: a file it holds locked, which every process of the workspace on this machine looks for
before a call. The operating system lets go of it when the command ends, however it ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FILE = Path(".drumbeat") / "brake"


@contextmanager
def pressed(home: Path) -> Iterator[None]:
    """Hold it down. Where the disk refuses, or another command is on it, the order itself follows
    all the same."""
    path = home / _FILE
    handle = None
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        yield
    finally:
        if handle is not None:
            path.unlink(missing_ok=True)
            os.close(handle)


def is_pressed(home: Path) -> bool:
    """Whether a command holds it down now. Costs one look for a file that is hardly ever there."""
    try:
        handle = os.open(home / _FILE, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
