from datetime import timedelta

import pytest

from drumbeat.connectors.simulated.market.comment import Label
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.order import Order
from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.connectors.simulated.market.truth import Truth
from drumbeat.core.campaign.objects import Send
from tests.connectors.simulated.market.pieces import (
    DAY,
    HOUR,
    START,
    WEEK,
    line_item,
    post,
    send,
    total,
    variant,
    world,
)

ITEM, SEND = "line_item:ads/core", "send:news/1"
END = START + 3 * WEEK


def test_every_incident_is_told_as_it_is() -> None:
    market = world(
        incidents=[
            {"kind": "stock_out", "after": "2w", "lasts": "3d", "target": "refill"},
            {"kind": "brand_spillover", "after": "1d", "note": "ads feed brand search"},
        ]
    )
    first, second = Truth(market).causes()
    assert (first.kind, first.begins, first.ends) == ("brand_spillover", START + DAY, None)
    assert (second.target, second.ends) == ("refill", START + 17 * DAY)
    assert (first.is_business, second.is_business) == (False, True)


@pytest.mark.parametrize(("day", "going_on"), [(1, 0), (2, 1), (4, 1), (5, 0)])
def test_causes_at_a_moment_are_those_going_on(day: int, going_on: int) -> None:
    market = world(incidents=[{"kind": "tracking_break", "after": "2d", "lasts": "3d"}])
    assert len(Truth(market).causes(START + day * DAY)) == going_on


def test_platforms_claim_more_than_they_bring() -> None:
    market = world({ITEM: line_item(daily_budget_minor=60_000)})
    market.advance(END)
    claimed = total(market, ITEM, START, END)["conversions"]
    caused, value = Truth(market).incremental(Source.ADS, START, END)
    assert 0 < caused < 0.8 * claimed
    assert value > 0


def test_what_ads_really_bring_is_what_the_shop_sells_more() -> None:
    with_ads, without = world({ITEM: line_item(daily_budget_minor=60_000)}), world()
    for market in (with_ads, without):
        market.advance(END)
    orders = [total(m, "site:shop", START, END)["orders"] for m in (with_ads, without)]
    caused, _ = Truth(with_ads).incremental(Source.ADS, START, END)
    # Retargeting also keeps brand searches up, and with them the orders they bring.
    assert orders[0] - orders[1] >= caused > 0


def test_worth_is_margin_less_spend_less_departures() -> None:
    market = world({ITEM: line_item(), SEND: send(START + DAY)})
    market.advance(END)
    worth = Truth(market).worth(START, END)
    revenue = total(market, "site:shop", START, END)["revenue"]
    assert worth.margin == pytest.approx(0.45 * revenue, abs=1)
    assert worth.spend == total(market, ITEM, START, END)["spend"]
    assert worth.departures > 0
    assert worth.total == worth.margin - worth.spend - worth.departures


def test_worth_counts_nothing_that_has_yet_to_happen() -> None:
    market = world({ITEM: line_item()})
    market.advance(START + WEEK)
    assert Truth(market).worth(START, END) == Truth(market).worth(START, START + WEEK)
    market.advance(END)
    assert Truth(market).worth(START, END).margin > Truth(market).worth(START, START + WEEK).margin


def test_what_if_shares_luck_and_leaves_the_world_alone() -> None:
    market = world({ITEM: line_item()})
    market.advance(START + WEEK)
    before = total(market, ITEM, START, START + WEEK)
    truth = Truth(market)
    same = truth.what_if([], START + WEEK, END)
    paused = truth.what_if([Order(ITEM, {"status": "paused"})], START + WEEK, END)
    assert paused.spend == 0
    assert paused.margin < same.margin
    assert total(market, ITEM, START, START + WEEK) == before
    market.advance(END)
    assert truth.worth(START + WEEK, END) == same


def test_prospects_are_the_means_of_what_happens() -> None:
    at = START + DAY + 8 * HOUR
    variants = [variant("a", 0.5), variant("b", 0.5, style="curiosity")]
    after = send(at, variants=variants)
    market = world(subscribers=60_000)
    market.advance(at)
    expected = Truth(market).prospects(SEND, Send.model_validate(after), at)
    market.apply(Order(SEND, after), "key", at)
    market.advance(at + 6 * WEEK)
    for prospect in expected:
        where = {"variant": prospect.variant, "segment": prospect.segment}
        seen = total(market, SEND, START, at + 6 * WEEK, **where)
        assert seen["opens"] / seen["delivered"] == pytest.approx(prospect.opens, rel=0.06)


def test_what_a_comment_is_belongs_to_the_truth() -> None:
    target = "post:calendar/1"
    crisis = {"kind": "comment_crisis", "after": "2d", "lasts": "1d"}
    market = world({target: post(START + DAY)}, incidents=[crisis])
    market.advance(END)
    comments = Truth(market).comments(target)
    angry = [comment for comment in comments if comment.label is Label.CRISIS]
    assert len(comments) == total(market, target, START, END)["comments"]
    assert all(START + 2 * DAY <= c.at < START + 3 * DAY + timedelta(hours=1) for c in angry)
    assert len(angry) > 20


def test_every_kind_of_incident_can_happen() -> None:
    incidents = [{"kind": kind, "after": "1d", "lasts": "2d"} for kind in IncidentKind]
    market = world(
        {ITEM: line_item(), SEND: send(START + DAY), "post:c/1": post(START + DAY)},
        incidents=incidents,
    )
    market.advance(START + 4 * DAY)
    assert {cause.kind for cause in Truth(market).causes()} == set(IncidentKind)
    assert total(market, "site:shop", START, START + 4 * DAY)["visits"] > 0
