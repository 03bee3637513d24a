"""Inbox: five questions in order, and an answer bound to what was seen."""

from dataclasses import replace

import pytest

from drumbeat.testing.web_doors import Doors
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.verbs import Answer, ProofNeeded
from drumbeat.web.views.decision import Verb
from drumbeat.web.views.shell import Person
from tests.web.test_today import fingerprint
from tests.web.visitor import Visitor

RAISE = "prop-raise-retargeting"


def test_a_decision_answers_five_questions_in_order(ana: Visitor) -> None:
    page = ana.get(f"/inbox/{RAISE}").text
    questions = [
        "What would change",
        "Why you",
        "Why the agent proposes it",
        "If you do nothing",
        "Can it be undone",
        "Checks",
        'data-key="a"',
    ]
    places = [page.index(question) for question in questions]
    assert places == sorted(places)


def test_evidence_comes_with_numbers_and_intervals(ana: Visitor) -> None:
    page = ana.get(f"/inbox/{RAISE}").text
    assert "−18%" in page
    assert "95% interval −24% to −11%" in page
    assert "<del>€400.00</del>" in page
    assert "<ins>€448.00</ins>" in page


def test_an_approval_moves_on_to_the_inbox(ana: Visitor, world: WebWorld) -> None:
    done = ana.post(f"/inbox/{RAISE}/approve", fingerprint=fingerprint(world, RAISE))
    assert done.headers["location"].startswith("/inbox?done=Approved")


def test_an_answer_to_something_that_changed_meanwhile_is_refused(
    ana: Visitor, world: WebWorld
) -> None:
    refused = ana.post(f"/inbox/{RAISE}/approve", fingerprint="0" * 64, reason="looks right")
    assert refused.status_code == 409
    assert "It has changed since you looked" in refused.text
    assert 'value="looks right"' in refused.text
    assert world.decisions[RAISE].answered is None


def test_a_rejection_needs_a_reason_and_keeps_what_was_chosen(
    ana: Visitor, world: WebWorld
) -> None:
    refused = ana.post(
        f"/inbox/{RAISE}/reject", fingerprint=fingerprint(world, RAISE), reason=" ", code="brand"
    )
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert '<option value="brand" selected>' in refused.text
    assert world.decisions[RAISE].answered is None


def test_a_rejection_with_a_reason_is_recorded(ana: Visitor, world: WebWorld) -> None:
    ana.post(
        f"/inbox/{RAISE}/reject",
        fingerprint=fingerprint(world, RAISE),
        reason="too soon",
        code="timing",
    )
    answered = world.decisions[RAISE].answered
    assert answered is not None
    assert (answered.word, answered.reason) == ("rejected", "too soon")


def test_a_second_answer_learns_who_was_first(ana: Visitor, jon: Visitor, world: WebWorld) -> None:
    form = {"fingerprint": fingerprint(world, RAISE), "reason": "yes"}
    ana.post(f"/inbox/{RAISE}/approve", **form)
    second = jon.post(f"/inbox/{RAISE}/approve", **form)
    assert second.status_code == 409
    assert "Ana Petrov has approved it already." in second.text


def test_an_undo_makes_it_wait_again(ana: Visitor, world: WebWorld) -> None:
    ana.post(f"/inbox/{RAISE}/approve", fingerprint=fingerprint(world, RAISE))
    done = ana.post("/decisions/e-1048/undo")
    assert done.status_code == 303
    assert world.decisions[RAISE].answered is None


def test_an_undo_after_the_hold_says_why_not(ana: Visitor) -> None:
    late = ana.post("/decisions/e-1/undo")
    assert late.status_code == 409
    assert "its hold is over" in late.text


def test_an_edit_that_is_refused_keeps_what_was_typed(ana: Visitor, world: WebWorld) -> None:
    refused = ana.post(
        f"/inbox/{RAISE}/edit",
        fingerprint=fingerprint(world, RAISE),
        **{"value.amount": " ", "reason": "a bit less"},
    )
    assert refused.status_code == 422
    assert '<details id="edit" class="edit" open>' in refused.text
    assert 'value="a bit less"' in refused.text


