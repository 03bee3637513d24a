"""Reads: what agents learn, within the scopes and columns their role was granted.

An agent's reads come in batches: a stage gathers, a watch looks. ``close`` leaves one line a batch
in the ledger, in the transaction that moves on: a tick that is lost and taken again is one batch.
What was asked for in vain is a second line, and a finding somebody is told.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from drumbeat.connectors.contract import ConnectorError, MetricsQuery
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.frequency import Mailing
from drumbeat.core.campaign.sight import Reader, Sight
from drumbeat.core.compliance.mail_facts import NOTHING_TOLD, MailFacts
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.teaching import wordings
from drumbeat.core.json_value import JsonValue
from drumbeat.core.operations.reading import Reading
from drumbeat.core.untrusted.label import Label
from drumbeat.gate.door import Door, platform_of
from drumbeat.gate.escalate import escalate
from drumbeat.store import events, ledger, settings
from drumbeat.store import readings as kept


class ReadDenied(Exception):
    """An agent may not read what it cannot work without. ``agent`` and ``scope`` say which."""

    def __init__(self, agent: str, scope: str) -> None:
        super().__init__(f"{agent} may not read {scope}; grant it under data_permissions")
        self.agent = agent
        self.scope = scope


def sight(door: Door, role: Reader, campaign: str = "") -> Sight:
    """What the agent may see in a campaign: what its role declares, the workspace grants and the
    campaign does not take back; without a campaign, of what is nobody's own."""
    own = door.rules.campaigns.get(campaign)
    readable = own.readable if own else door.rules.readable
    return Sight(role.name, tuple(_declared(role, readable.get(role.name, ()))))


def _declared(role: Reader, granted: Iterable[str]) -> Iterator[str]:
    """A grant is no more than the role asks for: a whole scope, or columns of one."""
    for scope in granted:
        if scope in role.reads or scope.partition(".")[0] in role.reads:
            yield scope
        yield from (column for column in role.reads if column.startswith(f"{scope}."))


def require(seen: Sight, needs: Iterable[str]) -> None:
    """Ask for what the agent cannot work without. Raises ReadDenied where it is not granted."""
    lacking = [scope for scope in needs if not seen.may(scope)]
    if lacking:
        raise ReadDenied(seen.agent, lacking[0])


def lessons(
    door: Door, connection: sa.Connection, seen: Sight, campaign: str = ""
) -> tuple[Constraint, ...]:
    """What people's overrides taught about a campaign and still holds, for an agent to obey before
    it proposes. Asked for only where there is some: who may not read it, proposes in vain."""
    mine = _in_force(door, connection, campaign)
    return seen.show(DataScope.LESSONS, mine, ()) if mine else ()


def wordings_taught(
    door: Door, connection: sa.Connection, seen: Sight, campaign: str
) -> Mapping[str, str]:
    """What people said in a campaign instead of a text, for an agent that writes."""
    said = wordings(_in_force(door, connection, campaign))
    return seen.show(DataScope.LESSONS, said, {}) if said else {}


def _in_force(door: Door, connection: sa.Connection, campaign: str) -> tuple[Constraint, ...]:
    return tuple(
        one
        for one in settings.constraints(connection)
        if one.until > door.now and (not campaign or one.campaign in ("", campaign))
    )


def close(
    door: Door, transaction: sa.Connection, seen: Sight, campaign: str = "", cycle: str = ""
) -> None:
    """Write a batch down: what was read of what was offered, and what was denied."""
    for kind, scopes in (("read", seen.seen), ("read_denied", seen.denied)):
        if scopes:
            left = seen.left if kind == "read" else ()
            ledger.append(
                transaction,
                kind,
                at=door.now,
                actor=f"agent:{seen.agent}",
                subject=cycle or campaign or "workspace",
                campaign=campaign,
                cycle=cycle,
                scopes=sorted(scopes),
                **({"left": list(left)} if left else {}),
            )
    if seen.denied:
        escalate(
            door,
            transaction,
            failure="data",
            severity="warning",
            campaign=campaign,
            cycle=cycle,
            text=f"{seen.agent} asked for {', '.join(sorted(seen.denied))}, which data_permissions"
            " does not grant it; it works without",
            key=f"reads/{seen.agent}",
        )


def fetch_metrics(
    door: Door,
    seen: Sight,
    connection: str,
    targets: Sequence[str],
    since: datetime,
    until: datetime,
    *,
    parts: bool = True,
) -> list[Reading]:
    """Fresh readings from a platform, in all or also by part, of the columns granted.

    Raises ConnectorError, NoPlatform.
    """
    query = MetricsQuery(
        targets=tuple(targets), since=since, until=until, as_of=door.now, parts=parts
    )
    found = list(platform_of(door, connection).connector.metrics(query))
    granted = seen.names("readings", {one.metric for one in found})
    return [one for one in found if one.metric in granted]


def mail_facts(
    door: Door, connection: str, own: Mailing, others: Sequence[Mailing], cap: int
) -> tuple[MailFacts, frozenset[str]]:
    """What a mail connection tells of a mailing before it goes out, in counts of people at most,
    and what of it the connection has a source for; nothing of one that is not there."""
    platform = door.platforms.get(connection)
    if platform is None:
        return NOTHING_TOLD, frozenset()
    told = platform.connector.tells()
    try:
        return platform.connector.mail_facts(own, others, cap) if told else NOTHING_TOLD, told
    except ConnectorError as error:
        return MailFacts(silence=str(error)), told


def labels(
    door: Door, seen: Sight, targets: Collection[str], since: datetime
) -> Mapping[Label, int]:
    """How many comments of each label came under the targets; no word of them passes here."""
    if not targets or not seen.may("comments"):
        return {}
    with door.database.read() as connection:
        counted = events.labels(connection, targets, since)
    return {Label(one): count for one, count in counted.items()}


def keep(door: Door, campaigns: Mapping[str, str], fresh: Sequence[Reading]) -> None:
    """Store readings under their targets' campaigns; what has none is the shop's own.

    A later word on the same window replaces an earlier one.
    """
    if fresh:
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
