"""Backtest: replays exported history, and holds the agent, plain rules and people against it.

History happened once, under what people did. What another choice would have brought is not in it:
a verdict says how a target did afterwards, and a value is a range that any falling response fits.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from drumbeat.core.canonical import name
from drumbeat.core.governance.decision import Decision, direction_of
from drumbeat.core.governance.shadow import (
    Outcome,
    ShadowCase,
    ShadowScore,
    judge,
    outcome_of,
    pairs,
    scores,
)
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment
from drumbeat.lab.agent_policy import Agent
from drumbeat.lab.field import Move
from drumbeat.lab.inferred import inferred
from drumbeat.lab.past_field import Past, PastField
from drumbeat.lab.policy import Diary, Rules
from drumbeat.lab.worth_of_moves import Range, Responses, worth_of

# Two weeks are looked back on, and one has to follow what is judged.
FIRST_LOOK = 14
FOLLOWED = timedelta(days=7)
LEAST_DAYS = 28
_DAY = timedelta(days=1)
PEOPLE, AGENT, RULES = "people", "agent", "rules"
UNKNOWABLE = (
    "What would have happened under another choice is not in a history: nobody ran it.",
    "A verdict says how the target did in the seven days after, beside the campaign's others: an "
    "average over what people ran, not what the next unit of money would have brought.",
    "The value of a decision is a range: from the next unit of money bringing nothing to its "
    "bringing as much as the average, or a fitted response's 95% range where history tells one.",
    "Budgets are not in an export: what a unit spent a day over its last week stands for its own.",
)


class Tally(Noun):
    """What one decider did. ``right``, ``wrong`` and ``unclear`` judge each decision by how its
    target did afterwards; money is in minor units. ``gain_low`` to ``gain_high``: conversions its
    decisions would have added over the week after each; None: it made none that can be told."""

    decider: str
    decisions: int
    per_week: float
    right: int
    wrong: int
    unclear: int
    moved_minor: int
    gain_low: float | None
    gain_high: float | None


class Told(Noun):
    """A decision of anybody, with what followed."""

    decider: str
    at: Moment
    campaign: str
    target: str
    what: str
    why: str
    verdict: str
    text: str


class Backtest(Noun):
    """What a replay found, and what it cannot know."""

    first: date
    last: date
    campaigns: int
    units: int
    currency: str
    people_from: str
    tallies: tuple[Tally, ...]
    agent_beside_people: tuple[ShadowScore, ...]
    rules_beside_people: tuple[ShadowScore, ...]
    cases: tuple[ShadowCase, ...]
    decisions: tuple[Told, ...]
    responses: dict[str, str]
    unknowable: tuple[str, ...] = UNKNOWABLE


def backtest(
    pasts: Sequence[Past],
    human: Sequence[Decision] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Backtest:
    """Replay every campaign. ``human``: what people did; None: read it from the spend.

    Raises ValueError for a history too short to judge anything in, or decisions about what it
    does not hold.
    """
    if not pasts:
        raise ValueError("the history holds no campaign")
    _refuse_short(pasts)
    _refuse_unknown(pasts, human or ())
    made: dict[str, list[Decision]] = {PEOPLE: [], AGENT: [], RULES: []}
    for number, past in enumerate(pasts, 1):
        mine = [d for d in human if d.campaign == past.campaign] if human is not None else None
        made[PEOPLE] += inferred(past) if mine is None else mine
        made[AGENT] += replay(past, AGENT)
        made[RULES] += replay(past, RULES)
        if progress is not None:
            progress(number / len(pasts))
    return _report(pasts, made, human is not None)


def replay(past: Past, decider: str) -> list[Decision]:
    """What the agent, or the rules, would have decided each day."""
    days = past.days
    market = PastField(past, days[0])
    policy: Agent | Rules = Agent() if decider == AGENT else Rules()
    diary, found = Diary(), []
    for day in days[FIRST_LOOK:]:
        market.today = day
        budgets = {unit: market.budget(unit) for unit in past.units}
        for move in policy.decide(market, diary):
            found.append(_decision(past, decider, move, market.now, budgets.get(move.target, 0.0)))
            market.place(move)
    return [one for one in found if one is not None]


def _decision(
    past: Past, decider: str, move: Move, now: datetime, budget: float
) -> Decision | None:
    status, after = move.after.get("status"), move.after.get("daily_budget_minor")
    size = None
    kind = "ads.set_budget"
    if isinstance(after, int | float) and budget > 0 and round(budget) != after:
        size = after / budget - 1.0
    elif status in ("paused", "active") and "daily_budget_minor" not in move.after:
        kind = "ads.pause" if status == "paused" else "ads.enable"
    elif status == "paused":
        kind = "ads.pause"
    else:
        return None
    return Decision(
        id=name("dec", past.campaign, move.target, decider, now),
        at=now,
        by=f"agent:{decider}",
        campaign=past.campaign,
        kind=kind,
        channel="ads",
        target=move.target,
        direction=direction_of(kind, size),
        size=abs(size) if size is not None else None,
        why=move.why,
        source="replay",
    )


def _report(pasts: Sequence[Past], made: dict[str, list[Decision]], from_file: bool) -> Backtest:
    by_name = {past.campaign: past for past in pasts}
    responses = {past.campaign: Responses(past) for past in pasts}

    def follow(one: Decision) -> Outcome | None:
        return _outcome(by_name[one.campaign], one)

    beside = {
        decider: [judge(p, follow(p.first)) for p in pairs(made[decider], made[PEOPLE])]
        for decider in (AGENT, RULES)
    }
    first, last = min(p.days[0] for p in pasts), max(p.days[-1] for p in pasts)
    weeks = max((last - first).days + 1 - FIRST_LOOK, 1) / 7
    told = [t for decider, all_ in made.items() for t in _told(decider, all_, follow)]
    return Backtest(
        first=first,
        last=last,
        campaigns=len(pasts),
        units=sum(len(past.units) for past in pasts),
        currency=pasts[0].currency,
        people_from="decisions file" if from_file else "inferred from spend",
        tallies=tuple(
            _tally(who, made[who], weeks, follow, by_name, responses)
            for who in (PEOPLE, AGENT, RULES)
        ),
        agent_beside_people=scores(beside[AGENT]),
        rules_beside_people=scores(beside[RULES]),
        cases=tuple(beside[AGENT]),
        decisions=tuple(sorted(told, key=lambda one: (one.at, one.decider, one.target))),
        responses={
            f"{name}/{unit}": text
            for name, fitted in responses.items()
            for unit, text in fitted.told.items()
        },
    )


def _outcome(past: Past, one: Decision) -> Outcome | None:
    """How a unit did in the week after, beside the campaign's others; None: too little is known,
    or the history ends first."""
    if one.target not in past.units:
        return None
    since = one.at.astimezone(UTC).date() + _DAY
    until = since + FOLLOWED
    if until - _DAY > past.days[-1]:
        return None
    others = [unit for unit in past.units if unit != one.target]

    def rest(metric: str) -> float:
        return sum(past.total(unit, metric, since, until) for unit in others)

    return outcome_of(
        past.total(one.target, "conversions", since, until),
        past.total(one.target, "spend", since, until),
        rest("conversions"),
        rest("spend"),
    )


def _side(one: Decision, outcome: Outcome | None) -> str:
    if outcome is None or not one.push or outcome.low <= 0.0 <= outcome.high:
        return "unclear"
    return "right" if one.push * outcome.effect > 0 else "wrong"


def _told(
    decider: str, made: list[Decision], follow: Callable[[Decision], Outcome | None]
) -> Iterator[Told]:
    for one in made:
        outcome = follow(one)
        yield Told(
            decider=decider,
            at=one.at,
            campaign=one.campaign,
            target=one.target,
            what=one.told,
            why=one.why,
            verdict=_side(one, outcome),
            text=outcome.text if outcome else "too little, or too late, to say what followed",
        )


def _tally(
    decider: str,
    made: list[Decision],
    weeks: float,
    follow: Callable[[Decision], Outcome | None],
    pasts: dict[str, Past],
    responses: dict[str, Responses],
) -> Tally:
    sides = [_side(one, follow(one)) for one in made]
    ranges = [worth_of(one, pasts[one.campaign], responses[one.campaign]) for one in made]
    known = [one for one in ranges if one is not None]
    total = sum(known, Range(0, 0.0, 0.0)) if known else None
    return Tally(
        decider=decider,
        decisions=len(made),
        per_week=round(len(made) / weeks, 2),
        right=sides.count("right"),
        wrong=sides.count("wrong"),
        unclear=sides.count("unclear"),
        moved_minor=total.moved_minor if total else 0,
        gain_low=round(total.low, 1) if total else None,
        gain_high=round(total.high, 1) if total else None,
    )


def _refuse_short(pasts: Sequence[Past]) -> None:
    for past in pasts:
        if len(past.days) < LEAST_DAYS:
            raise ValueError(
                f"{past.campaign}: {len(past.days)} days; a replay needs {LEAST_DAYS}: two weeks "
                "to look back on, and a week after what it judges"
            )


def _refuse_unknown(pasts: Sequence[Past], human: Sequence[Decision]) -> None:
    known = {past.campaign: past for past in pasts}
    for one in human:
        if one.campaign not in known:
            raise ValueError(f"{one.source}: the history has no campaign {one.campaign!r}")
        if one.target not in known[one.campaign].units:
            units = ", ".join(sorted(known[one.campaign].units))
            raise ValueError(f"{one.source}: {one.campaign} has no {one.target!r}; it has {units}")
