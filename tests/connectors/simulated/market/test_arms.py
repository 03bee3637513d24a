"""Arms in the market: two mails share one deal, and a line item runs in halves."""

from datetime import datetime
from typing import Any

import numpy as np
import pytest

from drumbeat.connectors.simulated.market.world import World
from tests.connectors.simulated.market.pieces import (
    DAY,
    HOUR,
    START,
    WEEK,
    creative,
    line_item,
    send,
    total,
    variant,
    world,
)

LATER = START + DAY + 19 * HOUR
VARIANTS = [variant("a", 0.45), variant("b", 0.45, settings={"hour": "19"}), variant("usual", 0.1)]
SHARED = {"variants": VARIANTS, "salt": "test", "usual": "usual", "hold_out": 0.1}
STEADY: dict[str, Any] = {"subscribers": 6_000, "list_growth_per_week": "0%"}
ITEM = "line_item:ads/core"


def test_two_mails_of_one_deal_reach_everybody_once_each_at_its_hour() -> None:
    whole = world({"send:news/1": send(START + DAY + 9 * HOUR, **SHARED)}, **STEADY)
    halves = world(
        {
            "send:news/1": send(START + DAY + 9 * HOUR, **SHARED, only=["a", "usual"]),
            "send:news/1/2": send(LATER, **SHARED, only=["b"]),
        },
        **STEADY,
    )
    window = (START, START + WEEK)
    for market in (whole, halves):
        market.advance(START + WEEK)
    both = [total(halves, target, *window) for target in ("send:news/1", "send:news/1/2")]
    assert sum(one["sent"] for one in both) == total(whole, "send:news/1", *window)["sent"]
    assert total(halves, "send:news/1", *window, variant="b") == {}
    late = total(halves, "send:news/1/2", *window, variant="b")["sent"]
    assert late == total(whole, "send:news/1", *window, variant="b")["sent"]
    assert total(halves, "send:news/1/2", START, LATER)["sent"] == 0
    reach = [
        total(halves, target, *window, arm="hold_out").get("reach", 0)
        for target in ("send:news/1", "send:news/1/2")
    ]
    assert reach[0] > 0
    assert reach[1] == 0


def by_part(of: World, until: datetime) -> dict[tuple[str, str, str], float]:
    """The week's figures of a mail by metric, segment and variant."""
    found = of.figures("send:news/1", START, until, until) or []
    return {
        (f.metric, f.dimensions["segment"], f.dimensions["variant"]): f.value
        for f in found
        if f.dimensions.keys() == {"segment", "variant"}
    }


def test_an_arm_that_leaves_people_out_counts_them_as_dealt_and_mails_them_nothing() -> None:
    at, until = START + 20 * DAY, START + 27 * DAY
    arms = [
        variant("a", 0.5, settings={"exclude": "nobody"}),
        variant("b", 0.5, settings={"exclude": "unopened-last-10d"}),
    ]
    first = send(START + 12 * DAY, segments=["warm-leads", "loyal-customers"])
    market = world(
        {
            "send:news/0": first,
            "send:news/1": send(at, segments=["warm-leads", "loyal-customers"],
                                exclude=["mailed-last-48h"], variants=arms, salt="s"),
        },
        **STEADY,
    )  # fmt: skip
    market.advance(until)
    found = by_part(market, until)

    def of(metric: str, variant: str) -> float:
        return sum(value for (m, _, v), value in found.items() if (m, v) == (metric, variant))

    people = of("assigned", "a"), of("assigned", "b")
    assert abs(people[0] - people[1]) < 4 * sum(people) ** 0.5, "the deal is even"
    assert of("sent", "a") == people[0]
    assert 0.3 * people[1] < of("sent", "b") < 0.8 * people[1]
    assert of("unsubscribes", "b") <= of("sent", "b")
    # The shop counts what they order, mailed or not.
    assert of("orders", "b") > 0
    openers = market.market.mailing.opened_at > market.market.ground.start + 24
    rows = market.market.mail.between(int(market.market.ground.start + 480), 10**9)
    mailed = rows[(rows["arm"] == 1) & np.isfinite(rows["sent"])]
    assert openers[mailed["contact"]].all()
    assert people[0] == of("assigned", "a") == len(rows[rows["arm"] == 0])


def test_a_line_item_under_trial_is_two_halves_and_their_sum() -> None:
    arms = [{"name": "even"}, {"name": "end", "pacing": "week-end"}]
    market = world({ITEM: line_item(trial={"salt": "s", "arms": arms})})
    market.advance(START + 2 * WEEK)
    window = (START, START + 2 * WEEK)
    whole = total(market, ITEM, *window)
    parts = [total(market, ITEM, *window, trial_arm=one["name"]) for one in arms]
    for metric in ("impressions", "clicks", "spend", "conversions"):
        assert sum(part[metric] for part in parts) == whole[metric]
    for part in parts:
        assert part["spend"] == pytest.approx(14 * 5_000, rel=0.2)
    monday = [total(market, ITEM, START, START + 3 * DAY, trial_arm=a["name"]) for a in arms]
    assert monday[1]["spend"] < 0.8 * monday[0]["spend"]


def test_the_halves_show_their_own_creatives_and_end_with_the_trial() -> None:
    arms = [{"name": "x", "creatives": ["a"]}, {"name": "y", "creatives": ["b"]}]
    creatives = [creative("a"), creative("b", angle="story")]
    item = line_item(creatives=creatives, trial={"salt": "s", "arms": arms})
    market = world({ITEM: item})
    market.advance(START + 3 * DAY)
    window = (START, START + 3 * DAY)
    assert total(market, ITEM, *window, creative="a") == {
        **total(market, ITEM, *window, trial_arm="x"),
        "reach": total(market, ITEM, *window, creative="a")["reach"],
    }
    assert market.market.learning_of(ITEM) < 1.0


def test_who_was_pressed_lately_reads_the_calm_letter() -> None:
    """Everybody is pressed once in four weeks, whoever that is; then it is calm for them."""
    words = [variant("a", 1.0), variant("calm", 0.0)]
    pressing = {"variants": words, "urgent": True, "calm": "calm", "calm_days": 28}
    weeks = (0, 1, 5)
    market = world(
        {f"send:news/{n}": send(START + n * WEEK + DAY, **pressing) for n in weeks}, **STEADY
    )
    market.advance(START + 7 * WEEK)
    window = (START, START + 7 * WEEK)
    sent = {n: {who: total(market, f"send:news/{n}", *window, variant=who).get("sent", 0)
                for who in ("a", "calm")} for n in weeks}  # fmt: skip
    assert sent[0]["a"] > 5_000
    assert sent[0]["calm"] == 0
    assert sent[1]["a"] == 0
    assert sent[1]["calm"] > 5_000
    assert sent[5]["calm"] == 0
