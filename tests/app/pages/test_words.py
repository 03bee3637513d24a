"""Fields, figures and ranges as people read them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from drumbeat.app.pages.naming import source_title, target_name, title_of
from drumbeat.app.pages.rows import elapsed
from drumbeat.app.pages.shifts import told
from drumbeat.app.pages.usual import sigmas, spark_of, typical
from drumbeat.app.pages.words import headline, label, measured, relative, tone_of, typed
from drumbeat.core.money import Money, Period
from drumbeat.gate.rules import Cap
from drumbeat.web.views.value import Change, Count, Factor, Share, Tone, Value

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        pytest.param("daily_budget_minor", 6260, Money(minor=6260, currency="EUR"), id="money"),
        pytest.param("hold_out", 0.1, Share(0.1), id="share"),
        pytest.param("clicks", 12, Count(12.0), id="count"),
        pytest.param("segments", ["a", "b"], "a, b", id="list"),
        pytest.param("segments", [], "none", id="empty list"),
        pytest.param("creatives", [{"name": "red"}, {"name": "blue"}], "red, blue", id="named"),
        pytest.param("is_on", True, "yes", id="yes"),
        pytest.param("theme", "people", "people", id="text"),
        pytest.param("theme", None, None, id="nothing"),
        pytest.param("send_at", "soon", "soon", id="no instant"),
    ],
)
def test_a_field_is_shown_with_its_unit(field: str, value: Any, expected: Value) -> None:
    assert typed(field, value, "EUR", BERLIN) == expected


def test_an_instant_is_shown_in_the_workspaces_zone() -> None:
    shown = typed("send_at", "2026-09-08T12:00:00Z", "EUR", BERLIN)
    assert isinstance(shown, datetime)
    assert shown.hour == 14


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param("boost_minor", "Paid reach", id="named"),
        pytest.param("bid_strategy", "Bid strategy", id="taken apart"),
    ],
)
def test_a_field_is_called_what_people_call_it(field: str, expected: str) -> None:
    assert label(field) == expected


@pytest.mark.parametrize(
    ("metric", "amount", "expected"),
    [
        pytest.param("revenue", 1234.4, Money(minor=1234, currency="EUR"), id="money"),
        pytest.param("cost_per_acquisition", 900, Money(minor=900, currency="EUR"), id="cost"),
        pytest.param("click_rate", 0.048, Share(0.048, 1), id="share"),
        pytest.param("unsubscribe_rate", 0.0012, Share(0.0012, 2), id="small share"),
        pytest.param("return_on_ad_spend", 1.8, Factor(1.8), id="factor"),
        pytest.param("impressions", 18_200, Count(18_200, is_short=True), id="large"),
        pytest.param("conversions", None, None, id="unknown"),
        pytest.param("no_such_metric", 3.0, None, id="no metric"),
    ],
)
def test_a_metric_has_its_unit(metric: str, amount: float | None, expected: Value) -> None:
    assert measured(metric, amount, "EUR") == expected


@pytest.mark.parametrize(
    ("metric", "change", "expected"),
    [
        pytest.param("conversions", 0.2, Tone.GOOD, id="more is better"),
        pytest.param("cost_per_acquisition", 0.2, Tone.BAD, id="less is better"),
        pytest.param("conversions", 0.01, Tone.PLAIN, id="hardly any"),
    ],
)
def test_a_change_feels_as_its_metric_is_meant(metric: str, change: float, expected: Tone) -> None:
    assert tone_of(metric, Change(change)) is expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param(12.0, 10.0, 0.2, id="more"),
        pytest.param(8.0, 10.0, -0.2, id="less"),
    ],
)
def test_a_change_is_relative_to_what_was(now: float, before: float, expected: float) -> None:
    change = relative(now, before)
    assert change is not None
    assert change.of_one == pytest.approx(expected)


def test_nothing_is_compared_with_nothing() -> None:
    assert relative(3.0, 0.0) is None
    assert relative(None, 2.0) is None


def test_a_day_far_from_the_usual_is_outside_and_does_not_widen_the_range() -> None:
    values = [10.0, 11, 9, 10, 12, 8, 10, 11, 60, 10]
    spark = spark_of(values)
    assert spark.outside == (8,)
    assert spark.high[9] < 20


def test_a_range_never_falls_below_zero() -> None:
    assert min(spark_of([1.0, 0, 3, 0, 2, 5, 0, 1]).low) >= 0


def test_one_mail_a_week_is_usual_after_the_first() -> None:
    week = [0.0, 0, 0, 20, 1, 0, 0]
    assert spark_of(week * 3).outside == ()


def test_too_few_days_have_no_range() -> None:
    spark = spark_of([1.0, 2, 3])
    assert spark.low == spark.high == ()
    assert sigmas([1.0, 2, 3]) is None


def test_distance_is_told_in_standard_deviations_of_the_days_before() -> None:
    usual = [10.0, 12, 8, 11, 9, 10, 12, 8]
    assert sigmas([*usual, 10.0]) == pytest.approx(0.0)
    assert (sigmas([*usual, 40.0]) or 0.0) > 5
    assert sigmas([5.0] * 8 + [5.0]) == pytest.approx(0.0)
    assert sigmas([5.0] * 8 + [9.0]) is None


def test_the_typical_length_is_the_median() -> None:
    spans = [timedelta(hours=hours) for hours in (1, 2, 9)]
    assert typical(spans) == timedelta(hours=2)
    assert typical([]) is None


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        pytest.param(Period.DAY, 0.5, id="day"),
        pytest.param(Period.WEEK, 2.5 / 7, id="week"),
        pytest.param(Period.MONTH, 15.5 / 30, id="month"),
        pytest.param(Period.QUARTER, (2 + 15 / 30) / 3, id="quarter"),
        pytest.param(Period.YEAR, 258.5 / 366, id="year"),
    ],
)
def test_the_share_of_a_window_that_has_passed_is_counted_in_local_days(
    period: Period, expected: float
) -> None:
    noon = datetime(2026, 9, 16, 10, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Berlin
    cap = Cap(Money(minor=1, currency="EUR"), period)
    assert elapsed(cap, noon, "Europe/Berlin") == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("level:ads.set_budget@ads", "Change a daily budget on ads"),
        ("policy/actions.yaml#ads.pause", "Pause a line item"),
        ("policy/sla.yaml#policies/approve-email", "approve-email"),
        ("hypotheses/ads.yaml#H-06", "H-06"),
        ("line_item:evergreen/warm_leads", "warm leads"),
    ],
)
def test_a_rule_is_named_by_what_it_rules(target: str, name: str) -> None:
    assert target_name(target) == name


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("post:social-calendar/cyc-6a18/3", "post 3"),
        ("line_item:retargeting/site-visitors", "line item site visitors"),
        ("send:weekly-newsletter/cyc-6a18", "this mail"),
        ("experiment:exp-8a97", "the test itself"),
        ("ledger#1003", "ledger entry 1003"),
        ("data/content.yaml#sidama", "data/content.yaml#sidama"),
    ],
)
def test_sources_are_named_as_people_know_them(source: str, told: str) -> None:
    assert source_title(source) == told


@pytest.mark.parametrize(
    ("action", "title"),
    [
        (
            {"kind": "experiment.roll_out", "target": "setting:social/hook", "before": None,
             "after": {"value": "question", "experiment": "exp-1"}},
            "Roll out a winner: hook: question",
        ),
        (
            {"kind": "experiment.stop", "target": "experiment:exp-1", "before": None,
             "after": {"reason": "x"}},
            "Stop an experiment",
        ),
        (
            {"kind": "email.schedule_send", "target": "send:n/c", "before": None,
             "after": {"object": "send", "name": "nb_1", "send_at": "2026-09-14T07:00:00+00:00",
                       "variants": [{"subject": "Two bags"}]}},
            "Schedule a send: “Two bags”, Sep 14, 09:00",
        ),
        (
            {"kind": "campaign.launch", "target": "pack:a", "before": None,
             "after": {"starts_at": "2026-09-15T07:00:00+00:00"}},
            "Launch The Tuesday Cup, Tue Sep 15",
        ),
        (
            {"kind": "campaign.launch", "target": "pack:b", "before": None,
             "after": {"starts_at": "2026-09-22T07:00:00+00:00"}},
            "Launch The Tuesday Cup, Tue Sep 22",
        ),
        (
            {"kind": "policy.change", "target": "policy/actions.yaml#ads.pause", "before": {},
             "after": {"signals": 3}},
            "Change a policy: ads.pause in policy/actions.yaml",
        ),
    ],
)  # fmt: skip
def test_changes_are_titled_without_codes(action: dict[str, object], title: str) -> None:
    assert title_of(action, "The Tuesday Cup", ZoneInfo("Europe/Berlin")) == title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("cost +32%; clicks as usual. Likely cause: auction shift.", "Auction shift",
                     id="its cause"),
        pytest.param("opens fell by half; clicks as usual", "Opens fell by half", id="its start"),
        pytest.param("nobody answered", "Nobody answered", id="all of it"),
        pytest.param("word " * 40, f"{'Word' + ' word' * 13}…", id="cut at a word"),
        pytest.param("", "", id="nothing"),
    ],
)  # fmt: skip
def test_a_finding_has_a_headline(text: str, expected: str) -> None:
    assert headline(text) == expected


@pytest.mark.parametrize(
    ("is_noise", "fewest", "expected"),
    [
        pytest.param(True, 2, "too few days to tell", id="two days"),
        pytest.param(True, 3, "within what days differ by anyway", id="noise"),
        pytest.param(False, 9, "more than days usually differ by", id="more"),
    ],
)
def test_a_shift_says_how_much_it_tells(is_noise: bool, fewest: int, expected: str) -> None:
    assert told(is_noise, fewest) == expected
