"""What ads added, told from the regions that went without them; unknown where nobody can say."""

from datetime import UTC, datetime, timedelta

import numpy as np

from drumbeat.core.experiments.geo_added import RETURN, added_by_ads
from drumbeat.core.experiments.holdout import Holdout, usual_holdout
from drumbeat.core.governance.action import Channel
from drumbeat.core.operations.reading import Reading

START = datetime(2026, 3, 2, tzinfo=UTC)
STOPPED = START + timedelta(days=42)
GEOS = [f"geo-{n:02d}" for n in range(20)]
HELD = ("geo-03", "geo-07", "geo-11", "geo-15")


def shop(effect: float, seed: int = 3, days: int = 84) -> list[Reading]:
    """Daily orders by region; where ads stop they fall by ``effect``."""
    chance, found = np.random.default_rng(seed), []
    for day in range(days):
        since = START + timedelta(days=day)
        for geo in GEOS:
            mean = 200 * (1 - effect if geo in HELD and since >= STOPPED else 1)
            orders = float(chance.poisson(mean))
            for metric, value in (("orders", orders), ("revenue", orders * 5_000)):
                found.append(
                    Reading(metric=metric, target="site:shop", since=since,
                            until=since + timedelta(days=1), as_of=since, value=value,
                            source="shop", dimensions={"region": geo})
                )  # fmt: skip
    return found


def test_what_ads_add_shows_where_they_stop() -> None:
    orders, revenue, back = added_by_ads(shop(0.10), HELD, STOPPED, 10_000_000)
    served = 200 * 16 * 42
    assert orders.is_known
    assert orders.total is not None
    assert orders.total[0] < 0.10 * served < orders.total[2]
    assert revenue.total is not None
    assert back.outcome == RETURN
    assert back.total is not None
    assert back.total[1] * 10_000_000 == revenue.total[1]


def test_ads_that_add_nothing_are_unknown_and_not_a_number() -> None:
    orders, _, back = added_by_ads(shop(0.0), HELD, STOPPED, 10_000_000)
    assert (orders.is_known, back.is_known) == (False, False)


def test_what_cannot_be_told_says_why() -> None:
    assert (
        added_by_ads(shop(0.1), (), None, 1.0)[0].reason == "no region goes without these ads yet"
    )
    (early, *_) = added_by_ads(shop(0.1, days=50), HELD, START + timedelta(days=7), 1.0)
    assert (early.total, early.is_known) == (None, False)
    assert "before the start" in early.reason


def test_a_tenth_of_the_regions_goes_without_whatever_the_hash_says() -> None:
    own = usual_holdout(Channel.ADS, "evergreen")
    assert len(own.held_out(GEOS)) == 2
    assert own.held_out(GEOS) == own.held_out(list(reversed(GEOS)))
    assert Holdout(salt="x", nothing=0).held_out(GEOS) == ()
    assert len(own.held_out(GEOS[:3])) == 1
