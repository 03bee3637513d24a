"""Taste: how much a label (a theme, an angle, a style, a hook) is liked, and by whom.

Labels are free words, so any campaign's vocabulary works: a label the scenario does not name
gets an appeal of its own, the same in every run of the seed. Appeals are shifts of the log-odds.
"""

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats
from drumbeat.connectors.simulated.market.chance import Chance, unit, units
from drumbeat.connectors.simulated.market.contacts import Contacts, plain

# How strongly labels of a family differ (standard deviation of the log-odds).
_SPREAD = {
    "theme": 0.16,
    "angle": 0.14,
    "style": 0.10,
    "offer": 0.16,
    "topic": 0.22,
    "hook": 0.18,
    "format": 0.14,
    "words": 0.07,
    "page": 0.06,
    "framing": 0.10,
    "cta": 0.10,
    "placement": 0.20,
}
_BY_GROUP = 0.5  # how much of the spread differs from segment to segment
# What is true of people everywhere, unless a scenario says otherwise.
_COMMON: dict[str, dict[str, float]] = {
    "style:benefit": {"warm_leads": 0.26, "new_subscribers": 0.10, "loyal_customers": -0.06},
    "style:curiosity": {"loyal_customers": 0.16, "warm_leads": -0.08, "lapsed_customers": 0.06},
    "style:urgency": {"*": 0.12, "loyal_customers": -0.10},
}


class Taste:
    """Appeals by label and group (a segment, an audience kind or a network)."""

    def __init__(self, chance: Chance, appeals: dict[str, dict[str, float]]) -> None:
        self._chance = chance
        self._fixed = {**_COMMON, **appeals}
        self._known: dict[tuple[str, str, str], float] = {}

    def appeal(self, family: str, label: str, group: str) -> float:
        """The log-odds shift of ``family:label`` in a group; an empty label shifts nothing."""
        key = (family, label, group)
        if key not in self._known:
            self._known[key] = self._appeal(*key) if label else 0.0
        return self._known[key]

    def by_segment(self, family: str, label: str, contacts: Contacts) -> Floats:
        """The appeal for each contact, from the segment it belongs to."""
        appeals = [self.appeal(family, label, segment) for segment in contacts.segment_names]
        shifts: Floats = np.array(appeals)[contacts.segment]
        return shifts

    def personal(self, theme: str, contacts: Contacts) -> Floats:
        """How each contact takes to a theme, beyond its segment: a leaning among tastes."""
        if not theme:
            return np.zeros(len(contacts))
        lanes = units([f"{theme}/{n}" for n in range(contacts.tastes.shape[1])])
        leaning = self._chance.normal("taste/leaning", lanes)
        return 0.35 * contacts.tastes @ (leaning / np.sqrt(leaning @ leaning))

    def _appeal(self, family: str, label: str, group: str) -> float:
        fixed = self._fixed.get(f"{family}:{label}")
        if fixed is not None:
            return fixed.get(group, fixed.get(plain(group), fixed.get("*", 0.0)))
        spread = _SPREAD[family]
        own = self._chance.normal(f"appeal/{family}", np.array([unit(label)], dtype=np.uint64))
        there = self._chance.normal(f"appeal/{family}/{group}", units([label]))
        return float(spread * (own[0] + _BY_GROUP * there[0]))
