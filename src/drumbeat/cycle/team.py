"""Team: the eight agents, wired once by the composition root."""

from dataclasses import dataclass, field

from drumbeat.agents.builder import Builder
from drumbeat.agents.intake import Intake
from drumbeat.agents.launcher import Launcher
from drumbeat.agents.monitor import Monitor
from drumbeat.agents.optimizer import Optimizer
from drumbeat.agents.planner import Planner
from drumbeat.agents.reviewer import Reviewer
from drumbeat.agents.router import Router
from drumbeat.cycle.surprise import Detectors


@dataclass(frozen=True)
class Team:
    """One of each role. They take typed cases, return typed answers and touch nothing."""

    intake: Intake
    planner: Planner
    builder: Builder
    reviewer: Reviewer
    launcher: Launcher
    monitor: Monitor
    optimizer: Optimizer
    router: Router
    # The monitor's memory of what is usual, campaign by campaign.
    detectors: Detectors = field(default_factory=Detectors)
