"""The monitor tells what is wrong once, names the cause, and stays silent when all is well."""

from datetime import timedelta
from typing import Any

import pytest

from drumbeat.agents.monitor import Monitor, Surprise
from drumbeat.core.campaign.guardrail_rule import Consequence, Reference, Severity
from drumbeat.core.campaign.plan import Forecast
from drumbeat.core.operations.cause import Cause
from drumbeat.core.operations.change import Change
from drumbeat.core.operations.guardrail import Snapshot
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.core.untrusted.label import Label
from tests.agents.desk import planned, rule, snapshot, watch_case
from tests.core.road.shop import TUESDAY, ads_brief

CLICKS = rule({"metric": "click_rate", "below": "forecast", "by": "20%", "then": "escalate"})
SPAM = rule(
    {"metric": "spam_complaint_rate", "above": "0.1%", "then": "freeze", "severity": "critical"}
)
LOW = (snapshot(2, delivered=10_000.0, clicks=300.0, complaints=1.0),)


def forecast(metric: str, low: float, mean: float, high: float) -> Forecast:
    return Forecast(metric=metric, low=low, mean=mean, high=high, why="the past")


def plan(*forecasts: Forecast) -> Any:
    return planned().model_copy(update={"forecasts": forecasts})


RATE = forecast("click_rate", 0.045, 0.05, 0.055)


def watch(monitor: Monitor | None = None, **changes: Any) -> tuple[WatchFinding, ...]:
    found = (monitor or Monitor()).watch(watch_case(**changes))
    assert isinstance(found, tuple)
    return found


def kinds(found: tuple[WatchFinding, ...]) -> list[WatchKind]:
    return [one.kind for one in found]


def test_nothing_is_told_when_all_is_well() -> None:
    assert watch(plan=plan(RATE), guardrails=(CLICKS, SPAM), snapshots=(_well(),)) == ()


def _well() -> Snapshot:
    return snapshot(2, delivered=10_000.0, clicks=500.0, complaints=1.0)


def test_a_crossed_guardrail_says_what_follows_and_how_sure_it_is() -> None:
    (found,) = watch(plan=plan(), guardrails=(CLICKS,), snapshots=LOW, references=_line(0.05))
    assert found.kind is WatchKind.GUARDRAIL
    assert found.consequence is Consequence.ESCALATE
    assert found.text == "click rate is 3.0%, below its guardrail of 4.0%"
    assert found.confidence is not None
    assert found.confidence.sample_size == 10_000
    assert 0.7 < found.confidence.value <= 0.8
    assert found.diagnosis is not None
    assert found.diagnosis.cause is Cause.UNKNOWN


def _line(value: float) -> dict[tuple[str, Reference], float]:
    return {("click_rate", Reference.FORECAST): value}


def test_the_plans_own_forecast_is_the_line() -> None:
    found = watch(plan=plan(RATE), guardrails=(CLICKS,), snapshots=LOW)
    assert set(kinds(found)) == {WatchKind.GUARDRAIL, WatchKind.FORECAST}


def test_critical_findings_come_first() -> None:
    spam = (snapshot(2, delivered=10_000.0, clicks=300.0, complaints=30.0),)
    found = watch(plan=plan(RATE), guardrails=(CLICKS, SPAM), snapshots=spam)
    assert found[0].severity is Severity.CRITICAL
    assert found[0].consequence is Consequence.FREEZE


def test_a_second_source_that_agrees_names_the_cause_and_lifts_confidence() -> None:
    changes = {
        "click_rate": Change(relative=-0.4, is_clear=True, source="house-mail"),
        "click_to_open_rate": Change(relative=-0.5, is_clear=True, source="house-mail"),
        "open_rate": Change(relative=0.0, is_clear=True, source="pixel"),
        "unsubscribe_rate": Change(relative=0.0, is_clear=True, source="house-mail"),
    }
    (found,) = watch(
        plan=plan(),
        guardrails=(CLICKS,),
        snapshots=LOW,
        references=_line(0.05),
        changes=changes,
    )
    assert found.diagnosis is not None
    assert found.diagnosis.cause is Cause.CREATIVE_WEAKNESS
    assert found.confidence is not None
    assert set(found.confidence.signals) == {"click_rate", "open_rate"}
    assert found.confidence.value > 0.8


ROAS = rule({"metric": "return_on_ad_spend", "below": 2, "then": "escalate"})
# The same every day: nothing that changed, and nothing like what was asked for.
USUAL = {"return_on_ad_spend": Change(relative=0.02, is_clear=False, source="platform")}


@pytest.mark.parametrize(
    ("revenue", "conversions", "cause"),
    [
        pytest.param(1_900.0, 30.0, Cause.NOISE, id="a little below may be chance"),
        pytest.param(900.0, 5.0, Cause.NOISE, id="and so may much, of few orders"),
        pytest.param(900.0, 80.0, Cause.UNKNOWN, id="much, of many orders, is not"),
    ],
)
def test_a_line_crossed_by_more_than_chance_is_no_noise_though_days_are_as_usual(
    revenue: float, conversions: float, cause: Cause
) -> None:
    seen = (snapshot(2, spend=1_000.0, revenue=revenue, conversions=conversions),)
    (found,) = watch(plan=plan(), guardrails=(ROAS,), snapshots=seen, changes=USUAL)
    assert found.diagnosis is not None
    assert found.diagnosis.cause is cause


