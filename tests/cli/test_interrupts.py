"""Interrupts: a Ctrl-C that a library swallowed is raised at the next step."""

import contextlib
import signal
from collections.abc import Iterator

import pytest

from drumbeat.cli.interrupts import Interrupts


@pytest.fixture(autouse=True)
def usual_handler() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_one_is_raised_where_it_arrives_and_again_at_the_next_step() -> None:
    interrupts = Interrupts()
    interrupts.listen()
    interrupts.raise_if_any()
    with contextlib.suppress(KeyboardInterrupt):  # as a library does that swallows everything
        signal.raise_signal(signal.SIGINT)
        pytest.fail("it was not raised where it arrived")
    with pytest.raises(KeyboardInterrupt):
        interrupts.raise_if_any()


def test_who_ignores_interrupts_goes_on_ignoring_them() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interrupts = Interrupts()
    interrupts.listen()
    signal.raise_signal(signal.SIGINT)
    interrupts.raise_if_any()
