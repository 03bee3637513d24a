"""Interrupts: Ctrl-C is raised where it arrives, and again where it was swallowed.

Python raises KeyboardInterrupt in whatever code happens to run. A library's callback, a
destructor or a weak reference's may be that code, and an error there is told and forgotten. Long
work therefore asks between its steps whether somebody wanted it to end.
"""

import signal
from types import FrameType
from typing import NoReturn


class Interrupts:
    """Remembers the first Ctrl-C from ``listen`` on; ``raise_if_any`` raises it again.

    A process started with interrupts ignored keeps ignoring them.
    """

    def __init__(self) -> None:
        self._came: BaseException | None = None

    def listen(self) -> None:
        """Start to remember; only the main thread may call it."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)

    def listen_to_terminations(self) -> None:
        """Let a SIGTERM unwind the work as Ctrl-C does, where there is something to put away."""
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._terminate)

    def raise_if_any(self) -> None:
        """Raise what came and was lost: KeyboardInterrupt, or SystemExit of a termination."""
        if self._came is not None:
            raise self._came

    def _interrupt(self, number: int, frame: FrameType | None) -> NoReturn:
        self._end_by(KeyboardInterrupt())

    def _terminate(self, number: int, frame: FrameType | None) -> NoReturn:
        self._end_by(SystemExit(128 + number))

    def _end_by(self, end: BaseException) -> NoReturn:
        self._came = end
        raise end


# A process has one handler; the command line sets it before it does anything else.
INTERRUPTS = Interrupts()
