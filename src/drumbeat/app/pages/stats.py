"""Stats: a campaign's figures at the top of its page: business, money, promises and people."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.shifts import metrics_of
from drumbeat.app.pages.words import measured, metric_name, relative, tone_of
from drumbeat.core.operations.metrics import value_of
from drumbeat.store import clocks, ledger, readings
from drumbeat.web.format import show, whole
from drumbeat.web.views.campaign import CampaignRow, Pace, Stat
from drumbeat.web.views.value import Count, Share, Tone

_WINDOW = timedelta(days=28)
_METRICS = 4
# What a person did to a campaign: what nobody has to do in one that runs by itself.
_TOUCHES = ("approved", "rejected", "edited", "rolled_back", "froze", "observed", "lifted")
_MOST_TOUCHES = 500
# So far ahead of time is still as planned.
_AHEAD = 0.1


def stats_of(ground: Ground, connection: sa.Connection, row: CampaignRow) -> tuple[Stat, ...]:
    """Four whole weeks beside the four before them; nothing where nothing was ever measured."""
    found = tuple(_metrics(ground, connection, row.id))
    if not found:
        return ()
    budget = (_budget(row.pace),) if row.pace else ()
    kept = tuple(_promises(connection, row.id, ground.now))
    return (*found, *budget, *kept, _touches(connection, row.id, ground.now))


def _metrics(ground: Ground, connection: sa.Connection, name: str) -> Iterator[Stat]:
    today = ground.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = readings.daily(connection, name, today - 2 * _WINDOW)
    if not days:
        return
    now, before = (
        {
            metric: sum(v for day, v in by_day.items() if ends - _WINDOW <= day < ends)
            for metric, by_day in days.items()
        }
        for ends in (today, today - _WINDOW)
    )
    began = min((day for by_day in days.values() for day in by_day), default=today)
    is_whole = began <= today - 2 * _WINDOW + timedelta(days=1)
    goal = ground.campaigns[name].goal
    for metric in metrics_of(ground.campaigns[name])[:_METRICS]:
        usual = value_of(metric, before) if is_whole else None
        change = relative(value_of(metric, now), usual)
        value = measured(metric, value_of(metric, now), ground.currency)
        if value is None:
            continue  # nobody measures it
        note = f"28 d, {show(change)} on those before" if change else "28 d"
        if metric == goal.metric:
            note = f"{note}, goal {goal.target}"
        yield Stat(metric_name(metric), value, note, tone_of(metric, change))


def _budget(pace: Pace) -> Stat:
    """What is promised of the first cap, beside how much of its time is over."""
    tone = Tone.WARN if pace.used > pace.expected + _AHEAD else Tone.PLAIN
    note = f"{pace.used:.0%} of {whole(pace.cap)}, {pace.expected:.0%} of the time"
    return Stat("Budget", pace.spent, note, tone)


def _promises(connection: sa.Connection, name: str, now: datetime) -> Iterator[Stat]:
    """Of the service clocks that ended, those that were met."""
    started = clocks.started(connection, since=now - _WINDOW, campaign=name)
    ended = [one.breached_at is None for one in started if one.breached_at or one.stopped_at]
    if ended:
        tone = Tone.GOOD if all(ended) else Tone.BAD
        note = f"{sum(ended)} of {len(ended)} service clocks, 28 d"
        yield Stat("Promises kept", Share(sum(ended) / len(ended), 0), note, tone)


def _touches(connection: sa.Connection, name: str, now: datetime) -> Stat:
    found = ledger.older(connection, None, kinds=_TOUCHES, campaign=name, limit=_MOST_TOUCHES)
    at = [one.at for one in found if one.actor.startswith("person:")]
    recent = sum(one >= now - _WINDOW for one in at)
    before = sum(now - 2 * _WINDOW <= one < now - _WINDOW for one in at)
    return Stat("Human touches", Count(recent), f"28 d, {before} in those before")
