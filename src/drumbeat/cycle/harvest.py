"""Harvest: fetches readings of everything live, in whole days, so that late conversions replace
what was known before instead of being added to it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from drumbeat.core.campaign.data_scope import DataScope, columns_of
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.operations.reading import Reading
from drumbeat.cycle.desk import Office
from drumbeat.gate import reads
from drumbeat.store.objects import Watched

# The shop's own figures, which no campaign has a hand in.
SITE = "site:shop"
_DAY = timedelta(days=1)
_DAY_HOURS = 24
# Conversions are credited to the click's day, days after it: how many days back are read again.
_MATURING = (7, 4, 2, 1)
_YOUNG = timedelta(days=2)
# Mails and posts live fast at first: then every hour counts, however calm the rest may be.
_HOT = timedelta(hours=8)
# How many days back everything is also read by part: segments, variants, creatives.
_BY_PART = frozenset({1, 4})


@dataclass(frozen=True)
class Away:
    """A connection that could not be read, and why."""

    connection: str
    why: str


def harvest(office: Office, sight: Sight, live: Sequence[Watched]) -> tuple[Away, ...]:
    """Bring the readings of the live objects up to date, in one batch of the monitor's reads;
    names what could not be read.

    What is hot is read every hour, what is young when it is calm, in totals. What is older, the
    shop, and everything by part once a day, with the days before that may still change.
    """
    if columns_of(sight.granted, DataScope.READINGS) == frozenset():
        sight.may(DataScope.READINGS)
        return ()
    by_connection: dict[str, list[Watched]] = defaultdict(list)
    for one in live:
        by_connection[one.connection].append(one)
    fresh: list[Reading] = []
    away: list[Away] = []
    for number, (name, mine) in enumerate(sorted(by_connection.items())):
        try:
            # What came in before a platform failed is kept.
            for some in _readings(office, sight, name, mine, is_first=number == 0):
                fresh += some
        except Exception as error:  # whatever a platform does, the others are still looked at
            away.append(Away(name, f"{type(error).__name__}: {error}"))
    reads.keep(office.gate.door, {one.target: one.campaign for one in live}, fresh)
    return tuple(away)


def _readings(
    office: Office, sight: Sight, connection: str, live: list[Watched], *, is_first: bool
) -> Iterator[list[Reading]]:
    """What one connection reports, day by day."""
    now = office.now
    today, before = _days(now)
    shop = [SITE] if is_first and before else []
    due = [one for one in live if is_due(one, now, office)]
    for day in before:
        by_part = (today - day).days in _BY_PART
        yield _fetched(office, sight, connection, live, shop, day, parts=by_part)
    if now > today:  # of a day that only begins there is nothing to read
        yield _fetched(office, sight, connection, due, [], today, parts=False)


def _fetched(
    office: Office,
    sight: Sight,
    connection: str,
    live: list[Watched],
    shop: list[str],
    day: datetime,
    *,
    parts: bool,
) -> list[Reading]:
    """The readings of one day, of what was out by then."""
    door, until = office.gate.door, day + _DAY
    end = min(until, office.now)
    out = [one.target for one in live if one.goes_out_at < end]
    if not out and not shop:
        return []
    return reads.fetch_metrics(door, sight, connection, [*out, *shop], day, until, parts=parts)


def is_hot(moment: datetime, now: datetime) -> bool:
    """Whether something went out so lately that an hour may change its fate."""
    return timedelta() <= now - moment <= _HOT


def is_due(one: Watched, now: datetime, office: Office) -> bool:
    """Worth reading at this hour's look: the hot ones often, line items and recent ones when
    calm."""
    if now.hour % office.calm_hours:
        is_late = now.hour % office.hot_hours
        return not is_late and not _is_line(one) and is_hot(one.goes_out_at, now)
    return _is_line(one) or now - one.goes_out_at < _YOUNG


def last_due(live: Sequence[Watched], now: datetime, office: Office) -> datetime | None:
    """The newest full hour of the last day at which one of these had to be read; None where nothing
    was: what is no longer young is read with the first look of a day only, and so is its past."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    for back in range(_DAY_HOURS):
        at = hour - timedelta(hours=back)
        if at.astimezone(UTC).hour and any(
            one.goes_out_at < at and is_due(one, at, office) for one in live
        ):
            return at
    return None


def _is_line(one: Watched) -> bool:
    return one.target.startswith("line_item:")


def _days(now: datetime) -> tuple[datetime, tuple[datetime, ...]]:
    """Today, and with the first look of a day the days before it that may still change."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if now - today >= timedelta(hours=1):
        return today, ()
    return today, tuple(today - back * _DAY for back in _MATURING)
