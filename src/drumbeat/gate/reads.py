"""Reads: what agents learn of the outside, within the scopes their role was given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from drumbeat.connectors.contract import MetricsQuery
from drumbeat.core.campaign.data_scope import permits
from drumbeat.core.operations.reading import Reading
from drumbeat.gate.door import Door, platform_of
from drumbeat.store import ledger
from drumbeat.store import readings as kept


class ReadDenied(Exception):
    """The role may not read this scope of data; the attempt is in the ledger."""


def permit_read(door: Door, agent: str, scope: str) -> None:
    """Raises ReadDenied unless the workspace lets this agent read this scope."""
    granted = door.rules.readable.get(agent, ())
    if permits(tuple(granted), scope):
        return
    with door.database.write() as transaction:
        ledger.append(
            transaction,
            "read_denied",
            at=door.now,
            actor=f"agent:{agent}",
            subject=scope,
            granted=list(granted),
        )
    raise ReadDenied(f"{agent} may not read {scope}; grant it under data_permissions")


def fetch_metrics(
    door: Door,
    agent: str,
    connection: str,
    targets: Sequence[str],
    since: datetime,
    until: datetime,
    *,
    parts: bool = True,
) -> list[Reading]:
    """Fresh readings from a platform, in all or also by part.

    Raises ReadDenied, ConnectorError, NoPlatform.
    """
    permit_read(door, agent, "readings")
    query = MetricsQuery(
        targets=tuple(targets), since=since, until=until, as_of=door.now, parts=parts
    )
    return list(platform_of(door, connection).connector.metrics(query))


def keep(door: Door, campaigns: Mapping[str, str], fresh: Iterable[Reading]) -> None:
    """Store readings under their targets' campaigns; what has none is the shop's own.

    A later word on the same window replaces an earlier one.
    """
    with door.database.write() as transaction:
        kept.save(transaction, campaigns, fresh)


def states(door: Door, targets: Iterable[tuple[str, str]]) -> dict[str, JsonValue]:
    """The present state of (connection, target) pairs; what is not there is left out.

    Raises ConnectorError or NoPlatform: half an answer would look like absence.
    """
    found: dict[str, JsonValue] = {}
    for connection, target in targets:
        remote = platform_of(door, connection).connector.read(target)
        if remote is not None:
            found[target] = remote.state
    return found
