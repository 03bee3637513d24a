"""Launch is a difference: honest kinds, a safe order, and nothing when nothing differs."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from drumbeat.core.campaign.exposure import UnreadableState, exposure, read_object
from drumbeat.core.campaign.launch import (
    CannotDiffer,
    approved_states,
    difference,
    next_steps,
    overdue,
)
from drumbeat.core.campaign.objects import Breadth, LineItem, PlatformObject
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS
from tests.core.road.shop import TUESDAY, WEEK, context, creative, euros, line_item, post, send

LINE = "line_item:evergreen/visitors"
MAIL = "send:weekly/c1"
POST = "post:voices/c1/1"


def state(thing: PlatformObject) -> dict[str, JsonValue]:
    dumped: dict[str, JsonValue] = thing.model_dump(mode="json")
    return dumped


def kinds(actions: tuple[Action, ...]) -> list[str]:
    return [action.kind for action in actions]


@pytest.mark.parametrize(
    ("wanted", "current", "expected"),
    [
        pytest.param(send(), None, ["email.schedule_send"], id="a new mail is scheduled"),
        pytest.param(None, send(), ["email.cancel_send"], id="an unwanted mail is canceled"),
        pytest.param(
            send(theme="leaves"),
            send(),
            ["email.cancel_send", "email.schedule_send"],
            id="a changed mail is canceled and scheduled again",
        ),
        pytest.param(line_item(), None, ["ads.launch_line_item"], id="a new line item"),
        pytest.param(None, line_item(), ["ads.remove_line_item"], id="an unwanted line item"),
        pytest.param(
            line_item(daily_budget_minor=6000), line_item(), ["ads.set_budget"], id="more money"
        ),
        pytest.param(
            line_item(until=TUESDAY + 2 * WEEK), line_item(), ["ads.extend_flight"], id="longer"
        ),
        pytest.param(
            line_item(segments=("warm-leads",)), line_item(), ["ads.set_audience"], id="others"
        ),
        pytest.param(
            line_item(breadth=Breadth.BROAD), line_item(), ["ads.set_audience"], id="broader"
        ),
        pytest.param(
            line_item(creatives=(creative("b"),)), line_item(), ["ads.set_creatives"], id="creative"
        ),
        pytest.param(
            line_item(bid_strategy="target_cpa", target_cpa_minor=900),
            line_item(),
            ["ads.set_bid"],
            id="one bid, two fields",
        ),
        pytest.param(line_item(status="paused"), line_item(), ["ads.pause"], id="pause"),
        pytest.param(line_item(), line_item(status="paused"), ["ads.enable"], id="enable"),
        pytest.param(
            line_item(),
            line_item(currency="USD"),
            ["ads.remove_line_item", "ads.launch_line_item"],
            id="another currency is another line item",
        ),
        pytest.param(post(), None, ["social.schedule_post"], id="a new post"),
        pytest.param(None, post(), ["social.delete_post"], id="an unwanted post"),
        pytest.param(
            post(boost_minor=900),
            None,
            ["social.schedule_post", "social.boost_post"],
            id="a boosted post is scheduled, then boosted",
        ),
        pytest.param(post(boost_minor=900), post(), ["social.boost_post"], id="boost"),
        pytest.param(post(), post(boost_minor=900), ["social.stop_boost"], id="stop boosting"),
        pytest.param(
            post(text="Other words."),
            post(),
            ["social.delete_post", "social.schedule_post"],
            id="a changed post is deleted and scheduled again",
        ),
    ],
)
def test_each_change_has_its_honest_kind(
    wanted: PlatformObject | None, current: PlatformObject | None, expected: list[str]
) -> None:
    thing = wanted or current
    assert thing is not None
    target = {"send": MAIL, "line_item": LINE, "post": POST}[thing.object]
    found = difference(
        {target: state(wanted) if wanted else None},
        {target: state(current) if current else None},
        context(),
    )
    assert kinds(found) == expected
    assert all(KINDS[action.kind].channel is action.channel for action in found)


def test_what_takes_money_away_comes_first_and_what_adds_it_last() -> None:
    there = line_item()
    wanted = line_item(
        daily_budget_minor=9000,
        until=TUESDAY + timedelta(days=3),
        segments=("warm-leads",),
        creatives=(creative("b"),),
    )
    found = difference({LINE: state(wanted)}, {LINE: state(there)}, context())
    assert kinds(found) == [
        "ads.extend_flight",
        "ads.set_audience",
        "ads.set_creatives",
        "ads.set_budget",
    ]
    assert [a.spend_delta for a in found] == [euros(-200), euros(0), euros(0), euros(120)]


def test_the_steps_of_a_chain_hang_together() -> None:
    wanted = line_item(daily_budget_minor=9000, status="paused", segments=("warm-leads",))
    found = difference({LINE: state(wanted)}, {LINE: state(line_item())}, context())
    assert found[0].before == state(line_item())
    assert all(one.after == next_.before for one, next_ in pairwise(found))
    assert read_object(LINE, found[-1].after) == wanted


def test_only_the_first_step_of_each_chain_is_next() -> None:
    wanted = {
        LINE: state(line_item(daily_budget_minor=9000, segments=("warm-leads",))),
        POST: state(post(boost_minor=500)),
    }
    found = difference(wanted, {LINE: state(line_item()), POST: None}, context())
    assert kinds(next_steps(found)) == ["ads.set_audience", "social.schedule_post"]


def test_every_state_on_the_way_is_approved_with_the_pack() -> None:
    wanted = {LINE: state(line_item(daily_budget_minor=9000, segments=("warm-leads",)))}
    found = difference(wanted, {LINE: state(line_item())}, context())
    approved = approved_states(wanted, found)
    assert len(found) == 2
    assert all(digest(action.after) in approved[LINE] for action in found)
    assert digest(state(line_item())) not in approved[LINE]


def test_a_changed_mail_has_its_absence_approved_too() -> None:
    wanted = {MAIL: state(send(theme="leaves"))}
    found = difference(wanted, {MAIL: state(send())}, context())
    assert digest(None) in approved_states(wanted, found)[MAIL]


@pytest.mark.parametrize(
    ("wanted", "current"),
    [
        pytest.param(send(theme="leaves"), send(), id="a mail that was sent"),
        pytest.param(post(text="Other."), post(), id="a post that was published"),
    ],
)
def test_what_has_gone_out_is_never_made_again(
    wanted: PlatformObject, current: PlatformObject
) -> None:
    target = f"{current.object}:x/c1"
    later = context(now=TUESDAY + timedelta(days=3))
    assert difference({target: state(wanted)}, {target: state(current)}, later) == ()


def test_a_published_post_can_still_be_boosted() -> None:
    later = context(now=TUESDAY + timedelta(days=3))
    found = difference({POST: state(post(boost_minor=700))}, {POST: state(post())}, later)
    assert kinds(found) == ["social.boost_post"]
    assert found[0].spend_delta == euros(7)


def test_a_sent_mail_cannot_be_canceled() -> None:
    later = context(now=TUESDAY + timedelta(hours=1))
    assert difference({MAIL: None}, {MAIL: state(send())}, later) == ()


def test_fields_a_platform_keeps_silent_about_make_no_difference() -> None:
    sparse: dict[str, JsonValue] = {
        "object": "post",
        "text": "Three minutes, not four.",
        "network": "mastodon",
    }
    assert difference({POST: state(post())}, {POST: sparse}, context()) == ()


def test_the_same_instant_written_otherwise_makes_no_difference() -> None:
    berlin = state(send()) | {"send_at": "2026-03-03T09:00:00+01:00"}
    assert difference({MAIL: state(send())}, {MAIL: berlin}, context()) == ()


def test_removing_what_is_read_back_sparsely_gives_no_credit() -> None:
    (found,) = difference({LINE: None}, {LINE: {"name": "visitors"}}, context())
    assert (found.kind, found.spend_delta) == ("ads.remove_line_item", euros(0))


def test_removing_a_running_line_item_gives_its_exposure_back() -> None:
    (found,) = difference({LINE: None}, {LINE: state(line_item())}, context())
    assert found.spend_delta == euros(-350)


def test_the_reach_is_the_people_of_its_segments() -> None:
    (found,) = difference({LINE: state(line_item())}, {LINE: None}, context())
    assert (found.audience_size, found.spend_delta) == (9000, euros(350))


def test_running_it_later_names_the_same_changes() -> None:
    first, later = (
        difference({LINE: state(line_item())}, {LINE: None}, context(now=now))
        for now in (TUESDAY, TUESDAY + timedelta(days=2))
    )
    assert [one.fingerprint for one in first] == [one.fingerprint for one in later]


def test_a_target_that_was_not_read_back_is_refused() -> None:
    with pytest.raises(CannotDiffer, match="line_item:evergreen/visitors was not read back"):
        difference({LINE: state(line_item())}, {}, context())


def test_a_channel_without_a_connection_is_refused() -> None:
    with pytest.raises(CannotDiffer, match="needs a connection for ads"):
        difference(
            {LINE: state(line_item())},
            {LINE: None},
            context(connections={Channel.EMAIL: "house-mail"}),
        )


def test_a_line_item_in_a_foreign_currency_is_refused() -> None:
    with pytest.raises(CannotDiffer, match="spends USD, not EUR"):
        difference({LINE: state(line_item(currency="USD"))}, {LINE: None}, context())


def test_a_state_that_is_no_object_is_refused_by_name() -> None:
    broken = {**state(line_item()), "daily_budget_minor": -1}
    with pytest.raises(UnreadableState, match=r"visitors has an unreadable state: .*daily_budget"):
        difference({LINE: broken}, {LINE: None}, context())


def test_targets_nobody_wants_changed_are_left_alone() -> None:
    other = "line_item:evergreen/other"
    assert difference({}, {other: state(line_item("other"))}, context()) == ()


def test_a_launch_that_comes_too_late_is_named() -> None:
    wanted = {MAIL: state(send()), LINE: state(line_item()), POST: state(post())}
    assert overdue(wanted, TUESDAY) == (MAIL,)
    assert overdue(wanted, TUESDAY - WEEK) == ()


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        pytest.param(line_item(), euros(350), id="seven days of fifty"),
        pytest.param(line_item(until=TUESDAY + timedelta(hours=25)), euros(100), id="a day begun"),
        pytest.param(line_item(until=TUESDAY - WEEK), euros(0), id="over"),
        pytest.param(line_item(status="paused"), euros(0), id="paused"),
        pytest.param(post(boost_minor=900), euros(9), id="a boost"),
        pytest.param(post(), euros(0), id="a plain post"),
        pytest.param(send(), euros(0), id="a mail"),
        pytest.param(None, euros(0), id="nothing there"),
    ],
)
def test_exposure_is_the_most_it_can_still_spend(
    thing: PlatformObject | None, expected: Any
) -> None:
    assert exposure(state(thing) if thing else None, TUESDAY, "EUR") == expected


def every(make: Callable[..., Any], **choices: Sequence[Any]) -> st.SearchStrategy[Any]:
    """One of all combinations, by a single draw."""
    fields = [dict(zip(choices, chosen, strict=True)) for chosen in product(*choices.values())]
    return st.sampled_from(fields).map(lambda chosen: make(**chosen))


LINES = every(
    line_item,
    daily_budget_minor=[0, 1000, 5000],
    segments=[("visitors",), ("warm-leads",)],
    breadth=list(Breadth),
    creatives=[(creative(),), (creative("b"),), (creative(), creative("b"))],
    bid_strategy=["maximize_conversions", "target_cpa"],
    target_cpa_minor=[0, 900],
    status=["active", "paused"],
    until=[TUESDAY - WEEK, TUESDAY + WEEK, TUESDAY + 2 * WEEK],
)
POSTS = every(post, text=["One.", "Two."], boost_minor=[0, 500, 900])
SENDS = every(send, theme=["leaves", "brewing"])


def pairs(things: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    return st.tuples(st.none() | things, st.none() | things)


@given(line=pairs(LINES), mail=pairs(SENDS), said=pairs(POSTS))
def test_applying_the_actions_in_order_yields_what_is_wanted(
    line: tuple[Any, Any], mail: tuple[Any, Any], said: tuple[Any, Any]
) -> None:
    both = dict(zip((LINE, MAIL, POST), (line, mail, said), strict=True))
    wanted = {t: state(w) if w else None for t, (w, _) in both.items()}
    current = {t: state(c) if c else None for t, (_, c) in both.items()}
    world: dict[str, JsonValue] = dict(current)
    for action in difference(wanted, current, context()):
        assert world[action.target] == action.before
        world[action.target] = action.after
    assert {t: s and read_object(t, s) for t, s in world.items()} == {
        t: s and read_object(t, s) for t, s in wanted.items()
    }
    assert difference(wanted, world, context()) == ()


@given(line=pairs(LINES))
def test_the_spend_of_the_steps_adds_up_to_the_whole(line: tuple[Any, Any]) -> None:
    wanted, current = (state(one) if one else None for one in line)
    found = difference({LINE: wanted}, {LINE: current}, context())
    whole = exposure(wanted, TUESDAY, "EUR") - exposure(current, TUESDAY, "EUR")
    assert sum((a.spend_delta for a in found), euros(0)) == whole


@given(line=st.tuples(LINES, LINES))
def test_a_chain_cut_short_never_spends_more_than_its_two_ends(
    line: tuple[LineItem, LineItem],
) -> None:
    wanted, current = (state(one) for one in line)
    found = difference({LINE: wanted}, {LINE: current}, context())
    ends = [exposure(one, TUESDAY, "EUR").minor for one in (wanted, current)]
    assert all(exposure(a.after, TUESDAY, "EUR").minor <= max(ends) for a in found)
