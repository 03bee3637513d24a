"""What a series usually does at this hour: a slow level and an hour-of-day profile."""

from dataclasses import dataclass, field

from drumbeat.stats.anomaly_scale import RobustScale, clip, ratio

HOURS = 24
_CLIP = 5.0
_PROFILE_DAYS = 8.0
_LEVEL_DAYS = 3.0


@dataclass(slots=True)
class Season:
    """Level plus a profile of 24 hours, kept apart for working days and weekends.

    A sparse bin borrows from the same hour of the other kind of day. Residuals are clipped before
    learning, so an anomaly moves the expectation only a little.
    """

    level: float = 0.0
    residual: RobustScale = field(default_factory=RobustScale)
    profile: list[float] = field(default_factory=lambda: [0.0] * (2 * HOURS))
    visits: list[int] = field(default_factory=lambda: [0] * (2 * HOURS))
    hour_spread: list[float] = field(default_factory=lambda: [1.0] * HOURS)

    def expect(self, hour: int, is_weekend: bool, points_per_day: float) -> float:
        """The value this hour usually has."""
        own = hour + HOURS * is_weekend
        other = (own + HOURS) % (2 * HOURS)
        seen = self.visits[own]
        borrow = 3.0 + 17.0 * min(1.0, points_per_day / 288.0)
        weight = seen / (seen + borrow)
        return self.level + weight * self.profile[own] + (1.0 - weight) * self.profile[other]

    def standardize(self, value: float, expected: float) -> float:
        """Residual in spreads of the whole series' residuals."""
        return ratio(value - expected, self.residual.spread)

    def by_hour(self, z: float, hour: int) -> float:
        """The residual `z` in spreads of this hour's residuals."""
        return ratio(z, self.hour_spread[hour])

    def learn(
        self, value: float, expected: float, hour: int, is_weekend: bool, points_per_day: float
    ) -> None:
        """Take one finite value in, after it was judged against `expected`."""
        own = hour + HOURS * is_weekend
        z = self.standardize(value, expected)
        error = value - expected
        if self.residual.is_warm:
            error = clip(error, _CLIP * self.residual.spread)
            gain = 1.0 / max(20.0, min(self.visits[own] + 1.0, points_per_day))
            self.hour_spread[hour] += gain * (min(5.0, abs(z)) - self.hour_spread[hour])
        self.residual.learn(value - expected)
        self.visits[own] += 1
        per_hour = max(1.0, points_per_day / HOURS)
        gain = max(1.0 / self.visits[own], 1.0 / (_PROFILE_DAYS * per_hour))
        self.profile[own] += gain * (error + expected - self.level - self.profile[own])
        seen = self.residual.count
        self.level += error / max(min(float(seen), _LEVEL_DAYS * points_per_day), 1.0)
