"""Tallies, histories and past objects: counts become figures that cite themselves."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from drumbeat.core.campaign.dossier import CycleRecord, Dossier, UseKind, uses_of
from drumbeat.core.campaign.expectation import expect, show
from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.campaign.history_evidence import (
    cycles_of_history,
    lines_of_history,
    tallies_of_history,
)
from drumbeat.core.campaign.lesson import LessonElement, learn
from drumbeat.core.campaign.objects import Variant
from drumbeat.core.campaign.past import PastObject, lines_of_past, observed, tallies_of_past
from drumbeat.core.campaign.tally import comparable, rank, shrunk_rates
from drumbeat.core.campaign.week import week_of, window_of
from tests.agents.desk import planned
from tests.core.road.shop import TUESDAY, ZONE, line_item, post, send, social_brief, tally

THEME = LessonElement.THEME


def row(day: int = 17, **changes: Any) -> HistoryRow:
    fields: dict[str, Any] = {
        "kind": HistoryKind.EMAIL,
        "at": date(2026, 2, day),
        "campaign": "weekly",
        "dimensions": {"theme": "brewing", "segment": "regulars"},
        "measures": {"delivered": Decimal(6000), "clicks": Decimal(190)},
        "amounts": {"revenue": Decimal("12.345")},
        "currency": "EUR",
    }
    return HistoryRow(**fields | changes)


def past(thing: Any, counts: dict[str, float], parts: Any = None, days: int = 0) -> PastObject:
    at = TUESDAY + timedelta(days=days)
    return PastObject("c1", "t", thing, at, counts, parts or {}, "ent-7")


def test_a_citation_is_written_from_the_numbers() -> None:
    (found,) = tallies_of_history((row(17), row(18)), THEME, "theme", "clicks", "delivered")
    assert str(found.citation) == (
        "history/email 2026-W08: theme brewing: click rate 3.2% over 12,000 delivered"
    )


def test_a_rate_without_a_name_is_told_by_its_counts() -> None:
    found = tally(THEME, "brewing", 3, 1000, over="visits")
    assert found.citation.text == "theme brewing: visits per delivered 0.30% over 1,000 delivered"


@pytest.mark.parametrize(
    ("days", "window"),
    [
        pytest.param([date(2026, 2, 17)], "2026-W08", id="one week"),
        pytest.param([date(2026, 2, 17), date(2025, 12, 29)], "2026-W01 to 2026-W08", id="weeks"),
        pytest.param([None], "undated", id="no dates"),
    ],
)
def test_a_window_is_told_in_weeks(days: list[date | None], window: str) -> None:
    assert window_of(days) == window
    assert week_of(date(2021, 1, 3)) == "2020-W53"


def test_values_are_named_as_our_files_would() -> None:
    rows = (row(dimensions={"arm": "Womens E-Mail"}),)
    (found,) = tallies_of_history(rows, LessonElement.ANGLE, "arm", "clicks", "delivered")
    assert found.subject == "womens-e-mail"


def test_rows_without_the_counts_say_nothing() -> None:
    assert tallies_of_history((row(measures={}),), THEME, "theme", "clicks", "delivered") == ()


def test_what_a_held_out_group_did_is_no_hit_of_a_mail() -> None:
    held = row(measures={"delivered": Decimal(0), "clicks": Decimal(50)})
    (found,) = tallies_of_history((row(), held), THEME, "theme", "clicks", "delivered")
    assert (found.hits, found.trials) == (190.0, 6000.0)


def test_fractions_of_a_cent_are_kept_while_summing() -> None:
    rows = tuple(
        row(kind=HistoryKind.ADS, amounts={"spend": Decimal("0.004"), "revenue": Decimal("1")})
        for _ in range(5)
    )
    (found,) = lines_of_history(rows)
    assert (found.spend_minor, found.revenue_minor) == (2, 500)
    assert found.citation.text == "line item weekly: 0 conversions for EUR 0.02, none yet"


def test_weeks_of_history_become_cycles() -> None:
    found = cycles_of_history((row(17), row(18), row(24), row(at=None)), "EUR")
    assert [one.cycle for one in found] == ["2026-W08", "2026-W09"]
    assert found[0].counts == {"delivered": 12_000.0, "clicks": 380.0, "revenue": 2469}
    assert found[0].source == "history/email 2026-W08"


def test_two_currencies_are_two_records_and_a_week_counts_its_own_money_alone() -> None:
    both = (row(kind=HistoryKind.ADS), row(kind=HistoryKind.ADS, currency="JPY"))
    assert [(one.currency, one.revenue_minor) for one in lines_of_history(both)] == [
        ("EUR", 1234),
        ("JPY", 12),
    ]
    (ours,), (theirs,) = (cycles_of_history(both, one) for one in ("EUR", "USD"))
    assert ours.counts == {"delivered": 12_000.0, "clicks": 380.0, "revenue": 1234}
    assert theirs.counts == {"delivered": 12_000.0, "clicks": 380.0}


def test_few_trials_are_drawn_to_the_average_and_many_are_not() -> None:
    rates = shrunk_rates(
        (
            tally(THEME, "a", 500, 10_000),
            tally(THEME, "b", 300, 10_000),
            tally(THEME, "c", 8, 50),
        )
    )
    assert rates["a"] == pytest.approx(0.05, abs=0.001)
    assert 0.04 < rates["c"] < 0.1


def test_differences_that_chance_explains_disappear() -> None:
    rates = shrunk_rates((tally(THEME, "a", 101, 2_000), tally(THEME, "b", 99, 2_000)))
    assert rates["a"] == rates["b"] == pytest.approx(0.05)


def test_one_never_tried_stands_between_the_good_and_the_bad() -> None:
    tallies = (tally(THEME, "good", 900, 10_000), tally(THEME, "bad", 300, 10_000))
    ranked = rank(("bad", "new", "good"), tallies, (), THEME)
    assert [one.subject for one in ranked] == ["good", "new", "bad"]
    assert ranked[1].citations == ()


def test_a_lesson_moves_a_subject_up_and_is_cited() -> None:
    shown = observed((past(send(), {"clicks": 300, "delivered": 3000}),), _peers(), ZONE)
    lessons = learn("weekly", "c1", [o for o in shown if o.element is THEME], TUESDAY)
    before = rank(("leaves", "brewing"), (), (), THEME)
    after = rank(("leaves", "brewing"), (), lessons, THEME)
    assert [one.subject for one in before] == ["leaves", "brewing"]
    assert [one.subject for one in after] == ["brewing", "leaves"]
    assert after[0].citations[0].source == "ledger#ent-7"


def _peers() -> tuple[Any, ...]:
    return (tally(THEME, "leaves", 300, 10_000),)


def test_a_good_week_teaches_nothing_of_those_who_shared_it() -> None:
    segments = {
        ("segment", "regulars"): {"clicks": 120.0, "delivered": 1000.0},
        ("segment", "leads"): {"clicks": 120.0, "delivered": 1000.0},
    }
    before = [
        tally(LessonElement.SEGMENT, name, 300, 10_000) for name in ("regulars", "leads", "new")
    ]
    mail = past(send(), {"clicks": 240, "delivered": 2000}, segments)
    shown = observed((mail,), (*before, *_peers()), ZONE)
    effects = {one.subject: one.effect for one in learn("weekly", "c1", shown, TUESDAY)}
    assert effects["regulars"].mean == effects["leads"].mean == 0
    assert effects["brewing"].mean > 1  # alone in its week, so beside the weeks before


def _week_of_posts(*rates: tuple[str, float]) -> tuple[PastObject, ...]:
    return tuple(
        past(post(hook=hook), {"engagements": 5_000 * rate, "impressions": 5_000.0}, days=day)
        for day, (hook, rate) in enumerate(rates)
    )


def _of_hook(subject: str, week: tuple[PastObject, ...]) -> Any:
    shown = observed(week, (), ZONE)
    return next(o for o in shown if (o.element, o.subject) == (LessonElement.HOOK, subject))


def test_posts_that_differ_by_more_than_chance_widen_what_their_hooks_teach() -> None:
    steady = _of_hook("fact", _week_of_posts(*[("fact", 0.02)] * 2, *[("question", 0.03)] * 2))
    torn = _of_hook(
        "fact",
        _week_of_posts(("fact", 0.01), ("fact", 0.03), ("question", 0.02), ("question", 0.04)),
    )
    assert steady.spread == 1
    # By hand: two posts 50 off 100 of 98 variance, two 50 off 150 of 145.5, two degrees of freedom.
    assert torn.spread == pytest.approx((2 * 50**2 / 98 + 2 * 50**2 / 145.5) / 2)
    assert steady.effect.mean == torn.effect.mean
    assert steady.effect.is_clear
    assert not torn.effect.is_clear


def test_luck_of_posts_seldom_passes_for_a_lesson() -> None:
    chance, clear = np.random.default_rng(3), {True: 0, False: 0}
    for _ in range(200):
        hooks = ("fact", "question", "story", "quote") * 3
        rates = chance.beta(5, 195, 12)
        seen = _of_hook("fact", _week_of_posts(*zip(hooks, rates, strict=True)))
        clear[True] += seen.effect.is_clear
        clear[False] += seen.model_copy(update={"spread": 1.0}).effect.is_clear
    assert clear[True] <= 0.12 * 200
    assert clear[False] >= 0.5 * 200, "as it was with the luck of readers alone"


def test_clicks_per_mail_and_visits_per_mail_are_not_added_up() -> None:
    clicks = tally(THEME, "a", 30, 1000)
    visits = tally(THEME, "a", 20, 1000, over="visits")
    assert comparable((visits, clicks)) == (clicks,)


def arm(name: str, style: str) -> Variant:
    return Variant(
        name=name, subject="s", preheader="p", html="h", text="t", share=0.5, style=style
    )


def test_a_past_mail_speaks_of_all_it_was_made_of() -> None:
    arms = (arm("a", "direct"), arm("b", "benefit"))
    parts = {
        ("variant", "b"): {"clicks": 70.0, "delivered": 1000.0},
        ("segment", "regulars"): {"clicks": 90.0, "delivered": 1500.0},
        ("variant", "unknown"): {"clicks": 1.0, "delivered": 9.0},
    }
    found = tallies_of_past(
        (past(send(variants=arms), {"clicks": 100, "delivered": 2000}, parts),), ZONE
    )
    assert {(t.element, t.subject): t.hits for t in found} == {
        (LessonElement.THEME, "brewing"): 100,
        (LessonElement.ANGLE, "making"): 100,
        (LessonElement.SEND_HOUR, "09"): 100,
        (LessonElement.SUBJECT_STYLE, "benefit"): 70,
        (LessonElement.SEGMENT, "regulars"): 90,
    }
    assert {t.source for t in found} == {"history/email 2026-W10"}


def test_past_posts_and_ads_are_judged_by_their_own_rates() -> None:
    found = tallies_of_past(
        (
            past(post(), {"engagements": 30, "impressions": 900}),
            past(line_item(), {"conversions": 12, "clicks": 300}),
        ),
        ZONE,
    )
    assert {(t.subject, t.over, t.under) for t in found} == {
        ("brewing", "engagements", "impressions"),
        ("fact", "engagements", "impressions"),
        ("mastodon", "engagements", "impressions"),
        ("visitors", "conversions", "clicks"),
    }


def test_a_line_items_readings_add_up() -> None:
    counts = {"spend": 5000.0, "conversions": 4.0, "revenue": 9600.0}
    (found,) = lines_of_past((past(line_item(), counts), past(line_item(), counts)))
    assert (found.conversions, found.spend_minor) == (8.0, 10_000.0)
    assert found.cost_per_acquisition_minor == 1250.0
    assert found.citation.text == "line item visitors: 8 conversions for EUR 100.00, EUR 12.50 each"


def test_past_plans_tell_what_must_rest() -> None:
    dossier = Dossier(uses=uses_of((planned(), planned(social_brief()))))
    assert dossier.last_used(UseKind.THEME, "brewing") is not None
    assert dossier.used_since(UseKind.HOOK, TUESDAY)
    assert dossier.last_used(UseKind.PIECE, "never") is None


def cycles(*clicks: float) -> tuple[CycleRecord, ...]:
    return tuple(
        CycleRecord(
            f"c{n}",
            date(2026, 1, 6) + timedelta(weeks=n),
            {"clicks": value, "delivered": 1000.0},
            f"history/email c{n}",
        )
        for n, value in enumerate(clicks)
    )


def test_a_forecast_is_the_mean_of_the_cycles_with_a_band() -> None:
    found = expect("click_rate", Dossier(cycles=cycles(40, 50, 60)))
    assert found is not None
    assert found.mean == pytest.approx(0.05)
    # 1.2816 * 0.01 * sqrt(1 + 1/3)
    assert found.high - found.mean == pytest.approx(0.014798, abs=1e-5)
    assert found.citations[0].source == "history/email c2"
    assert "click rate 5.0% on average over 3 cycles (4.0% to 6.0%)" in found.citations[0].text


def test_without_cycles_a_rate_is_read_off_the_tallies_and_counts_need_people() -> None:
    dossier = Dossier(
        tallies=(tally(THEME, "a", 60, 1000), tally(THEME, "b", 20, 1000, over="conversions"))
    )
    rate = expect("click_rate", dossier)
    count = expect("conversions", dossier, people=3000)
    assert rate is not None
    assert count is not None
    assert rate.mean == pytest.approx(0.06)
    assert rate.low == pytest.approx(0.045)
    assert count.mean == pytest.approx(60)
    assert expect("conversions", dossier) is None
    assert expect("revenue", Dossier()) is None


@pytest.mark.parametrize(
    ("metric", "value", "shown"),
    [
        pytest.param("click_rate", 0.0312, "3.1%", id="a share"),
        pytest.param("spam_complaint_rate", 0.0007, "0.07%", id="a small share"),
        pytest.param("revenue", 58_912.0, "EUR 589.12", id="money"),
        pytest.param("cost_per_acquisition", 1_250.0, "EUR 12.50", id="money per thing"),
        pytest.param("return_on_ad_spend", 3.14, "3.1", id="money per money"),
        pytest.param("frequency", 2.5, "2.5", id="per person"),
        pytest.param("conversions", 1_234.0, "1,234", id="a count"),
    ],
)
def test_figures_are_shown_in_their_unit(metric: str, value: float, shown: str) -> None:
    assert show(metric, value, "EUR") == shown


def test_hours_are_counted_in_the_campaigns_zone() -> None:
    summer = send(send_at=datetime(2026, 7, 7, 7, 0, tzinfo=UTC))
    found = tallies_of_past((past(summer, {"clicks": 1, "delivered": 9}),), ZONE)
    assert "09" in {t.subject for t in found if t.element is LessonElement.SEND_HOUR}
