"""The same failure always takes the same way, and always ends with a person."""

from datetime import timedelta

import pytest

from drumbeat.agents.router import Route, Router, RoutingCase, Urgent
from drumbeat.core.campaign.escalation_policy import EscalationPolicy, FailureClass
from drumbeat.core.campaign.guardrail_rule import Severity


def route(
    failure: FailureClass, severity: Severity, policy: EscalationPolicy | None = None
) -> Route:
    found = Router().route(RoutingCase(failure, severity, policy))
    assert isinstance(found, Route)
    return found


def policy() -> EscalationPolicy:
    own = [{"to": "agent:builder", "after": "0s"}, {"to": "owner", "after": "10m"}]
    classes = dict.fromkeys(FailureClass, own)
    return EscalationPolicy.model_validate({"classes": classes, "repeat": 2})


@pytest.mark.parametrize(
    ("failure", "owner"),
    [
        pytest.param(FailureClass.COPY, "role:approver:brand", id="copy"),
        pytest.param(FailureClass.LEGAL, "role:approver:legal", id="legal"),
        pytest.param(FailureClass.BUDGET, "role:performance", id="budget"),
        pytest.param(FailureClass.DATA, "role:analyst", id="data"),
        pytest.param(FailureClass.PLATFORM, "role:engineering", id="platform"),
        pytest.param(FailureClass.BRAND_CRISIS, "role:approver:brand", id="crisis"),
        pytest.param(FailureClass.SECURITY, "role:admin", id="security"),
    ],
)
def test_every_class_of_failure_has_its_owner(failure: FailureClass, owner: str) -> None:
    assert route(failure, Severity.WARNING).owner == owner


@pytest.mark.parametrize("failure", list(FailureClass))
@pytest.mark.parametrize("severity", list(Severity))
def test_every_way_ends_with_the_manager_in_order_of_time(
    failure: FailureClass, severity: Severity
) -> None:
    tiers = route(failure, severity).tiers
    waits = [tier.after for tier in tiers]
    assert tiers[-1].to == "role:manager"
    assert waits == sorted(waits)
    assert waits[0] == timedelta()


def test_a_warning_goes_to_the_responsible_agent_first() -> None:
    found = route(FailureClass.COPY, Severity.WARNING)
    assert [tier.to for tier in found.tiers] == [
        "agent:builder",
        "role:approver:brand",
        "role:manager",
    ]
    assert found.channel is Urgent.INBOX


def test_a_critical_failure_pages_a_person_at_once() -> None:
    found = route(FailureClass.COPY, Severity.CRITICAL)
    assert found.tiers[0].to == "role:approver:brand"
    assert found.channel is Urgent.PAGE


def test_the_campaigns_own_policy_goes_before_the_table() -> None:
    found = route(FailureClass.DATA, Severity.WARNING, policy())
    assert (found.owner, found.repeat) == ("owner", 2)
    assert [tier.to for tier in found.tiers] == ["agent:builder", "owner"]


def test_with_a_policy_too_a_critical_failure_waits_for_no_agent() -> None:
    found = route(FailureClass.DATA, Severity.CRITICAL, policy())
    assert [(tier.to, tier.after) for tier in found.tiers] == [("owner", timedelta())]
