"""Escalations edge to edge: a failure comes in; who is told, when, and what if nobody answers."""

from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.gate import climb
from drumbeat.gate.in_hand import Handled, NotHandled
from drumbeat.store import holds, incidents
from drumbeat.store.notices import NoticeState
from tests.gate.escalation_world import EscalationWorld, escalation_world


@pytest.fixture
def world(tmp_path: Path) -> EscalationWorld:
    return escalation_world(tmp_path)


def test_a_failure_is_told_to_its_first_person_at_once(world: EscalationWorld) -> None:
    assert world.fail("one")
    assert world.told() == [("tomas", "one", NoticeState.SENT)]


def test_the_same_cause_again_is_no_news(world: EscalationWorld) -> None:
    world.fail("one")
    assert not world.fail("one")
    assert len(world.told()) == 1


def test_an_unanswered_failure_climbs_to_the_manager_and_is_told_again(
    world: EscalationWorld,
) -> None:
    world.fail("one")
    world.pass_time(hours=4)
    world.pass_time(hours=4)
    assert [(person, text) for person, text, _ in world.told()] == [
        ("tomas", "one"),
        ("dana", "one"),
        ("dana", "still unanswered: one"),
    ]


def test_telling_again_ends_after_as_often_as_the_policy_says(world: EscalationWorld) -> None:
    world.fail("one")
    for _ in range(30):
        world.pass_time(hours=4)
    assert len(world.told()) == 4
    assert "unanswered" in world.kinds()
    assert world.row("one").next_at is None


def test_acknowledging_stops_the_climb_and_is_not_resolving(world: EscalationWorld) -> None:
    world.fail("one")
    assert isinstance(world.gate.acknowledge(world.row("one").id, "tomas"), Handled)
    world.pass_time(hours=23)
    assert len(world.told()) == 1
    world.pass_time(hours=2)
    assert world.told()[-1] == ("tomas", "acknowledged, not resolved: one", NoticeState.SENT)
    assert world.row("one").state == "acknowledged"


def test_reminders_of_what_was_acknowledged_end_after_nine(world: EscalationWorld) -> None:
    world.fail("one")
    world.gate.acknowledge(world.row("one").id, "tomas")
    for _ in range(20):
        world.pass_time(hours=24)
    assert len(world.told()) == 1 + 9


def test_a_snooze_comes_back(world: EscalationWorld) -> None:
    world.fail("one")
    until = world.clock.now() + timedelta(days=1)
    assert isinstance(world.gate.snooze(world.row("one").id, "tomas", until, "later"), Handled)
    world.pass_time(hours=23)
    assert len(world.told()) == 1
    world.pass_time(hours=1)
    assert world.told()[-1][:2] == ("tomas", "no longer snoozed: one")
    world.pass_time(hours=4)
    assert world.told()[-1][:2] == ("dana", "one")


def test_a_resolved_failure_is_quiet_and_may_come_again_as_news(world: EscalationWorld) -> None:
    world.fail("one")
    world.gate.resolve(world.row("one").id, "tomas", "fixed the tag")
    world.pass_time(hours=9)
    assert len(world.told()) == 1
    assert world.fail("one")
    assert len(world.told()) == 2


def test_a_critical_failure_nobody_answers_freezes_the_campaign_and_approves_nothing(
    world: EscalationWorld,
) -> None:
    judged = world.gate.submit(world.base.budget(40_00, 60_00))
    world.fail("angry", severity="critical", failure="brand_crisis")
    for _ in range(8):
        world.pass_time(minutes=15)
    with world.database.read() as connection:
        held = holds.in_force(connection)
    assert [(str(h.scope), h.mode, str(h.by)) for h in held] == [
        ("campaign:retargeting", HoldMode.FREEZE, "system:escalation")
    ]
    assert world.status(judged) == "waiting"


def test_an_answered_critical_failure_freezes_nothing(world: EscalationWorld) -> None:
    world.fail("angry", severity="critical", failure="brand_crisis")
    world.gate.acknowledge(world.row("angry").id, "dana")
    for _ in range(20):
        world.pass_time(minutes=15)
    with world.database.read() as connection:
        assert holds.in_force(connection) == ()


def test_after_an_outage_people_still_get_their_time_before_a_freeze(
    world: EscalationWorld,
) -> None:
    world.fail("angry", severity="critical", failure="brand_crisis")
    world.pass_time(days=3)
    with world.database.read() as connection:
        assert holds.in_force(connection) == ()
    assert world.told()[-1][0] == "dana"


def test_an_agent_gets_one_try_before_people_are_told(world: EscalationWorld) -> None:
    world.fail("stuck", failure="platform")
    assert world.told() == []
    assert world.kinds().count("self_repair") == 1
    world.pass_time(minutes=15)
    assert world.told()[0][:2] == ("jon", "stuck")
    world.pass_time(hours=1)
    assert world.kinds().count("self_repair") == 1