def test_an_edit_carries_its_values(ana: Visitor, world: WebWorld) -> None:
    done = ana.post(
        f"/inbox/{RAISE}/edit",
        fingerprint=fingerprint(world, RAISE),
        **{"value.amount": "EUR 430", "reason": "a bit less"},
    )
    assert done.status_code == 303
    assert world.orders == [("edit", RAISE, "amount=EUR 430")]


@pytest.mark.parametrize(
    ("path", "fields", "order"),
    [
        pytest.param("snooze", {"span": "4h"}, ("snooze", RAISE, "4:00:00"), id="snooze"),
        pytest.param("snooze", {"span": "1d"}, ("snooze", RAISE, "1 day, 0:00:00"), id="tomorrow"),
        pytest.param("delegate", {"to": "mei"}, ("delegate", RAISE, "mei"), id="delegate"),
    ],
)
def test_a_decision_can_be_put_off_or_handed_over(
    ana: Visitor, world: WebWorld, path: str, fields: dict[str, str], order: tuple[str, ...]
) -> None:
    assert ana.post(f"/inbox/{RAISE}/{path}", **fields).status_code == 303
    assert world.orders == [order]


def test_alike_proposals_are_approved_in_one_review(ana: Visitor, world: WebWorld) -> None:
    other = world.decisions["prop-pause-competitor"].item
    world.decisions[RAISE] = replace(world.decisions[RAISE], alike=(other,))
    page = ana.get(f"/inbox/{RAISE}").text
    assert "1 more like this" in page
    chosen = [f"{RAISE}:{fingerprint(world, RAISE)}", f"{other.id}:{other.fingerprint}"]
    done = ana.post(f"/inbox/{RAISE}/approve-alike", chosen=chosen)
    assert done.headers["location"].startswith("/inbox?done=Approved%202%20alike")
    assert world.decisions[other.id].answered is not None


def alike(world: WebWorld) -> tuple[str, str]:
    """Two proposals of one group, of which one review may answer both."""
    other = replace(world.decisions["prop-pause-competitor"].item, group="budgets")
    item = replace(world.decisions[RAISE].item, group="budgets", alike=1)
    world.decisions[other.id] = replace(world.decisions[other.id], item=other)
    world.decisions[RAISE] = replace(world.decisions[RAISE], item=item, alike=(other,))
    return RAISE, other.id


def test_a_group_is_one_row_of_the_queue(ana: Visitor, world: WebWorld) -> None:
    _, other = alike(world)
    page = ana.get(f"/inbox/{RAISE}").text
    assert f'id="wait-{RAISE}"' in page
    assert f'id="wait-{other}"' not in page
    assert 'id="wait-prop-send-42"' in page


def test_a_group_shows_what_each_of_it_would_change(ana: Visitor, world: WebWorld) -> None:
    _, other = alike(world)
    page = ana.get(f"/inbox/{RAISE}").text.partition('class="alike"')[2]
    assert f'href="/inbox/{other}"' in page
    assert "Reason for all of them" in page


def test_alike_proposals_are_rejected_for_one_reason(ana: Visitor, world: WebWorld) -> None:
    both = alike(world)
    chosen = [f"{one}:{fingerprint(world, one)}" for one in both]
    assert ana.post(f"/inbox/{RAISE}/reject-alike", chosen=chosen).status_code == 422
    done = ana.post(f"/inbox/{RAISE}/reject-alike", chosen=chosen, reason="a sale starts")
    assert "Rejected%202%20alike" in done.headers["location"]
    reasons = [view.answered.reason for view in world.decisions.values() if view.answered]
    assert reasons == ["a sale starts"] * 2


def test_a_bulk_answer_says_what_was_left_out(ana: Visitor, world: WebWorld) -> None:
    _, other = alike(world)
    chosen = [f"{RAISE}:{fingerprint(world, RAISE)}", f"{other}:{'0' * 64}"]
    done = ana.post(f"/inbox/{RAISE}/approve-alike", chosen=chosen)
    assert done.status_code == 200
    assert "Approved <strong>1 of 2</strong>" in done.text
    assert "1 was not possible" in done.text
    assert f'href="/inbox/{other}"' in done.text
    assert world.decisions[other].answered is None


