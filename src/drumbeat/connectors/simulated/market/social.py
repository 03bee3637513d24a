"""Social: one hour of attention for every live post, and of comments under it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Ints, Rows
from drumbeat.connectors.simulated.market.chance import poisson
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.hours import DAY
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.program import Program
from drumbeat.connectors.simulated.market.sales import CLICKS, Source
from drumbeat.connectors.simulated.market.season import RHYTHM
from drumbeat.connectors.simulated.market.tape import table

# One row a live post and hour. ``angry`` comments belong to a crisis.
POSTS = table(
    row="i4",
    impressions="i8",
    paid="i8",
    reactions="i8",
    shares="i8",
    clicks="i8",
    comments="i8",
    angry="i8",
    follows="i8",
    spend="i8",
)
_COUNTED = ("impressions", "reactions", "shares", "clicks", "comments", "follows", "angry")
_LIVES_FOR = 14 * DAY
_REACH = 0.30  # share of the followers a plain post reaches in its life
_BOOST_HOURS = 48
_BOOST_CPM = 650.0  # minor units for a thousand paid impressions, before saturation
_BOOST_SCALE = 15_000.0  # minor units of boost after which that price has doubled
_FOLLOWERS_LOST = 0.00004  # share of the followers an angry comment costs
# Reactions, shares, clicks, comments and follows an impression, and how liking moves each.
_PER_IMPRESSION = np.array([0.028, 0.004, 0.009, 0.0025, 0.0006])
_LIKED = np.array([1.0, 1.0, 1.0, 0.3, 0.5])
_BUYING = 0.011
_LAG_HOURS = 24.0
_ANYWAY = 0.3
_CALMED = 0.4  # what is left of a crisis under a post that has been answered
_NOT_YET = -np.inf


@dataclass
class SocialState:
    """``followers`` by network; by post: when it went out, its room that day, its boost spent."""

    followers: Floats
    out: Floats
    room: Floats
    boosted: Ints

    @classmethod
    def fresh(cls, ground: Ground) -> SocialState:
        followers = np.array(list(ground.scenario.networks.values()), dtype=np.float64)
        none = np.zeros(0)
        return cls(followers, none, none, none.astype(np.int64))

    def copy(self) -> SocialState:
        return replace(
            self,
            followers=self.followers.copy(),
            out=self.out.copy(),
            room=self.room.copy(),
            boosted=self.boosted.copy(),
        )

    def greet(self, program: Program) -> None:
        """Make room for new posts."""
        new = max(int(program.row.max(initial=-1)) + 1 - len(self.out), 0)
        self.out = np.pad(self.out, (0, new), constant_values=_NOT_YET)
        self.room, self.boosted = np.pad(self.room, (0, new)), np.pad(self.boosted, (0, new))


def run(
    state: SocialState, program: Program, ground: Ground, hour: int
) -> tuple[Rows, Rows] | None:
    """One hour of every live post: its rows and the clicks that might buy; None when none is."""
    if not len(program.row):
        return None
    _publish(state, program, ground, hour)
    live = hour - _LIVES_FOR < state.out[program.row]
    if not live.any():
        return None
    stage = _Stage(state, program.chosen(live), ground, hour, program.luck.at(hour)[:, live])
    rows = stage.act()
    stage.remember(rows)
    return rows, stage.clicks(rows)


def _publish(state: SocialState, program: Program, ground: Ground, hour: int) -> None:
    due: Flags = (program.due <= hour) & (state.out[program.row] == _NOT_YET)
    if not due.any() or ground.effects.now(IncidentKind.PLATFORM_OUTAGE, hour, "social") >= 0.5:
        return
    for index in np.flatnonzero(due):
        # Posts on one network within a day share the attention there is.
        same = program.network == program.network[index]
        others = int((same & (hour - DAY < state.out[program.row])).sum())
        state.out[program.row[index]] = hour
        state.room[program.row[index]] = 1.0 / (1.0 + 0.35 * others)


class _Stage:
    def __init__(
        self, state: SocialState, program: Program, ground: Ground, hour: int, luck: Floats
    ) -> None:
        self.luck = luck
        self.state, self.program, self.ground, self.hour = state, program, ground, hour
        self.up = 1.0 - min(ground.effects.now(IncidentKind.PLATFORM_OUTAGE, hour, "social"), 1.0)

    def act(self) -> Rows:
        program = self.program
        money = self._boost() * self.up
        paid = money / self._boost_price() * 1000.0
        seen = self._organic() * self.up + paid
        rates = _PER_IMPRESSION * self._liking()[:, None] ** _LIKED
        means = np.column_stack([seen, seen[:, None] * rates, self._anger() * self.up])
        counts = poisson(self.luck.T.ravel(), means.ravel()).reshape(means.shape)
        rows = np.zeros(len(seen), dtype=POSTS)
        rows["hour"], rows["row"] = self.hour, program.row
        for column, counted in enumerate(_COUNTED):
            rows[counted] = counts[:, column]
        rows["paid"] = np.minimum(np.rint(paid), rows["impressions"])
        rows["spend"] = np.rint(money)
        rows["clicks"] = np.minimum(rows["clicks"], rows["impressions"])
        rows["comments"] += rows["angry"]
        return rows

    def remember(self, rows: Rows) -> None:
        state, network = self.state, self.program.network
        state.boosted[self.program.row] += rows["spend"]
        lost = _FOLLOWERS_LOST * rows["angry"] * state.followers[network]
        np.add.at(state.followers, network, rows["follows"] - lost)

    def clicks(self, rows: Rows) -> Rows:
        some = rows["clicks"] > 0
        clicks = np.zeros(int(some.sum()), dtype=CLICKS)
        clicks["hour"], clicks["at"], clicks["span"] = self.hour, self.hour, 1.0
        clicks["source"], clicks["row"] = int(Source.SOCIAL), rows["row"][some]
        clicks["unit"], clicks["count"] = self.program.unit[some], rows["clicks"][some]
        clicks["rate"] = _BUYING * self.ground.season.now(self.hour).mood
        clicks["lag"], clicks["anyway"] = _LAG_HOURS, _ANYWAY
        clicks["arm"], clicks["contact"] = -1, -1
        return clicks

    def _organic(self) -> Floats:
        program, state = self.program, self.state
        hour_of_day, weekday, _, _ = self.ground.almanac.at(self.hour)
        age = self.hour - state.out[program.row]
        first = state.followers[program.network] * _REACH * np.log(2) / program.half_life
        awake = RHYTHM[hour_of_day] ** program.evenness
        rest = program.weekend if weekday >= 5 else 1.0
        fading: Floats = 0.5 ** (age / program.half_life)
        seen: Floats = first * fading * awake * rest * program.topic * state.room[program.row]
        return seen

    def _boost(self) -> Floats:
        """Minor units each post's boost spends this hour: spread evenly over two days."""
        left = self.program.boost - self.state.boosted[self.program.row]
        hourly = -(-self.program.boost // _BOOST_HOURS)
        money: Floats = np.maximum(np.minimum(left, hourly), 0).astype(np.float64)
        return money

    def _boost_price(self) -> Floats:
        # Boosting the same post on and on reaches people who care less and less.
        spent = self.state.boosted[self.program.row]
        shock = self.ground.effects.now(IncidentKind.AUCTION_SHOCK, self.hour, "social")
        price: Floats = _BOOST_CPM * (1.0 + spent / _BOOST_SCALE) * (1.0 + shock)
        return price

    def _liking(self) -> Floats:
        hooks = [f"hook:{post.hook}" for post in self.program.posts]
        fresh = self.ground.effects.novelties(hooks, self.hour)
        liking: Floats = self.program.liking * (1.0 + fresh)
        return liking

    def _anger(self) -> Floats:
        effects, program = self.ground.effects, self.program
        kind = IncidentKind.COMMENT_CRISIS
        here = effects.each(kind, self.hour, program.targets)
        there = effects.each(kind, self.hour, [post.network for post in program.posts])
        anger = np.maximum(here, there) * np.where(program.answered, _CALMED, 1.0)
        felt: Floats = anger * RHYTHM[self.ground.almanac.at(self.hour)[0]]
        return felt
