"""Observe: the readings of a test's placements, summed into what its rule is asked about.

What is counted depends on what was dealt out. A mail's arms are people: their shares are
proportions. An ad's creatives share impressions that nobody can tell apart, and delivery swings
by the day; there the unit is an arm's day, which holds whatever the platform does within it. A
post is one unit as a whole; where a test says how often to post, so is a week of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.placement import Part, Placement
from drumbeat.core.experiments.readout import Observed, Pair
from drumbeat.core.noun import Noun
from drumbeat.core.operations.metrics import RATES
from drumbeat.core.operations.reading import Measured
from drumbeat.stats.means import ratio_summary
from drumbeat.stats.sequential import Summary

# Clicks and opens come in over days: a mail or post is read once these are over.
MATURES = timedelta(hours=72)
# Conversions are credited to the click's day, up to a week later.
_CONVERSIONS_COME_IN = timedelta(days=7)
_LATE = frozenset({"conversions", "revenue"})
_DAY = timedelta(days=1)

# Over everybody dealt to an arm: what the platform counts them as, and their orders, which are the
# shop's: a mail is credited with none of those whom it left out.
_DEALT, _ALL_ORDERS = "assigned", "orders"

Counts = Mapping[str, float]


class Exposed(Noun):
    """How many units were shown an arm on a day, in a segment where units have one; ``assigned``
    is how many were dealt to it, where the arm shows some of its own nothing by design."""

    arm: str
    day: str
    segment: str
    units: int
    assigned: int | None = None

    @property
    def counted(self) -> int:
        """The units that the arm is compared over."""
        return self.units if self.assigned is None else self.assigned


@dataclass(frozen=True)
class Seen:
    """What a test shows now; None while nothing is ripe. ``exposed`` counts from the first."""

    observed: Observed | None
    exposed: tuple[Exposed, ...]


def metrics_of(experiment: Experiment) -> frozenset[str]:
    """The base metrics a test's goal and guardrails are made of, and what counts its units."""
    named = (experiment.hypothesis.metric, *(g.metric for g in experiment.guardrails))
    found = {"sent", "delivered", "impressions"}
    for metric in named:
        ratio = RATES.get(metric)
        found |= {ratio.over, ratio.under} if ratio else {metric}
    return frozenset(found | ({_DEALT, _ALL_ORDERS} if experiment.is_by_assignment else set()))


def observe(
    experiment: Experiment,
    placed: Iterable[Placement],
    readings: Iterable[Measured],
    now: datetime,
) -> Seen:
    """Everything the placements showed up to ``now``."""
    placed = tuple(placed)
    cells = _cells(experiment, placed, tuple(readings), now)
    if not cells:
        return Seen(None, ())
    exposed = tuple(_exposed(cells))
    arms = (experiment.arms.control.id, experiment.arms.treatment.id)
    named = [g.metric for g in experiment.guardrails]
    goal = _pair(experiment.hypothesis.metric, arms, cells, now)
    if goal is None:
        return Seen(None, exposed)
    pairs = {metric: pair for metric in named if (pair := _pair(metric, arms, cells, now))}
    observed = Observed(
        started_at=min(one.at for one in placed),
        at=now,
        goal=goal,
        units=units_of(_people_of(exposed), arms),
        guardrails=pairs,
        by=_strata(_people_of(exposed), arms),
    )
    return Seen(observed, exposed)


def by_segment(
    experiment: Experiment,
    placed: Iterable[Placement],
    readings: Iterable[Measured],
    now: datetime,
) -> dict[str, Pair]:
    """The goal in both arms among each segment's people; none where no people are counted."""
    cells = [c for c in _cells(experiment, tuple(placed), tuple(readings), now) if c.segment]
    arms = (experiment.arms.control.id, experiment.arms.treatment.id)
    found = {}
    for name in sorted({one.segment for one in cells}):
        mine = [one for one in cells if one.segment == name]
        pair = _pair(experiment.hypothesis.metric, arms, mine, now)
        if pair is not None:
            found[name] = pair
    return found


