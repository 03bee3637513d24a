"""Interrupts: a Ctrl-C that a library swallowed is raised at the next step."""

import contextlib
import signal
from collections.abc import Iterator

import pytest

from drumbeat.cli.interrupts import Interrupts


@pytest.fixture(autouse=True)
def usual_handler() -> Iterator[None]:
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    termination = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, termination)


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


def test_a_termination_unwinds_too_and_says_how_it_ended() -> None:
    interrupts = Interrupts()
    interrupts.listen_to_terminations()
    with pytest.raises(SystemExit) as arrived:
        signal.raise_signal(signal.SIGTERM)
    with pytest.raises(SystemExit) as again:
        interrupts.raise_if_any()
    assert (arrived.value.code, again.value.code) == (143, 143)


def test_who_has_a_way_to_end_keeps_it() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Interrupts().listen_to_terminations()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