def test_of_mixed_risk_the_low_is_answered_and_the_high_waits_for_proof(
    ana: Visitor, world: WebWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, high = alike(world)
    usual = Doors.approve

    def careful(doors: Doors, one: str, seen: str, person: Person, reason: str) -> Answer:
        if one == high and not person.is_fresh:
            raise ProofNeeded("it is of high risk")
        return usual(doors, one, seen, person, reason)

    monkeypatch.setattr(Doors, "approve", careful)
    chosen = [f"{one}:{fingerprint(world, one)}" for one in (RAISE, high)]
    done = ana.post(f"/inbox/{RAISE}/approve-alike", chosen=chosen, reason="sure")
    assert done.status_code == 200
    assert "1 of high risk waits until you confirm" in done.text
    assert "Confirm and approve 1" in done.text
    assert world.decisions[RAISE].answered is not None
    assert world.decisions[high].answered is None
    # What is left is of one kind, so the whole form waits for the confirmation.
    asked = ana.post(f"/inbox/{RAISE}/approve-alike", chosen=chosen[1:], reason="sure")
    assert asked.status_code == 403
    assert "Is it you, Ana Petrov?" in asked.text


def test_the_toast_offers_the_way_back_while_there_is_one(ana: Visitor, world: WebWorld) -> None:
    done = ana.post(f"/inbox/{RAISE}/approve", fingerprint=fingerprint(world, RAISE))
    location = done.headers["location"]
    assert location.endswith("&held=30")
    assert "takes effect in 30\u00a0s" in ana.get(location).text
    late = ana.get(location.replace("held=30", "held=soon")).text
    assert "data-undo" not in late


def test_choosing_none_of_the_alike_is_refused(ana: Visitor) -> None:
    assert ana.post(f"/inbox/{RAISE}/approve-alike").status_code == 422


def test_a_verb_that_is_not_the_persons_has_no_button(ana: Visitor, world: WebWorld) -> None:
    view = world.decisions[RAISE]
    world.decisions[RAISE] = replace(
        view,
        verbs=view.verbs - {Verb.APPROVE},
        barred="You proposed this, so somebody else decides.",
    )
    page = ana.get(f"/inbox/{RAISE}").text
    assert 'data-key="a"' not in page
    assert "You proposed this, so somebody else decides." in page


def test_a_viewer_sees_the_decision_and_no_buttons(vera: Visitor) -> None:
    page = vera.get(f"/inbox/{RAISE}").text
    assert "answering needs an approver" in page
    assert "data-answer" not in page


def test_two_people_are_named_where_two_must_agree(ana: Visitor, world: WebWorld) -> None:
    world.decisions[RAISE] = replace(world.decisions[RAISE], needs=2, given=("Jon Keller",))
    assert "Needs 2 people; Jon Keller approved already." in ana.get(f"/inbox/{RAISE}").text


def test_an_unknown_decision_says_so(ana: Visitor) -> None:
    missing = ana.get("/inbox/prop-none")
    assert missing.status_code == 404
    assert "There is no such decision" in missing.text


def test_an_empty_inbox_says_so(ana: Visitor, world: WebWorld) -> None:
    world.decisions.clear()
    assert "Nothing needs you" in ana.get("/inbox").text


def test_what_was_put_off_is_named_until_it_comes_back(ana: Visitor, world: WebWorld) -> None:
    put_off = ana.post(f"/inbox/{RAISE}/snooze", span="1h")
    assert put_off.status_code == 303
    text = ana.get("/inbox").text
    assert "Put off by you" in text
    assert "back at 14:00" in text


def test_an_empty_inbox_says_what_comes_next(ana: Visitor, world: WebWorld) -> None:
    world.decisions.clear()
    text = ana.get("/inbox").text
    assert "Nothing needs you" in text
    assert "Next expected: the next issue, on Thursday." in text
