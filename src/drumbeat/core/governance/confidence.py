"""Confidence: how sure the measurements are, computed from them and never stated by a model."""

import math

from drumbeat.core.noun import Noun

# One signal alone, however strong, is not certainty: instruments break.
_ONE_SIGNAL_CEILING = 0.8
# Observations at which the sample counts for half.
_HALF_SAMPLE = 100.0


class Confidence(Noun):
    """What was measured: an effect with its standard error, from ``sample_size`` observations,
    and the names of the independent signals that agree on its direction."""

    effect: float
    standard_error: float
    sample_size: int
    signals: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """0 to 1: the probability that the effect's sign is right, scaled from chance (0) to
        certainty (1), shrunk by n / (n + 100) and capped at 0.8 for a single signal.

        The sign's probability is the normal distribution at effect / standard error. Anything
        that is not a number counts as no confidence.
        """
        strength = self._strength()
        sample = self.sample_size / (self.sample_size + _HALF_SAMPLE)
        ceiling = 1.0 if len(set(self.signals)) >= 2 else _ONE_SIGNAL_CEILING
        return min(strength * sample, ceiling)

    def _strength(self) -> float:
        usable = math.isfinite(self.effect) and math.isfinite(self.standard_error)
        if not usable or self.standard_error <= 0 or self.sample_size <= 0:
            return 0.0
        return math.erf(abs(self.effect) / self.standard_error / math.sqrt(2))
