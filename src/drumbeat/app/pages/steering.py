"""Steering: the demo's clock, as a person sets it and as the page shows it."""

from dataclasses import dataclass, field
from threading import Lock

from drumbeat.app.live_demo import SPEEDS, LiveDemo
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import ClockView

_SLOWED = "Real time while a decision waits for you"


@dataclass
class DemoClock:
    """Remembers the speed a person chose; the clock itself only tells the one in force."""

    live: LiveDemo
    chosen: int
    _lock: Lock = field(default_factory=Lock)

    def view(self) -> ClockView:
        clock = self.live.demo.clock
        is_slower = clock.slowed and self.chosen > 1
        return ClockView(self.chosen, SPEEDS, _SLOWED if is_slower else "")

    def set(self, speed: int) -> Answer:
        if speed not in SPEEDS:
            return Refused(f"The clock can be set to {', '.join(map(str, SPEEDS))}.", 422)
        with self._lock:
            self.chosen = speed
            self.live.demo.clock.set_speed(speed)
        return Done("The clock stands still" if not speed else "The clock is set")


def demo_clock(live: LiveDemo) -> DemoClock:
    return DemoClock(live, round(live.demo.clock.speed))
