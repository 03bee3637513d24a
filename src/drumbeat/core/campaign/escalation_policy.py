"""Escalation policies: who is told about which kind of failure, and when the next one is."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from drumbeat.core.campaign.quiet_hours import QuietHours
from drumbeat.core.campaign.recipient import recipient
from drumbeat.core.campaign.text import Slug
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration


class FailureClass(StrEnum):
    """The kinds of failure the escalation router tells apart."""

    COPY = "copy"
    LEGAL = "legal"
    BUDGET = "budget"
    DATA = "data"
    PLATFORM = "platform"
    BRAND_CRISIS = "brand_crisis"
    SECURITY = "security"


def _readable(text: str) -> str:
    recipient(text)
    return text


Recipient = Annotated[
    str,
    AfterValidator(_readable),
    WithJsonSchema({"type": "string", "examples": ["owner", "role:manager", "agent:builder"]}),
]


class Level(Noun):
    """Whom to tell, and how long after the failure was noticed."""

    to: Recipient
    after: Duration


class EscalationPolicy(Noun):
    """A chain per failure class; ``repeat`` is how often the last level is told again.

    In ``quiet`` hours nobody is called about what is not critical; the inbox has it all the same.
    """

    classes: dict[FailureClass, tuple[Level, ...]]
    repeat: int = Field(default=3, ge=0, le=9)
    quiet: QuietHours | None = None

    @model_validator(mode="after")
    def _complete_and_in_order(self) -> "EscalationPolicy":
        missing = [name for name in FailureClass if not self.classes.get(name)]
        if missing:
            raise ValueError(f"no level for {', '.join(missing)}; every failure needs an owner")
        for name, levels in self.classes.items():
            waits = [level.after for level in levels]
            if waits != sorted(waits):
                raise ValueError(f"the levels of {name} are not in order of time")
            if all(level.to.startswith("agent:") for level in levels):
                raise ValueError(f"{name} ends with an agent; the last level must be a person")
        return self


class EscalationFile(Noun):
    """``policy/escalation.yaml``."""

    version: Literal[1]
    policies: dict[Slug, EscalationPolicy] = Field(min_length=1)
