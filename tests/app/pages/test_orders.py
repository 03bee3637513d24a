"""What a person orders from a page goes through the gate, and the demo goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.store.proposals import Status
from drumbeat.web.verbs import Answer, Done, Refused, RollbackPlan, Verbs
from drumbeat.web.views.experiment import ExperimentState
from drumbeat.web.views.shell import Person
from tests.app.pages.world import LAUNCH, World


def test_a_launch_approved_without_scripts_goes_out_and_the_cycle_goes_on(world: World) -> None:
    asked, dana = world.waiting(LAUNCH)[0].proposal, world.browser()
    page = f"/inbox/{asked.id}"
    answer = dana.post(
        f"{page}/approve", seen_at=page, fingerprint=dana.fingerprint(page), reason="good one"
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/inbox?done=Approved")
    assert world.judged(asked.id).status is Status.AGREED
    given = world.entries("approved")[-1]
    assert given.actor == "person:dana"
    assert given.body["via"] == "web"
    assert given.body["reason"] == "good one"
    world.advance(timedelta(hours=6))
    launched = [e for e in world.entries("launched") if e.cycle == asked.action.cycle]
    assert launched


def test_an_approval_is_taken_back_from_its_notice(world: World) -> None:
    asked, dana = world.waiting(LAUNCH)[0].proposal, world.person("dana")
    verbs = world.services.verbs
    given = verbs.approve(asked.id, asked.fingerprint, dana, "")
    assert isinstance(given, Done)
    assert given.decision_id == asked.id
    assert given.undo_until == world.judged(asked.id).acts_at
    assert 'action="/decisions/' in world.browser().get("/today").text
    assert "takes effect in" in world.browser().text(f"/inbox/{asked.id}")
    assert isinstance(verbs.undo(asked.id, world.person("mei")), Refused)
    assert isinstance(verbs.undo(given.decision_id, dana), Done)
    assert world.judged(asked.id).status is Status.WAITING
    assert world.entries("undone")[-1].body["via"] == "web"


def test_an_answer_to_something_that_changed_is_refused(world: World) -> None:
    asked = world.waiting(LAUNCH)[0].proposal
    answer = world.services.verbs.approve(asked.id, "another", world.person("dana"), "")
    assert isinstance(answer, Refused)
    assert "changed since you looked" in answer.reason
    assert world.judged(asked.id).status is Status.WAITING


def test_somebody_without_the_role_is_refused_and_told_who_may(world: World) -> None:
    asked = world.waiting(LAUNCH)[0].proposal
    verbs, tomas = world.services.verbs, world.person("tomas")
    answer = verbs.approve(asked.id, asked.fingerprint, tomas, "")
    assert isinstance(answer, Refused)
    assert answer.status == 403
    assert "Mei Tanaka" in answer.reason


def test_a_rejection_needs_a_reason_and_keeps_what_was_typed(world: World) -> None:
    asked, dana = world.waiting(LAUNCH)[0].proposal, world.browser()
    page = f"/inbox/{asked.id}"
    fingerprint = dana.fingerprint(page)
    empty = dana.post(f"{page}/reject", seen_at=page, fingerprint=fingerprint, code="timing")
    assert empty.status_code == 422
    assert 'value="timing" selected' in empty.text
    told = dana.post(
        f"{page}/reject", seen_at=page, fingerprint=fingerprint, code="timing", reason="too early"
    )
    assert told.status_code == 303
    entry = world.entries("rejected")[-1]
    assert (entry.body["code"], entry.body["reason"]) == ("timing", "too early")


def test_two_people_must_agree_where_the_matrix_says_so(world: World) -> None:
    judged = world.demo.app.gate.submit(_allocation(world))
    asked, verbs = judged.proposal, world.services.verbs
    dana = replace(world.person("dana"), is_fresh=True)
    first = verbs.approve(asked.id, asked.fingerprint, dana, "")
    assert isinstance(first, Done)
    assert "Another person must agree" in first.text
    again = verbs.approve(asked.id, asked.fingerprint, dana, "")
    assert isinstance(again, Refused)
    assert "approved it already" in again.reason
    view = world.services.decisions.decision(asked.id, world.person("dana"))
    assert view is not None
    assert (view.needs, view.given) == (2, ("Dana Okafor",))


def test_what_is_snoozed_comes_back_to_that_person_only(world: World) -> None:
    asked, reads = world.waiting(LAUNCH)[0].proposal, world.services.decisions
    dana, mei = world.person("dana"), world.person("mei")
    assert isinstance(world.services.verbs.snooze(asked.id, dana, timedelta(hours=1)), Done)
    assert asked.id not in [item.id for item in reads.queue(dana, after=None, limit=50).items]
    assert asked.id in [item.id for item in reads.queue(mei, after=None, limit=50).items]
    assert world.services.shell.shell(dana).waiting == world.services.shell.shell(mei).waiting - 1
    assert [one.id for one in reads.aside(dana, is_empty=False).put_off] == [asked.id]
    assert reads.aside(mei, is_empty=False).put_off == ()
    assert "next cycle of" in reads.aside(mei, is_empty=True).next_up
    world.demo.clock.advance(timedelta(hours=2))
    assert asked.id in [item.id for item in reads.queue(dana, after=None, limit=50).items]
    assert reads.aside(dana, is_empty=False).put_off == ()


def test_a_handed_over_decision_changes_owner_and_is_written_down(world: World) -> None:
    asked, verbs = world.waiting(LAUNCH)[0].proposal, world.services.verbs
    refused = verbs.delegate(asked.id, world.person("mei"), "ana", "")
    assert isinstance(refused, Refused)
    assert isinstance(verbs.delegate(asked.id, world.person("mei"), "dana", "you know it"), Done)
    queue = world.services.decisions.queue(world.person("mei"), after=None, limit=50)
    assert {i.owner for i in queue.items if i.id == asked.id} == {"Dana Okafor"}
    assert world.entries("delegated")[-1].body["to"] == "dana"


def test_the_demos_time_waits_for_its_person_only(world: World) -> None:
    asked, dana = world.waiting(LAUNCH)[0].proposal, world.person("dana")
    verbs = world.services.verbs
    told = [world.live.is_waiting_for_people]
    for other in (one.proposal for one in world.waiting() if one.proposal.id != asked.id):
        verbs.reject(other.id, other.fingerprint, dana, "timing", "one thing at a time")
    told.append(world.live.is_waiting_for_people)
    verbs.snooze(asked.id, dana, timedelta(hours=1))
    told.append(world.live.is_waiting_for_people)
    assert told == [True, True, False]
    assert world.judged(asked.id).status is Status.WAITING


def test_a_frozen_workspace_is_said_on_every_page_until_it_is_lifted(world: World) -> None:
    dana = world.browser()
    frozen = dana.post("/freeze", seen_at="/freeze", scope="", reason="something is off")
    assert frozen.status_code == 303
    assert "Everything is frozen" in dana.text("/changes")
    lifted = dana.post("/unfreeze", seen_at="/freeze", scope="", reason="it was nothing")
    assert lifted.status_code == 303
    assert "Everything is frozen" not in dana.text("/changes")


def test_observing_is_ordered_and_ended_with_the_same_button(world: World) -> None:
    verbs, dana = world.services.verbs, world.person("dana")
    assert isinstance(verbs.observe("social-calendar", dana, ""), Done)
    campaign = world.services.campaigns.campaign("social-calendar")
    assert campaign is not None
    assert campaign.is_observing
    assert isinstance(verbs.observe("social-calendar", dana, ""), Done)
    assert [e.kind for e in world.entries("observed", "lifted")] == ["observed", "lifted"]
    for _ in range(2):
        assert isinstance(verbs.observe("channel:email", dana, ""), Done)
    assert [e.kind for e in world.entries("observed", "lifted")] == ["observed", "lifted"] * 2


def test_a_scheduled_post_can_be_rolled_back_from_its_line(world: World) -> None:
    scheduled = world.entries("applied")
    change = next(
        e
        for e in reversed(scheduled)
        if e.body["action"] == "social.schedule_post"
        and _new(e, "publish_at") > world.now.isoformat()
    )
    verbs, dana = world.services.verbs, world.person("dana")
    plan = verbs.rollback_plan(str(change.seq), dana)
    assert not isinstance(plan, Refused)
    assert [step.is_possible for step in plan.steps] == [True]
    stale = verbs.rollback(str(change.seq), "another plan", dana, "wrong picture")
    assert isinstance(stale, Refused)
    done = verbs.rollback(str(change.seq), plan.fingerprint, dana, "wrong picture")
    assert isinstance(done, Done)
    entry = world.entries("rolled_back")[-1]
    assert entry.actor == "person:dana"
    assert entry.body["of"] == change.subject


def test_a_mail_that_is_out_says_why_there_is_no_way_back(world: World) -> None:
    change = next(e for e in world.entries("applied") if e.body["action"] == "email.schedule_send")
    view = world.services.changes.change(str(change.seq))
    assert view is not None
    assert view.row.back.text == "already delivered"
    plan = world.services.verbs.rollback_plan(str(change.seq), world.person("dana"))
    assert not isinstance(plan, Refused)
    assert not plan.steps[0].is_possible
    assert "delivered" in plan.steps[0].text


def test_an_edited_amount_waits_for_somebody_else(world: World) -> None:
    verbs, dana = world.services.verbs, world.person("dana")
    # While a test of its hook runs, nobody but a person may touch the post.
    assert world.demo.app.gate.submit(_boost(world)).status is Status.DENIED
    registered = world.entries("experiment_registered")
    running = next(e.subject for e in registered if e.campaign == "social-calendar")
    _end_test(world, running)
    asked = world.demo.app.gate.submit(_boost(world)).proposal
    wrong = verbs.edit(asked.id, asked.fingerprint, dana, {"boost_minor": "a lot"}, "x")
    assert isinstance(wrong, Refused)
    assert wrong.status == 422
    done = verbs.edit(asked.id, asked.fingerprint, dana, {"boost_minor": "8.50"}, "half is enough")
    assert isinstance(done, Done)
    assert world.judged(asked.id).status is Status.REPLACED
    edited = next(one for one in world.waiting() if one.proposal.edits == asked.id)
    assert edited.proposal.action.spend_delta == Money(minor=850, currency="EUR")
    mine = world.services.decisions.decision(edited.proposal.id, dana)
    assert mine is not None
    assert "somebody else" in mine.barred


def _end_test(world: World, experiment: str) -> None:
    """One person asks for the end of a test, another agrees, and the hold passes."""
    verbs = world.services.verbs
    assert isinstance(verbs.stop_experiment(experiment, world.person("dana"), "enough"), Done)
    asked = world.waiting("experiment.stop")[0].proposal
    answer = verbs.approve(asked.id, asked.fingerprint, world.person("jon"), "")
    assert isinstance(answer, Done)
    world.advance(timedelta(minutes=2))


def test_a_running_test_is_stopped_once_with_a_reason(world: World) -> None:
    verbs, dana = world.services.verbs, world.person("dana")
    registry = world.services.experiments
    assert registry is not None
    running = registry.registry(after=None, limit=20).running
    told = verbs.stop_experiment(running[0].id, dana, "wrong price")
    assert isinstance(told, Done)
    assert "somebody else decides" in told.text
    page = registry.experiment(running[0].id)
    assert page is not None
    assert (page.can_stop, page.can_keep, page.row.state) == (False, True, ExperimentState.RUNNING)
    asked = world.waiting("experiment.stop")[0].proposal
    assert page.proposal_id == asked.id
    mine = verbs.approve(asked.id, asked.fingerprint, dana, "")
    assert isinstance(mine, Refused)
    assert isinstance(verbs.keep_experiment(running[0].id, world.person("jon"), "too early"), Done)
    _end_test(world, running[0].id)
    again = verbs.stop_experiment(running[0].id, dana, "wrong price")
    assert isinstance(again, Refused)
    assert "stopped already" in again.reason
    missing = verbs.stop_experiment("exp-none", dana, "seen enough")
    assert isinstance(missing, Refused)
    assert missing.status == 404


def test_a_scheduled_post_is_moved_through_the_gate(world: World) -> None:
    services, dana = world.services, world.person("dana")
    calendar, today = services.calendar, world.now.date()
    assert calendar is not None
    items = calendar.calendar(today, today + timedelta(days=7)).items
    item = next(one for one in items if one.can_move)
    later = item.at + timedelta(hours=5)
    assert isinstance(services.verbs.move(item.id, world.now, dana), Refused)
    assert isinstance(services.verbs.move(item.id, later, dana), Done)
    world.advance(timedelta(hours=2))
    moved = calendar.calendar(today, today + timedelta(days=8)).items
    assert next(one for one in moved if one.id == item.id).at == later


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(lambda v, p: v.move("cyc.0", datetime(2026, 10, 1, tzinfo=UTC), p), id="move"),
        pytest.param(
            lambda v, p: v.change_matrix("email.cancel_send", "supervised", "act", p, "why"),
            id="matrix",
        ),
    ],
)
def test_what_cannot_be_done_from_a_page_says_what_to_do_instead(
    seen: World, order: Callable[[Verbs, Person], Answer]
) -> None:
    answer = order(seen.services.verbs, seen.person("dana"))
    assert isinstance(answer, Refused)
    assert len(answer.reason) > 40


def test_only_the_demos_own_speeds_can_be_set(world: World) -> None:
    verbs, dana = world.services.verbs, world.person("dana")
    assert isinstance(verbs.set_clock(7, dana), Refused)
    assert isinstance(verbs.set_clock(600, dana), Done)
    clock = world.services.shell.shell(dana).clock
    assert clock is not None
    assert clock.speed == 600


def _new(entry: Entry, field: str) -> str:
    """What a field became, as the ledger says it."""
    change: Any = entry.body["change"]
    return str(change[field][1])


def _allocation(world: World) -> Proposal:
    action = Action(
        kind="budget.allocate",
        channel=Channel.WORKSPACE,
        connection="",
        campaign="retargeting-evergreen",
        target="setting:retargeting-evergreen/daily_total",
        before=None,
        after="11000",
        spend_delta=Money.zero("EUR"),
    )
    by, now = Actor.agent("optimizer"), world.now
    return propose(action, by, "shift money", now=now, expires_at=now + timedelta(days=2))


def _boost(world: World) -> Proposal:
    """An amplification of a live post, as the optimizer would ask for it."""
    target = next(
        str(e.body["target"])
        for e in reversed(world.entries("applied"))
        if e.body["action"] == "social.schedule_post"
    )
    gate, connection = world.demo.app.gate, "social-accounts"
    state = gate.door.platforms[connection].connector.read(target)
    assert state is not None
    assert isinstance(state.state, dict)
    action = Action(
        kind="social.boost_post",
        channel=Channel.SOCIAL,
        connection=connection,
        campaign="social-calendar",
        target=target,
        before=state.state,
        after={**state.state, "boost_minor": 1700, "currency": "EUR"},
        spend_delta=Money(minor=1700, currency="EUR"),
    )
    by, now = Actor.agent("optimizer"), world.now
    return propose(action, by, "it works", now=now, expires_at=now + timedelta(days=2))


def test_a_hypothesis_is_started_once_from_its_page(world: World) -> None:
    dana = world.browser("dana")
    registry = world.services.experiments
    assert registry is not None
    for row in registry.registry(after=None, limit=9).running:
        _end_test(world, row.id)
    offered = [row for row in registry.registry(after=None, limit=9).library if row.starts]
    assert offered
    campaign, title = offered[0].starts[0]
    assert f"Approve and start : {offered[0].claim}" in dana.text("/experiments")
    fields = {"campaign": campaign, "hypothesis": offered[0].id}
    done = dana.post("/experiments", seen_at="/experiments", **fields)
    assert done.status_code == 303, done.text
    made = world.entries("experiment_registered")[-1]
    assert (made.actor, made.body["hypothesis"]) == ("person:dana", offered[0].id)
    assert done.headers["location"].startswith(f"/experiments/{made.subject}?")
    page = dana.text(f"/experiments/{made.subject}")
    assert title in page
    assert "The rule registered before launch says: keep running" in page
    # Pressed twice it is the same test: it is named by its content.
    dana.post("/experiments", seen_at="/experiments", **fields)
    assert world.entries("experiment_registered")[-1].seq == made.seq


@pytest.mark.parametrize(
    ("moment", "status", "said"),
    [
        pytest.param("soon", 422, "Choose a day and an hour that is over.", id="no moment"),
        pytest.param("2031-01-01T08:00", 422, "Choose a day and an hour", id="not over"),
        pytest.param("2026-09-24T11:59", 200, "Nothing was changed since then.", id="calm"),
    ],
)
def test_a_moment_to_go_back_to_is_read_or_refused(
    seen: World, moment: str, status: int, said: str
) -> None:
    page = seen.browser("dana").get(f"/changes/to:social-calendar@{moment}/roll-back")
    assert page.status_code == status
    assert said in page.text


def test_everything_since_a_moment_is_taken_back_as_the_plan_said(world: World) -> None:
    found = [one for one in world.entries("launched") if one.campaign == "social-calendar"]
    launched = found[-1]
    point = (launched.at - timedelta(hours=2)).isoformat()
    verbs, dana = world.services.verbs, world.person("dana")
    change = f"to:{launched.campaign}@{point}"
    plan = verbs.rollback_plan(change, dana)
    assert isinstance(plan, RollbackPlan)
    assert any(step.is_possible for step in plan.steps)
    assert isinstance(verbs.rollback(change, "another plan", dana, "x"), Refused)
    before = len(world.entries("rolled_back"))
    assert isinstance(verbs.rollback(change, plan.fingerprint, dana, "a wrong week"), Done)
    told = len(world.entries("rolled_back")) - before
    assert told == sum(step.is_possible for step in plan.steps)
