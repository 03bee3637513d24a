"""Live demo: the virtual clock runs, work is done as it falls due, and time waits for people.

It waits for the work as well: on a busy machine the clock would run ahead of it at hours a second,
and everything would be late through nobody's fault.
"""

import contextlib
import threading
import time
from datetime import timedelta

from drumbeat.app.anchor import write_anchor
from drumbeat.app.approver import ScriptedApprover
from drumbeat.app.colleagues import Colleagues
from drumbeat.app.demo import START, Demo
from drumbeat.app.market_mail import MarketMail
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import DEMO_ACCOUNT, person_of
from drumbeat.app.pages.waiting import may_undo, waits_for
from drumbeat.app.running import publish_clock
from drumbeat.engine.inline import Inline, Stalled

# Virtual seconds a real second: an hour passes in one.
DEFAULT_SPEED = 3600
SPEEDS = (0, 1, 600, 3600, 14_400)
_TURN_SECONDS = 0.05
# How much real time may flow before the driver looks again: pages make work between two looks.
_LEEWAY_SECONDS = 0.5
_PUBLISH_SECONDS = 1.0
# A fresh demo begins with this much of a past, so that there is something to look at.
_PLAYED = timedelta(weeks=2, days=1)
# And it goes on to the first thing that waits for the person, so that there is something to do.
_MOST_PLAYED = _PLAYED + timedelta(weeks=1)
_STRIDE = timedelta(hours=6)


class LiveDemo:
    """Drives a demo in a thread of its own until it is stopped."""

    def __init__(self, demo: Demo, speed: int = DEFAULT_SPEED) -> None:
        self.demo = demo
        self._mail = MarketMail(demo.app)
        self._inline = Inline(demo.app.work, demo.clock)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo", daemon=True)
        self._published = 0.0
        self._ground = Ground(demo.app)
        self._person = person_of(self._ground, DEMO_ACCOUNT, "demo")
        self.colleagues = Colleagues(self._ground, self._person)
        self._speed = speed
        self._is_past = True

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the turn at hand, note the time and stop."""
        self._stop.set()
        self._thread.join(timeout=30)
        self.demo.clock.set_speed(0)
        self._publish()

    @property
    def is_waiting_for_people(self) -> bool:
        """Whether something waits that the demo's person may answer; time runs no faster than
        real then."""
        if self._person is None:
            return False
        with self.demo.app.database.read() as connection:
            return waits_for(self._ground, connection, self._person) or may_undo(
                self._ground, connection, self._person
            )

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_playing_the_past(self) -> bool:
        """Whether the first weeks are still being played, and nobody is asked anything."""
        return self._is_past

    @property
    def speed(self) -> int:
        """The speed a person chose; the clock may run slower while something waits for them."""
        return self._speed

    def set_speed(self, speed: int) -> None:
        """Choose the speed; in force as soon as the past has been played."""
        self._speed = speed
        if not self._is_past:
            self.demo.clock.set_speed(speed)

    def _play_first_weeks(self) -> None:
        """Scripted people answer until there is a past to look at; then it is the person's turn."""
        approver = ScriptedApprover(self.demo.app.gate, self.demo.seed)
        inline = Inline(self.demo.app.work, self.demo.clock, idle=approver)
        while self.demo.clock.now() < START + _PLAYED and not self._stop.is_set():
            inline.run_until(self.demo.clock.now() + _STRIDE)
            self._mail.deliver(self.demo.clock.now())
            self._publish()

    def _play_on(self) -> None:
        """Up to the first question to the person; colleagues answer what they are asked."""
        clock = self.demo.clock
        while not self.is_waiting_for_people and clock.now() < START + _MOST_PLAYED:
            if self._stop.is_set():
                return
            self._inline.run_until(clock.now() + _STRIDE)
            self._mail.deliver(clock.now())
            self.colleagues(clock.now())
            self._publish()

    def _run(self) -> None:
        self._play_first_weeks()
        self._play_on()
        self._is_past = False
        self.demo.clock.set_speed(self._speed)
        while not self._stop.is_set():
            self._turn()
            self._stop.wait(_TURN_SECONDS)

    def _turn(self) -> None:
        clock = self.demo.clock
        # The clock runs on, and people act, while the driver looks: what fell due between two of
        # its looks is no stall, it is the next turn's work.
        with contextlib.suppress(Stalled):
            self._inline.run_until(clock.now())
        self._mail.deliver(clock.now())
        self.colleagues(clock.now())
        if self.is_waiting_for_people:
            clock.slow()
        elif clock.slowed:
            clock.resume()
        self._wait_for_work()
        if time.monotonic() - self._published >= _PUBLISH_SECONDS:
            self._publish()

    def _wait_for_work(self) -> None:
        """Let time pass up to what is due next."""
        clock = self.demo.clock
        leeway = clock.now() + timedelta(seconds=clock.speed * _LEEWAY_SECONDS)
        due = self.demo.app.work.next_due()
        clock.stand_at(leeway if due is None else min(due, leeway))

    def _publish(self) -> None:
        self._published = time.monotonic()
        publish_clock(self.demo.app.home, self.demo.clock)
        with self.demo.app.database.read() as connection:
            write_anchor(self.demo.app.home, connection)
