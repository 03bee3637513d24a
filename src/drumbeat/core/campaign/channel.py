"""Channels a campaign may use: those that reach people."""

from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from drumbeat.core.campaign.known import unknown_name
from drumbeat.core.governance.action import Channel

CHANNELS = (Channel.EMAIL, Channel.ADS, Channel.SOCIAL)


def _reaches_people(channel: Channel) -> Channel:
    if channel not in CHANNELS:
        raise unknown_name("marketing channel", channel, CHANNELS)
    return channel


CampaignChannel = Annotated[
    Channel, AfterValidator(_reaches_people), WithJsonSchema({"enum": list(CHANNELS)})
]
