"""How rare a deviation is: a tail fitted to the largest deviations remembered so far."""

import math
from bisect import insort
from dataclasses import dataclass, field

MAX_SURPRISE = 50.0
_KEEP = 96
_MEMORY_BLOCKS = 240
_MIN_BLOCKS = 8
_TAIL_SHARE = 0.2
_TAIL_LEAST = 5
_CLIP = 3.0
_FLOOR = 0.25


@dataclass(slots=True)
class Tail:
    """The largest block maxima of one kind of deviation, and the exponential tail through them.

    A burst is one event, however many points it lasts: only the largest deviation of a block
    (some hours) is remembered, for two months of such blocks. Above the k-th largest of them
    excesses are taken as exponential (peaks over threshold), so `surprise` is minus the log of the
    chance *per point* of so large a value. Deviations are in the unit of the series, `spread` is
    its usual deviation.
    """

    count: int = 0
    blocks: int = 0
    top: list[tuple[float, int]] = field(default_factory=list)
    block_max: float = -math.inf
    k: int = 0
    start: float = 0.0
    mean: float = 0.0
    mean_excess: float = 0.0
    log_rate: float = 0.0
    is_ready: bool = False

    def surprise(self, deviation: float) -> float:
        """Minus the natural log of the chance per point of a larger deviation; 0 if common."""
        excess = deviation - self.start
        if not self.is_ready or excess <= 0.0:
            return 0.0
        if self.mean_excess <= 0.0:
            return MAX_SURPRISE
        return min(MAX_SURPRISE, excess / self.mean_excess - self.log_rate)

    def deviation_at(self, surprise: float) -> float:
        """The deviation that has this surprise: the inverse of `surprise`."""
        return self.start + max(0.0, surprise + self.log_rate) * self.mean_excess

    def learn(self, deviation: float) -> None:
        """Take one deviation into the open block."""
        self.count += 1
        self.block_max = max(self.block_max, deviation)

    def close_block(self, spread: float) -> None:
        """Remember the block's largest deviation and fit the tail again."""
        is_fitted = self.is_ready and self.block_max <= self.start
        insort(self.top, (self.block_max, self.blocks))
        self.blocks += 1
        self.block_max = -math.inf
        is_fitted = not self._forget() and is_fitted
        if self.blocks >= _MIN_BLOCKS and len(self.top) > 1:
            blocks = min(self.blocks, _MEMORY_BLOCKS)
            wanted = max(_TAIL_LEAST, int(_TAIL_SHARE * blocks))
            k = min(len(self.top) - 1, wanted)
            if not is_fitted or k != self.k:
                self._fit(k)
            # A tail without width would find every next digit a miracle.
            self.mean_excess = max(self.mean, _FLOOR * spread)
            self.log_rate = math.log(k * self.blocks / (blocks * self.count))
            self.is_ready = True

    def _forget(self) -> bool:
        """Drop what is too old or too small to matter; whether anything was too old."""
        oldest, known = self.blocks - _MEMORY_BLOCKS, len(self.top)
        if oldest > 0:
            self.top = [entry for entry in self.top if entry[1] >= oldest]
        is_older = len(self.top) < known
        del self.top[:-_KEEP]
        return is_older

    def _fit(self, k: int) -> None:
        self.k, self.start = k, self.top[-k - 1][0]
        excesses = [value - self.start for value, _ in self.top[-k:]]
        # One monster would otherwise hide every later, merely huge, event.
        limit = _CLIP * excesses[k // 2] / math.log(2.0)
        self.mean = sum(min(excess, limit) for excess in excesses) / k
