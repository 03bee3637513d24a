"""The command as a person runs it: a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code, its data and its prose."""

    code: int
    out: str
    err: str


def _start(arguments: tuple[object, ...]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "drumbeat.cli.main", *map(str, arguments)],
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def drumbeat(*arguments: object, seconds: float = 200) -> Outcome:
    """Run it to its end. Whatever happens, nobody ever sees a traceback."""
    process = _start(arguments)
    out, err = _rest_of(process, seconds)
    assert "Traceback" not in err, err
    return Outcome(process.returncode, out, err)


@contextmanager
def running(*arguments: object, until: str) -> Iterator["subprocess.Popen[str]"]:
    """Start it, wait until it says ``until`` on stderr; interrupted at the end."""
    process = _start(arguments)
    assert process.stderr is not None
    said = ""
    try:
        while until not in said:
            line = process.stderr.readline()
            assert line, f"it ended before saying {until!r}: {said}"
            said += line
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        _rest_of(process, 60)


def _rest_of(process: "subprocess.Popen[str]", seconds: float) -> tuple[str, str]:
    """What it still says until it ends; one that does not end is not left running behind."""
    try:
        return process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
