"""Verdict: the gate's answer to a proposal, and the findings it rests on."""

from enum import IntEnum
from typing import Literal

from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration


class Weight(IntEnum):
    """How much a finding weighs; the strictest one wins."""

    NOTE = 0
    # It acts after the row's hold unless somebody objects: a soft approval.
    HOLD = 1
    ASK = 2
    OBSERVE = 3
    FORBID = 4


class Finding(Noun):
    """What one check said. ``fix`` tells a person what would change the answer."""

    check: str
    weight: Weight
    text: str
    fix: str = ""


class ApprovalNeed(Noun):
    """Who must answer: ``count`` people, each holding one of ``roles``, and among them the
    ``people`` named: accounts that answer for a campaign, whatever their roles."""

    roles: tuple[str, ...]
    count: int = 1
    people: tuple[str, ...] = ()

    @property
    def least(self) -> int:
        """How many people it takes in all, as far as the need itself tells."""
        return max(self.count, len(self.people))


class Allow(Noun):
    """It may go out now, nobody is asked."""

    verdict: Literal["allow"] = "allow"
    findings: tuple[Finding, ...] = ()


class Ask(Noun):
    """``acts_after`` makes it a soft one: it acts after this long unless somebody objects."""

    verdict: Literal["ask"] = "ask"
    findings: tuple[Finding, ...]
    need: ApprovalNeed
    acts_after: Duration | None = None


class Observe(Noun):
    """Recorded as what would have been done; nothing is done."""

    verdict: Literal["observe"] = "observe"
    findings: tuple[Finding, ...]


class Deny(Noun):
    """It may not go out, whoever approves; ``findings`` say why and what to do instead."""

    verdict: Literal["deny"] = "deny"
    findings: tuple[Finding, ...]


Verdict = Allow | Ask | Observe | Deny
