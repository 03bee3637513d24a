"""Surprise: one online detector a campaign and metric, fed with what each look adds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from drumbeat.agents.monitor import Scorer, Surprise
from drumbeat.core.operations.guardrail import Snapshot
from drumbeat.core.operations.metrics import RATES, value_of
from drumbeat.stats.anomaly import Detector


@dataclass
class Said:
    """What a detector said of each value it was shown at one moment."""

    at: datetime
    by_value: dict[float, Surprise] = field(default_factory=dict)


@dataclass
class Detectors:
    """Kept in memory: after a restart they learn again, and stay silent until they have."""

    _known: dict[tuple[str, str], Detector] = field(default_factory=dict)
    # What each said at its newest moment: a look that is taken again is no second reading.
    _said: dict[tuple[str, str], Said] = field(default_factory=dict)

    def scorer(self, campaign: str) -> Scorer:
        """What a monitor asks for one campaign: the newest look's own value, judged."""

        def score(metric: str, snapshots: Sequence[Snapshot]) -> Surprise | None:
            value = _latest(metric, snapshots)
            return None if value is None else self._judge((campaign, metric), snapshots, value)

        return score

    def _judge(self, key: tuple[str, str], snapshots: Sequence[Snapshot], value: float) -> Surprise:
        now = snapshots[-1].at
        said = self._said.get(key)
        if said is None or said.at != now:
            said = self._said[key] = Said(now)
        if value not in said.by_value:
            found = self._known.setdefault(key, Detector()).update(now, value)
            said.by_value[value] = Surprise(found.score, found.is_anomaly, found.expected)
        return said.by_value[value]


def _latest(metric: str, snapshots: Sequence[Snapshot]) -> float | None:
    """What the last look added to a count, or the rate over what it added."""
    if len(snapshots) < 2:
        return None
    before, now = snapshots[-2].counts, snapshots[-1].counts
    added = {name: value - before.get(name, 0.0) for name, value in now.items()}
    if any(amount < 0 for amount in added.values()):
        return None  # the platform took something back; that is no reading of this hour
    if metric in RATES and added.get(RATES[metric].under, 0.0) < _LEAST_SAMPLE:
        return None
    return value_of(metric, added)


# A rate over fewer than this many says nothing about an hour.
_LEAST_SAMPLE = 20.0
