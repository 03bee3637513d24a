from typing import Any

import numpy as np
import pytest

from drumbeat.connectors.simulated.market.world import World
from tests.connectors.simulated.market.pieces import (
    DAY,
    HOUR,
    START,
    WEEK,
    known,
    send,
    total,
    variant,
    world,
)

END = START + 8 * WEEK
AB = [variant("a", 0.5), variant("b", 0.5, style="curiosity")]


def _mailed(weeks: int = 1, **changes: Any) -> World:
    """One mail a week, on Tuesdays at eight."""
    orders = {
        f"send:news/{week}": send(START + week * WEEK + DAY + 8 * HOUR, **changes)
        for week in range(weeks)
    }
    market = world(orders, list_growth_per_week="0%")
    market.advance(END)
    return market


def _rate(figures: dict[str, float], over: str, under: str = "delivered") -> float:
    return figures[over] / figures[under]


def test_a_mail_is_opened_clicked_and_bought_from_in_that_order() -> None:
    figures = total(_mailed(), "send:news/0", START, END)
    assert figures["sent"] == figures["delivered"] + figures["bounces"]
    assert 0.2 < _rate(figures, "opens") < 0.5
    assert 0.02 < _rate(figures, "clicks") < 0.08
    assert 0 < figures["conversions"] < figures["clicks"] < figures["opens"]
    assert 0 < _rate(figures, "bounces", "sent") < 0.02
    assert _rate(figures, "unsubscribes") < 0.01


def test_opens_come_in_over_hours() -> None:
    market, at = _mailed(), START + DAY + 8 * HOUR
    seen = [
        known(market, "send:news/0", START, END, at + n * HOUR)["opens"] for n in (1, 4, 24, 96)
    ]
    assert seen == sorted(seen)
    assert seen[0] < 0.5 * seen[2]
    assert seen[3] < 1.1 * seen[2]


def test_nothing_goes_out_before_its_hour() -> None:
    market = _mailed()
    assert total(market, "send:news/0", START, START + DAY + 8 * HOUR)["sent"] == 0


def test_variants_and_segments_add_up_to_the_send() -> None:
    market = _mailed(variants=AB)
    whole = total(market, "send:news/0", START, END)
    arms = [total(market, "send:news/0", START, END, variant=name) for name in "ab"]
    parts = [
        total(market, "send:news/0", START, END, segment=name) for name in market.scenario.segments
    ]
    for metric in ("sent", "opens", "clicks", "conversions", "revenue"):
        assert sum(arm[metric] for arm in arms) == whole[metric]
        assert sum(part[metric] for part in parts) == whole[metric]


def test_arms_are_split_as_their_shares_say() -> None:
    market = _mailed(variants=[variant("a", 0.2), variant("b", 0.8)])
    arms = [total(market, "send:news/0", START, END, variant=name)["sent"] for name in "ab"]
    assert arms[0] / sum(arms) == pytest.approx(0.2, abs=0.02)


def test_held_out_people_stay_the_same_and_get_nothing() -> None:
    market = _mailed(weeks=3, hold_out=0.2)
    rows = market.market.mail.rows
    held = [set(rows["contact"][(rows["arm"] == -1) & (rows["row"] == n)]) for n in range(3)]
    assert len(held[0]) == pytest.approx(0.2 * 6_000, rel=0.1)
    assert held[2] <= held[1] <= held[0]
    assert np.isinf(rows["opened"][rows["arm"] == -1]).all()


def test_arms_report_the_orders_of_their_people_wherever_they_came_from() -> None:
    market = _mailed(hold_out=0.5)
    arms = [total(market, "send:news/0", START, END, arm=name) for name in ("only", "hold_out")]
    assert [arm["reach"] for arm in arms] == [pytest.approx(3_000, rel=0.05)] * 2
    per_person = [arm["orders"] / arm["reach"] for arm in arms]
    assert per_person[0] > per_person[1] > 0


def test_a_plain_benefit_wins_warm_leads_and_a_riddle_wins_loyal_customers() -> None:
    market = _mailed(weeks=6, variants=AB)

    def open_rate(arm: str, segment: str) -> float:
        parts = [
            total(market, f"send:news/{week}", START, END, variant=arm, segment=segment)
            for week in range(6)
        ]
        return sum(p["opens"] for p in parts) / sum(p["delivered"] for p in parts)

    assert open_rate("a", "warm-leads") > 1.1 * open_rate("b", "warm-leads")
    assert open_rate("b", "loyal-customers") > 1.05 * open_rate("a", "loyal-customers")


