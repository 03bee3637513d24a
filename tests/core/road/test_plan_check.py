"""A plan that rests on thin air, or breaks a limit, is refused with a reason and a way out."""

from datetime import date, timedelta
from typing import Any

import pytest

from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.finding import Severity
from drumbeat.core.campaign.plan import Forecast, OfferChoice, Plan
from drumbeat.core.campaign.plan_check import plan_check
from tests.agents.desk import planned, registered
from tests.core.road.shop import (
    HYPOTHESES,
    OFFERS,
    SEGMENTS,
    TUESDAY,
    WEEK,
    ads_brief,
    brief,
    euros,
    facts,
    hypothesis,
    offer,
    segment,
    social_brief,
)

MAIL, ADS, SOCIAL = brief(), ads_brief(), social_brief()
MAIL_PLAN, ADS_PLAN, SOCIAL_PLAN = (
    planned(MAIL, test=registered()),
    planned(ADS),
    planned(SOCIAL),
)
CITED = (Citation(source=MAIL.source, text="as declared"),)


def with_(plan: Plan, part: str, **changes: Any) -> Plan:
    """The plan with one of its elements changed."""
    return plan.model_copy(update={part: getattr(plan, part).model_copy(update=changes)})


@pytest.mark.parametrize(
    ("plan", "of"),
    [
        pytest.param(MAIL_PLAN, MAIL, id="mail"),
        pytest.param(ADS_PLAN, ADS, id="ads"),
        pytest.param(SOCIAL_PLAN, SOCIAL, id="social"),
    ],
)
def test_the_planners_own_plans_hold(plan: Plan, of: Brief) -> None:
    blocked = [f for f in plan_check(plan, of, facts(of)) if f.severity is Severity.BLOCK]
    assert blocked == []


ELEMENTS = (
    "audience",
    "offer",
    "angle",
    "channels",
    "cadence",
    "budget",
    "metrics",
    "send",
    "hypothesis",
)


def test_the_elements_of_a_mail_plan_are_these() -> None:
    named = [name for name, _ in MAIL_PLAN.elements if not name.startswith("forecast")]
    assert tuple(named) == ELEMENTS


@pytest.mark.parametrize("name", ELEMENTS)
def test_every_element_without_a_citation_is_refused(name: str) -> None:
    found = plan_check(with_(MAIL_PLAN, name, citations=()), MAIL, facts(MAIL))
    assert [f.text for f in found if f.rule == "plan.citations"] == [f"the {name} rests on nothing"]


def test_a_forecast_without_a_citation_is_refused_by_its_metric() -> None:
    bare = Forecast(metric="revenue", low=1, mean=2, high=3, why="a feeling")
    plan = MAIL_PLAN.model_copy(update={"forecasts": (bare,)})
    texts = [f.text for f in plan_check(plan, MAIL, facts(MAIL))]
    assert "the forecast of revenue rests on nothing" in texts


def test_a_citation_nobody_can_look_up_is_refused() -> None:
    invented = (Citation(source="history/email 1999-W01", text="it was great"),)
    found = plan_check(with_(MAIL_PLAN, "angle", citations=invented), MAIL, facts(MAIL))
    assert [f.text for f in found if f.rule == "plan.citations"] == [
        "the angle cites history/email 1999-W01, which cannot be looked up"
    ]


def test_a_line_item_without_a_citation_is_refused_by_name() -> None:
    bare = ADS_PLAN.lines[0].model_copy(update={"citations": ()})
    plan = ADS_PLAN.model_copy(update={"lines": (bare, *ADS_PLAN.lines[1:])})
    texts = [f.text for f in plan_check(plan, ADS, facts(ADS))]
    assert f"the line item {bare.name} rests on nothing" in texts


def refused(plan: Plan, of: Brief, **known: Any) -> list[str]:
    found = plan_check(plan, of, facts(of, **known))
    return [f.text for f in found if f.severity is Severity.BLOCK]


def richer(plan: Plan, minor: int) -> Plan:
    line = plan.lines[0].model_copy(update={"daily_budget": euros(minor)})
    rest = plan.lines[1:]
    daily = sum((one.daily_budget for one in rest), euros(minor))
    return with_(plan.model_copy(update={"lines": (line, *rest)}), "budget", daily=daily)


