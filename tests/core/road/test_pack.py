"""A pack is sealed once, named by its content, and holds every state a launch may pass."""

from typing import Any

import pytest
from pydantic import JsonValue

from drumbeat.agents.planner import Planner
from drumbeat.agents.planning.case import PlanningCase
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.launch import difference
from drumbeat.core.campaign.pack import CannotSeal, LaunchPack, seal
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import ApprovedPack, Facts
from drumbeat.core.governance.matrix import Risk, Row
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Proposal, propose
from tests.core.road.shop import (
    DOSSIER,
    OFFERS,
    PIECES,
    SEGMENTS,
    TUESDAY,
    ads_brief,
    assets,
    context,
    euros,
    line_item,
)

LINE = "line_item:evergreen/visitors"
OLD = "line_item:evergreen/old"


def planned(brief: Brief) -> Plan:
    case = PlanningCase(
        brief=brief,
        segments=SEGMENTS,
        content=tuple(PIECES.values()),
        offers=OFFERS,
        context=ContextFile(version=1),
        hypotheses={},
        dossier=DOSSIER,
        earliest=TUESDAY,
    )
    plan = Planner().plan(case)
    assert isinstance(plan, Plan)
    return plan


BRIEF = ads_brief()
PLAN = planned(BRIEF)


def made(**changes: Any) -> Assets:
    return assets(plan=PLAN.digest, **{"line_items": (line_item(),)} | changes)


def sealed(current: dict[str, JsonValue] | None = None, **changes: Any) -> LaunchPack:
    parts: dict[str, Any] = {"brief": BRIEF, "plan": PLAN, "assets": made(), "findings": ()}
    return seal(
        **parts | changes,
        current=current if current is not None else {LINE: None},
        context=context(),
    )


def finding(severity: Severity, role: str = "") -> ReviewFinding:
    return ReviewFinding(rule="r", severity=severity, subject="s", text="it is wrong", role=role)


def test_the_same_parts_have_the_same_digest() -> None:
    assert sealed().digest == sealed().digest


def test_any_changed_part_changes_the_digest() -> None:
    other = sealed(assets=made(line_items=(line_item(daily_budget_minor=5001),)))
    warned = sealed(findings=(finding(Severity.WARN),))
    assert len({sealed().digest, other.digest, warned.digest}) == 3


def test_a_pack_reads_back_from_its_json_with_the_same_digest() -> None:
    pack = sealed()
    assert LaunchPack.model_validate(pack.model_dump(mode="json")).digest == pack.digest


def test_it_says_what_the_launch_adds_beside_what_is_live() -> None:
    live = line_item(daily_budget_minor=3000).model_dump(mode="json")
    assert sealed().adds == euros(350)
    assert sealed({LINE: live}).adds == euros(140)


def test_what_is_removed_is_wanted_absent() -> None:
    pack = seal(
        BRIEF,
        PLAN,
        made(),
        (),
        current={LINE: None, OLD: line_item("old").model_dump(mode="json")},
        context=context(),
        removed=(OLD,),
    )
    assert pack.wanted_objects[OLD] is None
    assert pack.wanted[OLD] == (digest(None),)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"plan": PLAN.model_copy(update={"brief": "x"})}, "another brief", id="brief"),
        pytest.param({"assets": assets(plan="x")}, "another plan", id="plan"),
        pytest.param({"assets": made(line_items=())}, "nothing to launch", id="nothing made"),
        pytest.param(
            {"findings": (finding(Severity.BLOCK),)}, "it is wrong", id="a blocking finding"
        ),
    ],
)
def test_parts_that_do_not_belong_together_are_not_sealed(
    changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(CannotSeal, match=why):
        sealed(**changes)


def test_findings_that_need_a_role_name_the_approvers() -> None:
    pack = sealed(findings=(finding(Severity.APPROVAL, "approver:legal"), finding(Severity.WARN)))
    assert pack.approvers == ("approver:legal",)


def test_the_gate_finds_every_step_of_the_launch_covered() -> None:
    live: dict[str, JsonValue] = {
        LINE: line_item(daily_budget_minor=3000, segments=("warm-leads",)).model_dump(mode="json")
    }
    pack = sealed(live)
    facts = Facts(
        now=TUESDAY,
        policy="p",
        row=Row(agents=("launcher",), risk=Risk.LOW, phase=Phase.FULL),
        phase=Phase.SUPERVISED,
        connection_mode=None,
        pack=ApprovedPack(digest=pack.digest, wanted=pack.wanted),
    )
    steps = difference(pack.wanted_objects, live, context())
    assert len(steps) == 2
    assert all(is_covered(_proposed(step, pack.digest), facts) for step in steps)
    foreign = difference(
        {LINE: line_item(daily_budget_minor=9999).model_dump(mode="json")}, live, context()
    )
    assert not is_covered(_proposed(foreign[-1], pack.digest), facts)


def _proposed(action: Action, pack: str) -> Proposal:
    by = Actor.agent("launcher")
    return propose(action, by, "launch", now=TUESDAY, expires_at=TUESDAY, pack=pack)
