"""Worker processes under a test's control: started, killed, suspended, waited for."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

REPOSITORY = Path(__file__).parents[2]


class WorkerProcess:
    """``tests.engine.worker`` in a process of its own, with every warning an error."""

    def __init__(self, url: str, subjects: int, rounds: int, *options: str) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-W", "error", "-m", "tests.engine.worker"),
                *(url, str(subjects), str(rounds), *options),
            ],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "WorkerProcess":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def ready(self) -> "WorkerProcess":
        """Wait until it takes ticks."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line == "ready\n", f"the worker did not start: {line}{self.finish()}"
        return self

    def kill(self) -> None:
        """SIGKILL: no handler, no clean-up."""
        self._process.kill()
        self._process.communicate()

    def suspend(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def finish(self, timeout: float = 120) -> tuple[int, str, str]:
        """Wait for its end: exit code, what it printed, what it complained about."""
        out, err = self._process.communicate(timeout=timeout)
        return self._process.returncode, out, err


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Poll until ``condition`` holds. Fails the test when it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)
