"""Bench: what the planner must know to choose a test, counted from what ran before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from drumbeat.agents.planning.case import Bench
from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.campaign.urgency import UrgencyBudget
from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.traffic_of import Counted, audience_share, traffic_of
from drumbeat.core.governance.action import Channel
from drumbeat.core.operations.metrics import BASE
from drumbeat.core.operations.reading import Measured
from drumbeat.cycle.desk import Desk
from drumbeat.store import experiments, history, readings

_BACK = timedelta(weeks=10)
# The share of mails that make an offer, whose framing can be tested: two in four weeks.
_OFFERED = UrgencyBudget().offers / 4
# From here on our own figures say more of the surface than an export does.
_OWN_WEEKS = 3
_HISTORY_WEEKS = 12
_DEFAULT_SLOTS = 3
_PARTS = {
    Channel.EMAIL: (HistoryKind.EMAIL, "segment", "send:"),
    Channel.ADS: (HistoryKind.ADS, "creative", "line_item:"),
    Channel.SOCIAL: (HistoryKind.SOCIAL, "", "post:"),
}


def bench_of(desk: Desk) -> Bench:
    """Every registered test, and for each claim of the campaign its surface's traffic."""
    campaign = desk.campaign
    with desk.office.database.read() as connection:
        tests = experiments.every(connection)
    counted = {c: tuple(_counted(desk, c)) for c in campaign.channels if c in _PARTS}
    surface, held = campaign.experiments.surface, campaign.experiments.holdout
    networks = len(desk.office.library.networks_of(campaign.campaign))
    posts = (len(campaign.slots) or _DEFAULT_SLOTS) * networks
    traffic, stakes = {}, {}
    means = _means(desk)
    for name in campaign.hypotheses:
        spec = desk.office.library.files.hypotheses[name]
        channel = next((c for c in campaign.channels if c in spec.channels and c in counted), None)
        if channel is None:
            continue
        claim = Hypothesis.of(spec, surface)
        share = (1 - 2 * held) * (_OFFERED if Variable.OFFER_FRAMING in claim.variables else 1.0)
        found = traffic_of(
            claim, channel, counted[channel], agent_share=share, posts_per_week=posts
        )
        stakes[name] = audience_share(claim, counted[channel])
        if found is not None:
            traffic[name] = found
    return Bench(campaign=campaign, now=desk.now, tests=tests, traffic=traffic, stakes=stakes,
                 means=means)  # fmt: skip


def _means(desk: Desk) -> frozenset[str]:
    """What all of the campaign's connections can do."""
    able = [desk.gate.abilities(one) for one in desk.campaign.connection.values()]
    return frozenset.intersection(*able) if able else frozenset()


def _counted(desk: Desk, channel: Channel) -> Iterable[Counted]:
    kind, dimension, prefix = _PARTS[channel]
    with desk.office.database.read() as connection:
        own = readings.of(
            connection,
            desk.campaign.campaign,
            kind=prefix,
            part=dimension,
            since=desk.now - _BACK,
        )
        imported = history.rows(connection, kind)
    if len({one.since.isocalendar()[:2] for one in own}) > _OWN_WEEKS:
        return _of_readings(own, dimension)
    rows = (*desk.office.library.history(kind), *imported)
    return _of_history([row for row in rows if row.campaign == desk.campaign.campaign])


def _of_readings(own: Iterable[Measured], dimension: str) -> Iterator[Counted]:
    """By day and part; a post or mail as a whole on the day it began."""
    cells: dict[tuple[date, str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    began: dict[str, date] = {}
    for one in own:
        if list(one.dimensions) != ([dimension] if dimension else []):
            continue
        first = began.setdefault(one.target, one.since.date())
        day = one.since.date() if dimension == "creative" else first
        part = one.target if not dimension else str(one.dimensions[dimension])
        cells[day, part, one.target][one.metric] += one.value
    for (day, part, _), counts in sorted(cells.items()):
        segment = part if dimension == "segment" else ""
        yield Counted(day, segment, "" if segment else part, dict(counts))


def _of_history(rows: list[HistoryRow]) -> Iterator[Counted]:
    days = [row.at for row in rows if row.at is not None]
    first = max(days, default=date.min) - timedelta(weeks=_HISTORY_WEEKS) if days else date.min
    for row in rows:
        if row.at is not None and row.at > first:
            counts = {k: float(v) for k, v in row.measures.items() if k in BASE}
            counts |= {k: float(v) for k, v in row.amounts.items() if k in BASE}
            segment = row.dimensions.get("segment", "")
            yield Counted(row.at, segment, row.dimensions.get("angle", ""), counts)
