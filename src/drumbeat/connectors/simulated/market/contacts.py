"""Contacts: synthetic subscribers, with segments, tastes, habits and an end to their address.

Nobody here exists: addresses are on a domain reserved for examples (RFC 2606).
"""

import re
from dataclasses import dataclass

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Ints
from drumbeat.connectors.simulated.market.chance import Chance, pick
from drumbeat.connectors.simulated.market.hours import WEEK
from drumbeat.connectors.simulated.market.scenario import Scenario, shares

EVERYONE = "all_subscribers"
# Who has left the list is never mailed again, so leaving them out leaves nobody out.
GONE = frozenset({"unsubscribed", "complained", "bounced", "suppressed"})
_MAILED = re.compile(r"mailed_last_([0-9]+)h")
_UNOPENED = re.compile(r"unopened_last_([0-9]+)d")
DOMAIN = "subscribers.example"
_TASTES = 6
_GROWTH_WEEKS = 104  # how far ahead people who have yet to subscribe are made up
# By how often a segment opens, clicks, buys and buys unprompted in a week; for unknown segments
# the middle row. Matched by a word in the segment's name.
_HABITS = {
    "new": (0.35, 0.15, -0.10, 0.010),
    "warm": (0.10, 0.20, 0.10, 0.006),
    "loyal": (0.55, 0.25, 0.35, 0.022),
    "": (-0.10, 0.00, 0.00, 0.009),
    "lapsed": (-0.95, -0.30, -0.45, 0.002),
}


@dataclass(frozen=True)
class Contacts:
    """Columns over contacts. ``segment`` indexes ``segment_names``; hours are since the epoch."""

    segment_names: tuple[str, ...]
    segment: Ints
    groups: dict[str, Flags]
    joined: Floats
    dead_from: Floats
    best_hour: Floats
    region: Ints
    tastes: Floats
    habits: Floats

    def __len__(self) -> int:
        return len(self.segment)

    def address(self, contact: int) -> str:
        """The e-mail address of a contact."""
        return f"{name(contact)}@{DOMAIN}"

    def members(self, segments: tuple[str, ...]) -> Flags:
        """Who belongs to any of these segments. Raises KeyError for an unknown one."""
        known = {plain(s): index for index, s in enumerate(self.segment_names)}
        chosen = np.zeros(len(self), dtype=np.bool_)
        for segment in map(plain, segments):
            if segment == EVERYONE:
                return np.ones(len(self), dtype=np.bool_)
            if segment in known:
                chosen |= self.segment == known[segment]
            elif segment in self.groups:
                chosen |= self.groups[segment]
            elif segment not in GONE and not _is_of_late(segment):
                raise KeyError(segment)
        return chosen

    def knows(self, segment: str) -> bool:
        """Whether there is such a segment or group; ``-`` and ``_`` are the same."""
        named = {EVERYONE, *GONE, *self.groups, *map(plain, self.segment_names)}
        return plain(segment) in named or _is_of_late(segment)


def name(contact: int) -> str:
    """The name contacts go by, such as ``contact-00017``."""
    return f"contact-{contact:05d}"


def mailed_within(segment: str) -> int | None:
    """The hours in ``mailed-last-48h``, the people mailed that recently; else None."""
    match = _MAILED.fullmatch(plain(segment))
    return int(match[1]) if match else None


def unopened_for(segment: str) -> int | None:
    """The hours in ``unopened-last-60d``, the people who opened nothing that long; else None."""
    match = _UNOPENED.fullmatch(plain(segment))
    return int(match[1]) * 24 if match else None


def _is_of_late(segment: str) -> bool:
    """Whether who belongs to it follows from what was mailed and read, hour by hour."""
    return mailed_within(segment) is not None or unopened_for(segment) is not None


def plain(segment: str) -> str:
    """A segment's name with dashes written as underscores."""
    return segment.replace("-", "_")


def draw(scenario: Scenario, chance: Chance, start: int) -> Contacts:
    """All subscribers there are at ``start`` and all who will join in the two years after."""
    growth = (1.0 + scenario.list_growth_per_week) ** _GROWTH_WEEKS
    people = np.arange(int(scenario.subscribers * growth), dtype=np.int64)
    names = tuple(scenario.segments)
    segment = pick(chance.uniform("segment", people), shares(scenario.segments))
    habits = np.array([_habit(segment_name) for segment_name in names])
    personal = chance.normal("contact/habit", people)[:, None] * np.array([0.55, 0.25, 0.2, 0.0])
    return Contacts(
        segment_names=names,
        segment=segment,
        groups={
            plain(group): chance.uniform(f"group/{group}", people) < share
            for group, share in scenario.groups.items()
        },
        joined=_joined(scenario, people, start),
        dead_from=start + _time_to_death(chance, people),
        best_hour=_best_hours(chance, people),
        region=pick(chance.uniform("contact/region", people), shares(scenario.regions)),
        tastes=np.column_stack([chance.normal(f"taste/{n}", people) for n in range(_TASTES)]),
        habits=habits[segment] + personal,
    )


def _joined(scenario: Scenario, people: Ints, start: int) -> Floats:
    # The list grows by a fixed share a week: the n-th newcomer joins when the list is that long.
    if not len(people) or not scenario.list_growth_per_week:
        return np.full(len(people), -np.inf)
    over = np.maximum(people + 1 - scenario.subscribers, 0) / scenario.subscribers
    weeks = np.log1p(over) / np.log1p(scenario.list_growth_per_week)
    return np.where(over > 0, start + weeks * WEEK, -np.inf)


def _time_to_death(chance: Chance, people: Ints) -> Floats:
    # Lists decay: an address dies after about four years; a few were dead all along.
    life = -np.log(chance.uniform("contact/life", people)) * 200 * WEEK
    return np.where(chance.uniform("contact/dead", people) < 0.004, -np.inf, life)


def _best_hours(chance: Chance, people: Ints) -> Floats:
    habits = np.array([8.0, 12.5, 19.5])
    chosen = pick(chance.uniform("contact/hour", people), np.array([0.45, 0.2, 0.35]))
    return np.mod(habits[chosen] + 1.2 * chance.normal("contact/hour spread", people), 24.0)


def _habit(segment: str) -> tuple[float, float, float, float]:
    for word, habit in _HABITS.items():
        if word and word in segment:
            return habit
    return _HABITS[""]
