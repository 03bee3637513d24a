"""Refusal: an agent's honest answer when it was not given what the work needs."""

from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.noun import Noun


class Refusal(Noun):
    """``agent`` could not do its work; ``missing`` names what a person must supply."""

    agent: str
    why: str
    missing: tuple[str, ...]
    failure_class: FailureClass
