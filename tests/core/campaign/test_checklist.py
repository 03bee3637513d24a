"""The implementation checklist: every item missing is named, and none is met by accident."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.core.campaign.checklist import assess
from drumbeat.core.campaign.shelf import Shelf

SHELF = Shelf(
    people=frozenset({"ana@northbean.example", "ana"}),
    escalations=frozenset({"default-email"}),
    naming_rules=frozenset({"standard"}),
    ruled_actions=frozenset({"campaign.launch", "email.schedule_send"}),
    files=frozenset({"runbooks/newsletter.md"}),
)
WHOLE: dict[str, Any] = {
    "campaign": "weekly-newsletter",
    "type": "newsletter",
    "owner": "Ana@northbean.example",
    "goal": {"metric": "conversions", "target": 0},
    "success_metrics": ["click_rate"],
    "guardrails": [{"metric": "open_rate"}],
    "escalation": "default-email",
    "rollback": "cancel it",
    "runbook": "runbooks/newsletter.md",
    "data_sources": [{"name": "sends"}],
    "data_permissions": {"planner": ["history"]},
    "naming": {"region": "eu"},
    "actions": ["campaign.launch", "email.schedule_send"],
    "sla": {"plan": "48h", "launch": "4h", "detect": "15m", "recover": "4h"},
    "experiments": {"surface": "newsletter"},
}


def missing(raw: dict[str, Any], shelf: Shelf = SHELF) -> list[str]:
    return [item.name for item in assess(raw, shelf).missing]


def test_a_whole_campaign_lacks_nothing() -> None:
    checklist = assess(WHOLE, SHELF)
    assert checklist.is_complete
    assert len(checklist.items) == 17
    assert str(checklist) == "weekly-newsletter: 17 of 17 met"


@pytest.mark.parametrize(
    ("key", "item"),
    [
        ("type", "type"),
        ("owner", "owner"),
        ("goal", "goal"),
        ("success_metrics", "success metric"),
        ("guardrails", "alert threshold"),
        ("escalation", "escalation path"),
        ("rollback", "rollback"),
        ("runbook", "runbook"),
        ("data_sources", "data sources"),
        ("data_permissions", "data permissions"),
        ("naming", "naming rule"),
        ("actions", "action-matrix coverage"),
        ("experiments", "experiment registry entry point"),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_each_missing_key_misses_exactly_its_item(key: str, item: str, nothing: Any) -> None:
    without = {name: value for name, value in WHOLE.items() if name != key}
    assert missing(without) == [item]
    assert missing(WHOLE | {key: nothing}) == [item]


@pytest.mark.parametrize(
    ("stage", "item"),
    [
        ("plan", "planning threshold"),
        ("launch", "launch threshold"),
        ("detect", "monitoring threshold"),
        ("recover", "recovery threshold"),
    ],
)
def test_each_missing_service_level_misses_exactly_its_item(stage: str, item: str) -> None:
    levels = {name: value for name, value in WHOLE["sla"].items() if name != stage}
    assert missing(WHOLE | {"sla": levels}) == [item]


@pytest.mark.parametrize(
    ("changed", "item", "lack"),
    [
        pytest.param({"owner": "bob"}, "owner", "bob is not in drumbeat.yaml", id="owner"),
        pytest.param(
            {"escalation": "other"},
            "escalation path",
            "other is not in policy/escalation.yaml",
            id="escalation",
        ),
        pytest.param(
            {"runbook": "runbooks/gone.md"},
            "runbook",
            "there is no file runbooks/gone.md",
            id="page",
        ),
        pytest.param(
            {"naming": {"rule": "odd"}},
            "naming rule",
            "odd is not in policy/naming.yaml",
            id="naming",
        ),
        pytest.param(
            {"actions": ["email.schedule_send", "ads.pause"]},
            "action-matrix coverage",
            "no row in policy/actions.yaml for ads.pause",
            id="coverage",
        ),
        pytest.param(
            {"goal": {"metric": "conversions"}},
            "goal",
            "say which metric should reach which target under goal",
            id="a goal without a target",
        ),
    ],
)
def test_naming_something_that_does_not_exist_is_no_better_than_naming_nothing(
    changed: dict[str, Any], item: str, lack: str
) -> None:
    found = assess(WHOLE | changed, SHELF).missing
    assert [(one.name, one.lack) for one in found] == [(item, lack)]


def test_the_list_prints_what_is_missing() -> None:
    shown = str(assess({"campaign": "bare"}, SHELF))
    assert shown.splitlines()[0] == "bare: 0 of 17 met"
    assert "  missing: rollback (say what it goes back to under rollback)" in shown


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab é", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab é", max_size=5), inner),
    max_leaves=6,
)


# On a busy machine a draw may be slow: that says nothing of what is drawn.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), JUNK))
def test_no_mapping_makes_the_list_raise(raw: dict[str, Any]) -> None:
    assert len(assess(raw, SHELF).items) == 17