def test_a_level_with_nobody_in_it_is_passed_over_at_once(world: EscalationWorld) -> None:
    world.fail("words", failure="copy")
    assert world.told() == [("dana", "words", NoticeState.SENT)]


def test_an_edited_policy_changes_nothing_that_is_on_its_way(world: EscalationWorld) -> None:
    world.fail("one")
    world.replace_ladders()
    world.pass_time(hours=4)
    assert world.told()[-1][:2] == ("dana", "one")
    world.fail("two", failure="budget")
    assert world.told()[-1][:2] == ("ana", "two")


def test_a_lost_connection_explains_what_is_measured_over_it(world: EscalationWorld) -> None:
    world.fail("away", kind=AlertKind.CONNECTION, connections=frozenset({"ads-account"}))
    assert world.fail("low", failure="budget", kind=AlertKind.METRIC)
    assert world.row("low").inhibited_by == world.row("away").id
    assert [text for _, text, _ in world.told()] == ["away"]
    world.gate.resolve(world.row("away").id, "tomas", "it is back")
    world.pass_time(seconds=1)
    assert world.told()[-1][1] == "low"


def test_a_lost_connection_never_hides_what_is_critical(world: EscalationWorld) -> None:
    world.fail("away", kind=AlertKind.CONNECTION, connections=frozenset({"ads-account"}))
    world.fail("angry", severity="critical", failure="brand_crisis", kind=AlertKind.METRIC)
    assert {text for _, text, _ in world.told()} == {"away", "angry"}


def test_a_silence_holds_back_until_it_ends(world: EscalationWorld) -> None:
    quiet = world.gate.silence("dana", {"failure": "data"}, timedelta(hours=6), "known break")
    assert isinstance(quiet, Handled)
    assert world.fail("one")
    world.pass_time(hours=5)
    assert world.told() == []
    world.pass_time(hours=1)
    assert world.told() == [("tomas", "one", NoticeState.SENT)]


@pytest.mark.parametrize(
    ("account", "matchers", "hours", "why"),
    [
        pytest.param("dana", {}, 1, "at least 1", id="everything"),
        pytest.param("dana", {"failure": "security"}, 1, "never silenced", id="security"),
        pytest.param("dana", {"failure": "data"}, 24 * 30, "14 days at most", id="for-ever"),
        pytest.param("dana", {"colour": "red"}, 1, "cannot match colour", id="unknown"),
        pytest.param("tomas", {"failure": "data"}, 1, "one of these roles", id="role"),
        pytest.param("bot", {"failure": "data"}, 1, "an agent cannot", id="agent"),
    ],
)
def test_silences_that_are_refused(
    world: EscalationWorld, account: str, matchers: dict[str, str], hours: int, why: str
) -> None:
    refused = world.gate.silence(account, matchers, timedelta(hours=hours), "because")
    assert isinstance(refused, NotHandled)
    assert why in refused.why


@pytest.mark.parametrize(
    ("account", "why"),
    [
        pytest.param("nobody", "nobody with the name", id="unknown"),
        pytest.param("gone", "nobody with the name", id="former"),
        pytest.param("bot", "an agent cannot", id="agent"),
        pytest.param("vic", "may look on", id="viewer"),
    ],
)
def test_who_may_not_answer(world: EscalationWorld, account: str, why: str) -> None:
    world.fail("one")
    answers = [
        world.gate.acknowledge(world.row("one").id, account),
        world.gate.resolve(world.row("one").id, account, "done"),
        world.gate.snooze(
            world.row("one").id, account, world.clock.now() + timedelta(hours=1), "later"
        ),
    ]
    assert all(isinstance(one, NotHandled) and why in one.why for one in answers)
    assert world.row("one").state == "open"


def test_answers_that_make_no_sense_are_refused(world: EscalationWorld) -> None:
    world.fail("one")
    one, now = world.row("one").id, world.clock.now()
    missing = world.gate.resolve("esc-none", "tomas", "done")
    assert isinstance(missing, NotHandled)
    assert missing.is_missing
    assert isinstance(world.gate.resolve(one, "tomas", " "), NotHandled)
    assert isinstance(world.gate.snooze(one, "tomas", now, "later"), NotHandled)
    assert isinstance(world.gate.snooze(one, "tomas", now + timedelta(days=9), "x"), NotHandled)
    assert isinstance(world.gate.snooze(one, "tomas", now + timedelta(days=1), " "), NotHandled)
    world.gate.resolve(one, "tomas", "done")
    assert isinstance(world.gate.acknowledge(one, "tomas"), NotHandled)


