"""Harvest: fetches readings of everything live, in whole days, so that late conversions replace
what was known before instead of being added to it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from drumbeat.cycle.desk import Office
from drumbeat.gate import reads
from drumbeat.store import objects
from drumbeat.store.objects import LiveObject

# The shop's own figures, which no campaign has a hand in.
SITE = "site:shop"
_DAY = timedelta(days=1)
# Conversions are credited to the click's day for about this long after it.
_MATURES = 7
_AGENT = "monitor"


@dataclass(frozen=True)
class Away:
    """A connection that could not be read, and why."""

    connection: str
    why: str


def harvest(office: Office) -> tuple[Away, ...]:
    """Bring the readings of all live objects up to date; names what could not be read."""
    with office.database.read() as connection:
        live = objects.alive(connection, office.now)
    by_connection: dict[str, list[LiveObject]] = defaultdict(list)
    for one in live:
        by_connection[one.connection].append(one)
    return tuple(
        away
        for name, found in sorted(by_connection.items())
        if (away := _harvest_one(office, name, found)) is not None
    )


def _harvest_one(office: Office, connection: str, live: list[LiveObject]) -> Away | None:
    campaigns = {one.target: one.campaign for one in live}
    try:
        for day in _days(office.now):
            fresh = reads.fetch_metrics(
                office.gate.door, _AGENT, connection, [*campaigns, SITE], day, day + _DAY
            )
            reads.keep(office.gate.door, campaigns, fresh)
    except Exception as error:  # whatever a platform does, the others are still looked at
        return Away(connection, f"{type(error).__name__}: {error}")
    return None


def _days(now: datetime) -> Iterator[datetime]:
    """Today at every look; the days that may still change with the first look of a day."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if now - today < timedelta(hours=1):
        yield from (today - back * _DAY for back in range(_MATURES, 0, -1))
    yield today
