from collections import defaultdict

import pytest

from drumbeat.connectors.simulated.market.history import History, history
from drumbeat.connectors.simulated.market.past import Vocabulary
from drumbeat.connectors.simulated.market.scenario import Scenario, load
from tests.connectors.simulated.market.pieces import START, WEEK

WEEKS = 6
SCENARIO = Scenario(subscribers=3_000)


@pytest.fixture(scope="module")
def past() -> History:
    return history(SCENARIO, START, 7, weeks=WEEKS)


def test_the_past_ends_where_the_market_begins(past: History) -> None:
    for rows in (past.email, past.ads, past.social, past.kpi):
        days = [str(row["date"]) for row in rows]
        assert f"{START - (WEEKS + 1) * WEEK:%F}" <= min(days) <= max(days) <= f"{START:%F}"


def test_there_is_a_mail_a_week_by_segment_and_a_day_of_everything_else(past: History) -> None:
    assert len(past.email) == WEEKS * len(SCENARIO.segments)
    assert len(past.kpi) == 7 * WEEKS
    assert len(past.social) == 3 * WEEKS * len(SCENARIO.networks)
    assert len({(row["date"], row["line_item"]) for row in past.ads}) == 2 * 7 * WEEKS


def test_money_is_in_major_units(past: History) -> None:
    spend = sum(float(row["spend"]) for row in past.ads)
    assert spend == pytest.approx(2 * 60 * 7 * WEEKS, rel=0.2)


def test_the_past_is_true_of_the_market_to_come(past: History) -> None:
    opens: dict[str, float] = defaultdict(float)
    delivered: dict[str, float] = defaultdict(float)
    for row in past.email:
        opens[str(row["segment"])] += float(row["opens"])
        delivered[str(row["segment"])] += float(row["delivered"])
    rates = {segment: opens[segment] / delivered[segment] for segment in opens}
    assert rates["loyal-customers"] > 1.5 * rates["lapsed-customers"]


def test_incidents_to_come_cast_no_shadow_on_the_past() -> None:
    troubled = load(
        {
            "subscribers": 3_000,
            "incidents": [{"kind": "seasonality", "after": "0s", "magnitude": -0.9}],
        }
    )
    assert history(troubled, START, 7, weeks=1).kpi == history(SCENARIO, START, 7, weeks=1).kpi


def test_the_past_speaks_the_words_it_is_given() -> None:
    words = Vocabulary(themes=("tea",), hooks=("joke",), audiences=("cart-abandoners",))
    past = history(SCENARIO, START, 7, weeks=1, words=words)
    assert {row["theme"] for row in past.email} == {"tea"}
    assert {row["hook"] for row in past.social} == {"joke"}
    assert {row["line_item"] for row in past.ads} == {"cart-abandoners"}
