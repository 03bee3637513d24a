"""Team: wires the eight agents; the one place that chooses a writer."""

from drumbeat.agents.builder import Builder
from drumbeat.agents.intake import Intake
from drumbeat.agents.launcher import Launcher
from drumbeat.agents.monitor import Monitor
from drumbeat.agents.optimizer import Optimizer
from drumbeat.agents.planner import Planner
from drumbeat.agents.reviewer import Reviewer
from drumbeat.agents.router import Router
from drumbeat.core.compliance.rule_set import rule_set
from drumbeat.cycle.team import Team
from drumbeat.files.load import LoadedWorkspace


def team_for(files: LoadedWorkspace) -> Team:
    """One agent a role. The writers are scripted: no key, no network, the same words each time."""
    return Team(
        intake=Intake(),
        planner=Planner(),
        builder=Builder(),
        reviewer=Reviewer(rules=rule_set()),
        launcher=Launcher(),
        monitor=Monitor(),
        optimizer=Optimizer(),
        router=Router(),
    )
