"""Incidents: things that go wrong (or well) in a market, on dates a scenario file writes down.

What an incident *is* stays in here and in ``truth.py``. Agents only ever see what it does to the
readings.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

import numpy as np
from pydantic import Field, model_validator

from drumbeat.connectors.simulated.market.arrays import Floats, Ints
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration


class IncidentKind(StrEnum):
    """What can happen. ``MAGNITUDES`` says what the magnitude of each one means."""

    STOCK_OUT = "stock_out"
    SLOW_LANDING_PAGE = "slow_landing_page"
    BROKEN_LANDING_PAGE = "broken_landing_page"
    TRACKING_BREAK = "tracking_break"
    AUCTION_SHOCK = "auction_shock"
    CREATIVE_FATIGUE = "creative_fatigue"
    WEAK_CREATIVE = "weak_creative"
    AUDIENCE_FATIGUE = "audience_fatigue"
    SALES_FOLLOW_UP_FAILURE = "sales_follow_up_failure"
    COMMENT_CRISIS = "comment_crisis"
    CONNECTOR_OUTAGE = "connector_outage"
    PLATFORM_OUTAGE = "platform_outage"
    NOISY_HOUR = "noisy_hour"
    NOVELTY_EFFECT = "novelty_effect"
    BUDGET_TYPO = "budget_typo"
    BRAND_SPILLOVER = "brand_spillover"
    HIDDEN_CHAMPION = "hidden_champion"
    SEASONALITY = "seasonality"


class Scale(Noun):
    """What a kind's magnitude means, the one used when none is given, and its bounds."""

    meaning: str
    default: float
    low: float
    high: float


_S = IncidentKind


def _share(meaning: str, default: float) -> Scale:
    return Scale(meaning=meaning, default=default, low=0.0, high=1.0)


MAGNITUDES: dict[IncidentKind, Scale] = {
    _S.STOCK_OUT: _share("share of the product's orders that are lost", 1.0),
    _S.SLOW_LANDING_PAGE: Scale(
        meaning="seconds added to the page load", default=4.5, low=0.0, high=30.0
    ),
    _S.BROKEN_LANDING_PAGE: Scale(
        meaning="status the pages of its target answer; whom that costs is not told in figures",
        default=404,
        low=400,
        high=599,
    ),
    _S.TRACKING_BREAK: _share("share of conversions the pixel no longer sees", 0.7),
    _S.AUCTION_SHOCK: Scale(
        meaning="rise of the price per thousand, 0.8 = 80%", default=0.8, low=-0.9, high=10.0
    ),
    _S.CREATIVE_FATIGUE: Scale(
        meaning="how many times faster the creative wears out", default=8.0, low=1.0, high=50.0
    ),
    _S.WEAK_CREATIVE: _share("share of the click-through rate that is missing", 0.5),
    _S.AUDIENCE_FATIGUE: Scale(
        meaning="how many times harder each extra mail tires people", default=3.0, low=1.0, high=20
    ),
    _S.SALES_FOLLOW_UP_FAILURE: _share("share of leads nobody follows up", 0.7),
    _S.COMMENT_CRISIS: Scale(
        meaning="angry comments an hour on each live post", default=6.0, low=0.0, high=500.0
    ),
    _S.CONNECTOR_OUTAGE: _share("share of calls that fail", 1.0),
    _S.PLATFORM_OUTAGE: _share("share of delivery that stops", 1.0),
    _S.NOISY_HOUR: _share("share of clicks missing by mere chance", 0.85),
    _S.NOVELTY_EFFECT: Scale(
        meaning="lift at first sight, fading by half every eighth of the duration",
        default=0.6,
        low=-0.9,
        high=5.0,
    ),
    _S.BUDGET_TYPO: Scale(
        meaning="factor a person's slip puts on the daily budget", default=10.0, low=0.01, high=100
    ),
    _S.BRAND_SPILLOVER: _share("share of brand searches that retargeting causes", 0.6),
    _S.HIDDEN_CHAMPION: Scale(
        meaning="factor on true conversions, which also come late", default=2.2, low=0.1, high=10.0
    ),
    _S.SEASONALITY: Scale(
        meaning="change of demand everywhere, -0.35 = 35% less", default=-0.35, low=-0.95, high=5.0
    ),
}


class Incident(Noun):
    """One happening: it starts ``after`` the market's start and lasts (for good, if unsaid).

    ``target`` is a pattern such as ``line_item:retargeting/*`` over targets, products, networks,
    channels or styles, whichever the kind is about. ``ramp`` is how long it takes to build up.
    """

    kind: IncidentKind
    after: Duration
    lasts: Duration | None = Field(default=None, description="for good when left out")
    magnitude: float | None = Field(default=None, description="the kind's own when left out")
    target: str = "*"
    ramp: Duration = timedelta()
    note: str = ""

    @model_validator(mode="after")
    def _of_possible_size(self) -> "Incident":
        scale = MAGNITUDES[self.kind]
        if self.magnitude is not None and not scale.low <= self.magnitude <= scale.high:
            raise ValueError(
                f"magnitude of {self.kind} is the {scale.meaning}: "
                f"between {scale.low:g} and {scale.high:g}, got {self.magnitude:g}"
            )
        return self

    @property
    def size(self) -> float:
        """The magnitude, or the kind's usual one."""
        return MAGNITUDES[self.kind].default if self.magnitude is None else self.magnitude

    def touches(self, target: str) -> bool:
        """Whether the pattern speaks of this target."""
        return fnmatchcase(target, self.target)