def test_a_thousand_related_alerts_are_ten_notifications_at_most(world: EscalationWorld) -> None:
    begins = world.clock.now()
    for moment in range(50):
        for number in range(20):
            world.fail(f"alert {moment}.{number}")
        world.pass_time(seconds=12)
    world.pass_time(minutes=6)
    sent = [n for n in world.notices() if n.state is NoticeState.SENT]
    assert len(sent) <= 10
    assert sent[0].made_at <= begins + timedelta(seconds=60)
    digests = {n.id for n in sent if not n.escalation}
    folded = [n for n in world.notices() if n.state is NoticeState.FOLDED]
    assert {n.digest for n in folded} <= digests
    shown = {n.escalation for n in world.notices() if n.escalation}
    assert shown == {row.id for row in world.rows()}
    assert len(world.rows()) == 1000


def test_one_person_is_not_called_more_than_a_few_times_for_unlike_alerts(
    world: EscalationWorld,
) -> None:
    for number, failure in enumerate(["data", "budget", "legal", "copy"] * 50):
        world.fail(f"alert {number}", failure=failure, campaign="")
        world.pass_time(seconds=3)
    world.pass_time(minutes=6)
    calls: dict[str, int] = {}
    for one in world.notices():
        calls[one.person] = calls.get(one.person, 0) + (one.state is NoticeState.SENT)
    assert max(calls.values()) <= 10
    assert {n.escalation for n in world.notices() if n.escalation} == {r.id for r in world.rows()}


def test_resolving_the_first_of_a_group_gives_the_others_a_leader(world: EscalationWorld) -> None:
    for text in ("one", "two", "three"):
        world.fail(text)
        world.pass_time(seconds=1)
    assert world.row("three").leader == world.row("one").id
    world.gate.resolve(world.row("one").id, "tomas", "fixed")
    assert (world.row("two").leader, world.row("three").leader) == ("", world.row("two").id)
    world.pass_time(minutes=11)
    assert "two (1 more like it)" in [text for _, text, _ in world.told()]


def test_a_group_is_acknowledged_and_resolved_as_one(world: EscalationWorld) -> None:
    for text in ("one", "two", "three"):
        world.fail(text)
    first = world.row("one").id
    handled = world.gate.acknowledge(first, "tomas")
    assert isinstance(handled, Handled)
    assert len(handled.ids) == 3
    world.gate.resolve(first, "tomas", "one broken tag", group=True)
    assert {row.state for row in world.rows()} == {"resolved"}


def test_what_follows_an_acknowledged_group_is_news(world: EscalationWorld) -> None:
    world.fail("one")
    world.gate.acknowledge(world.row("one").id, "tomas")
    world.pass_time(minutes=20)
    world.fail("two")
    assert world.told()[-1] == ("tomas", "two", NoticeState.SENT)


def test_what_comes_and_goes_is_held_until_it_stays(world: EscalationWorld) -> None:
    for _ in range(3):
        world.fail("flap")
        world.gate.resolve(world.row("flap").id, "tomas", "gone again")
        world.pass_time(minutes=11)
    world.fail("flap")
    assert world.told()[-1] == ("tomas", "comes and goes: flap", NoticeState.FOLDED)
    world.pass_time(minutes=70)
    assert world.told()[-1] == ("tomas", "flap", NoticeState.SENT)


def test_a_warning_that_turns_critical_starts_over(world: EscalationWorld) -> None:
    world.fail("angry", failure="brand_crisis")
    assert world.fail("angry", failure="brand_crisis", severity="critical")
    assert world.row("angry").severity == "critical"


def test_a_critical_failure_opens_an_incident_that_ends_with_it(world: EscalationWorld) -> None:
    world.fail("angry", severity="critical", failure="brand_crisis", kind=AlertKind.METRIC)
    world.gate.acknowledge(world.row("angry").id, "dana")
    world.pass_time(minutes=30)
    world.gate.resolve(world.row("angry").id, "dana", "answered every comment")
    with world.database.read() as connection:
        [found] = incidents.latest(connection)
        lines = incidents.timeline(connection, found.id)
    assert (found.runbook, found.is_over) == ("angry-comments", True)
    assert [line.actor for line in lines] == [
        "system:router", "system:router", "person:dana", "person:dana",
    ]  # fmt: skip
    assert lines[-1].text == "resolved: answered every comment"


def test_two_workers_take_one_step(world: EscalationWorld) -> None:
    world.fail("one")
    world.clock.advance(timedelta(hours=4))
    seen = world.row("one")
    with world.database.write() as transaction:
        assert climb.step(world.door, transaction, seen)
    with world.database.write() as transaction:
        assert not climb.step(world.door, transaction, seen)
    assert [person for person, _, _ in world.told()] == ["tomas", "dana"]


def test_every_failure_is_in_the_ledger_and_the_chain_holds(world: EscalationWorld) -> None:
    world.fail("one")
    world.pass_time(hours=4)
    world.gate.acknowledge(world.row("one").id, "dana")
    world.gate.resolve(world.row("one").id, "dana", "fixed")
    assert world.kinds() == ["escalated", "told", "told", "acknowledged", "resolved"]
    assert world.is_intact()
