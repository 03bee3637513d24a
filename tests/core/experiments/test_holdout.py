"""Hold-outs: who goes without, by channel, and that they stay the same people."""

from collections import Counter

import pytest

from drumbeat.core.campaign.channel import CHANNELS, CampaignChannel
from drumbeat.core.experiments.holdout import Holdout, usual_holdout
from drumbeat.core.governance.action import Channel
from drumbeat.stats import srm

CONTACTS = [f"contact-{number}" for number in range(10_000)]


@pytest.mark.parametrize(
    ("channel", "block", "shares"),
    [
        (Channel.EMAIL, "contact", {"agent": 0.8, "business-as-usual": 0.1, "nothing": 0.1}),
        (Channel.ADS, "geo", {"agent": 0.9, "nothing": 0.1}),
        (Channel.SOCIAL, "time", {"agent": 0.9, "business-as-usual": 0.1}),
    ],
)
def test_each_channel_has_its_usual_holdout(
    channel: CampaignChannel, block: str, shares: dict[str, float]
) -> None:
    found = usual_holdout(channel, "spring-news")
    assert found.block == block
    assert found.shares == pytest.approx(shares)


def test_every_channel_has_a_holdout() -> None:
    assert all(len(usual_holdout(channel, "x").shares) >= 2 for channel in CHANNELS)


def test_contacts_are_held_out_in_the_designed_shares() -> None:
    holdout = Holdout(salt="spring-news")
    counts = Counter(holdout.treatment_of(contact).value for contact in CONTACTS)
    assert not srm.check(counts, holdout.shares).mismatch


def test_another_season_gives_other_people_their_turn() -> None:
    spring, autumn = Holdout(salt="news-spring"), Holdout(salt="news-autumn")
    both = sum(
        spring.treatment_of(contact) == autumn.treatment_of(contact) == "nothing"
        for contact in CONTACTS
    )
    # Independent draws share .1 × .1 of the people.
    assert 60 < both < 140


def test_a_holdout_of_everybody_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to the agent"):
        Holdout(salt="x", business_as_usual=0.5, nothing=0.5)
