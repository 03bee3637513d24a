"""Every variable of the library: its arms in a plan and its assets, or what is missing, by name."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from drumbeat.agents.planner import Planner
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.channel import CampaignChannel
from drumbeat.core.campaign.hypothesis_file import ArmSpec, HypothesisSpec, Variable
from drumbeat.core.campaign.objects import Breadth, Pacing, TrialArm
from drumbeat.core.campaign.plan import Urgency
from drumbeat.core.experiments.dealing import variant_for
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.placement import Part, placements
from drumbeat.core.experiments.sizing import Traffic
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money
from tests.agents.desk import (
    bench,
    building_case,
    built,
    campaign,
    planned,
    planning_case,
    registered,
)
from tests.core.road.shop import (
    OFFERS,
    SEGMENTS,
    TUESDAY,
    WEEK,
    ZONE,
    ads_brief,
    brief,
    hypothesis,
    offer,
    segment,
    social_brief,
)

MEANS = frozenset({"dealt sends", "dealt counts", "trials"})
SHARE = offer("tasting-set", headline="15% off the set", price=Money.parse("EUR 27"), discount=0.15)
FRAMED = OFFERS | {"tasting-set": SHARE}
DAYS = SEGMENTS | {name: segment(name) for name in ("fourteen", "thirty")}


def arm(name: str, **settings: str) -> ArmSpec:
    return ArmSpec(id=name, description=name, settings=settings)


def claim(
    variables: tuple[Variable, ...], channel: CampaignChannel, one: ArmSpec, other: ArmSpec
) -> HypothesisSpec:
    return hypothesis(
        variables=variables, channels=(channel,), control=one, treatment=other, guardrails=()
    )


def running(spec: HypothesisSpec) -> Experiment:
    channel = spec.channels[0]
    own = campaign(
        channels=[channel],
        connection={channel: "x"},
        experiments={"surface": "here", "variables": ["subject"]},
    )
    return registered(spec=spec, campaign=own)


HOUR = claim((Variable.SEND_TIME,), Channel.EMAIL, arm("m", hour="9"), arm("e", hour="19"))
FRAMING = claim(
    (Variable.OFFER_FRAMING,), Channel.EMAIL, arm("s", framing="share"), arm("a", framing="amount")
)
CTA = claim(
    (Variable.LANDING_PAGE_CTA,), Channel.EMAIL, arm("s", cta="shop"), arm("n", cta="next-step")
)
BROAD = claim(
    (Variable.AUDIENCE, Variable.CREATIVE),
    Channel.ADS,
    arm("narrow-weak", breadth="narrow", angle="product"),
    arm("broad-strong", breadth="broad", angle="making"),
)
BID = claim(
    (Variable.BIDDING,),
    Channel.ADS,
    arm("low", bid_strategy="lowest_cost"),
    arm("aim", bid_strategy="target_cpa", target="EUR 16.00"),
)
PACE = claim(
    (Variable.BUDGET_PACING,),
    Channel.ADS,
    arm("even", pacing="even"),
    arm("end", pacing="week-end"),
)
LEFT_OUT = claim(
    (Variable.AUDIENCE_EXCLUSION,),
    Channel.ADS,
    arm("short", exclude="fourteen"),
    arm("long", exclude="thirty"),
)
UNMAILED = claim(
    (Variable.AUDIENCE_EXCLUSION,),
    Channel.EMAIL,
    arm("all", exclude="nobody"),
    arm("readers", exclude="thirty"),
).model_copy(update={"metric": "unsubscribe_rate", "expected": -0.3})
POSTED = claim((Variable.SEND_TIME,), Channel.SOCIAL, arm("n", hour="12"), arm("w", hour="17"))


OFTEN = claim(
    (Variable.POSTING_CADENCE,),
    Channel.SOCIAL,
    arm("three", posts_a_week="3"),
    arm("one", posts_a_week="1"),
).model_copy(update={"metric": "engagements"})


def made_for(spec: HypothesisSpec, of: Brief, **changes: Any) -> tuple[Experiment, Assets]:
    test = running(spec)
    plan = planned(of, test=test, **changes)
    assert plan.hypothesis is not None
    assert plan.hypothesis.seal == test.seal
    known = {name: changes[name] for name in ("offers", "segments") if name in changes}
    return test, built(building_case(of, plan=plan, **known))


def test_two_hours_are_two_mails_of_one_deal() -> None:
    test, made = made_for(HOUR, brief(), usual=0.1)
    early, late = made.sends
    hours = [one.send_at.astimezone(ZoneInfo(ZONE)).hour for one in made.sends]
    assert hours == [9, 19]
    assert (early.only, late.only) == (("a", "usual"), ("b",))
    assert early.salt == late.salt == test.salt_for("weekly-2026-03-03")
    assert early.variants == late.variants
    assert early.keeps_hold_out
    assert not late.keeps_hold_out
    found = {one.target: one.parts for one in placements(test, made, TUESDAY)}
    assert list(found.values()) == [
        {"m": Part(dimension="variant", value="a")},
        {"e": Part(dimension="variant", value="b")},
    ]
    assert list(found) == [
        "send:weekly/weekly-2026-03-03",
        "send:weekly/weekly-2026-03-03/2",
    ]


def test_an_offer_is_framed_as_a_share_and_as_an_amount() -> None:
    test, made = made_for(FRAMING, brief(), offers=FRAMED)
    (mail,) = made.sends
    share, amount = mail.arms
    assert share.subject == amount.subject
    assert "15% off the set" in share.text
    assert "EUR 4.05 off the set" in amount.text
    assert "15%" not in amount.text
    assert len(placements(test, made, TUESDAY)[0].parts) == 2


def test_without_an_offer_to_frame_one_letter_goes_out_and_is_no_part_of_the_test() -> None:
    test = running(FRAMING)
    plan = planned(brief(offers=()), test=test, offers=FRAMED)
    assert plan.send is not None
    assert len(plan.send.styles) == 1


def test_two_buttons_stand_in_one_mail() -> None:
    _, made = made_for(CTA, brief())
    shop, following = made.sends[0].arms
    assert "Shop now" in shop.text
    assert "Shop now" not in following.text
    assert shop.subject == following.subject


@pytest.mark.parametrize(
    ("spec", "arms"),
    [
        pytest.param(
            BID,
            (
                TrialArm(name="low", bid_strategy="lowest_cost", target_cpa_minor=0),
                TrialArm(name="aim", bid_strategy="target_cpa", target_cpa_minor=1_600),
            ),
            id="bidding",
        ),
        pytest.param(
            PACE,
            (
                TrialArm(name="even", pacing=Pacing.EVEN),
                TrialArm(name="end", pacing=Pacing.WEEK_END),
            ),
            id="pacing",
        ),
        pytest.param(
            LEFT_OUT,
            (
                TrialArm(name="short", exclude=("unsubscribed", "fourteen")),
                TrialArm(name="long", exclude=("unsubscribed", "thirty")),
            ),
            id="exclusion",
        ),
    ],
)
def test_ads_are_tested_in_halves_of_a_line_item(
    spec: HypothesisSpec, arms: tuple[TrialArm, TrialArm]
) -> None:
    test, made = made_for(spec, ads_brief(), segments=DAYS)
    trials = [one.trial for one in made.line_items]
    assert all(trial is not None and trial.arms == arms for trial in trials)
    assert {trial.salt for trial in trials if trial} == {test.seal}
    parts = {arm.name: Part(dimension="trial_arm", value=arm.name) for arm in arms}
    assert [one.parts for one in placements(test, made, TUESDAY)] == [parts] * len(trials)


def test_an_arm_of_a_mail_leaves_people_out_and_differs_in_nothing_else() -> None:
    test, made = made_for(UNMAILED, brief(), segments=DAYS, usual=0.1)
    (mail,) = made.sends
    everybody, readers = mail.arms
    assert (everybody.leaves_out, readers.leaves_out) == ((), ("thirty",))
    assert "thirty" not in mail.exclude
    assert mail.salt == test.seal, "people keep their arm"
    assert (everybody.subject, everybody.html) == (readers.subject, readers.html)
    (place,) = placements(test, made, TUESDAY)
    assert place.parts == {
        "all": Part(dimension="variant", value="a"),
        "readers": Part(dimension="variant", value="b"),
    }


def test_two_variables_change_together_in_a_trial() -> None:
    test, made = made_for(BROAD, ads_brief())
    item = made.line_items[0]
    assert item.trial is not None
    narrow, broad = (item.half(one) for one in item.trial.arms)
    assert (narrow.breadth, broad.breadth) == (Breadth.NARROW, Breadth.BROAD)
    assert {one.angle for one in narrow.creatives} == {"product"}
    assert {one.angle for one in broad.creatives} == {"making"}
    assert narrow.daily_budget_minor == item.daily_budget_minor // 2
    assert placements(test, made, TUESDAY)


def test_posts_are_dealt_to_their_hours() -> None:
    of = social_brief(ends_at=TUESDAY + 4 * WEEK)
    test, made = made_for(POSTED, of)
    hours = {one.settings["hour"] for one in made.posts}
    assert hours == {"12", "17"}
    assert all(
        one.publish_at.astimezone(ZoneInfo(ZONE)).hour == int(one.settings["hour"])
        for one in made.posts
    )
    assert len(placements(test, made, TUESDAY)) == len(made.posts)


def test_a_winner_goes_on() -> None:
    won = {"send_hour": "17", "landing_page_cta": "next-step", "offer_framing": "amount"}
    plan = planned(brief(), settings=won, offers=FRAMED)
    assert plan.send is not None
    assert plan.send.send_at.astimezone(ZoneInfo(ZONE)).hour == 17
    assert plan.send.settings == ({"framing": "amount", "cta": "next-step"},)
    won = {"breadth": "broad", "budget_pacing": "week-end", "bid_strategy": "target_cpa",
           "target_cost": "1600", "audience_exclusion": "thirty"}  # fmt: skip
    line = planned(ads_brief(), settings=won, segments=DAYS).lines[0]
    assert (line.breadth, line.pacing) == (Breadth.BROAD, Pacing.WEEK_END)
    assert (line.bid_strategy, line.target_cpa) == ("target_cpa", Money.parse("EUR 16"))
    assert "thirty" in line.exclude
    plan = planned(brief(), settings={"mail_exclusion": "thirty"}, segments=DAYS)
    assert "thirty" in plan.audience.exclude


def test_an_exclusion_under_test_keeps_the_calm_letter_out_of_its_deal() -> None:
    ends = offer("tasting-set", valid_to=date(2026, 3, 5), headline="A tasting set for EUR 24")
    able = bench(means=frozenset({"pressure", "dealt counts"}))
    given = {"offers": OFFERS | {"tasting-set": ends}, "bench": able, "segments": DAYS}
    plan = planned(brief(offers=("tasting-set",)), test=running(UNMAILED), **given)
    assert plan.offer.urgency is Urgency.DEADLINE
    assert plan.send is not None
    assert not plan.send.is_calm


@pytest.mark.parametrize(
    ("spec", "of", "changes", "said"),
    [
        pytest.param(
            HOUR, brief(), {"means": frozenset()}, "lacks 'dealt sends'", id="connection"
        ),
        pytest.param(BID, ads_brief(), {"means": frozenset()}, "lacks 'trials'", id="no trials"),
        pytest.param(FRAMING, brief(), {}, "no offer names both a price and a share", id="offer"),
        pytest.param(
            HOUR.model_copy(update={"treatment": arm("e", hour="23")}),
            brief(), {}, "23 is no hour from 7 to 20", id="night",
        ),
        pytest.param(
            BID.model_copy(update={"treatment": arm("e", bid_strategy="target_cpa")}),
            ads_brief(), {}, "settings.target, such as EUR 16.00", id="target",
        ),
        pytest.param(LEFT_OUT, ads_brief(), {}, "has no segment 'fourteen'", id="segment"),
        pytest.param(
            HOUR.model_copy(update={"treatment": arm("e")}),
            brief(), {}, "do not say which hour", id="silent arm",
        ),
        pytest.param(
            HOUR.model_copy(update={"variables": (Variable.BUDGET_PACING,)}),
            brief(), {}, "no setting of email stands for budget_pacing", id="variable",
        ),
        pytest.param(
            UNMAILED, brief(), {"means": frozenset({"trials"})}, "lacks 'dealt counts'", id="deal"
        ),
        pytest.param(UNMAILED, brief(), {}, "has no segment 'thirty'", id="unmailed segment"),
        pytest.param(
            OFTEN.model_copy(update={"control": arm("five", posts_a_week="5")}),
            social_brief(), {}, "from 1 to the campaign's 3 slots", id="slots",
        ),
        pytest.param(
            OFTEN, social_brief(ends_at=TUESDAY + 2 * WEEK), {}, "are not weeks", id="fortnight"
        ),
        pytest.param(
            UNMAILED.model_copy(update={"metric": "conversion_rate", "expected": 0.1}),
            brief(), {}, "keep conversion rate as a guardrail", id="clickers only",
        ),
        pytest.param(
            HOUR.model_copy(update={"pre_approved": False}),
            brief(), {}, "nobody has approved it", id="not approved",
        ),
        pytest.param(HOUR, brief(), {"traffic": {}}, "too little was measured", id="traffic"),
        pytest.param(HOUR, brief(), {"vary": ["subject"]}, "does not vary send_time", id="vary"),
    ],
)  # fmt: skip
def test_a_claim_that_is_not_tested_says_what_is_missing(
    spec: HypothesisSpec, of: Brief, changes: dict[str, Any], said: str
) -> None:
    vary = changes.get("vary", [str(one) for one in spec.variables])
    channel = of.channels[0]
    own = campaign(channels=[channel], connection={channel: "x"},
                   experiments={"surface": "here", "variables": vary})  # fmt: skip
    traffic = changes.get("traffic", {"H-01": Traffic(units_per_week=20_000, baseline=0.05)})
    made = bench(campaign=own, traffic=traffic, means=changes.get("means", MEANS))
    case = planning_case(
        of.model_copy(update={"hypotheses": ("H-01",)}), hypotheses={"H-01": spec}, bench=made
    )
    assert said in Planner().passed_over(case)["H-01"]
    assert Planner().hypothesize(case) is None


def test_how_often_to_post_is_dealt_to_a_whole_week_and_goes_on_when_it_won() -> None:
    counts = set()
    for week in range(4):
        at = TUESDAY + week * WEEK
        of = social_brief(occurrence_at=at, ends_at=at + WEEK, cycle=f"voices-{week}")
        test, made = made_for(OFTEN, of, earliest=at - WEEK)
        often = {one.settings["posts_a_week"] for one in made.posts}
        moments = {one.publish_at for one in made.posts}
        assert often == {str(len(moments))}, "one arm a week"
        assert len(placements(test, made, at)) == len(made.posts)
        counts.add(len(moments))
    assert counts == {1, 3}
    plan = planned(social_brief(), settings={"posts_a_week": "2"})
    assert len({post.publish_at for post in plan.posts}) == 2
    assert not any(post.settings for post in plan.posts)


def test_who_was_pressed_lately_gets_the_letter_without_its_deadline() -> None:
    ends = offer("tasting-set", valid_to=date(2026, 3, 5), headline="A tasting set for EUR 24")
    of, offers = brief(offers=("tasting-set",)), OFFERS | {"tasting-set": ends}
    counted = bench(means=frozenset({"pressure"}))
    plan = planned(of, offers=offers, bench=counted)
    assert plan.offer.urgency is Urgency.DEADLINE
    assert plan.send is not None
    assert plan.send.is_calm
    assert "gets it without one" in plan.send.why
    (mail,) = built(building_case(of, plan=plan, offers=offers)).sends
    pressing, calm = (one.text for one in mail.variants)
    assert (mail.urgent, mail.calm) == (True, "calm")
    assert [one.name for one in mail.arms] == ["a"]
    assert "5 March" in pressing
    assert "5 March" not in calm
    dealt = [variant_for(mail, f"c{n}", "weekly", is_pressed=True) for n in range(200)]
    assert {one.name if one else None for one in dealt} == {"calm", None}
    without = planned(of, offers=offers)
    assert without.send is not None
    assert not without.send.is_calm
