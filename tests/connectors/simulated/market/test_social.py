from typing import Any

import pytest

from drumbeat.connectors.simulated.market.order import Order
from drumbeat.connectors.simulated.market.world import World
from tests.connectors.simulated.market.pieces import DAY, HOUR, START, WEEK, post, total, world

POST = "post:calendar/1/1"
AT = START + DAY + 9 * HOUR
END = START + 3 * WEEK


def _posted(others: int = 0, **changes: Any) -> World:
    orders = {POST: post(AT, **changes)}
    orders |= {f"post:calendar/1/x{n}": post(AT - HOUR) for n in range(others)}
    market = world(orders)
    market.advance(END)
    return market


def test_attention_decays_in_hours() -> None:
    market = _posted()
    days = [total(market, POST, AT + n * DAY, AT + (n + 1) * DAY)["impressions"] for n in range(4)]
    assert days[0] > 2 * days[1] > 4 * days[2] > 0
    assert total(market, POST, START, AT)["impressions"] == 0


@pytest.mark.parametrize(
    ("quick", "slow"),
    [
        pytest.param("mastodon", "instagram", id="mastodon-before-instagram"),
        pytest.param("instagram", "linkedin", id="instagram-before-linkedin"),
    ],
)
def test_networks_forget_at_their_own_pace(quick: str, slow: str) -> None:
    first_day = []
    for network in (quick, slow):
        market = _posted(network=network)
        whole = total(market, POST, START, END)["impressions"]
        first_day.append(total(market, POST, AT, AT + DAY)["impressions"] / whole)
    assert first_day[0] > first_day[1]


def test_posts_of_one_day_share_the_attention_there_is() -> None:
    alone, crowded = (total(_posted(n), POST, START, END)["impressions"] for n in (0, 3))
    assert crowded < 0.6 * alone


def test_a_boost_buys_reach_within_its_money() -> None:
    plain = total(_posted(), POST, START, END)
    boosted = total(_posted(boost_minor=6_000, currency="EUR"), POST, START, END)
    assert plain["spend"] == 0
    assert 0 < boosted["spend"] <= 6_000
    assert boosted["impressions"] > plain["impressions"] + 3_000


def test_a_boost_on_and_on_buys_less_and_less() -> None:
    gains = []
    for boost in (0, 10_000, 20_000, 80_000):
        figures = total(_posted(boost_minor=boost, currency="EUR"), POST, START, END)
        gains.append((figures["impressions"], figures["spend"]))
    prices = [(g[1] - gains[0][1]) / (g[0] - gains[0][0]) for g in gains[1:]]
    assert prices == sorted(prices)
    assert prices[2] > 1.5 * prices[0]


def test_a_boost_that_is_stopped_spends_no_more() -> None:
    market = world({POST: post(AT, boost_minor=20_000, currency="EUR")})
    market.apply(Order(POST, {"boost_minor": 0}), "stop", AT + 10 * HOUR)
    market.advance(END)
    assert total(market, POST, AT, AT + 10 * HOUR)["spend"] > 0
    assert total(market, POST, AT + 10 * HOUR, END)["spend"] == 0


def test_a_deleted_post_is_seen_no_more_and_its_figures_stay() -> None:
    market = world({POST: post(AT)})
    market.apply(Order(POST, None), "delete", AT + 5 * HOUR)
    market.advance(END)
    assert total(market, POST, AT, AT + 5 * HOUR)["impressions"] > 0
    assert total(market, POST, AT + 5 * HOUR, END)["impressions"] == 0


def test_liked_labels_win() -> None:
    appeals = {"hook:story": {"*": 0.5}, "hook:number": {"*": -0.5}}
    rates = []
    for hook in ("story", "number"):
        market = world({POST: post(AT, hook=hook)}, appeals=appeals)
        market.advance(END)
        figures = total(market, POST, START, END)
        rates.append(figures["engagements"] / figures["impressions"])
    assert rates[0] > 1.6 * rates[1]


def test_followers_grow_with_posts_that_are_seen() -> None:
    silent = world()
    silent.advance(END)
    followers = [
        total(market, "account:instagram", START, END)["followers"]
        for market in (silent, _posted(boost_minor=50_000, currency="EUR"))
    ]
    assert followers[0] == 15_000 < followers[1]


def test_a_crisis_fills_the_comments_and_an_answer_calms_it() -> None:
    incident = {"kind": "comment_crisis", "after": "1d10h", "lasts": "3d", "target": "instagram"}
    window = (START + 2 * DAY, START + 4 * DAY)
    answer = Order("reply:calendar/1/1", {"post": POST, "text": "We are looking into it."})
    negative = []
    for replies in ([], [answer]):
        market = world({POST: post(AT)}, incidents=[incident])
        for reply in replies:
            market.apply(reply, "reply", START + 2 * DAY)
        market.advance(END)
        negative.append(total(market, POST, *window)["negative_comments"])
    assert negative[0] > 50
    assert negative[1] < 0.6 * negative[0]


def test_negative_comments_are_among_the_comments() -> None:
    figures = total(_posted(boost_minor=90_000, currency="EUR"), POST, START, END)
    assert 0 < figures["negative_comments"] < figures["comments"]
