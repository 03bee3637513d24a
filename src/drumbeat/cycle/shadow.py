"""Shadow: while agents only propose, what people do on the platforms is read back and kept."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.exposure import UnreadableState
from drumbeat.core.campaign.launch import LaunchContext, difference
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.decision import of_action
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.json_value import JsonValue
from drumbeat.cycle.desk import Office
from drumbeat.cycle.platforms import channel_of
from drumbeat.cycle.shadow_cases import judge_campaign
from drumbeat.gate import internal, reads, record, settle
from drumbeat.store import cycles, ledger, objects, proposals, settings, shadow

# A platform does not say who was logged in.
PEOPLE = "person:on the platform"
# Targets agents wished for this long ago may still be made by people.
_WISHED = timedelta(days=14)
# What people did counts even when it has gone out by the time it is read back.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def in_shadow(office: Office, campaign: Campaign) -> Mapping[Channel, str]:
    """The campaign's connections over which agents may only propose."""
    with office.database.read() as connection:
        return _in_shadow(campaign, internal.modes(office.gate.door, connection))


def _in_shadow(campaign: Campaign, modes: Mapping[str, ConnectionMode]) -> Mapping[Channel, str]:
    return {
        channel: name
        for channel, name in campaign.connection.items()
        if modes.get(name) is ConnectionMode.SHADOW
    }


def look(office: Office) -> None:
    """Note what people changed since the last look, and judge each day what came of it.

    A platform that cannot be read is left for the next look: half an answer would look like
    people having removed things.
    """
    with office.database.read() as connection:
        modes = internal.modes(office.gate.door, connection)
    for name, campaign in office.library.campaigns.items():
        connections = _in_shadow(campaign, modes)
        if connections:
            try:
                _read_back(office, campaign, connections)
            except Exception:  # noqa: S112 - the harvest tells of a platform that is away
                continue
            _judge_daily(office, name)


def _read_back(office: Office, campaign: Campaign, connections: Mapping[Channel, str]) -> None:
    name, door = campaign.campaign, office.gate.door
    with office.database.read() as connection:
        kept = objects.of_campaign(connection, name)
        asked = proposals.observed(connection, name, office.now - _WISHED)
        cycle = next((c.id for c in cycles.all_open(connection) if c.campaign == name), "")
    known = {one.target: one.state for one in kept}
    over = {one.target for one in kept if one.ends_at is not None and one.ends_at <= office.now}
    targets = sorted({*known, *(judged.proposal.action.target for judged in asked)} - over)
    pairs = [(connections[channel_of(t)], t) for t in targets if channel_of(t) in connections]
    found = reads.states(door, pairs)
    before = {target: known.get(target) for _, target in pairs}
    context = LaunchContext(
        campaign=name,
        cycle=cycle,
        connections=campaign.connection,
        currency=campaign.currency,
        as_of=office.now,
        now=_LONG_AGO,
        sizes=office.library.segment_sizes,
    )
    made = list(_changes(before, found, context))
    if made:
        with office.database.write() as transaction:
            _keep(transaction, made, office.now)


def _changes(
    before: Mapping[str, JsonValue], found: Mapping[str, JsonValue], context: LaunchContext
) -> Iterator[Action]:
    """What turned each state we knew into the one that was found."""
    for target, state in before.items():
        try:
            yield from difference({target: found.get(target)}, {target: state}, context)
        except UnreadableState:
            continue  # it is no object of ours: nothing to compare it with


def _keep(transaction: sa.Connection, made: list[Action], now: datetime) -> None:
    shadow.add_decisions(
        transaction, (of_action(one, at=now, by=PEOPLE, source="read back") for one in made)
    )
    for action in made:
        settle.remember(transaction, action, now)
        ledger.append(
            transaction,
            "people_acted",
            at=now,
            actor=PEOPLE,
            subject=action.target,
            campaign=action.campaign,
            cycle=action.cycle,
            action=action.kind,
            change=record.summary(action),
        )


def _judge_daily(office: Office, name: str) -> None:
    mark, today = f"shadow-judged:{name}", office.now.date().isoformat()
    with office.database.read() as connection:
        if settings.get(connection, mark) == today:
            return
    judge_campaign(office.database, name, office.now)
    with office.database.write() as transaction:
        settings.put(transaction, mark, today)
