"""The brief holds the declaration, the limits, the lessons that are still live, and the moment."""

from datetime import date, timedelta

import pytest

from drumbeat.agents.intake import Intake
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.brief import Brief, SignalKind
from drumbeat.core.campaign.calendar import CalendarFile, MarkedDays
from drumbeat.core.campaign.context import ContextFile
from drumbeat.core.campaign.lesson import LASTS, LessonElement, Observed, learn
from tests.agents.desk import campaign, intake_case
from tests.core.road.shop import TUESDAY, WEEK

CONTEXT = ContextFile.model_validate(
    {
        "version": 1,
        "fatigue": [
            {"segment": "regulars", "level": "high", "since": "2026-02-20", "evidence": "1 % left"},
            {"segment": "others", "level": "high", "since": "2026-02-20", "evidence": "1 % left"},
        ],
        "availability": [
            {"product": "tasting-set", "state": "low"},
            {"product": "kettle", "state": "in_stock"},
        ],
        "sales_cycle": {"stage": "harvest", "note": "First pickings arrive."},
        "seasons": [
            {"id": "spring", "name": "Spring", "from": "2026-03-01", "to": "2026-03-31"},
            {"id": "gifting", "name": "Gifts", "from": "2026-11-16", "to": "2026-12-21"},
        ],
        "releases": [
            {"at": "2026-02-26T10:00:00+01:00", "what": "New checkout"},
            {"at": "2025-11-01T10:00:00+01:00", "what": "Old news"},
        ],
    }
)
OBSERVED = Observed(
    element=LessonElement.THEME,
    subject="brewing",
    metric="click_rate",
    hits=90,
    trials=2000,
    peer_hits=100,
    peer_trials=5000,
    entries=("ent-9",),
)


def drafted(**changes: object) -> Brief:
    brief = Intake().draft(intake_case(**changes))
    assert isinstance(brief, Brief)
    return brief


def test_the_brief_says_what_the_file_declares() -> None:
    brief = drafted()
    assert (brief.campaign, brief.title) == ("weekly", "The weekly leaf")
    assert brief.goal.metric == "conversions"
    assert brief.audience.exclude == ("unsubscribed",)
    assert brief.source == "campaigns/weekly.yaml"


def test_limits_are_sentences_people_can_hold_a_plan_against() -> None:
    assert drafted().constraints == (
        "spend between EUR 0.00-200.00/month, never over EUR 200.00/month",
        "no budget moves by more than 20% at once",
        "never to unsubscribed",
        "nothing goes out on holidays DE HB",
    )


def test_a_regulatory_duty_is_a_constraint() -> None:
    strict = campaign(autonomy={"human_review_required": True})
    assert "a person reviews everything: a regulatory duty" in drafted(campaign=strict).constraints


def test_the_brief_carries_live_lessons_with_the_entries_they_cite() -> None:
    old = learn("weekly", "c1", (OBSERVED,), TUESDAY - LASTS - WEEK)
    new = learn("weekly", "c2", (OBSERVED,), TUESDAY - WEEK)
    brief = drafted(lessons=(*old, *new))
    assert [lesson.cycle for lesson in brief.lessons] == ["c2"]
    assert brief.lessons[0].entries == ("ent-9",)


def test_signals_are_those_of_the_moment_and_of_our_audience() -> None:
    marked = MarkedDays.model_validate(
        {"id": "tea-day", "name": "Day of tea", "from": "2026-03-10", "to": "2026-03-10"}
    )
    brief = drafted(context=CONTEXT, calendar=CalendarFile(version=1, marked=(marked,)))
    assert {(s.kind, s.subject) for s in brief.signals} == {
        (SignalKind.FATIGUE, "regulars"),
        (SignalKind.AVAILABILITY, "tasting-set"),
        (SignalKind.SALES_CYCLE, "harvest"),
        (SignalKind.SEASON, "spring"),
        (SignalKind.RELEASE, "release-1"),
        (SignalKind.MARKED_DAYS, "tea-day"),
    }
    assert brief.signals[0].citation.source == "data/context.yaml#fatigue:regulars"


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        pytest.param({"ends_at": TUESDAY}, "the end of the cycle", id="no length"),
        pytest.param({"cycle": ""}, "the cycle's id", id="no id"),
        pytest.param(
            {"campaign": campaign(starts=date(2026, 4, 1))}, "on or after 2026-04-01", id="early"
        ),
        pytest.param(
            {"campaign": campaign(ends=date(2026, 2, 1))}, "on or before 2026-02-01", id="over"
        ),
    ],
)
def test_what_is_missing_is_asked_for(changes: dict[str, object], missing: str) -> None:
    answer = Intake().draft(intake_case(**changes))
    assert isinstance(answer, Refusal)
    assert missing in answer.missing[0]


def test_the_same_declaration_makes_the_same_brief() -> None:
    assert drafted().digest == drafted().digest
    assert drafted().digest != drafted(ends_at=TUESDAY + timedelta(days=8)).digest
