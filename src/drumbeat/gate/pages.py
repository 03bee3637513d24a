"""Pages: how the brand's own landing pages answer, for an agent that may know.

A page is asked for once an hour at most, however many links lead to it; sooner again before a
launch, and where it did not answer well, for somebody may just have mended it. Where a host does
not answer at all, its other pages are not waited for in the same breath: a site that is down must
not hold up the rest.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.core.campaign.address import host_of
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.gate.door import Door, platform_of
from drumbeat.store import pages

FRESH = timedelta(hours=1)
JUST_NOW = timedelta(minutes=10)


def are_read(door: Door) -> bool:
    """Whether this installation has somebody who reads its pages."""
    return bool(door.pages)


def read(
    door: Door, seen: Sight, addresses: Collection[str], within: timedelta | None = FRESH
) -> Mapping[str, PageReading] | None:
    """Every page's answer, or why there is none; None where the agent may not know.

    ``within`` is how old an answer may be; None: what was read last has to do, nothing is asked
    for, and what never was is left out.
    """
    if not seen.may(DataScope.LANDING_PAGES):
        return None
    with door.database.read() as connection:
        kept = pages.of(connection, addresses)
    if within is None:
        return kept
    missing = [
        one for one in addresses if one not in kept or not _is_fresh(door, kept[one], within)
    ]
    fresh = {one.address: one for one in _asked(door, missing)}
    if fresh:
        with door.database.write() as transaction:
            pages.save(transaction, list(fresh.values()))
    return {one: fresh.get(one) or kept[one] for one in addresses}


def _is_fresh(door: Door, one: PageReading, within: timedelta) -> bool:
    return door.now - one.read_at < (within if one.is_good else JUST_NOW)


def _asked(door: Door, addresses: Collection[str]) -> Iterator[PageReading]:
    down: dict[str, str] = {}
    for address in addresses:
        why = down.get(host_of(address), "")
        yield _silent(door, address, why) if why else _visited(door, address, down)


def _visited(door: Door, address: str, down: dict[str, str]) -> PageReading:
    """What the page answers; a host that does not is remembered with the reason."""
    try:
        return platform_of(door, door.pages).connector.page(address)
    except ConnectorError as error:
        if error.kind is not ErrorKind.BAD_REQUEST:
            down[host_of(address)] = str(error)
        return _silent(door, address, str(error))


def _silent(door: Door, address: str, why: str) -> PageReading:
    return PageReading(address=address, read_at=door.now, why=why or "no reason was given")
