"""How rare a deviation is: a tail fitted to the largest deviations remembered so far."""

import math
from bisect import insort
from dataclasses import dataclass, field

KEEP = 24
_MIN_BLOCKS = 8
_TAIL_SHARE = 0.2
_CLIP = 3.0


@dataclass(slots=True)
class Tail:
    """The top block maxima of one kind of deviation, and the exponential tail through them.

    A burst is one event, however many points it lasts: only the largest deviation of a block
    (some hours) is remembered. Above the k-th largest of them, the square root of the deviation
    is taken as exponential (peaks over threshold; a Weibull tail, between the normal and the
    power law), so `surprise` is minus the log of the chance *per point* of so large a value.
    """

    count: int = 0
    blocks: int = 0
    top: list[float] = field(default_factory=list)
    block_max: float = 0.0
    start: float = 0.0
    mean_excess: float = 0.0
    exceeded: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether enough blocks are remembered to speak of rarity."""
        return self.exceeded > 0

    def surprise(self, deviation: float) -> float:
        """Minus the natural log of the chance per point of a larger deviation; 0 if common."""
        excess = math.sqrt(max(deviation, 0.0)) - self.start
        if not self.is_ready or excess <= 0.0:
            return 0.0
        return excess / self.mean_excess + math.log(self.count / self.exceeded)

    def deviation_at(self, surprise: float) -> float:
        """The deviation that has this surprise: the inverse of `surprise`."""
        excess = (surprise - math.log(self.count / self.exceeded)) * self.mean_excess
        return max(0.0, self.start + max(0.0, excess)) ** 2

    def learn(self, deviation: float) -> None:
        """Take one deviation into the open block."""
        self.count += 1
        self.block_max = max(self.block_max, deviation)

    def close_block(self) -> None:
        """Remember the block's largest deviation and refit."""
        insort(self.top, math.sqrt(self.block_max))
        del self.top[:-KEEP]
        self.blocks += 1
        self.block_max = 0.0
        if self.blocks >= _MIN_BLOCKS:
            self._fit()

    def _fit(self) -> None:
        k = min(len(self.top) - 1, max(5, int(_TAIL_SHARE * self.blocks)))
        self.start = self.top[-k - 1]
        excesses = [value - self.start for value in self.top[-k:]]
        # One monster would otherwise hide every later, merely huge, event.
        limit = _CLIP * max(excesses[k // 2], 1e-12) / math.log(2.0)
        self.mean_excess = max(sum(min(e, limit) for e in excesses) / k, 1e-9)
        self.exceeded = k
