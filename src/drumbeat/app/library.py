"""Library: a workspace's hypotheses, the most promising first."""

from dataclasses import dataclass

from drumbeat.app.compose import App
from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.campaign.hypothesis_file import ClaimStatus
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.learned import past_readouts
from drumbeat.core.experiments.rank import Candidate, Ranked, rank
from drumbeat.cycle.planning import passed_over_key
from drumbeat.store import experiments, history, settings

# What may be at stake, the most telling first; the first that every channel has measured counts.
_STAKES = ("revenue", "conversions", "clicks")
_MONTH_DAYS = 30


@dataclass(frozen=True)
class Library:
    """Hypotheses in order. ``stake`` names what a month of a channel was measured in; empty where
    there is no history in common, and then every channel counts the same."""

    ranked: tuple[Ranked, ...]
    stake: str


def ranked_library(app: App) -> Library:
    """Every hypothesis of the files, ranked by expected impact × confidence, never by ease; what
    tests have confirmed or retired comes after what is open."""
    past = {channel: _rows(app, channel) for channel in _channels(app)}
    monthly = {
        name: {channel: _monthly(rows, name) for channel, rows in past.items()} for name in _STAKES
    }
    known = [name for name in _STAKES if all(monthly[name].values())]
    stake = known[0] if known and past else ""
    candidates = [
        Candidate(
            Hypothesis.of(spec, surface=f"{spec.channels[0]}-campaigns"),
            sum(monthly[stake][str(one)] for one in spec.channels) if stake else 1.0,
        )
        for spec in app.files.hypotheses.values()
    ]
    with app.database.read() as connection:
        tests = experiments.every(connection)
    ranked = rank(candidates, past_readouts(tests))
    return Library(tuple(sorted(ranked, key=lambda one: _is_closed(app, one))), stake)


def _is_closed(app: App, one: Ranked) -> bool:
    return app.files.hypotheses[one.candidate.hypothesis.id].status is not ClaimStatus.OPEN


def not_tested(app: App) -> dict[str, dict[str, str]]:
    """For each hypothesis the campaigns whose last plan passed it over, and why."""
    found: dict[str, dict[str, str]] = {}
    with app.database.read() as connection:
        for campaign in app.files.campaigns:
            for name, why in settings.get(connection, passed_over_key(campaign), {}).items():
                found.setdefault(name, {})[campaign] = str(why)
    return found


def _channels(app: App) -> tuple[str, ...]:
    named = (str(one) for spec in app.files.hypotheses.values() for one in spec.channels)
    return tuple(dict.fromkeys(named))


def _rows(app: App, channel: str) -> tuple[HistoryRow, ...]:
    kind = HistoryKind(channel)
    with app.database.read() as connection:
        imported = history.rows(connection, kind)
    return (*imported, *(row for row in app.files.history if row.kind is kind))


def _monthly(rows: tuple[HistoryRow, ...], name: str) -> float:
    days = {row.at for row in rows if row.at is not None}
    if not days:
        return 0.0
    span = (max(days) - min(days)).days + 1
    both = (row.amounts.get(name) or row.measures.get(name) or 0 for row in rows)
    return float(sum(both)) * _MONTH_DAYS / span
