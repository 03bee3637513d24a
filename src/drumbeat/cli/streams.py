"""Streams: what a shell closed (``>&-``) leads nowhere, instead of into the next file we open."""

import os
import sys


def open_all() -> None:
    """See that stdin, stdout and stderr are open before anything else takes their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is this one: those below it are open by now.
            os.open(os.devnull, os.O_RDWR)
    # The interpreter sets what was closed at its start to None.
    outputs = (("stdout", 1), ("stderr", 2))
    for name, number in outputs:
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
