"""Attribution: the window and model results are counted by. Without it nothing is optimized."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.governance.action import Channel
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration


class AttributionModel(StrEnum):
    """How credit for a conversion is shared among the touches before it."""

    LAST_CLICK = "last_click"
    FIRST_CLICK = "first_click"
    LINEAR = "linear"
    TIME_DECAY = "time_decay"
    POSITION = "position"
    DATA_DRIVEN = "data_driven"


class AttributionRule(Noun):
    """How long after a click, and after a mere view, a conversion counts.

    Without a click window the rule is no rule: what rests on it must not be optimized.
    """

    click_window: Duration | None = None
    view_window: Duration | None = None
    model: AttributionModel


class Attribution(Noun):
    """``data/attribution.yaml``: the declared rule, and a channel's own where it differs."""

    version: Literal[1]
    default: AttributionRule
    channels: dict[CampaignChannel, AttributionRule] = Field(default_factory=dict)

    def rule(self, channel: Channel) -> AttributionRule:
        """The rule in force for a channel."""
        return self.channels.get(channel, self.default)
