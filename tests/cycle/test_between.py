"""What runs of campaigns is weighed once a day: asked once, held with its reason, never nagged."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from drumbeat.app.compose import App
from drumbeat.core.campaign.objects import Breadth, LineItem
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.entry import Entry
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.money import Money, Period
from drumbeat.cycle import between, case_book, moves, portfolio
from drumbeat.gate.rules import Cap
from drumbeat.store import ledger, objects, proposals, states, unanswered
from drumbeat.store.objects import LiveObject
from drumbeat.store.proposals import Status
from tests.cycle.test_portfolio import DAY, MONDAY, PAST, STRONG, WEAK, days
from tests.cycle.test_portfolio import app as app
from tests.cycle.test_portfolio import folder as folder


def runs(app: App, campaign: str, since: datetime = MONDAY - 30 * DAY) -> None:
    """A line item of EUR 70 a day, begun a month ago."""
    item = LineItem(name="a", daily_budget_minor=7_000, currency="EUR", segments=("all",),
                    breadth=Breadth.MEDIUM, creatives=(), bid_strategy="maximize_conversions",
                    until=MONDAY + 90 * DAY)  # fmt: skip
    with app.database.write() as transaction:
        objects.save(transaction, LiveObject(f"line_item:{campaign}/a", campaign, f"cyc-{campaign}",
                                             "ads", "ads-account", item.model_dump(mode="json"),
                                             since, since, None))  # fmt: skip


def world(app: App, strong: float = 0.4, mode: ConnectionMode = ConnectionMode.LIVE) -> None:
    with app.database.write() as transaction:
        states.set_mode(transaction, "ads-account", mode, "person:dana", MONDAY)
    for campaign, strength in ((STRONG, strong), (WEAK, 0.08)):
        runs(app, campaign)
        days(app, campaign, strength, -PAST, 0, 8_000)


def looked(app: App, day: int) -> bool:
    app.clock.reach(MONDAY + day * DAY)  # type: ignore[attr-defined]
    return between.look(app.office)


def asked(app: App) -> list[proposals.Judged]:
    with app.database.read() as connection:
        return proposals.of_kind(connection, budget_move.KIND, MONDAY - DAY)


def held(app: App) -> list[Entry]:
    with app.database.read() as connection:
        told = ledger.entries(connection, kinds=("held_steady",))
        return [one for one in told if one.subject == "portfolio"]


def test_it_is_asked_once_of_both_sides_and_not_again_while_it_is_open(app: App) -> None:
    world(app)
    assert looked(app, 0), "all that pays runs: plans have nothing to move"
    (one,) = asked(app)
    assert one.status is Status.WAITING
    before, after = one.proposal.action.before, one.proposal.action.after
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert set(before) == {f"line_item:{STRONG}/a", f"line_item:{WEAK}/a", budget_move.RECEIVES}
    assert len(one.proposal.evidence) == 3
    with app.database.read() as connection:
        (kept,) = moves.of(connection, portfolio.LIST).open
        for campaign in (STRONG, WEAK):
            assert unanswered.count_waiting(connection, campaigns={campaign}) == 1
        ((case, weighed),) = case_book.between(connection)
    assert kept.proposals == (one.proposal.id,)
    assert len(case.answer.changes) == 2
    again: Any = app.office.team.optimizer.between_live(weighed)
    assert case_book.answer_of(again) == case.answer
    looked(app, 1)
    assert len(asked(app)) == 1
    (said,) = held(app)
    assert "what its last move brought has yet to be seen" in str(said.body["text"])


def test_what_the_rules_deny_is_said_and_asked_again_after_a_week(app: App) -> None:
    world(app)
    rules = app.gate.door.rules
    little = (Cap(Money(minor=100, currency="EUR"), Period.MONTH),)
    capped = replace(rules.campaigns[STRONG], caps=little)
    app.gate.door.rules = replace(rules, campaigns={**rules.campaigns, STRONG: capped})
    for day in range(3):
        looked(app, day)
    (one,) = asked(app)
    assert one.status is Status.DENIED
    (said,) = held(app)
    assert said.body["code"] == "denied"
    assert "would pass the cap" in str(said.body["text"])
    looked(app, 8)
    assert len(asked(app)) == 2


def test_over_a_connection_in_shadow_it_is_only_recorded(app: App) -> None:
    world(app, mode=ConnectionMode.SHADOW)
    looked(app, 0)
    (one,) = asked(app)
    assert one.status is Status.OBSERVED
    assert "is in shadow mode" in str(held(app)[0].body["text"])


def test_noise_is_held_and_said_once_with_the_boosts_that_are_left_out(app: App) -> None:
    """Of two campaigns alike, some days show noise and some what looks like spend that follows
    demand: the reasons take turns, and each is said once."""
    world(app, strong=0.08)
    for day in range(15):
        looked(app, day)
    assert asked(app) == []
    said = [one.body["code"] for one in held(app)]
    assert sorted(map(str, said)) == ["not identified", "within noise"]
    for one in held(app):
        text = str(one.body["text"])
        assert "boosts are not identified: nothing was put behind its posts" in text
