"""Varied: what sets the arms of a claim apart, by variable and kind of object."""

from collections.abc import Iterable, Mapping

from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.arm import Arm
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.governance.action import Channel

# The setting's name in the library.
SETTINGS: Mapping[tuple[Variable, str], str] = {
    (Variable.SUBJECT, "send"): "style",
    (Variable.SEND_TIME, "send"): "hour",
    (Variable.OFFER_FRAMING, "send"): "framing",
    (Variable.LANDING_PAGE_CTA, "send"): "cta",
    (Variable.AUDIENCE_EXCLUSION, "send"): "exclude",
    (Variable.CREATIVE, "line_item"): "angle",
    (Variable.AUDIENCE, "line_item"): "breadth",
    (Variable.AUDIENCE_EXCLUSION, "line_item"): "exclude",
    (Variable.BIDDING, "line_item"): "bid_strategy",
    (Variable.BUDGET_PACING, "line_item"): "pacing",
    (Variable.CREATIVE, "post"): "hook",
    (Variable.SEND_TIME, "post"): "hour",
    (Variable.POSTING_CADENCE, "post"): "posts_a_week",
}
OBJECTS: Mapping[Channel, str] = {
    Channel.EMAIL: "send",
    Channel.ADS: "line_item",
    Channel.SOCIAL: "post",
}


def setting_of(arm: Arm, name: str) -> str:
    """What the arm sets, such as the style ``benefit``; empty where it sets nothing of the kind."""
    return str(arm.settings.get(name, "")).removesuffix("-led")


def carrier_of(claim: Hypothesis, channels: Iterable[Channel]) -> Channel | None:
    """The first of the channels that can vary all of a claim's variables."""
    able = (c for c in channels if c in claim.channels and c in OBJECTS)
    return next(
        (c for c in able if all((v, OBJECTS[c]) in SETTINGS for v in claim.variables)), None
    )


def settings_of(claim: Hypothesis, channels: Iterable[Channel]) -> Mapping[str, Variable]:
    """The settings a claim varies on the channel that carries it, with the variable each belongs
    to; none where no channel can."""
    channel = carrier_of(claim, channels)
    if channel is None:
        return {}
    return {SETTINGS[variable, OBJECTS[channel]]: variable for variable in claim.variables}
