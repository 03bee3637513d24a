"""Roster: the roles there are, in the order work passes through them."""

from drumbeat.agents import builder, intake, launcher, planner, reviewer
from drumbeat.agents.role import AgentRole

ROLES: tuple[AgentRole, ...] = (
    intake.ROLE,
    planner.ROLE,
    builder.ROLE,
    reviewer.ROLE,
    launcher.ROLE,
)
