"""What a person orders of the rules, the matrix and the claims from a page."""

from typing import Any
from urllib.parse import quote

import pytest

from drumbeat.web.verbs import Done, Refused
from tests.app.pages.world import World


def test_a_cell_of_the_matrix_is_asked_for_and_another_person_decides(world: World) -> None:
    verbs, ana = world.services.verbs, world.person("ana")
    assert isinstance(verbs.change_matrix("ads.set_budget", "full", "ask", ana, "a test"), Done)
    [asked] = world.waiting("policy.change")
    assert asked.proposal.action.after["always_ask"] is True  # type: ignore[index,call-overload]
    view = world.services.decisions.decision(asked.proposal.id, world.person("dana"))
    assert view is not None
    assert ("Always ask", None, "yes") in [(r.field, r.before, str(r.after)) for r in view.diff]


@pytest.mark.parametrize(
    ("kind", "typed", "fields"),
    [
        pytest.param("ads.set_budget", {"cooldown": "72h"}, {"cooldown": "72h"}, id="a rest"),
        pytest.param(
            "ads.set_budget",
            {"roles": "manager, approver:budget", "count": "2"},
            {"approvals": {"roles": ["manager", "approver:budget"], "count": 2}},
            id="approvers",
        ),
        pytest.param(
            "ads.set_bid",
            {"per_change": "", "phase": "full"},
            {"limits": None, "phase": "full"},
            id="a limit less",
        ),
        pytest.param("ads.pause", {"forbidden": "yes"}, {"row": "forbidden"}, id="forbidden"),
        pytest.param(
            "policy/sla.yaml#conditions/opens-held",
            {"by": "25%", "for": "2h"},
            {"by": "25%", "for": "2h", "metric": "open_rate"},
            id="a promise about figures",
        ),
        pytest.param(
            "policy/sla.yaml#policies/approve-email",
            {
                "stage": "approve",
                "channel": "email",
                "target": "16h",
                "failure": "copy",
                "start": "[asked]",
                "stop": "[answered, cycle_over]",
                "calendar": "office",
            },
            {"id": "approve-email", "target": "16h", "stop": ["answered", "cycle_over"]},
            id="a new promise about time",
        ),
        pytest.param(
            "policy/sla.yaml#conditions/opens-held", {"gone": "yes"}, {"row": "absent"}, id="less"
        ),
    ],
)
def test_a_row_is_asked_for_as_it_was_typed(
    world: World, kind: str, typed: dict[str, str], fields: dict[str, Any]
) -> None:
    verbs, ana = world.services.verbs, world.person("ana")
    done = verbs.change_rule(kind, typed, ana, "a test")
    assert isinstance(done, Done), done
    [asked] = world.waiting("policy.change")
    after = asked.proposal.action.after
    assert isinstance(after, dict)
    assert {name: after.get(name) for name in fields} == fields
    reads = world.services.autonomy
    assert reads is not None
    assert reads.rule(kind) is not None


@pytest.mark.parametrize(
    ("kind", "typed", "why"),
    [
        pytest.param("ads.set_budget", {"count": "two"}, "no value", id="no number"),
        pytest.param("ads.set_budget", {"cooldown": "soon"}, "cooldown", id="no time"),
        pytest.param("ads.pause", {"roles": ""}, "approver role", id="nobody approves"),
        pytest.param("ads.set_budget", {}, "already", id="nothing changed"),
        pytest.param("ads.fly", {}, "no such action", id="no action"),
        pytest.param("policy/sla.yaml#calendars/office", {}, "no such action", id="no promise"),
        pytest.param("hypotheses/new.yaml#H-1", {}, "no such action", id="no file"),
        pytest.param(
            "policy/sla.yaml#conditions/opens-held", {"metric": ""}, "metric", id="no condition"
        ),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_once(
    seen: World, kind: str, typed: dict[str, str], why: str
) -> None:
    answer = seen.services.verbs.change_rule(kind, typed, seen.person("ana"), "a test")
    assert isinstance(answer, Refused)
    assert why in answer.reason


def test_two_changes_of_rules_are_two_rows_of_the_inbox(world: World) -> None:
    """Each rule is read on its own: no bulk answer takes them for alike."""
    verbs, ana = world.services.verbs, world.person("ana")
    for kind, typed in (("ads.pause", {"signals": "3"}), ("ads.set_bid", {"cooldown": "96h"})):
        assert isinstance(verbs.change_rule(kind, typed, ana, "a test"), Done)
    ids = [one.proposal.id for one in world.waiting("policy.change")]
    text = world.browser("dana").get("/inbox").text
    assert all(f'id="wait-{name}"' in text for name in ids)
    assert "ads.pause in policy/actions.yaml" in text
    assert "ads.set_bid in policy/actions.yaml" in text


def test_a_claim_is_changed_from_a_form_that_needs_no_script(world: World) -> None:
    ana, place = world.browser("ana"), "hypotheses/ads.yaml#H-06"
    library = ana.get("/experiments").text
    assert "/autonomy/rule?kind=hypotheses/ads.yaml%23H-06" in library
    form = ana.get("/autonomy/rule?kind=hypotheses/ads.yaml%23H-06")
    assert 'value="-15%"' in form.text
    changed = {"kind": place, "value.expected": "-8%", "value.claim": "A: b, and # c", "reason": ""}
    here = f"/autonomy/rule?kind={quote(place)}"
    again = ana.post("/autonomy/rule", seen_at=here, **changed)
    assert again.status_code == 422
    assert 'value="-8%"' in again.text, "what was typed is not lost"
    changed["reason"] = "it paid less"
    assert ana.post("/autonomy/rule", seen_at=here, **changed).status_code == 303
    [asked] = world.waiting("hypothesis.change")
    after = asked.proposal.action.after
    assert isinstance(after, dict)
    assert (after["expected"], after["claim"], after["min_weeks"]) == ("-8%", "A: b, and # c", 4)
