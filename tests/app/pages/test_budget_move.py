"""A move of money between campaigns as people read it: who gives, who gets, and the way back."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from drumbeat.app.pages.checks import checks_of, rule_of
from drumbeat.app.pages.diff import rows_of
from drumbeat.app.pages.naming import title_of
from drumbeat.app.pages.undoing import undoing_of, way_back
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import inverse
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import propose
from drumbeat.core.governance.verdict import ApprovalNeed, Ask, Deny, Finding, Weight
from drumbeat.core.money import Money
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.views.change import Way
from drumbeat.web.views.decision import CheckState

BERLIN, NOW = ZoneInfo("Europe/Berlin"), datetime(2026, 3, 2, 8, tzinfo=UTC)
LOW, HIGH = "line_item:search/all-visitors", "line_item:social-ads/fans"
MOVE = Action(
    kind=budget_move.KIND,
    channel=Channel.WORKSPACE,
    connection="workspace",
    campaign="social-ads",
    target=budget_move.target_of("search", "social-ads"),
    before=budget_move.state("social-ads", {LOW: 40_00, HIGH: 30_00}),
    after=budget_move.state("social-ads", {LOW: 36_00, HIGH: 34_00}),
    spend_delta=Money.zero("EUR"),
)
TITLES = {"search": "Search, all year", "social-ads": "Friends of friends"}


def euros(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def test_its_title_says_who_gives_who_gets_and_how_much_both_ways() -> None:
    titles = TITLES.__getitem__
    assert title_of(MOVE.model_dump(), "", BERLIN, titles) == (
        "Move EUR 4.00 a day from Search, all year to Friends of friends"
    )
    back = inverse(MOVE)
    assert back is not None
    assert title_of(back.model_dump(), "", BERLIN, titles) == (
        "Move EUR 4.00 a day from Friends of friends to Search, all year"
    )
    alike = title_of(MOVE.model_dump(), "", BERLIN, lambda _: "Ads")
    assert alike == "Move EUR 4.00 a day from search to social-ads"


def test_each_line_item_is_a_row_and_the_sum_stays() -> None:
    assert [(row.field, row.before, row.after) for row in rows_of(MOVE, BERLIN)] == [
        ("search, all visitors: a day", euros(40_00), euros(36_00)),
        ("social-ads, fans: a day", euros(30_00), euros(34_00)),
        ("All of these together: a day", euros(70_00), euros(70_00)),
    ]


def test_it_can_be_taken_back_as_one() -> None:
    assert undoing_of(MOVE, NOW).is_possible
    assert way_back(MOVE.kind, {}, "7", NOW).way is Way.ROLL_BACK


@pytest.mark.parametrize("weight", [Weight.ASK, Weight.FORBID])
def test_the_rule_names_the_owners_and_checks_claim_nothing_of_parts_that_failed(
    weight: Weight,
) -> None:
    said = (Finding(check="parts", weight=weight, text="ads.set_budget would pass the cap"),)
    asks = weight is Weight.ASK
    need = ApprovalNeed(roles=("approver:budget",), count=2, people=("ana", "tomas"))
    verdict = Ask(findings=said, need=need) if asks else Deny(findings=said)
    asked = propose(MOVE, Actor.agent("optimizer"), "more comes back", now=NOW, expires_at=NOW)
    status = Status.WAITING if asks else Status.DENIED
    judged = Judged(asked, verdict, status, "", None, None, "", "")
    assert ("among them Ana and Tomas, who answer for it" in rule_of(judged, str.title)) is asks
    lines = checks_of(judged, None)
    assert lines[0].text == "“Change a daily budget” would pass the cap."
    assert any(one.state is CheckState.PASSED for one in lines) is asks
