"""Change: a signal beside what it usually is, and which way it went."""

from enum import StrEnum

from drumbeat.core.noun import Noun

# A smaller change than this is not called one, however clear.
_LEAST_CHANGE = 0.1


class Trend(StrEnum):
    """Which way a signal went; unknown where it could not be read."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    UNKNOWN = "unknown"


class Change(Noun):
    """A signal beside what it usually is: ``relative`` 0.2 is a fifth more; None: not read.

    ``is_clear`` says whether it is more than chance, by whatever test measured it; ``source``
    is who measured it, for two readings of one source are one signal.
    """

    relative: float | None
    is_clear: bool
    source: str

    @property
    def trend(self) -> Trend:
        """Flat where the change is small or may be chance."""
        if self.relative is None:
            return Trend.UNKNOWN
        if not self.is_clear or abs(self.relative) < _LEAST_CHANGE:
            return Trend.FLAT
        return Trend.UP if self.relative > 0 else Trend.DOWN
