"""Atomic writes: a file is there whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_text(target: Path, text: str) -> None:
    """Write a text file in one step, making its folder. Raises OSError, leaving nothing behind."""
    write_bytes(target, text.encode())


def write_bytes(target: Path, content: bytes) -> None:
    """Write a file in one step, making its folder. Raises OSError, leaving nothing behind."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".drumbeat-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files nobody else may read; a workspace is meant to be shared.
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