@dataclass(frozen=True)
class _Cell:
    """The counts of one arm in one unit of time and place. ``people``: its units are people,
    else the cell itself is the unit, with all others of its ``block``. ``dealt``: they are all who
    were dealt to the arm."""

    arm: str
    day: datetime
    segment: str
    counts: Counts
    people: bool
    ripe_at: datetime
    block: str = ""
    dealt: bool = False

    def joined(self, other: "_Cell") -> "_Cell":
        names = self.counts.keys() | other.counts.keys()
        sums = {name: self.counts.get(name, 0.0) + other.counts.get(name, 0.0) for name in names}
        ripe_at = max(self.ripe_at, other.ripe_at)
        return replace(self, counts=sums, day=min(self.day, other.day), ripe_at=ripe_at)


def _cells(
    experiment: Experiment,
    placed: tuple[Placement, ...],
    readings: tuple[Measured, ...],
    now: datetime,
) -> list[_Cell]:
    by_target: dict[str, list[Measured]] = defaultdict(list)
    for one in readings:
        by_target[one.target].append(one)
    found = [
        cell
        for place in placed
        for cell in _of_place(experiment, place, by_target[place.target], now)
    ]
    if experiment.is_by_week:
        found = _weekly(placed, found)
    return _joined(found)


def _weekly(placed: tuple[Placement, ...], cells: list[_Cell]) -> list[_Cell]:
    """Posts as parts of their week, which is ripe when its last post is, published yet or not."""
    last = {place.cycle: place.at for place in sorted(placed, key=lambda one: one.at)}
    return [replace(one, ripe_at=last[one.block] + MATURES) for one in cells]


def _joined(cells: list[_Cell]) -> list[_Cell]:
    """An arm's day is one unit, in however many line items it ran: they share the day's weather.
    So is a week of posts, in however many networks."""
    blocks: dict[tuple[str, str], _Cell] = {}
    others = []
    for cell in cells:
        if not cell.block:
            others.append(cell)
            continue
        known = blocks.get((cell.arm, cell.block))
        blocks[cell.arm, cell.block] = cell if known is None else known.joined(cell)
    return [*others, *(blocks[key] for key in sorted(blocks))]


def _of_place(
    experiment: Experiment, place: Placement, readings: list[Measured], now: datetime
) -> Iterator[_Cell]:
    kind = place.target.partition(":")[0]
    for arm, part in place.parts.items():
        match kind:
            case "send":
                yield from _people(experiment, place, arm, part, readings)
            case "line_item":
                yield from _days(place, arm, part, readings, now)
            case _:
                block = place.cycle if experiment.is_by_week else ""
                yield from _whole(place, arm, readings, block)


def _people(
    experiment: Experiment, place: Placement, arm: str, part: Part, readings: list[Measured]
) -> Iterator[_Cell]:
    """A mail: its people by segment, all its days together; the day is that of the send."""
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in readings:
        if one.dimensions.get(part.dimension) == part.value:
            counts[str(one.dimensions.get("segment", ""))][one.metric] += one.value
    wanted = experiment.hypothesis.audience or tuple(name for name in counts if name)
    for segment, sums in sorted(counts.items()):
        # A platform that knows no segments has the whole only.
        if segment in (wanted or ("",)):
            ripe = place.at + MATURES
            dealt = experiment.is_by_assignment
            if dealt and not sums.get(_DEALT):
                continue  # nobody was, or nobody has counted
            yield _Cell(arm, place.at, segment, dict(sums), True, ripe, dealt=dealt)


