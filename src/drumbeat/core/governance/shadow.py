"""Shadow: agents' decisions beside what people did, each pair with a verdict and its reason."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from drumbeat.core.canonical import name
from drumbeat.core.governance.decision import Decision
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment
from drumbeat.stats.proportions import wilson

# An agent and a person who act on one target within this time speak of the same occasion.
SAME_OCCASION = timedelta(days=3)
# The same wish again within this time is the same wish.
_SAME_WISH = timedelta(days=7)
# Sizes within this factor of each other are the same size.
_ALIKE = 2.0
_LABELS = frozenset(
    {"segments", "exclude", "breadth", "theme", "angle", "offer", "topic", "hook", "network"}
    | {"send_at", "publish_at", "status"}
)
_SAME_MOMENT = timedelta(hours=6)
_Z90 = 1.644854
_LEAST_COUNT = 5.0
# Labels that say what a mail or post speaks of and how; fewer than so many of each tell nothing.
_SPOKEN = frozenset({"theme", "angle", "offer", "topic", "hook"})
_LEAST_SIDE = 3


class ShadowVerdict(StrEnum):
    """What became of an agent's choice beside a person's.

    ``different``: they differ, and what was measured cannot say who was right.
    """

    AGREED = "agreed"
    BETTER = "better"
    WORSE = "worse"
    DIFFERENT = "different"


class Outcome(Noun):
    """How a target did beside its alternatives in the days after a decision.

    ``effect`` is a log ratio with its 90 % interval: above 0 the target brought more for the same
    money. It is an average, not what the next cent would have brought.
    """

    effect: float
    low: float
    high: float
    text: str


class Pair(NamedTuple):
    """An agent's decision and a person's on one occasion; None: that one left things alone."""

    agent: Decision | None
    human: Decision | None

    @property
    def first(self) -> Decision:
        found = self.agent or self.human
        assert found is not None
        return found


class ShadowCase(Noun):
    """One occasion. ``effect``: how much better the agent's choice would have been, relative, as
    far as it was measured; None: it was not."""

    id: str
    campaign: str
    kind: str
    channel: str
    target: str
    at: Moment
    verdict: ShadowVerdict
    agent: str
    human: str
    reason: str
    effect: float | None = None

    @property
    def is_for_the_agent(self) -> bool:
        """Whether the case speaks for letting the agent decide."""
        return self.verdict in (ShadowVerdict.AGREED, ShadowVerdict.BETTER)


def pairs(agents: Iterable[Decision], humans: Iterable[Decision]) -> tuple[Pair, ...]:
    """Who answers whom: the nearest in time on the same target, the same kind first; each once."""
    left = sorted(humans, key=_moment)
    found: list[Pair] = []
    for wish in without_repeats(agents):
        near = [one for one in left if _is_same_occasion(wish, one)]
        answer = min(near, key=lambda one: _distance(wish, one), default=None)
        if answer is not None:
            left.remove(answer)
        found.append(Pair(wish, answer))
    found += [Pair(None, one) for one in left]
    return tuple(sorted(found, key=lambda pair: pair.first.at))


def without_repeats(decisions: Iterable[Decision]) -> list[Decision]:
    """Each wish once, at its first telling, however often it was told again."""
    last: dict[tuple[str, str, int], Decision] = {}
    kept = []
    for one in sorted(decisions, key=_moment):
        key = (one.target, one.kind, one.direction)
        before = last.get(key)
        last[key] = one
        if before is None or one.at - before.at > _SAME_WISH:
            kept.append(one)
    return kept


def judge(pair: Pair, outcome: Outcome | None, choice: Outcome | None = None) -> ShadowCase:
    """The verdict on one occasion. ``outcome`` is what was measured of the target afterwards;
    ``choice`` how what the agent would have said did beside what the person said, where they only
    differ in that."""
    agent, human = pair
    if agent is not None and human is not None and (why := _agreement(agent, human)):
        return _case(pair, ShadowVerdict.AGREED, why, None)
    differ = (agent.push if agent else 0.0) - (human.push if human else 0.0)
    if not differ and choice is not None:
        differ, outcome = 1.0, choice
    if outcome is None or not differ:
        return _case(pair, ShadowVerdict.DIFFERENT, _unknown(pair, differ), None)
    effect = differ * outcome.effect
    if outcome.low <= 0.0 <= outcome.high:
        why = f"{outcome.text}: too close to say who was right"
        return _case(pair, ShadowVerdict.DIFFERENT, why, effect)
    verdict = ShadowVerdict.BETTER if effect > 0 else ShadowVerdict.WORSE
    return _case(pair, verdict, outcome.text, effect)


def outcome_of(count: float, money: float, others: float, their_money: float) -> Outcome | None:
    """A target's return (``count`` for ``money``) beside that of its alternatives.

    The log of a ratio of two Poisson rates has the variance 1/x + 1/y. None below five a side.
    """
    if min(count, others) < _LEAST_COUNT or min(money, their_money) <= 0:
        return None
    effect = math.log((count / money) / (others / their_money))
    reach = _Z90 * math.sqrt(1.0 / count + 1.0 / others)
    text = f"afterwards it returned {math.expm1(effect):+.0%} for the money beside the rest"
    return Outcome(effect=effect, low=effect - reach, high=effect + reach, text=text)


def labels_apart(pair: Pair) -> dict[str, tuple[str, str]]:
    """The labels of a mail or post in which an agent and a person differ: the agent's and the
    person's word for each; none where they do not both let something go out."""
    agent, human = pair
    if agent is None or human is None or agent.kind != human.kind:
        return {}
    both = sorted(agent.sets.keys() & human.sets.keys() & _SPOKEN)
    found = {name: (str(agent.sets[name]), str(human.sets[name])) for name in both}
    return {name: words for name, words in found.items() if words[0] != words[1]}


