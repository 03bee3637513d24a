"""Team: the eight agents, wired once by the composition root."""

from dataclasses import dataclass

from drumbeat.agents.builder import Builder
from drumbeat.agents.intake import Intake
from drumbeat.agents.launcher import Launcher
from drumbeat.agents.planner import Planner
from drumbeat.agents.reviewer import Reviewer


@dataclass(frozen=True)
class Team:
    """One of each role. They take typed cases, return typed answers and touch nothing."""

    intake: Intake
    planner: Planner
    builder: Builder
    reviewer: Reviewer
    launcher: Launcher