@pytest.mark.parametrize(
    ("plan", "of", "known", "text"),
    [
        pytest.param(
            MAIL_PLAN.model_copy(update={"brief": "x"}), MAIL, {}, "another brief", id="brief"
        ),
        pytest.param(richer(ADS_PLAN, 500), ADS, {}, "is over EUR 50.00-150.00/day", id="range"),
        pytest.param(richer(ADS_PLAN, 95), ADS, {}, "over the daily cap", id="cap of a day"),
        pytest.param(
            with_(ADS_PLAN, "budget", daily=euros(60)), ADS, {}, "not the sum", id="wrong sum"
        ),
        pytest.param(
            with_(
                MAIL_PLAN,
                "budget",
                daily=euros(0),
                once=euros(0).model_copy(update={"currency": "USD"}),
            ),
            MAIL,
            {},
            "speaks of EUR, USD",
            id="currency",
        ),
        pytest.param(
            MAIL_PLAN, MAIL, {"closed": frozenset({date(2026, 3, 3)})}, "is closed", id="closed day"
        ),
        pytest.param(
            with_(MAIL_PLAN, "send", send_at=TUESDAY + 2 * WEEK),
            MAIL,
            {},
            "outside the planned time",
            id="outside the cycle",
        ),
        pytest.param(
            with_(MAIL_PLAN, "cadence", starts_at=TUESDAY - timedelta(days=3)),
            MAIL,
            {},
            "beyond its cycle",
            id="too early",
        ),
        pytest.param(
            with_(MAIL_PLAN, "audience", include=("strangers",)),
            MAIL,
            {},
            "no segment of data/segments.yaml",
            id="unknown segment",
        ),
        pytest.param(
            with_(MAIL_PLAN, "audience", include=("visitors",)),
            MAIL,
            {},
            "the brief does not allow",
            id="segment not asked for",
        ),
        pytest.param(
            MAIL_PLAN,
            MAIL,
            {"segments": SEGMENTS | {"regulars": segment("regulars", size=0)}},
            "which is empty",
            id="empty segment",
        ),
        pytest.param(
            MAIL_PLAN,
            MAIL,
            {
                "context": ContextFile.model_validate(
                    {
                        "version": 1,
                        "fatigue": [
                            {
                                "segment": "regulars",
                                "level": "high",
                                "since": "2026-02-01",
                                "evidence": "they leave",
                            }
                        ],
                    }
                )
            },
            "which is tired of us",
            id="tired segment",
        ),
        pytest.param(
            with_(MAIL_PLAN, "audience", exclude=()),
            MAIL,
            {},
            "the brief leaves unsubscribed out",
            id="exclusion dropped",
        ),
        pytest.param(
            with_(MAIL_PLAN, "offer", offer="half-price"),
            MAIL,
            {},
            "is not in data/offers.yaml",
            id="invented offer",
        ),
        pytest.param(
            with_(MAIL_PLAN, "offer", offer="tasting-set"),
            MAIL,
            {"offers": OFFERS | {"tasting-set": offer("tasting-set", stock=0)}},
            "is not open on 2026-03-03",
            id="sold out",
        ),
        pytest.param(
            with_(MAIL_PLAN, "offer", offer="tasting-set"),
            MAIL,
            {"offers": OFFERS | {"tasting-set": offer("tasting-set", valid_to=date(2026, 3, 2))}},
            "is not open on 2026-03-03",
            id="ended yesterday",
        ),
        pytest.param(
            with_(MAIL_PLAN, "angle", pieces=("nowhere",)),
            MAIL,
            {},
            "not in the inventory",
            id="piece",
        ),
        pytest.param(
            with_(MAIL_PLAN, "metrics", goal="happiness"),
            MAIL,
            {},
            "no metric is named happiness",
            id="metric",
        ),
        pytest.param(
            MAIL_PLAN,
            MAIL,
            {"hypotheses": {"H-01": hypothesis(pre_approved=False)}},
            "was not approved beforehand",
            id="hypothesis",
        ),
        pytest.param(
            with_(MAIL_PLAN, "hypothesis", hypothesis="H-99"),
            MAIL,
            {},
            "no hypothesis of this campaign",
            id="unknown hypothesis",
        ),
    ],
)
def test_what_breaks_a_limit_is_refused(
    plan: Plan, of: Brief, known: dict[str, Any], text: str
) -> None:
    assert [one for one in refused(plan, of, **known) if text in one]


def test_every_refusal_says_what_would_mend_it() -> None:
    broken = with_(with_(MAIL_PLAN, "offer", offer="x"), "audience", include=("strangers",))
    found = plan_check(broken, MAIL, facts(MAIL, hypotheses=HYPOTHESES))
    assert all(one.fix for one in found)


def test_a_goal_without_a_forecast_is_only_worth_knowing() -> None:
    found = plan_check(MAIL_PLAN, MAIL, facts(MAIL))
    told = [f.severity for f in found if "nothing is forecast" in f.text]
    forecast = Forecast(
        metric="conversions", low=1, mean=2, high=3, why="as before", citations=CITED
    )
    known = MAIL_PLAN.model_copy(update={"forecasts": (forecast,)})
    assert told == [Severity.WARN]
    assert plan_check(known, MAIL, facts(MAIL)) == ()


def test_making_no_offer_is_a_decision_that_stands() -> None:
    none = OfferChoice(why="trust first", citations=CITED)
    assert refused(MAIL_PLAN.model_copy(update={"offer": none}), MAIL) == []