class Effects:
    """What the incidents of a scenario do, hour by hour, from the market's start on."""

    def __init__(self, incidents: tuple[Incident, ...], start: int) -> None:
        self._start = start
        self._by_kind: dict[IncidentKind, list[Incident]] = {}
        # Asked every hour for every incident, hence worked out once.
        self._windows: dict[int, tuple[float, float]] = {}
        for incident in incidents:
            self._by_kind.setdefault(incident.kind, []).append(incident)
            self._windows[id(incident)] = self._window(incident)

    def window(self, incident: Incident) -> tuple[float, float]:
        """First and last moment of an incident, in hours since the epoch."""
        return self._windows.get(id(incident)) or self._window(incident)

    def _window(self, incident: Incident) -> tuple[float, float]:
        begin = self._start + incident.after / timedelta(hours=1)
        length = float("inf") if incident.lasts is None else incident.lasts / timedelta(hours=1)
        return begin, begin + length

    def of(self, kind: IncidentKind, target: str | None = None) -> list[Incident]:
        """The incidents of a kind, those that touch a target if one is given."""
        found = self._by_kind.get(kind)
        if not found:
            return []
        return found if target is None else [i for i in found if i.touches(target)]

    def strength(self, incident: Incident, hours: Ints | Floats) -> Floats:
        """From 0 (not going on) to 1 (in full), for each hour."""
        begin, end = self.window(incident)
        ramp = incident.ramp / timedelta(hours=1)
        begun = (hours >= begin) & (hours < end)
        risen = np.clip((hours - begin) / ramp, 0.0, 1.0) if ramp else np.ones(len(hours))
        return np.where(begun, risen, 0.0)

    def total(self, kind: IncidentKind, hours: Ints | Floats, target: str | None = None) -> Floats:
        """The magnitudes in force, added up, for each hour."""
        size = np.zeros(len(hours))
        for incident in self.of(kind, target):
            size += incident.size * self.strength(incident, hours)
        return size

    def now(self, kind: IncidentKind, hour: float, target: str | None = None) -> float:
        """The magnitudes in force at one moment, added up."""
        found = self._going_on(kind, hour)
        return sum((size for i, size in found if target is None or i.touches(target)), 0.0)

    def factor(self, kind: IncidentKind, hour: float, target: str | None = None) -> float:
        """The magnitude of an incident whose effect is a factor: 1 when none is going on."""
        strong = self.now(kind, hour, target)
        return max(strong, 1.0) if strong else 1.0

    def each(self, kind: IncidentKind, hour: float, targets: Sequence[str]) -> Floats:
        """The magnitudes in force at one moment for each of several targets."""
        found = self._going_on(kind, hour)
        if not found:
            return np.zeros(len(targets))
        felt = (sum((s for i, s in found if i.touches(target)), 0.0) for target in targets)
        return np.fromiter(felt, dtype=np.float64, count=len(targets))

    def _going_on(self, kind: IncidentKind, hour: float) -> list[tuple[Incident, float]]:
        """The incidents in force at one moment, with the magnitude each has reached by then."""
        sizes = ((i, i.size * self._reached(i, hour)) for i in self._by_kind.get(kind, ()))
        return [(incident, size) for incident, size in sizes if size]

    def _reached(self, incident: Incident, hour: float) -> float:
        """``strength`` for one moment, without arrays: most hours nothing goes on."""
        begin, end = self.window(incident)
        if not begin <= hour < end:
            return 0.0
        ramp = incident.ramp / timedelta(hours=1)
        return min(max((hour - begin) / ramp, 0.0), 1.0) if ramp else 1.0

    def novelties(self, labels: Sequence[str], hour: float) -> Floats:
        """The lift each of several labels still enjoys."""
        if IncidentKind.NOVELTY_EFFECT not in self._by_kind:
            return np.zeros(len(labels))
        return np.array([self.novelty(label, hour) for label in labels], dtype=np.float64)

    def novelty(self, label: str, hour: float) -> float:
        """The lift a new style, hook or creative still enjoys: it fades by halves."""
        lift = 0.0
        for incident in self.of(IncidentKind.NOVELTY_EFFECT, label):
            begin, end = self.window(incident)
            half_life = (end - begin) / 8.0 if end < float("inf") else 7 * 24.0
            if begin <= hour < end:
                lift += incident.size * 0.5 ** ((hour - begin) / half_life)
        return lift
