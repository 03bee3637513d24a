"""Mail: what a send does to the people it reaches, drawn in one go when it goes out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Flags, Floats, Ints, Rows
from drumbeat.connectors.simulated.market.contacts import mailed_within, name, unopened_for
from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.hours import DAY, WEEK
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.order import campaign_of
from drumbeat.connectors.simulated.market.sales import CLICKS, Source
from drumbeat.connectors.simulated.market.tape import table
from drumbeat.core.campaign.objects import Send, Variant
from drumbeat.core.experiments.assignment import point_of
from drumbeat.core.experiments.dealing import arm_shares, holdout_salt, salt_of, treatments
from drumbeat.core.experiments.holdout import Treatment

# One row a contact of the audience. ``arm`` -1: held out. Times are hours, infinite for never:
# so was whoever was dealt to an arm that leaves them out ``sent`` it.
MAIL = table(
    row="i4",
    contact="i4",
    arm="i2",
    sent="f8",
    opened="f8",
    clicked="f8",
    bounced="f8",
    unsubscribed="f8",
    complained="f8",
)
HELD_OUT = -1
_AGENT = -2
_KEPT = {Treatment.AGENT.value: _AGENT, Treatment.NOTHING.value: HELD_OUT}
NEVER = float("inf")
_PRESSURE_HALF_LIFE = 6.0 * DAY
_URGENCY_HALF_LIFE = 21.0 * DAY
_NOVELTY_HALF_LIFE = 21.0 * DAY
_WEEKLY_PRESSURE = 0.8  # what a person feels just before the next of many weekly mails
_WEEKDAY = (0.02, 0.06, 0.06, 0.05, 0.0, -0.14, -0.08)
_URGENT = ("urgen", "scarc", "last-chance", "last_chance", "countdown")
_LAG_HOURS = 14.0
_ANYWAY = 0.25  # share of e-mail orders that would have come without the mail


@dataclass
class MailState:
    """What mailing has done to people so far. Columns over contacts."""

    pressure: Floats
    urgency: Floats
    mailed_at: Floats
    gone_at: Floats
    opened_at: Floats
    uses: dict[str, tuple[float, float]] = field(default_factory=dict)
    # Who was pressed, and when: mail by mail.
    pressed: tuple[tuple[float, Ints], ...] = ()
    sent: frozenset[str] = frozenset()

    @classmethod
    def fresh(cls, ground: Ground) -> MailState:
        people = len(ground.contacts)
        return cls(
            pressure=np.full(people, _WEEKLY_PRESSURE * 2.0 ** (WEEK / _PRESSURE_HALF_LIFE)),
            urgency=np.zeros(people),
            mailed_at=np.full(people, float(ground.start - WEEK)),
            gone_at=np.full(people, NEVER),
            opened_at=np.maximum(ground.contacts.joined, float(ground.start)),
        )

    def copy(self) -> MailState:
        return replace(
            self,
            pressure=self.pressure.copy(),
            urgency=self.urgency.copy(),
            mailed_at=self.mailed_at.copy(),
            gone_at=self.gone_at.copy(),
            opened_at=self.opened_at.copy(),
            uses=dict(self.uses),
        )


@dataclass(frozen=True)
class Delivery:
    """One send on its way: its target and row number, what it says, when it leaves."""

    target: str
    row: int
    send: Send
    hour: int
    at: float


def deliver(state: MailState, delivery: Delivery, ground: Ground) -> tuple[Rows, Rows]:
    """The rows of a send, and the clicks in it that might buy; people remember it."""
    rows = _address(state, delivery, ground)
    mailed = (rows["arm"] != HELD_OUT) & np.isfinite(rows["sent"])
    odds = chances(state, delivery, ground, rows)
    _happen(rows, mailed, odds, delivery, ground)
    clicks = _buyers(rows, odds, delivery)
    _remember(state, delivery, rows[mailed])
    return rows, clicks


@dataclass(frozen=True)
class Chances:
    """For each row of a send: the chances in [0, 1] to open, to click once opened, to buy once
    clicked, to leave the list and to complain."""

    opens: Floats
    clicks: Floats
    buys: Floats
    leaves: Floats
    complains: Floats


def _address(state: MailState, delivery: Delivery, ground: Ground) -> Rows:
    send, contacts = delivery.send, ground.contacts
    chosen = contacts.members(send.segments) & ~_members(state, delivery, ground, send.exclude)
    chosen &= (contacts.joined <= delivery.at) & (state.gone_at > delivery.at)
    people = np.flatnonzero(chosen)
    arms = _arms(delivery, ground, people)
    if send.calm:
        arms = _calmed(state, delivery, people, arms)
    if send.only:
        served = [number for number, one in enumerate(send.variants) if send.serves(one.name)]
        mine = np.isin(arms, [*served, *([HELD_OUT] if send.keeps_hold_out else [])])
        people, arms = people[mine], arms[mine]
    rows = np.zeros(len(people), dtype=MAIL)
    rows["hour"], rows["row"], rows["contact"] = delivery.hour, delivery.row, people
    rows["arm"] = arms
    rows["sent"] = delivery.at
    for number, variant in enumerate(send.variants):
        if variant.leaves_out:
            unmailed = _members(state, delivery, ground, variant.leaves_out)[people]
            rows["sent"][unmailed & (arms == number)] = NEVER
    return rows


def _members(
    state: MailState, delivery: Delivery, ground: Ground, segments: tuple[str, ...]
) -> Flags:
    """Who belongs to any of these segments when the mail leaves."""
    found = ground.contacts.members(segments)
    for segment in segments:
        if (recently := mailed_within(segment)) is not None:
            found |= state.mailed_at > delivery.at - recently
        if (quiet := unopened_for(segment)) is not None:
            found |= state.opened_at <= delivery.at - quiet
    return found


def _arms(delivery: Delivery, ground: Ground, people: Ints) -> Ints:
    """Who gets which variant: the same deal as every mail platform makes (``core``'s dealing)."""
    send, salt = delivery.send, holdout_salt(campaign_of(delivery.target))
    numbers = {variant.name: number for number, variant in enumerate(send.variants)}
    own = np.array([numbers[name] for name in arm_shares(send)])
    arms = own[_dealt(salt_of(send), arm_shares(send), ground, people)]
    held = treatments(send)
    kept = np.array([_KEPT.get(name, numbers.get(send.usual, 0)) for name in held])
    given = kept[_dealt(salt, held, ground, people)]
    return np.where(given == _AGENT, arms, given)


def _calmed(state: MailState, delivery: Delivery, people: Ints, arms: Ints) -> Ints:
    """Those of the agent's people who were pressed lately get the calm variant."""
    send = delivery.send
    names = [variant.name for variant in send.variants]
    since = delivery.at - send.calm_days * DAY
    lately = [who for at, who in state.pressed if at >= since]
    if not lately:
        return arms
    own = np.isin(arms, [names.index(one.name) for one in send.arms])
    tired = own & np.isin(people, np.concatenate(lately))
    return np.where(tired, names.index(send.calm), arms)


def _dealt(salt: str, shares: Mapping[str, float], ground: Ground, people: Ints) -> Ints:
    """For each person the number of its share, in order."""
    if len(shares) == 1:
        return np.zeros(len(people), dtype=np.int64)
    edges = np.cumsum(list(shares.values()))[:-1]
    points = _points(salt, len(ground.contacts))[people]
    return np.searchsorted(edges, points, side="right")


@lru_cache(maxsize=8)
def _points(salt: str, people: int) -> Floats:
    """Where the hash puts every contact: the same for all the mails of a salt."""
    return np.array([point_of(name(contact), salt) for contact in range(people)])


def chances(state: MailState, delivery: Delivery, ground: Ground, rows: Rows) -> Chances:
    """What the people of a send are likely to do, by their habits, the season, how well the variant
    suits them and how much they were pressed lately."""
    people = rows["contact"]
    strain = _strain(state, delivery, ground, people)
    rush = _decayed(state.urgency, state, delivery.at, _URGENCY_HALF_LIFE)[people]
    distrust = 0.25 * np.maximum(rush - 1.0, 0.0)
    liking = [_liking(delivery, variant, ground) for variant in delivery.send.variants]
    arm = np.maximum(rows["arm"], 0)
    opens, clicks, buys = (np.stack([part[i] for part in liking])[arm, people] for i in range(3))
    habits = ground.contacts.habits[people]
    mood = np.log(ground.season.now(delivery.hour).mood)
    stale = _staleness(state, delivery) - _timing(delivery, ground, people)
    return Chances(
        opens=_share(-0.80 + habits[:, 0] + opens - stale - 0.40 * strain - 0.5 * distrust),
        clicks=_share(-2.15 + habits[:, 1] + clicks - 0.15 * strain - distrust),
        buys=_share(-2.75 + habits[:, 2] + buys - distrust + mood),
        leaves=np.minimum(0.0013 * np.exp(0.9 * strain + 1.4 * distrust - 0.5 * habits[:, 0]), 0.3),
        complains=np.minimum(0.00012 * np.exp(1.2 * strain + 2.0 * distrust), 0.1),
    )


def _liking(delivery: Delivery, variant: Variant, ground: Ground) -> tuple[Floats, Floats, Floats]:
    """Log-odds shifts of opening, clicking and buying, for each contact."""
    send, taste, contacts = delivery.send, ground.taste, ground.contacts

    def by(family: str, label: str) -> Floats:
        return taste.by_segment(family, label, contacts)

    topic, argued = variant.theme or send.theme, variant.angle or send.angle
    theme = by("theme", topic) + taste.personal(topic, contacts)
    fresh = sum(
        ground.effects.novelty(label, delivery.hour)
        for label in (f"style:{variant.style}", f"theme:{topic}", f"angle:{argued}")
    )
    offer = by("offer", send.offer) + (0.18 if send.offer else 0.0)
    offer += by("framing", variant.setting("framing")) if send.offer else 0.0
    rush = 0.2 if is_urgent(send, variant) else 0.0
    opens = theme + by("style", variant.style) + by("words", variant.subject) + np.log1p(fresh)
    clicks = 0.6 * theme + by("angle", argued) + 0.5 * offer + rush
    clicks = clicks + by("cta", variant.setting("cta"))
    buys = offer + rush + by("page", send.landing_url) + 0.5 * by("angle", argued)
    return opens + 0.5 * by("angle", argued), clicks, buys


def is_urgent(send: Send, variant: Variant) -> bool:
    """Whether a mail presses people: it works at once and costs trust later."""
    labels = f"{send.angle} {variant.style}".lower()
    return send.presses(variant.name) or any(word in labels for word in _URGENT)


def _strain(state: MailState, delivery: Delivery, ground: Ground, people: Ints) -> Floats:
    harder = ground.effects.factor(IncidentKind.AUDIENCE_FATIGUE, delivery.hour, "email")
    pressure = _decayed(state.pressure, state, delivery.at, _PRESSURE_HALF_LIFE)[people]
    return np.maximum(pressure * harder - 1.0, 0.0)


def _staleness(state: MailState, delivery: Delivery) -> float:
    count, when = state.uses.get(f"theme:{delivery.send.theme}", (0.0, delivery.at))
    return 0.10 * count * math.exp2((when - delivery.at) / _NOVELTY_HALF_LIFE)


def _timing(delivery: Delivery, ground: Ground, people: Ints) -> Floats:
    hour, weekday, _, _ = ground.almanac.at(delivery.hour)
    gap = np.abs(ground.contacts.best_hour[people] - hour)
    gap = np.minimum(gap, 24.0 - gap)
    return 0.30 * np.exp(-((gap / 2.5) ** 2)) - 0.10 + _WEEKDAY[weekday]


def _happen(
    rows: Rows, mailed: Flags, chances: Chances, delivery: Delivery, ground: Ground
) -> None:
    people = rows["contact"]

    def draw(what: str) -> Floats:
        return ground.chance.uniform(f"mail/{what}/{delivery.target}", people)

    def when(happens: Flags, at: Floats) -> Floats:
        return np.where(happens, at, NEVER)

    reached = mailed & (ground.contacts.dead_from[people] > delivery.at)
    delay = np.exp(np.log(2.2) + 1.1 * ground.chance.normal(f"mail/d/{delivery.target}", people))
    opened = reached & (draw("open") < chances.opens)
    seen = delivery.at + delay
    rows["bounced"] = when(mailed & ~reached, delivery.at + 0.2 * draw("bounce"))
    rows["opened"] = when(opened, seen)
    rows["clicked"] = when(opened & (draw("click") < chances.clicks), seen + 0.4 * draw("read"))
    rows["unsubscribed"] = when(reached & (draw("leave") < chances.leaves), seen + 0.1)
    rows["complained"] = when(reached & (draw("spam") < chances.complains), seen + 0.2)


def _buyers(rows: Rows, chances: Chances, delivery: Delivery) -> Rows:
    chosen = np.isfinite(rows["clicked"])
    clicks = np.zeros(int(chosen.sum()), dtype=CLICKS)
    clicks["hour"], clicks["row"] = delivery.hour, delivery.row
    clicks["source"], clicks["count"] = int(Source.EMAIL), 1
    clicks["at"] = rows["clicked"][chosen]
    clicks["arm"] = rows["arm"][chosen]
    clicks["unit"] = clicks["contact"] = rows["contact"][chosen]
    clicks["rate"], clicks["lag"] = chances.buys[chosen], _LAG_HOURS
    clicks["anyway"] = _ANYWAY
    return clicks


def _remember(state: MailState, delivery: Delivery, rows: Rows) -> None:
    people = rows["contact"]
    urgent = np.array([is_urgent(delivery.send, v) for v in delivery.send.variants])
    for feeling, half_life, added in (
        (state.pressure, _PRESSURE_HALF_LIFE, np.ones(len(people))),
        (state.urgency, _URGENCY_HALF_LIFE, urgent[rows["arm"]].astype(np.float64)),
    ):
        feeling[people] = _decayed(feeling, state, delivery.at, half_life)[people] + added
    pressed = people[urgent[rows["arm"]]]
    if len(pressed):
        state.pressed = (*state.pressed, (delivery.at, pressed))
    state.mailed_at[people] = delivery.at
    read = np.isfinite(rows["opened"])
    state.opened_at[people[read]] = rows["opened"][read]
    gone = np.minimum(np.minimum(rows["unsubscribed"], rows["complained"]), rows["bounced"])
    state.gone_at[people] = np.minimum(state.gone_at[people], gone)
    label = f"theme:{delivery.send.theme}"
    count, when = state.uses.get(label, (0.0, delivery.at))
    state.uses[label] = (
        1.0 + count * 0.5 ** ((delivery.at - when) / _NOVELTY_HALF_LIFE),
        delivery.at,
    )
    state.sent = state.sent | {delivery.target}


def _decayed(feeling: Floats, state: MailState, at: float, half_life: float) -> Floats:
    decayed: Floats = feeling * 0.5 ** (np.maximum(at - state.mailed_at, 0.0) / half_life)
    return decayed


def _share(log_odds: Floats) -> Floats:
    share: Floats = 1.0 / (1.0 + np.exp(-log_odds))
    return share
