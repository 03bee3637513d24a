"""Interrupts: Ctrl-C is raised where it arrives, and again where it was swallowed.

Python raises KeyboardInterrupt in whatever code happens to run. A library's callback, a
destructor or a weak reference's may be that code, and an error there is told and forgotten. Long
work therefore asks between its steps whether somebody wanted it to end.
"""

import signal
from types import FrameType


class Interrupts:
    """Remembers the first Ctrl-C from ``listen`` on; ``raise_if_any`` raises it again.

    A process started with interrupts ignored keeps ignoring them.
    """

    def __init__(self) -> None:
        self._came = False

    def listen(self) -> None:
        """Start to remember; only the main thread may call it."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._remember)

    def raise_if_any(self) -> None:
        """Raise KeyboardInterrupt where one came and was lost."""
        if self._came:
            raise KeyboardInterrupt

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self._came = True
        signal.default_int_handler(number, frame)


# A process has one handler; the command line sets it before it does anything else.
INTERRUPTS = Interrupts()
