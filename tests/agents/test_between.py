"""Money between what runs of campaigns: one pair, within every limit, or held for a reason."""

from dataclasses import replace

import pytest

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.between import (
    LiveBudget,
    LiveCampaign,
    LiveMove,
    spread,
    weigh_live,
)
from drumbeat.agents.improving.boosts import Boosting
from tests.agents.test_allocation import past


def campaign(name: str, strength: float, seed: int, *minor: int) -> LiveCampaign:
    """EUR 40 a day over its line items; conversions by the square root of what was spent."""
    named = [(f"line_item:{name}/{number}", one) for number, one in enumerate(minor or (4_000,))]
    return LiveCampaign(
        name=name,
        label=name.title(),
        currency="EUR",
        aim="conversions",
        low=1_000,
        high=20_000,
        per_change=0.2,
        lately=4_000,
        lines=tuple(LiveBudget(target, one) for target, one in named),
        history=past(strength, seed),
    )


STRONG, WEAK = campaign("strong", 1.5, 1, 2_500, 1_500), campaign("weak", 0.4, 2)
RESTS = replace(STRONG.lines[1], rests="it is learning")


def moved(*campaigns: LiveCampaign) -> LiveMove:
    found = weigh_live(campaigns)
    assert isinstance(found, LiveMove), found
    return found


def held(*campaigns: LiveCampaign) -> Hold:
    found = weigh_live(campaigns)
    assert isinstance(found, Hold), found
    return found


def test_money_goes_where_the_next_of_it_brings_more_and_says_what_it_expects() -> None:
    made = moved(STRONG, WEAK)
    assert (made.giver.name, made.taker.name) == ("weak", "strong")
    by = {target: made.after[target] - minor for target, minor in made.before.items()}
    assert sum(by.values()) == 0
    assert -800 <= by["line_item:weak/0"] < 0
    # Each line item of the campaign that gets it has its share, within its own step.
    assert by["line_item:strong/0"] > by["line_item:strong/1"] > 0
    assert all(abs(more) <= 0.2 * made.before[target] for target, more in by.items())
    gain = made.shift.expected
    assert 0 < gain.low < gain.mean < gain.high
    assert gain.targets == ("strong", "weak")
    assert made.told[0].endswith("conversions in Strong")


def test_of_several_campaigns_one_pair_moves() -> None:
    made = moved(STRONG, WEAK, campaign("middling", 0.9, 3), campaign("other", 0.9, 4))
    assert {made.giver.name, made.taker.name} < {"strong", "weak", "middling", "other"}
    assert made.taker.name == "strong"


@pytest.mark.parametrize(
    ("strong", "most"),
    [
        (replace(STRONG, high=4_250), 250),
        (replace(STRONG, lines=(STRONG.lines[0], RESTS)), 500),
        (replace(STRONG, per_change=0.1), 400),
    ],
)
def test_no_limit_of_the_campaign_that_gets_it_is_passed(strong: LiveCampaign, most: int) -> None:
    made = moved(strong, WEAK)
    assert sum(made.after.values()) == sum(made.before.values())
    assert 0 < made.before["line_item:weak/0"] - made.after["line_item:weak/0"] <= most


@pytest.mark.parametrize(
    ("weak", "reason", "says"),
    [
        (replace(WEAK, barred="it is frozen or only observed"), "resting", "frozen"),
        (replace(WEAK, lines=(replace(WEAK.lines[0], rests="it is under test"),)), "resting",
         "under test"),
        (replace(WEAK, low=9_000), "resting", "outside its range"),
        (replace(WEAK, lines=()), "resting", "nothing of it runs"),
        (replace(WEAK, currency="USD"), "resting", "same aim and currency"),
        (replace(WEAK, aim="revenue"), "resting", "same aim and currency"),
        (replace(WEAK, history=WEAK.history[:10]), "not identified", "weak: "),
        (campaign("twin", 1.5, 3), "within noise", "noise"),
    ],
)  # fmt: skip
def test_a_reason_to_leave_money_where_it_is_is_said(
    weak: LiveCampaign, reason: str, says: str
) -> None:
    hold = held(STRONG, weak)
    assert hold.reason == reason
    assert says in hold.text


def test_a_campaign_that_does_not_spend_what_it_has_gets_no_more() -> None:
    assert held(replace(STRONG, lately=2_000), WEAK).reason == "within noise"


@pytest.mark.parametrize(
    ("total", "room", "parts"),
    [
        (10, {"a": 10, "b": 10}, {"a": 5, "b": 5}),
        (10, {"a": 30, "b": 1}, {"a": 10}),
        (99, {"a": 3, "b": 4}, {"a": 3, "b": 4}),
        (1, {"a": 3, "b": 4}, {"b": 1}),
        (0, {"a": 3}, {}),
        (5, {}, {}),
    ],
)
def test_a_sum_is_spread_within_the_room_to_the_last_cent(
    total: int, room: dict[str, int], parts: dict[str, int]
) -> None:
    assert spread(total, room) == parts


@pytest.mark.parametrize(
    ("spend", "conversions", "says"),
    [
        (0, 3.0, "nothing was put behind its posts"),
        (1_250, 0.0, "counted in engagements, not in conversions"),
        (15_000, 10.0, "they go to posts that do well anyway"),
    ],
)
def test_money_behind_posts_is_never_taken_for_what_brought_their_success(
    spend: int, conversions: float, says: str
) -> None:
    told = Boosting("From the floor", "engagements", spend, conversions).unknown
    assert told.startswith("From the floor: boosts are not identified: ")
    assert says in told
