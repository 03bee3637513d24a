"""Today says what the ledger and the store say, in the order of what presses."""

from datetime import timedelta

import pytest

from drumbeat.app.pages.changes import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.store import ledger, states
from drumbeat.web.views.campaign import Status
from drumbeat.web.views.today import TodayView
from tests.app.pages.world import LAUNCH, World
from tests.road.passages import on_statement


@pytest.fixture
def today(seen: World) -> TodayView:
    return seen.services.today.today(seen.person("dana"), mine=False, after=None, limit=50)


def test_what_waits_is_named_with_its_owner_and_deadline(seen: World, today: TodayView) -> None:
    waiting = {one.proposal.id: one for one in seen.waiting()}
    shown = {item.id: item for item in today.attention.items}
    assert shown.keys() == waiting.keys()
    launch = seen.waiting(LAUNCH)[0].proposal
    item = shown[launch.id]
    assert item.title.startswith(f"Launch {item.campaign}, ")
    assert item.due == waiting[launch.id].decide_by
    assert item.owner == "Mei Tanaka"
    assert item.fingerprint == launch.fingerprint


def test_connections_that_only_watch_are_named(world: World) -> None:
    dana = world.browser()
    assert "Nothing goes out through" not in dana.text("/today")
    with world.demo.app.database.write() as transaction:
        states.set_mode(transaction, "house-mail", ConnectionMode.SHADOW, "person:dana", world.now)
    assert "Nothing goes out through house-mail yet" in dana.text("/today")


def test_what_waits_comes_by_deadline(today: TodayView) -> None:
    due = [item.due for item in today.attention.items]
    assert due == sorted(due, key=str)


def test_changes_are_the_newest_of_the_ledger(seen: World, today: TodayView) -> None:
    with seen.demo.app.database.read() as connection:
        newest = ledger.latest(connection, kinds=KINDS, limit=len(today.changes))
    assert [row.id for row in today.changes] == [str(entry.seq) for entry in newest]


def test_a_decision_to_hold_is_shown_with_its_reason(seen: World) -> None:
    held = seen.entries("held_steady")[-1]
    view = seen.services.changes.change(str(held.seq))
    assert view is not None
    assert view.row.is_held
    assert view.row.actor == "Optimizer"
    assert view.row.why == held.body["text"]


def test_every_campaign_has_its_row(seen: World, today: TodayView) -> None:
    rows = {row.id: row for row in today.running.items}
    assert rows.keys() == seen.demo.app.files.campaigns.keys()
    newsletter = rows["weekly-newsletter"]
    assert newsletter.owner == "Ana Duarte"
    assert newsletter.phase == "supervised"
    assert newsletter.spark is not None
    assert 7 < len(newsletter.spark.values) <= 28
    assert max(newsletter.spark.values) > 0
    assert newsletter.last_action


def test_a_campaign_that_waits_comes_first_and_needs_you(today: TodayView) -> None:
    first = today.running.items[0]
    assert first.status is Status.NEEDS_YOU
    assert first.decide_by is not None


def test_the_budget_pace_is_what_the_gate_has_promised(seen: World, today: TodayView) -> None:
    row = next(row for row in today.running.items if row.id == "retargeting-evergreen")
    assert row.pace is not None
    applied = [e for e in seen.entries("applied") if e.campaign == row.id]
    assert applied
    assert 0 < row.pace.spent.minor <= row.pace.cap.minor
    assert 0 <= row.pace.expected <= 1


def test_a_page_of_campaigns_ends_with_a_cursor_to_the_next(seen: World) -> None:
    dana, reads = seen.person("dana"), seen.services.today
    first = reads.today(dana, mine=False, after=None, limit=2).running
    rest = reads.today(dana, mine=False, after=first.next, limit=2).running
    assert first.total == 3
    assert len({row.id for row in (*first.items, *rest.items)}) == 3
    assert rest.next is None


def test_mine_keeps_what_the_person_owns(seen: World) -> None:
    view = seen.services.today.today(seen.person("jon"), mine=True, after=None, limit=50)
    assert [row.id for row in view.running.items] == ["retargeting-evergreen"]
    assert {item.campaign_id for item in view.attention.items} <= {"retargeting-evergreen"}


def test_a_page_asks_no_more_questions_for_more_campaigns(seen: World) -> None:
    asked: list[int] = []
    dana, reads = seen.person("dana"), seen.services.today
    on_statement(seen.demo.app.database, lambda: asked.append(1))
    reads.today(dana, mine=False, after=None, limit=1)
    for_one = len(asked)
    reads.today(dana, mine=False, after=None, limit=3)
    assert for_one > 0
    assert len(asked) - for_one == for_one


def test_a_frozen_campaign_is_counted_and_said(world: World) -> None:
    scope = Scope(kind=ScopeKind.CAMPAIGN, of="social-calendar")
    world.demo.app.gate.hold(HoldMode.FREEZE, scope, Actor.person("ana"), "checking a claim")
    view = world.services.today.today(world.person("dana"), mine=False, after=None, limit=50)
    assert view.frozen_count == 1
    assert view.changes[0].after == "frozen"
    assert view.changes[0].actor == "Ana Duarte"
    assert "checking a claim" in world.browser().text("/campaigns/social-calendar")


def test_the_first_look_has_no_before_and_a_later_one_counts(world: World) -> None:
    from drumbeat.app.pages.today import Looks

    real = [world.now]
    looks = Looks(lambda: real[0])
    assert looks.last("dana", world.now, 10) is None
    real[0] += timedelta(minutes=1)
    assert looks.last("dana", world.now, 12) is None
    real[0] += timedelta(hours=1)
    assert looks.last("dana", world.now, 20) == (world.now, 12)
