"""Steering: the demo's clock, as a person sets it and as the page shows it."""

from dataclasses import dataclass

from drumbeat.app.live_demo import SPEEDS, LiveDemo
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import ClockView


@dataclass(frozen=True)
class DemoClock:
    """Speeds are virtual seconds a real second, 0 stands still; one that is not in ``SPEEDS`` is
    refused with 422."""

    live: LiveDemo

    def view(self) -> ClockView:
        return ClockView(self.live.speed, SPEEDS, self._slowed_because())

    def set(self, speed: int) -> Answer:
        if speed not in SPEEDS:
            return Refused(f"The clock can be set to {', '.join(map(str, SPEEDS))}.", 422)
        self.live.set_speed(speed)
        return Done("The clock stands still" if not speed else "The clock is set")

    def _slowed_because(self) -> str:
        if self.live.is_playing_the_past:
            return "Playing the first two weeks: a script answers until then"
        if self.live.demo.clock.slowed and self.live.speed > 1:
            return "Real time while a decision waits for you"
        return ""