def test_daily_mail_tires_people_and_a_pause_lets_them_recover() -> None:
    daily = {f"send:news/{n:02d}": send(START + n * DAY + 8 * HOUR) for n in range(10)}
    later = {"send:news/99": send(START + 52 * DAY + 8 * HOUR)}
    market = world({**daily, **later}, list_growth_per_week="0%")
    market.advance(END)
    rates = [
        _rate(total(market, f"send:news/{n}", START, END), "opens") for n in ("00", "09", "99")
    ]
    assert rates[1] < 0.7 * rates[0]
    assert rates[2] > 0.9 * rates[0]


def test_daily_mail_drives_people_away() -> None:
    orders = {f"send:news/{n:02d}": send(START + n * DAY + 8 * HOUR) for n in range(10)}
    market = world(orders)
    market.advance(END)
    first, last = (total(market, f"send:news/{n}", START, END) for n in ("00", "09"))
    assert _rate(last, "unsubscribes") > 2 * _rate(first, "unsubscribes")


def test_pressing_people_sells_now_and_costs_trust_later() -> None:
    calm, urgent = (
        _mailed(weeks=8, variants=[variant(style=style)]) for style in ("plain", "urgency")
    )
    first, last = "send:news/0", "send:news/7"
    clicks = {
        (name, target): _rate(total(market, target, START, END), "clicks", "opens")
        for name, market in (("calm", calm), ("urgent", urgent))
        for target in (first, last)
    }
    assert clicks["urgent", first] > clicks["calm", first]
    assert clicks["urgent", last] < clicks["calm", last]


def test_the_same_theme_every_week_loses_its_charm() -> None:
    market = _mailed(weeks=8)
    rates = [_rate(total(market, f"send:news/{n}", START, END), "opens") for n in range(8)]
    assert np.mean(rates[5:]) < 0.93 * rates[0]


def test_a_mail_at_a_bad_hour_is_opened_less() -> None:
    rates = []
    for hour in (8, 2):
        market = world({"send:news/0": send(START + DAY + hour * HOUR)})
        market.advance(END)
        rates.append(_rate(total(market, "send:news/0", START, END), "opens"))
    assert rates[1] < 0.95 * rates[0]


def test_who_left_is_never_mailed_again() -> None:
    orders = {f"send:news/{n:02d}": send(START + n * DAY + 8 * HOUR) for n in range(10)}
    market = world(orders)
    market.advance(END)
    rows = market.market.mail.rows
    gone_at = market.market.gone_at[rows["contact"]]
    assert (rows["sent"] < gone_at).all()
    assert len(market.suppressed()) == np.isfinite(market.market.gone_at).sum() > 20


@pytest.mark.parametrize(
    ("exclude", "share"),
    [
        pytest.param(["unsubscribed"], 1.0, id="who-left-anyway"),
        pytest.param(["lapsed_customers"], 0.82, id="a-segment"),
        pytest.param(["recent-buyers"], 0.9, id="a-group-across-segments"),
        pytest.param(["mailed-last-48h"], 0.0, id="mailed-yesterday"),
    ],
)
def test_leaving_out_wins(exclude: list[str], share: float) -> None:
    at = START + DAY + 8 * HOUR
    orders = {"send:news/0": send(at), "send:news/1": send(at + DAY, exclude=exclude)}
    market = world(orders, list_growth_per_week="0%")
    market.advance(END)
    sent = [total(market, target, START, END)["sent"] for target in orders]
    assert sent[1] / sent[0] == pytest.approx(share, abs=0.02)


def test_the_list_grows() -> None:
    orders = {f"send:news/{week}": send(START + week * WEEK + DAY) for week in (0, 7)}
    market = world(orders, list_growth_per_week="2%")
    market.advance(END)
    first, last = (total(market, target, START, END)["sent"] for target in orders)
    assert last / first == pytest.approx(1.02**7, rel=0.03)


def test_addresses_are_on_a_domain_for_examples() -> None:
    contacts = world().market.ground.contacts
    assert contacts.address(17) == "contact-00017@subscribers.example"
