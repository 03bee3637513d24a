"""Channels a campaign may use: those that reach people."""

from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from drumbeat.core.governance.action import Channel

CHANNELS = (Channel.EMAIL, Channel.ADS, Channel.SOCIAL)


def _reaches_people(channel: Channel) -> Channel:
    if channel not in CHANNELS:
        raise ValueError(f"{channel} is no marketing channel; known are {', '.join(CHANNELS)}")
    return channel


CampaignChannel = Annotated[
    Channel, AfterValidator(_reaches_people), WithJsonSchema({"enum": list(CHANNELS)})
]
