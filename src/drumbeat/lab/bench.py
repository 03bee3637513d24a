"""Bench: runs policies through scenarios in markets of the same luck, and scores them."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import fmean, stdev

from drumbeat.core.noun import Noun
from drumbeat.lab.agent_policy import Agent
from drumbeat.lab.confusion import Confusion, confusion
from drumbeat.lab.episode import Happening, Verdict, episodes, judge
from drumbeat.lab.field import Move, Opener
from drumbeat.lab.policy import Diary, Nobody, Oracle, Policy, Rules
from drumbeat.lab.scenario_file import LabScenario

# When a policy looks: in the morning, after the day before has been read.
_LOOK = timedelta(hours=9)
_DAY = timedelta(days=1)

Makers = Sequence[Callable[[], Policy]]
# One run to be made: its scenario, seed and policy.
Task = tuple[LabScenario, int, Callable[[], Policy]]
# Makes runs of tasks, in their order: as ``map`` does, or by several processes.
Spread = Callable[[Callable[[Task], "Run"], Iterable[Task]], Iterable["Run"]]
AGENT = "agent"


def policies() -> Makers:
    """Those compared: fresh ones for each run."""
    return (Agent, Nobody, Rules, Oracle)


@dataclass(frozen=True)
class Run:
    """One policy in one scenario and seed. Money is in minor units."""

    scenario: str
    seed: int
    policy: str
    worth: int
    spend: int
    revenue: int
    weeks: int
    changes: int
    false_pauses: int
    asked: int
    verdicts: tuple[Verdict, ...]


class Standing(Noun):
    """A policy over all its runs. ``regret``: worth lost a week beside the best that any policy,
    the oracle among them, made of the same market, in minor units; ``lift``: worth a week beside
    doing nothing in the same market, with its 95 % interval over markets (Student's t), None
    where doing nothing was not tried; ``detection_hours``: from the beginning of a cause to its
    right name, the median."""

    policy: str
    runs: int
    regret: float
    worth: float
    lift: float | None = None
    lift_low: float | None = None
    lift_high: float | None = None
    revenue_per_spend: float | None
    changes_per_week: float
    false_pauses: int
    interventions_per_week: float
    detection_hours: float | None


class Report(Noun):
    """What a bench found."""

    standings: tuple[Standing, ...]
    confusion: Confusion
    scenarios: int
    seeds: int
    campaign_years: float


def run(scenario: LabScenario, seed: int, policy: Policy, opener: Opener) -> Run:
    """One policy through one scenario."""
    market = opener(scenario, seed)
    start, diary = market.now, Diary()
    deeds = sorted(scenario.people, key=lambda deed: deed.after)
    for day in range(1, 7 * scenario.weeks):
        market.advance(start + day * _DAY + _LOOK)
        while deeds and start + deeds[0].after <= market.now:
            deed = deeds.pop(0)
            market.place(Move(deed.target, deed.values, "a person"))
        for move in policy.decide(market, diary):
            if market.place(move):
                diary.moves.append((market.now, move))
    end = start + timedelta(weeks=scenario.weeks)
    market.advance(end)
    balance = market.balance(start, end)
    return Run(
        scenario=scenario.name,
        seed=seed,
        policy=policy.name,
        worth=balance.worth,
        spend=balance.spend,
        revenue=balance.revenue,
        weeks=scenario.weeks,
        changes=len(diary.moves),
        false_pauses=sum(_is_false_pause(scenario, move) for _, move in diary.moves),
        asked=diary.asked,
        verdicts=tuple(judge(list(_happenings(scenario, start)), episodes(diary.named))),
    )


def seeds_of(place: int, count: int) -> range:
    """The seeds of the scenario at a place (from 0): each scenario has its own, so that many
    scenarios are many lucks."""
    return range(place * count + 1, (place + 1) * count + 1)


def bench(
    scenarios: Sequence[LabScenario],
    seeds: int,
    opener: Opener,
    makers: Makers | None = None,
    progress: Callable[[float], None] | None = None,
    spread: Spread = map,
) -> Report:
    """Every policy through every scenario with ``seeds`` lucks each; ``progress`` gets the share
    done."""
    chosen = makers or policies()
    whole = len(scenarios) * seeds * len(chosen)
    done: list[Run] = []
    for one in runs(scenarios, seeds, opener, chosen, spread):
        done.append(one)
        if progress is not None:
            progress(len(done) / whole)
    return report(done)


def runs(
    scenarios: Sequence[LabScenario],
    seeds: int,
    opener: Opener,
    makers: Makers | None = None,
    spread: Spread = map,
) -> Iterator[Run]:
    """One run after the other, as they are done; the same whoever does them."""
    tasks = (
        (scenario, seed, make)
        for place, scenario in enumerate(scenarios)
        for seed in seeds_of(place, seeds)
        for make in makers or policies()
    )
    yield from spread(partial(_made, opener), tasks)


def _made(opener: Opener, task: Task) -> Run:
    scenario, seed, make = task
    return run(scenario, seed, make(), opener)


def report(made: Sequence[Run]) -> Report:
    """The standings of each policy, and the agent's diagnoses against the truth."""
    best: dict[tuple[str, int], int] = {}
    for one in made:
        market = (one.scenario, one.seed)
        best[market] = max(one.worth, best.get(market, one.worth))
    names = list(dict.fromkeys(one.policy for one in made))
    mine = [one for one in made if one.policy == AGENT]
    first = [one for one in made if one.policy == names[0]] if names else []
    return Report(
        standings=tuple(
            _standing(n, [r for r in made if r.policy == n], best, _lifts(made, n)) for n in names
        ),
        confusion=confusion(v for one in mine for v in one.verdicts),
        scenarios=len({one.scenario for one in made}),
        seeds=len({one.seed for one in made}),
        campaign_years=round(_CAMPAIGNS * sum(one.weeks for one in first) / 52, 2),
    )


# The bench's mix: ads, mail and social.
_CAMPAIGNS = 3


def _lifts(runs: Sequence[Run], name: str) -> list[float]:
    """What a policy made of each market a week beyond doing nothing in it."""
    if name == Nobody().name:
        return []
    idle = {(r.scenario, r.seed): r.worth for r in runs if r.policy == Nobody().name}
    mine = [one for one in runs if one.policy == name and (one.scenario, one.seed) in idle]
    return [(one.worth - idle[one.scenario, one.seed]) / one.weeks for one in mine]


def _interval(values: list[float]) -> tuple[float | None, float | None]:
    """The 95 % interval of a mean (Student's t); unknown for fewer than two."""
    if len(values) < 2:
        return None, None
    from scipy.special import stdtrit

    reach = float(stdtrit(len(values) - 1, 0.975)) * stdev(values) / math.sqrt(len(values))
    middle = fmean(values)
    return round(middle - reach, 1), round(middle + reach, 1)


def _standing(
    name: str, runs: list[Run], best: dict[tuple[str, int], int], lifts: list[float]
) -> Standing:
    weeks = sum(one.weeks for one in runs)
    lost = sum(best[r.scenario, r.seed] - r.worth for r in runs)
    spend = sum(one.spend for one in runs)
    delays = sorted(v.delay for one in runs for v in one.verdicts if v.delay is not None)
    middle = delays[len(delays) // 2] / timedelta(hours=1) if delays else None
    low, high = _interval(lifts)
    return Standing(
        policy=name,
        runs=len(runs),
        regret=round(lost / weeks, 1),
        worth=round(sum(one.worth for one in runs) / weeks, 1),
        lift=round(fmean(lifts), 1) if lifts else None,
        lift_low=low,
        lift_high=high,
        revenue_per_spend=round(sum(one.revenue for one in runs) / spend, 3) if spend else None,
        changes_per_week=round(sum(one.changes for one in runs) / weeks, 2),
        false_pauses=sum(one.false_pauses for one in runs),
        interventions_per_week=round(sum(one.asked for one in runs) / weeks, 2),
        detection_hours=middle,
    )


def _is_false_pause(scenario: LabScenario, move: Move) -> bool:
    return move.target in scenario.protect and move.after.get("status") == "paused"


def _happenings(scenario: LabScenario, start: datetime) -> Iterator[Happening]:
    for one in scenario.expect:
        yield Happening(one.cause, start + one.after, start + one.after + one.lasts)
