"""A running center and spread that a few wild values cannot drag away."""

from dataclasses import dataclass

WARM_POINTS = 50
Z_LIMIT = 1000.0
_CLIP = 3.0


@dataclass(slots=True)
class RobustScale:
    """Exponentially forgotten mean and mean absolute deviation with clipped (Huber) updates.

    Until as many points as the time constant are seen the plain running average is used, so that
    the first values do not weigh for ever. Whoever feeds it sets `center` to the first value.
    """

    count: int = 0
    center: float = 0.0
    spread: float = 0.0

    @property
    def is_warm(self) -> bool:
        """Whether enough points are seen to trust the spread."""
        return self.count > WARM_POINTS

    def learn(self, value: float, memory_points: float) -> None:
        """Take one finite value in; `memory_points` is the time constant."""
        self.count += 1
        gain = max(1.0 / self.count, 1.0 / memory_points)
        error = value - self.center
        if self.is_warm and self.spread > 0.0:
            error = clip(error, _CLIP * self.spread)
        self.center += gain * error
        self.spread += gain * (abs(error) - self.spread)


def clip(value: float, limit: float) -> float:
    """`value` held within ±`limit`."""
    return max(-limit, min(limit, value))


def ratio(error: float, spread: float) -> float:
    """`error / spread` within ±Z_LIMIT; any error at all is extreme where nothing ever varied."""
    if error == 0.0:
        return 0.0
    if spread <= 0.0:
        return Z_LIMIT if error > 0.0 else -Z_LIMIT
    return clip(error / spread, Z_LIMIT)
