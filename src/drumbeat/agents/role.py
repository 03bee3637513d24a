"""Role: what one agent is for, what it may read and propose, and whom its failures concern."""

from dataclasses import dataclass

from drumbeat.core.campaign.data_scope import permits
from drumbeat.core.campaign.escalation_policy import FailureClass


@dataclass(frozen=True)
class AgentRole:
    """``reads`` are data scopes or columns of them, ``proposes`` action kinds; ``takes`` and
    ``gives`` name types.

    A failure of the agent itself escalates as ``failure_class``.
    """

    name: str
    reads: frozenset[str]
    proposes: frozenset[str]
    takes: str
    gives: str
    failure_class: FailureClass

    def lacks(self, granted: tuple[str, ...]) -> tuple[str, ...]:
        """The scopes it needs that a campaign does not grant it, in order."""
        return tuple(sorted(scope for scope in self.reads if not permits(granted, scope)))
