"""Days become signals: beside what is usual, by who measured them, over one day or several."""

from datetime import UTC, datetime, timedelta

import pytest

from drumbeat.core.operations.change import Trend
from drumbeat.core.operations.day_signals import DaySignals, Mailing, Measured

LAST = datetime(2026, 4, 1, tzinfo=UTC)


def days(*newest_first: float, usual: float = 100.0, back: int = 28) -> dict[datetime, float]:
    values = (*newest_first, *(usual + (n % 5) - 2 for n in range(back - len(newest_first))))
    return {LAST - timedelta(days=n): value for n, value in enumerate(values)}


def trend(name: str, measured: Measured, span: int = 1) -> Trend:
    return DaySignals(measured, LAST, span)[name].trend


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(40.0, Trend.DOWN, id="far below"),
        pytest.param(99.0, Trend.FLAT, id="as usual"),
        pytest.param(180.0, Trend.UP, id="far above"),
        pytest.param(80.0, Trend.FLAT, id="what Poisson allows a day of a hundred"),
    ],
)
def test_a_day_is_held_against_the_days_before_it(value: float, expected: Trend) -> None:
    assert trend("orders", Measured(own={}, site={"orders": days(value)})) is expected


def test_three_days_show_what_one_day_cannot() -> None:
    measured = Measured(own={}, site={"orders": days(78.0, 78.0, 78.0)})
    assert trend("orders", measured) is Trend.FLAT
    assert trend("orders", measured, span=3) is Trend.DOWN


def test_pixel_and_shop_together_show_what_is_no_longer_tracked() -> None:
    site = {"conversions": days(40.0), "orders": days(101.0)}
    assert trend("tracked_share", Measured(own={}, site=site)) is Trend.DOWN


def test_fewer_searches_with_fewer_visits_are_demand_not_searches() -> None:
    site = {
        "brand_searches": days(600.0, usual=1000.0),
        "visits": days(3000.0, usual=5000.0),
    }
    assert trend("search_share", Measured(own={}, site=site)) is Trend.FLAT


@pytest.mark.parametrize(
    "measured",
    [
        pytest.param(Measured(own={}, site={}), id="nothing measured"),
        pytest.param(Measured(own={}, site={"orders": days(50.0, back=3)}), id="too few days"),
        pytest.param(
            Measured(own={}, site={"orders": {LAST - timedelta(days=5): 3.0}}), id="not today"
        ),
    ],
)
def test_too_little_to_compare_is_unknown_and_not_flat(measured: Measured) -> None:
    assert trend("orders", measured) is Trend.UNKNOWN


def test_an_unreachable_platform_is_a_signal_of_its_own() -> None:
    assert trend("connection", Measured(own={}, site={}, is_away=True)) is Trend.DOWN
    assert trend("connection", Measured(own={}, site={})) is Trend.FLAT


def test_a_creative_the_same_people_see_more_often_shows_beside_the_others() -> None:
    often = {"impressions": days(9000.0, usual=9000.0), "reach": days(5000.0, usual=8000.0)}
    calm = {"impressions": days(usual=9000.0), "reach": days(usual=8000.0)}
    clicks = {"clicks": days(40.0, usual=100.0)}
    measured = Measured(own={}, site={}, creatives={"a": {**often, **clicks}, "b": calm})
    assert trend("creative_frequency", measured) is Trend.UP
    assert trend("creative_click_rate", measured) is Trend.DOWN


def mails(*open_rates: float) -> tuple[Mailing, ...]:
    return tuple(
        Mailing(
            LAST - timedelta(days=2 + 7 * back),
            {"delivered": 5000.0, "opens": 5000.0 * rate, "unsubscribes": 10.0},
        )
        for back, rate in enumerate(open_rates)
    )


def test_the_latest_mail_is_held_against_the_mails_before_it() -> None:
    measured = Measured(own={}, site={}, sends=mails(0.2, 0.31, 0.3, 0.29, 0.3))
    assert trend("open_rate", measured) is Trend.DOWN
    assert trend("unsubscribe_rate", measured) is Trend.FLAT


def test_a_mail_is_not_judged_before_its_days_are_over() -> None:
    young = Mailing(LAST, {"delivered": 5000.0, "opens": 100.0})
    measured = Measured(own={}, site={}, sends=(young, *mails(0.3, 0.31, 0.3, 0.29, 0.3)))
    assert trend("open_rate", measured) is Trend.FLAT


def test_a_signal_nobody_measures_is_refused() -> None:
    with pytest.raises(KeyError):
        DaySignals(Measured(own={}, site={}), LAST)["mood"]


def priced(now: float, budget: float) -> dict[str, dict[datetime, float]]:
    """A creative that is shown for ``budget`` a day, at this price a thousand on the last day."""
    shown = 100_000.0
    return {"spend": days(now * budget, usual=budget), "impressions": days(shown, usual=shown)}


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        pytest.param((1.8, 1.7, 1.9), Trend.UP, id="all dearer"),
        pytest.param((1.0, 1.0, 1.0), Trend.FLAT, id="as ever"),
        pytest.param((0.6, 0.55, 0.62), Trend.DOWN, id="all cheaper"),
    ],
)
def test_a_price_is_held_against_the_creatives_own_usual_prices(
    prices: tuple[float, ...], expected: Trend
) -> None:
    creatives = {str(n): priced(price, 1000.0) for n, price in enumerate(prices)}
    assert trend("creative_price", Measured(own={}, site={}, creatives=creatives)) is expected


def test_money_moved_to_a_dear_audience_is_no_dearer_price() -> None:
    cheap = {"spend": days(200.0, usual=1000.0), "impressions": days(20_000.0, usual=100_000.0)}
    dear = {"spend": days(1800.0, usual=1000.0), "impressions": days(18_000.0, usual=10_000.0)}
    own = {
        metric: {day: cheap[metric][day] + dear[metric][day] for day in cheap[metric]}
        for metric in cheap
    }
    measured = Measured(own=own, site={}, creatives={"cheap": cheap, "dear": dear})
    assert trend("cost_per_mille", measured) is Trend.UP
    assert trend("creative_price", measured) is Trend.FLAT


def test_what_boosts_cost_is_no_price_that_could_have_moved() -> None:
    own = priced(3.0, 1000.0)
    assert trend("cost_per_mille", Measured(own=own, site={})) is Trend.UNKNOWN
    assert trend("cost_per_mille", Measured(own=own, site={}, creatives={"a": own})) is Trend.UP
