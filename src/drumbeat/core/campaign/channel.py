"""Channels a campaign may use: those that reach people."""

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from drumbeat.core.campaign.known import unknown_name
from drumbeat.core.governance.action import Channel

CHANNELS = (Channel.EMAIL, Channel.ADS, Channel.SOCIAL)


def _reaches_people(value: Any) -> Any:
    if isinstance(value, str) and value not in CHANNELS:
        raise unknown_name("marketing channel", str(value), CHANNELS)
    return value


CampaignChannel = Annotated[
    Channel, BeforeValidator(_reaches_people), WithJsonSchema({"enum": list(CHANNELS)})
]