def test_a_guardrail_that_cannot_be_judged_is_a_data_problem() -> None:
    (found,) = watch(plan=plan(), guardrails=(SPAM,), snapshots=(snapshot(2, delivered=10.0),))
    assert found.kind is WatchKind.DATA
    assert found.consequence is None
    assert "cannot be judged" in found.text


@pytest.mark.parametrize(
    ("counts", "progress", "told"),
    [
        pytest.param({"conversions": 12.0}, 0.5, True, id="far below its part so far"),
        pytest.param({"conversions": 20.0}, 0.5, False, id="inside the band"),
        pytest.param({"conversions": 40.0}, 0.5, True, id="far above"),
        pytest.param({"conversions": 1.0}, 0.1, False, id="too early"),
        pytest.param({}, 0.5, False, id="not measured"),
    ],
)
def test_a_metric_outside_its_forecast_band_is_told(
    counts: dict[str, float], progress: float, told: bool
) -> None:
    expected = forecast("conversions", 36, 40, 44)
    found = watch(plan=plan(expected), snapshots=(snapshot(2, **counts),), progress=progress)
    assert bool(found) is told


PARTS = {
    "regulars": {"delivered": 6000.0, "clicks": 400.0},
    "newcomers": {"delivered": 4000.0, "clicks": 100.0},
    "tiny": {"delivered": 50.0, "clicks": 0.0},
}


def test_a_segment_clearly_worse_than_the_others_is_told() -> None:
    (found,) = watch(plan=plan(), parts=PARTS)
    assert (found.kind, found.subject) == (WatchKind.SEGMENT, "newcomers")
    assert "newcomers does -62% in clicks per delivered" in found.text


def test_a_segment_worse_by_chance_is_not() -> None:
    parts = {"newcomers": {"delivered": 300.0, "clicks": 11.0}}
    assert watch(plan=plan(), parts=parts) == ()


@pytest.mark.parametrize(
    ("beside", "told"), [pytest.param(0, True, id="alone"), pytest.param(11, False, id="of twelve")]
)
def test_the_more_segments_are_looked_at_the_surer_one_must_be(beside: int, told: bool) -> None:
    """A p-value of about one in fifty is no news where a dozen were asked."""
    parts = {"newcomers": {"delivered": 600.0, "clicks": 18.0}}
    parts |= {f"group-{n}": {"delivered": 600.0, "clicks": 30.0} for n in range(beside)}
    found = watch(plan=plan(), parts=parts)
    assert [one.subject for one in found] == (["newcomers"] if told else [])


def test_ads_are_judged_by_conversions_per_click() -> None:
    ads = planned(ads_brief()).model_copy(update={"forecasts": ()})
    total = (snapshot(2, clicks=4000.0, conversions=200.0),)
    parts = {"visitors": {"clicks": 2000.0, "conversions": 20.0}}
    (found,) = watch(plan=ads, snapshots=total, parts=parts)
    assert found.metric == "conversion_rate"


def scorer(metric: str, snapshots: Any) -> Surprise | None:
    scores = {"conversions": Surprise(0.97, True, 40.0), "click_rate": Surprise(0.6, False, 0.05)}
    return scores.get(metric)


def test_the_most_unusual_metric_is_told_once_a_look() -> None:
    (found,) = watch(Monitor(scorer=scorer), plan=plan())
    assert (found.kind, found.metric) == (WatchKind.ANOMALY, "conversions")
    assert found.line == 40.0


@pytest.mark.parametrize(
    ("hours_ago", "told"),
    [
        pytest.param(1, False, id="an hour ago"),
        pytest.param(23, False, id="yesterday evening"),
        pytest.param(24, True, id="a day ago"),
    ],
)
def test_the_same_trouble_is_told_once_a_day(hours_ago: int, told: bool) -> None:
    base = {"plan": plan(), "guardrails": (CLICKS,), "snapshots": LOW, "references": _line(0.05)}
    (first,) = watch(**base)
    now = TUESDAY + timedelta(days=1)
    again = watch(**base, now=now, told={first.key: now - timedelta(hours=hours_ago)})
    assert bool(again) is told


@pytest.mark.parametrize(
    ("labels", "text", "metric"),
    [
        pytest.param({Label.LEGAL: 1}, "1 comment speaks of lawyers or authorities",
                     "legal_comments", id="legal"),
        pytest.param({Label.CRISIS: 3}, "3 comments speak of harm, a recall or a boycott",
                     "crisis_comments", id="crisis"),
    ],
)  # fmt: skip
def test_comments_a_person_should_read_are_counted_and_only_told(
    labels: dict[Label, int], text: str, metric: str
) -> None:
    (found,) = watch(plan=plan(), labels=labels)
    assert (found.kind, found.metric, found.text) == (WatchKind.VOICES, metric, text)
    assert (found.severity, found.consequence) == (Severity.WARNING, None)


def test_everyday_comments_raise_nothing() -> None:
    everyday = {Label.PRAISE: 40, Label.QUESTION: 12, Label.SPAM: 5, Label.CRISIS: 2}
    assert watch(plan=plan(), labels=everyday) == ()
