"""Platforms: what the stages read back from outside, and the context a launch is computed in."""

from collections.abc import Iterable

from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.launch import LaunchContext
from drumbeat.core.governance.action import Channel
from drumbeat.core.json_value import JsonValue
from drumbeat.cycle.desk import Desk
from drumbeat.gate import reads


def read_back(desk: Desk, targets: Iterable[str]) -> dict[str, JsonValue]:
    """The present state of each target, None for what is not there.

    Raises ConnectorError when a platform is away: a launch computed from half a read-back would
    make again what is live already.
    """
    wanted = list(targets)
    pairs = [(desk.campaign.connection[channel_of(target)], target) for target in wanted]
    found = reads.states(desk.gate.door, pairs)
    return {target: found.get(target) for target in wanted}


def context_of(desk: Desk) -> LaunchContext:
    """Everything a difference needs beside the states."""
    brief = desk.document("brief", Brief)
    return LaunchContext(
        campaign=desk.campaign.campaign,
        cycle=desk.cycle.id,
        connections=desk.campaign.connection,
        currency=desk.campaign.currency,
        as_of=brief.occurrence_at,
        now=desk.now,
        sizes=desk.office.library.segment_sizes,
    )


_CHANNELS = {"send": Channel.EMAIL, "line_item": Channel.ADS, "post": Channel.SOCIAL}


def channel_of(target: str) -> Channel:
    """The channel a target lives on; its name begins with what kind of object it is."""
    return _CHANNELS[target.partition(":")[0]]
