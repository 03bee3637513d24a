"""What holds for all eight agents: declared, pure, typed, and honest about what is missing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drumbeat.agents import builder, intake, launcher, monitor, optimizer, planner, reviewer, router
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.agents.roster import ROLES
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.escalation_policy import EscalationPolicy, FailureClass
from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.recipient import AGENTS
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS
from tests.agents.desk import (
    building_case,
    improvement_case,
    intake_case,
    launch_case,
    planning_case,
    review_case,
    watch_case,
)
from tests.core.road.shop import TUESDAY, assets

MODULES = (intake, planner, builder, reviewer, launcher, monitor, optimizer, router)


def routing_case(**changes: Any) -> router.RoutingCase:
    return replace(router.RoutingCase(FailureClass.COPY, Severity.WARNING), **changes)


def empty_policy() -> EscalationPolicy:
    """A policy as no file could hold it: nobody is named."""
    return EscalationPolicy.model_construct(classes={}, repeat=3)


# Agent, what it does, a complete case, what it gives, and the case with something missing.
WORK: tuple[Any, ...] = (
    pytest.param(
        intake.Intake().draft,
        intake_case,
        Brief,
        {"ends_at": TUESDAY},
        id="intake",
    ),
    pytest.param(planner.Planner().plan, planning_case, Plan, {"content": ()}, id="planner"),
    pytest.param(builder.Builder().build, building_case, Assets, {"content": {}}, id="builder"),
    pytest.param(
        reviewer.Reviewer().review, review_case, tuple, {"assets": assets()}, id="reviewer"
    ),
    pytest.param(launcher.Launcher().launch, launch_case, tuple, {"current": {}}, id="launcher"),
    pytest.param(monitor.Monitor().watch, watch_case, tuple, {"snapshots": ()}, id="monitor"),
    pytest.param(
        optimizer.Optimizer().improve,
        improvement_case,
        tuple,
        {"data_problems": ("no attribution window",)},
        id="optimizer",
    ),
    pytest.param(
        router.Router().route, routing_case, router.Route, {"policy": empty_policy()}, id="router"
    ),
)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.ROLE.name)
def test_every_agent_declares_its_role(module: Any) -> None:
    role: AgentRole = module.ROLE
    assert module.__name__.rsplit(".", 1)[-1] == role.name
    assert module.__doc__
    assert role in ROLES
    assert role.takes
    assert role.gives
    assert {scope.partition(".")[0] for scope in role.reads} <= set(DataScope)
    assert role.failure_class in set(FailureClass)


def test_there_are_eight_and_the_files_know_them() -> None:
    assert tuple(role.name for role in ROLES) == AGENTS


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_what_an_agent_may_propose_are_kinds_that_exist(role: AgentRole) -> None:
    assert role.proposes <= KINDS.keys()
    assert not {kind for kind in role.proposes if kind in ("social.reply", "connection.set_mode")}


def test_writing_and_checking_agents_may_propose_nothing() -> None:
    silent = {role.name for role in ROLES if not role.proposes}
    assert silent == {"intake", "builder", "reviewer", "router"}


def test_the_launcher_reads_no_data_at_all() -> None:
    assert launcher.ROLE.reads == frozenset()


@pytest.mark.parametrize(("work", "case", "gives", "lack"), WORK)
def test_the_same_case_gives_the_same_answer(
    work: Callable[[Any], Any], case: Callable[..., Any], gives: type, lack: dict[str, Any]
) -> None:
    first, second = work(case()), work(case())
    assert isinstance(first, gives)
    assert first == second


@pytest.mark.parametrize(("work", "case", "gives", "lack"), WORK)
def test_a_missing_input_is_refused_by_name(
    work: Callable[[Any], Any], case: Callable[..., Any], gives: type, lack: dict[str, Any]
) -> None:
    answer = work(case(**lack))
    assert isinstance(answer, Refusal)
    assert answer.why
    assert answer.missing
    assert answer.agent in AGENTS


def test_agents_propose_no_kind_they_did_not_declare() -> None:
    launched = launcher.Launcher().launch(launch_case())
    improved = optimizer.Optimizer().improve(improvement_case())
    assert isinstance(launched, tuple)
    assert isinstance(improved, tuple)
    suggested = [a for one in improved if isinstance(one, Suggestion) for a in one.actions]
    assert {a.kind for a in launched if isinstance(a, Action)} <= launcher.ROLE.proposes
    assert {a.kind for a in suggested} <= optimizer.ROLE.proposes
    assert suggested


def test_a_role_says_which_scopes_it_was_not_granted() -> None:
    granted = ("brief", "brand", "lessons", "offers", "calendar")
    assert intake.ROLE.lacks(granted) == ("context",)
    assert intake.ROLE.lacks((*granted, "context")) == ()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.ROLE.name)
def test_no_agent_asks_the_clock_or_draws_by_chance(module: Any) -> None:
    source = Path(module.__file__).read_text()
    assert not [word for word in ("datetime.now", "import random", "import os") if word in source]
