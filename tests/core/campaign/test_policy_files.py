"""Escalation chains, scopes, skips, calendars, attribution and context as files declare them."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from drumbeat.core.campaign.attribution import Attribution, AttributionModel
from drumbeat.core.campaign.calendar import Blackout, CalendarFile
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.data_scope import narrowed, permits
from drumbeat.core.campaign.escalation_policy import EscalationPolicy, FailureClass
from drumbeat.core.campaign.hypothesis_file import HypothesisSpec
from drumbeat.core.campaign.recipient import RecipientKind, recipient
from drumbeat.core.campaign.skip import Skip, SkipKind, read_skip
from drumbeat.core.governance.action import Channel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("owner", (RecipientKind.OWNER, ""), id="owner"),
        pytest.param("role:approver:brand", (RecipientKind.ROLE, "approver:brand"), id="role"),
        pytest.param("agent:builder", (RecipientKind.AGENT, "builder"), id="agent"),
        pytest.param("person:ana", (RecipientKind.PERSON, "ana"), id="person"),
    ],
)
def test_a_level_names_somebody(text: str, expected: tuple[RecipientKind, str]) -> None:
    assert recipient(text) == expected


@pytest.mark.parametrize("text", ["", "ana", "role:boss", "agent:ana", "person:", "team:all"])
def test_a_level_that_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected owner"):
        recipient(text)


PERSON_FIRST = [{"to": "owner", "after": "0s"}, {"to": "role:manager", "after": "1h"}]


def chains(**changed: Any) -> dict[str, Any]:
    return {"classes": dict.fromkeys(FailureClass, PERSON_FIRST) | changed}


def test_every_failure_class_has_a_chain() -> None:
    policy = EscalationPolicy.model_validate(chains())
    assert policy.classes[FailureClass.LEGAL][1].to == "role:manager"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param(chains(legal=[]), "no level for legal", id="an empty chain"),
        pytest.param(
            {"classes": {"copy": PERSON_FIRST}}, "no level for legal", id="classes missing"
        ),
        pytest.param(chains(data=PERSON_FIRST[::-1]), "order of time", id="out of order"),
        pytest.param(
            chains(copy=[{"to": "agent:builder", "after": "0s"}]),
            "must be a person",
            id="only agents",
        ),
        pytest.param(chains() | {"repeat": 10}, "less than or equal to 9", id="too often"),
    ],
)
def test_a_chain_that_ends_nowhere_is_refused(written: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        EscalationPolicy.model_validate(written)


@pytest.mark.parametrize(
    ("granted", "wanted", "expected"),
    [
        pytest.param(("contacts",), "contacts", True, id="the scope itself"),
        pytest.param(("contacts",), "contacts.country", True, id="a column of a granted scope"),
        pytest.param(("contacts.country",), "contacts", False, id="a column gives no scope"),
        pytest.param(("contacts.country",), "contacts.email", False, id="another column"),
        pytest.param((), "contacts", False, id="nothing granted"),
    ],
)
def test_a_permission_reaches_as_far_as_it_says(
    granted: tuple[str, ...], wanted: str, expected: bool
) -> None:
    assert permits(granted, wanted) is expected


@pytest.mark.parametrize(
    ("granted", "wanted", "expected"),
    [
        pytest.param(("history", "offers"), ("history",), ("history",), id="less than granted"),
        pytest.param(("history",), ("history", "contacts"), ("history",), id="more than granted"),
        pytest.param(
            ("contacts.country",), ("contacts",), ("contacts.country",), id="only columns"
        ),
        pytest.param(("contacts",), ("contacts.country",), ("contacts.country",), id="one column"),
        pytest.param((), ("history",), (), id="an agent nobody names"),
    ],
)
def test_a_campaign_narrows_what_the_workspace_grants_and_never_widens_it(
    granted: tuple[str, ...], wanted: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    workspace = {"monitor": granted, "planner": ("history",)}
    assert narrowed(workspace, {"monitor": wanted}) == {"monitor": expected}


def test_a_workspace_that_says_nothing_leaves_it_to_the_campaign() -> None:
    assert narrowed({}, {"monitor": ("history",)}) == {"monitor": ("history",)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("holidays DE", Skip(SkipKind.HOLIDAYS, "DE"), id="a country"),
        pytest.param("holidays DE-BE", Skip(SkipKind.HOLIDAYS, "DE", "BE"), id="a part of it"),
        pytest.param("weekends", Skip(SkipKind.WEEKENDS), id="week-ends"),
        pytest.param(
            "inventory-days", Skip(SkipKind.BLACKOUT, blackout="inventory-days"), id="a blackout"
        ),
    ],
)
def test_a_skip_is_read(text: str, expected: Skip) -> None:
    assert read_skip(text) == expected


def test_days_run_from_their_first_to_their_last() -> None:
    days = Blackout.model_validate(
        {"id": "count", "from": "2026-12-30", "to": "2027-01-01", "reason": "We count."}
    )
    assert list(days.dates()) == [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)]
    assert days.holds(date(2027, 1, 1))
    assert not days.holds(date(2027, 1, 2))
    assert CalendarFile(version=1, blackouts=(days,)).blackout("count") == days
    assert CalendarFile(version=1).blackout("count") is None


def test_days_that_end_before_they_start_are_refused() -> None:
    with pytest.raises(ValidationError, match="before it starts"):
        Blackout.model_validate(
            {"id": "count", "from": "2026-12-30", "to": "2026-12-29", "reason": "We count."}
        )


def test_a_channel_s_own_attribution_wins() -> None:
    attribution = Attribution.model_validate(
        {
            "version": 1,
            "default": {"click_window": "7d", "model": "last_click"},
            "channels": {"ads": {"click_window": "1d", "model": "linear"}},
        }
    )
    assert attribution.rule(Channel.ADS).model is AttributionModel.LINEAR
    assert attribution.rule(Channel.EMAIL).model is AttributionModel.LAST_CLICK


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        pytest.param("kit", True, id="sold out"),
        pytest.param("refill", False, id="low is not out"),
        pytest.param("mug", None, id="undeclared is unknown"),
    ],
)
def test_stock_that_nobody_declared_is_unknown(product: str, expected: bool | None) -> None:
    context = ContextFile.model_validate(
        {
            "version": 1,
            "availability": [
                {"product": "kit", "state": "out_of_stock"},
                {"product": "refill", "state": "low", "pieces": 4},
            ],
        }
    )
    assert context.is_sold_out(product) is expected


def hypothesis_spec(**changed: Any) -> HypothesisSpec:
    base = {
        "id": "H-07",
        "claim": "Hands sell better than bags.",
        "variables": ["creative"],
        "channels": ["ads"],
        "metric": "click_through_rate",
        "expected": "18%",
        "evidence": "Posts with hands.",
        "control": {"id": "bag", "description": "A bag", "settings": {"angle": "product"}},
        "treatment": {"id": "hands", "description": "Hands", "settings": {"hour": 9}},
    }
    return HypothesisSpec.model_validate(base | changed)


def test_a_hypothesis_keeps_its_arms_settings_as_written() -> None:
    spec = hypothesis_spec()
    assert spec.treatment.settings == {"hour": 9}
    assert HypothesisSpec.model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"id": "7"}, "such as H-07", id="no id"),
        pytest.param(
            {"variables": ["creative", "bidding", "send_time"]}, "at most 2", id="three variables"
        ),
        pytest.param({"variables": []}, "at least 1", id="no variable"),
        pytest.param({"channels": ["workspace"]}, "no marketing channel", id="no channel of ours"),
        pytest.param(
            {"control": {"id": "bag", "description": "A bag", "settings": {"angle": []}}},
            "a text, a number",
            id="a setting with parts",
        ),
    ],
)
def test_a_hypothesis_nobody_could_test_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        hypothesis_spec(**changed)