def outcome_of_labels(
    mine: Sequence[tuple[float, float]], theirs: Sequence[tuple[float, float]], words: str
) -> Outcome | None:
    """How mails or posts with one choice of labels did beside those with another: each is its hits
    and its trials. None below three a side.

    The log of a ratio of two ratio estimators; each one's variance is between the mails or posts,
    and no less than Poisson's 1/hits. Few of them widen it (Student's t, to first order).
    """
    sides = [_log_rate(one) for one in (mine, theirs)]
    if sides[0] is None or sides[1] is None:
        return None
    (one, its_error), (other, other_error) = sides[0], sides[1]
    effect, free = one - other, len(mine) + len(theirs) - 2
    reach = _Z90 * (1.0 + (_Z90**2 + 1.0) / (4.0 * free)) * math.hypot(its_error, other_error)
    text = f"{words}: {math.expm1(effect):+.0%} over {len(mine)} beside {len(theirs)} of the other"
    return Outcome(effect=effect, low=effect - reach, high=effect + reach, text=text)


def _log_rate(counted: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The log of hits over trials with its standard error; None for too few."""
    n, hits = len(counted), math.fsum(one for one, _ in counted)
    trials = math.fsum(of for _, of in counted)
    if n < _LEAST_SIDE or hits < _LEAST_COUNT or trials <= 0:
        return None
    rate = hits / trials
    between = math.fsum((one - rate * of) ** 2 for one, of in counted) * n / (n - 1)
    return math.log(rate), math.sqrt(max(between / hits**2, 1.0 / hits))


def _agreement(agent: Decision, human: Decision) -> str:
    """Why two decisions are the same one; empty where they are not."""
    if agent.kind != human.kind or agent.direction != human.direction:
        return ""
    if agent.size is not None and human.size is not None:
        sizes = sorted((agent.size, human.size))
        return "the same, by about as much" if sizes[1] <= _ALIKE * sizes[0] else ""
    both = agent.sets.keys() & human.sets.keys()
    # What launches and goes out is worded differently by everybody; its labels are the choice.
    telling = both & _LABELS if agent.direction else both
    return "" if any(_unlike(field, agent, human) for field in telling) else "the same choice"


def _unknown(pair: Pair, differ: float) -> str:
    agent, human = pair
    if agent is None or human is None:
        who, other = ("the agent", "people") if human is None else ("a person", "the agent")
        return f"{who} acted, {other} left it alone; what came of it cannot be told apart"
    if not differ:
        fields = sorted(f for f in {*agent.sets, *human.sets} if _unlike(f, agent, human))
        return f"they differ in {', '.join(fields)}; what the other would have brought is unknown"
    return "they differ; what was measured afterwards is too little to say who was right"


def _unlike(field: str, agent: Decision, human: Decision) -> bool:
    one, other = agent.sets.get(field), human.sets.get(field)
    if field.endswith("_at") and isinstance(one, str) and isinstance(other, str):
        return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) > _SAME_MOMENT
    return one != other


def _case(pair: Pair, verdict: ShadowVerdict, why: str, effect: float | None) -> ShadowCase:
    agent, human = pair
    first = pair.first
    return ShadowCase(
        id=name("shadow", agent.id if agent else "", human.id if human else ""),
        campaign=first.campaign,
        kind=first.kind,
        channel=first.channel,
        target=first.target,
        at=first.at,
        verdict=verdict,
        agent=agent.told if agent else "left alone",
        human=human.told if human else "left alone",
        reason=why,
        effect=effect,
    )


class ShadowScore(Noun):
    """All cases of one action kind on one channel. ``low`` and ``high``: the 95 % interval
    (Wilson) of the share in which the agent agreed or did better."""

    campaign: str
    kind: str
    channel: str
    cases: int
    agreed: int
    better: int
    worse: int
    different: int
    low: float
    high: float


def scores(cases: Sequence[ShadowCase]) -> tuple[ShadowScore, ...]:
    """One line a campaign, kind and channel, in the order of their names."""
    keys = sorted({(one.campaign, one.kind, one.channel) for one in cases})
    return tuple(_score(key, cases) for key in keys)


def _score(key: tuple[str, str, str], cases: Sequence[ShadowCase]) -> ShadowScore:
    mine = [one.verdict for one in cases if (one.campaign, one.kind, one.channel) == key]
    campaign, kind, channel = key
    good = mine.count(ShadowVerdict.AGREED) + mine.count(ShadowVerdict.BETTER)
    low, high = wilson(good, len(mine))
    return ShadowScore(
        campaign=campaign,
        kind=kind,
        channel=channel,
        cases=len(mine),
        agreed=mine.count(ShadowVerdict.AGREED),
        better=mine.count(ShadowVerdict.BETTER),
        worse=mine.count(ShadowVerdict.WORSE),
        different=mine.count(ShadowVerdict.DIFFERENT),
        low=low,
        high=high,
    )


def _is_same_occasion(one: Decision, other: Decision) -> bool:
    return one.target == other.target and abs(one.at - other.at) <= SAME_OCCASION


def _distance(wish: Decision, one: Decision) -> tuple[bool, timedelta]:
    return one.kind != wish.kind, abs(one.at - wish.at)


def _moment(one: Decision) -> Moment:
    return one.at
