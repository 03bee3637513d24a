"""Everybody is dealt the same hand by every mail platform, week after week."""

from collections import Counter
from typing import Any

import numpy as np

from drumbeat.connectors.simulated.market.mail import HELD_OUT, Delivery, MailState, deliver
from drumbeat.core.campaign.objects import Send, Variant
from drumbeat.core.campaign.variable import Variable
from drumbeat.core.experiments.assignment import arm_of
from drumbeat.core.experiments.dealing import arm_shares, treatments, variant_for
from drumbeat.core.experiments.holdout import Holdout
from drumbeat.stats.proportions import compare
from drumbeat.stats.srm import check
from tests.connectors.simulated.market.pieces import world
from tests.core.experiments.samples import MONDAY, a_hypothesis, an_experiment
from tests.core.road.shop import send

PEOPLE = [f"contact-{number:05d}" for number in range(4_000)]


def variant(name: str, share: float, style: str = "") -> Variant:
    return Variant(name=name, subject=name, preheader="", html="", text="", share=share,
                   style=style)  # fmt: skip


def three_arms(**changes: Any) -> Send:
    made = (variant("a", 4 / 9), variant("b", 4 / 9), variant("usual", 1 / 9))
    return send(variants=made, usual="usual", hold_out=0.1, **changes)


def test_the_treatments_are_those_of_the_campaigns_hold_out() -> None:
    wanted = Holdout(salt="weekly", business_as_usual=0.1, nothing=0.1).shares
    found = treatments(three_arms())
    assert found.keys() == wanted.keys()
    assert all(abs(found[name] - share) < 1e-9 for name, share in wanted.items())


def test_a_registered_tests_assignment_is_what_the_mail_does() -> None:
    made = an_experiment(holdout=Holdout(salt="weekly"))
    mail = three_arms(salt=made.salt_for("c1"))
    names = dict(zip(made.arms.shares, arm_shares(mail), strict=True))
    for contact in PEOPLE:
        given, assigned = variant_for(mail, contact, "weekly"), made.assign(contact, "c1")
        if assigned is None:
            assert given is None or given.name == "usual"
        else:
            assert given is not None
            assert given.name == names[assigned.arm]


def test_a_test_deals_every_mail_anew_unless_it_says_whom_to_mail() -> None:
    subject = an_experiment()
    claim = a_hypothesis(variables=(Variable.AUDIENCE_EXCLUSION,))
    people = an_experiment(hypothesis=claim)
    moved = [
        sum(made.assign(c, "c1") != made.assign(c, "c2") for c in PEOPLE) / len(PEOPLE)
        for made in (subject, people)
    ]
    assert 0.35 < moved[0] < 0.45, "half of the four fifths that are the agent's"
    assert moved[1] == 0


def test_the_same_people_mailed_eight_times_are_no_broken_split() -> None:
    """Dealt once and counted eight times, a quarter of even splits would look broken."""
    readers, cycles = PEOPLE[:200], [f"c{week}" for week in range(8)]
    halves = {"curiosity": 0.5, "benefit": 0.5}
    broken = {"anew": 0, "once": 0}
    for number in range(60):
        made = an_experiment(by=f"ana+{number}@example.com", holdout=Holdout(
            salt="x", business_as_usual=0, nothing=0))  # fmt: skip
        dealt = [
            Counter(arm_of(c, made.salt_for(cycle), halves) for c in readers) for cycle in cycles
        ]
        anew = sum(dealt, Counter[str]())
        once = {arm: dealt[0][arm] * len(cycles) for arm in halves}
        broken["anew"] += check(anew, halves).mismatch
        broken["once"] += check(once, halves).mismatch
    assert broken["anew"] == 0
    assert broken["once"] > 6


def test_equal_arms_read_by_people_of_fixed_habits_are_rarely_called_different() -> None:
    """Half of the readers open nearly every mail, the others hardly any. The same people in the
    same arms would be called different in every third test."""
    luck, halves = np.random.default_rng(5), {"curiosity": 0.5, "benefit": 0.5}
    readers, cycles = PEOPLE[:240], [f"c{week}" for week in range(8)]
    different = {"anew": 0, "once": 0}
    for number in range(120):
        made = an_experiment(by=f"ana+{number}@example.com")
        often = np.where(luck.random(len(readers)) < 0.5, 0.9, 0.1)
        opened = luck.random((len(cycles), len(readers))) < often
        anew = np.array([
            [arm_of(c, made.salt_for(cycle), halves) == "benefit" for c in readers]
            for cycle in cycles
        ])  # fmt: skip
        for name, dealt in (("anew", anew), ("once", np.tile(anew[0], (len(cycles), 1)))):
            control, treatment = (
                (int(opened[arm].sum()), int(arm.sum())) for arm in (~dealt, dealt)
            )
            different[name] += compare(control, treatment).p_value < 0.05
    assert different["anew"] <= 12, "5 % of 120, and three standard errors"
    assert different["once"] >= 30


def test_a_salt_keeps_its_deal_over_the_weeks_and_a_mail_without_one_deals_anew() -> None:
    first, second = (three_arms(salt="s", name=name) for name in ("mail-1", "mail-2"))
    anew = [three_arms(name=name) for name in ("mail-1", "mail-2")]
    same = [variant_for(first, c, "weekly") == variant_for(second, c, "weekly") for c in PEOPLE]
    moved = [variant_for(anew[0], c, "weekly") != variant_for(anew[1], c, "weekly") for c in PEOPLE]
    assert all(same)
    assert 0.3 < np.mean(moved) < 0.5
    kept = [{c for c in PEOPLE if variant_for(one, c, "weekly") is None} for one in anew]
    assert kept[0] == kept[1]


def test_the_simulated_market_deals_as_the_rule_says() -> None:
    ground = world().market.ground
    mail = three_arms(salt="s", segments=("warm-leads",), exclude=(), send_at=MONDAY)
    hour = ground.start + 24
    rows, _ = deliver(
        MailState.fresh(ground), Delivery("send:weekly/c1", 0, mail, hour, float(hour)), ground
    )
    dealt = Counter(
        (getattr(variant_for(mail, f"contact-{row['contact']:05d}", "weekly"), "name", None), arm)
        for row, arm in zip(rows, rows["arm"].tolist(), strict=True)
    )
    assert set(dealt) == {("a", 0), ("b", 1), ("usual", 2), (None, HELD_OUT)}
