"""Roster: the roles there are, in the order work passes through them."""

from drumbeat.agents import builder, intake, launcher, monitor, optimizer, planner, reviewer, router
from drumbeat.agents.role import AgentRole

ROLES: tuple[AgentRole, ...] = (
    intake.ROLE,
    planner.ROLE,
    builder.ROLE,
    reviewer.ROLE,
    launcher.ROLE,
    monitor.ROLE,
    optimizer.ROLE,
    router.ROLE,
)