def _days(
    place: Placement, arm: str, part: Part, readings: list[Measured], now: datetime
) -> Iterator[_Cell]:
    """A line item's whole days since the arms run in it: one cell a day."""
    first, today = _midnight(place.at) + _DAY, _midnight(now)
    counts: dict[datetime, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in readings:
        mine = part.dimension == "" or one.dimensions.get(part.dimension) == part.value
        alone = len(one.dimensions) == (1 if part.dimension else 0)
        if mine and alone and first <= one.since < today:
            counts[one.since][one.metric] += one.value
    for day, sums in sorted(counts.items()):
        if sums.get("impressions"):
            yield _Cell(arm, day, "", dict(sums), False, day + _DAY, block=day.isoformat())


def _whole(place: Placement, arm: str, readings: list[Measured], block: str) -> Iterator[_Cell]:
    sums: dict[str, float] = defaultdict(float)
    for one in readings:
        if not one.dimensions:
            sums[one.metric] += one.value
    if sums.get("impressions"):
        ripe = place.at + MATURES
        yield _Cell(arm, place.at, "", dict(sums), False, ripe, block=block)


def _pair(metric: str, arms: tuple[str, str], cells: list[_Cell], now: datetime) -> Pair | None:
    """The metric in both arms, from what is ripe; None where either has nothing."""
    ratio = RATES.get(metric)
    late = {ratio.over, ratio.under} & _LATE if ratio else {metric} & _LATE
    extra = _CONVERSIONS_COME_IN if late else timedelta()
    ripe = [cell for cell in cells if cell.ripe_at + extra <= now]
    found = [_summary(metric, [one for one in ripe if one.arm == arm]) for arm in arms]
    control, treatment = found
    return Pair(control, treatment) if control and treatment else None


def _summary(metric: str, cells: list[_Cell]) -> Summary | None:
    ratio = RATES.get(metric)
    over, under = (ratio.over, ratio.under) if ratio else (metric, "")
    if cells and cells[0].dealt:
        over, under = _ALL_ORDERS if over == "conversions" else over, _DEALT
    if not any(over in cell.counts for cell in cells):
        return None
    hits = [cell.counts.get(over, 0.0) for cell in cells]
    tried = [cell.counts.get(under or "delivered", 0.0) for cell in cells]
    if cells[0].people:
        n, k = round(sum(tried)), round(sum(hits))
        return Summary.proportion(k, n) if n > 0 and k <= n else None
    return ratio_summary(hits, tried if under else [1.0] * len(cells))


def _exposed(cells: list[_Cell]) -> Iterator[Exposed]:
    """People count as many; a day or a post counts once, however many saw it."""
    units: dict[tuple[str, str, str], int] = defaultdict(int)
    dealt: dict[tuple[str, str, str], int] = defaultdict(int)
    for cell in cells:
        count = round(cell.counts.get("sent", 0.0)) if cell.people else 1
        key = cell.arm, cell.day.date().isoformat(), cell.segment
        units[key] += count
        if cell.dealt:
            dealt[key] += round(cell.counts[_DEALT])
    for key, count in sorted(units.items()):
        arm, day, segment = key
        yield Exposed(arm=arm, day=day, segment=segment, units=count, assigned=dealt.get(key))


def _people_of(exposed: tuple[Exposed, ...]) -> tuple[Exposed, ...]:
    """What the split is judged by. Who keeps an arm is one person in however many mails: counted
    once, in the newest."""
    newest = max((one.day for one in exposed if one.assigned is not None), default="")
    return tuple(one for one in exposed if one.assigned is None or one.day == newest)


def units_of(exposed: Iterable[Exposed], arms: Iterable[str] = ()) -> dict[str, int]:
    """How many units each arm is compared over, those of ``arms`` in any case: whoever was shown
    it, or was dealt to it where the arm itself says who is shown nothing."""
    total = dict.fromkeys(arms, 0)
    for one in exposed:
        total[one.arm] = total.get(one.arm, 0) + one.counted
    return total


def _strata(
    exposed: Iterable[Exposed], arms: tuple[str, str]
) -> dict[str, dict[str, dict[str, int]]] | None:
    """By day and by segment, where units are people; a day that is itself a unit has no split."""
    found: dict[str, dict[str, dict[str, int]]] = {"day": {}, "segment": {}}
    for one in exposed:
        if one.segment:
            for dimension, label in (("day", one.day), ("segment", one.segment)):
                row = found[dimension].setdefault(label, dict.fromkeys(arms, 0))
                row[one.arm] += one.counted
    return found if found["segment"] else None


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
