"""The roaster's week in the calendar and its experiments."""

from datetime import date

from drumbeat.core.governance.action import Channel
from drumbeat.testing.web_content.people import at
from drumbeat.web.views.calendar import CalendarItem, CalendarView, Gap, ItemStatus, Pressure
from drumbeat.web.views.campaign import Setting
from drumbeat.web.views.decision import CheckLine, CheckState
from drumbeat.web.views.experiment import (
    Arm,
    Effect,
    ExperimentRow,
    ExperimentState,
    ExperimentView,
    HypothesisRow,
    MetricRole,
    Overlap,
    RegistryView,
    SegmentEffect,
)
from drumbeat.web.views.value import Change, Page, Points, Share, Tone

_MAIL, _ADS, _POST = Channel.EMAIL, Channel.ADS, Channel.SOCIAL
_S = ItemStatus
ITEMS = (
    CalendarItem(
        "c1",
        at("09:00"),
        "Carousel: 6-step pour-over",
        _POST,
        "brew-tips",
        "Brew tips",
        _S.SENT,
        "post-v60",
    ),
    CalendarItem(
        "c2",
        at("11:30"),
        "First-order nurture, day 3",
        _MAIL,
        "first-order-nurture",
        "First-order nurture",
        _S.SENT,
    ),
    CalendarItem(
        "c3",
        at("09:00", -1),
        "The Monday Roast 42",
        _MAIL,
        "weekly-newsletter",
        "The Monday Roast",
        _S.NEEDS_APPROVAL,
        "issue-42",
        "prop-send-42",
        True,
    ),
    CalendarItem(
        "c4",
        at("13:00", -1),
        "Scale or no scale?",
        _POST,
        "brew-tips",
        "Brew tips",
        _S.SCHEDULED,
        can_move=True,
    ),
    CalendarItem(
        "c5",
        at("10:00", -2),
        "Grower story: Huila",
        _POST,
        "grower-stories",
        "Grower stories",
        _S.DRAFT,
        can_move=True,
    ),
    CalendarItem(
        "c6",
        at("15:00", -2),
        "Retargeting: rotate creative C",
        _ADS,
        "retargeting-evergreen",
        "Retargeting evergreen",
        _S.SCHEDULED,
        "ad-starter-set",
        can_move=True,
    ),
    CalendarItem(
        "c7",
        at("08:30", -3),
        "Cupping reminder 1",
        _MAIL,
        "cupping-webinar",
        "Cupping webinar",
        _S.SCHEDULED,
        can_move=True,
    ),
    CalendarItem(
        "c8",
        at("12:00", -3),
        "Winter blend resumes?",
        _ADS,
        "winter-burst",
        "Seasonal burst: winter blend",
        _S.FROZEN,
    ),
    CalendarItem(
        "c9",
        at("09:00", -4),
        "Cupping clip",
        _POST,
        "brew-tips",
        "Brew tips",
        _S.DRAFT,
        can_move=True,
    ),
    CalendarItem(
        "c10", at("16:00", -4), "Win-back 90 d", _MAIL, "win-back", "Win-back 90 d", _S.OBSERVED
    ),
)
_GAPS = (Gap(date(2026, 11, 28), "Brew tips plans 5 posts a week; 4 are there"),)
_PRESSURE = (
    Pressure(
        date(2026, 11, 26),
        "1,204 people would get 3 messages (limit 2). The planner "
        "proposes moving “Cupping reminder 1” to Friday.",
        "prop-send-42",
    ),
)
_OFF = (Gap(date(2026, 11, 29), "First Sunday in Advent"),)


def calendar(first: date, last: date) -> CalendarView:
    """What of the week lies between the days."""
    return CalendarView(
        tuple(item for item in ITEMS if first <= item.at.date() <= last),
        tuple(gap for gap in _GAPS if first <= gap.day <= last),
        tuple(each for each in _PRESSURE if first <= each.day <= last),
        tuple(each for each in _OFF if first <= each.day <= last),
    )


H07 = ExperimentRow(
    "H-07",
    "Benefit or curiosity subject line",
    "weekly-newsletter",
    "The Monday Roast",
    ExperimentState.RUNNING,
    "leaning B",
    "click rate",
    Change(0.061, 1),
    Change(0.006, 1),
    Change(0.118, 1),
    9,
    14,
    Tone.GOOD,
)
_H14 = ExperimentRow(
    "H-14",
    "Landing page with one offer",
    "brand-search",
    "Brand search",
    ExperimentState.RUNNING,
    "too early",
    "orders",
    Change(0.02, 1),
    Change(-0.09, 1),
    Change(0.13, 1),
    2,
    14,
)
_H12 = ExperimentRow(
    "H-12",
    "Mail at 08:30 instead of 09:00",
    "first-order-nurture",
    "First-order nurture",
    ExperimentState.DECIDED,
    "shipped",
    "second orders",
    Change(0.047, 1),
    Change(0.016, 1),
    Change(0.077, 1),
    14,
    14,
    Tone.GOOD,
)
_H09 = ExperimentRow(
    "H-09",
    "Broad match for brand terms",
    "brand-search",
    "Brand search",
    ExperimentState.DECIDED,
    "rolled back",
    "cost per order",
    Change(0.22, 1),
    Change(0.09, 1),
    Change(0.36, 1),
    14,
    14,
    Tone.BAD,
)
REGISTRY = RegistryView(
    running=(H07, _H14),
    decided=Page((_H12, _H09), None, 2),
    library=(
        HypothesisRow(
            "H-16",
            "Subscribers who bought twice answer to a grind-size tip",
            "Brew tips",
            Change(0.08),
            0.61,
            4.9,
            "issue 38 clicks",
            (("brew-tips", "Brew tips"),),
        ),
        HypothesisRow(
            "H-15",
            "A free cupping seat brings lapsed buyers back",
            "Win-back 90 d",
            Change(0.12),
            0.34,
            4.1,
            "survey, 88 answers",
        ),
        HypothesisRow(
            "H-17",
            "Ads with the roast date sell better",
            "Retargeting evergreen",
            Change(0.05),
            0.55,
            2.8,
            "comments, 4 wk",
        ),
    ),
    overlaps=(
        Overlap("H-07", "H-12", 0.18, "Other field and other mail: both may run.", True),
        Overlap("H-14", "H-17", 0.64, "Same landing page: the second one waits.", False),
    ),
)
_OK, _WARN = CheckState.PASSED, CheckState.WARNING
EXPERIMENTS = {
    "H-07": ExperimentView(
        row=H07,
        verdict="Leaning B, not decided yet",
        sentence="Clicks are 6.1% higher with the curiosity subject (95% interval 0.6% to 11.8%, "
        "always valid). The rule registered before launch asks for 4,000 opens an arm and an "
        "effect above 5%; 3,212 and 3,240 so far. Expected decision: Thursday.",
        registered_at=at("10:00", 10),
        registered_by="Planner",
        approved_by="Ana Petrov",
        effects=(
            Effect("Click rate", MetricRole.PRIMARY, 0.061, 0.006, 0.118, "clear", Tone.GOOD),
            Effect("Open rate", MetricRole.SECONDARY, 0.014, -0.032, 0.06, "no clear difference"),
            Effect(
                "Unsubscribe rate",
                MetricRole.GUARDRAIL,
                -0.01,
                -0.09,
                0.074,
                "within limit",
                Tone.PLAIN,
                0.10,
            ),
            Effect(
                "Spam complaints",
                MetricRole.GUARDRAIL,
                0.008,
                -0.105,
                0.12,
                "within limit",
                Tone.PLAIN,
                0.15,
            ),
        ),
        arms=(
            Arm("A", "benefit", 6318, Share(0.0442, 2)),
            Arm("B", "curiosity", 6293, Share(0.0469, 2)),
        ),
        segments=(
            SegmentEffect(
                "warm readers",
                8214,
                Share(0.051, 2),
                Share(0.0549, 2),
                Points(-0.006),
                Points(0.0138),
                False,
            ),
            SegmentEffect(
                "new subscribers",
                4397,
                Share(0.0311, 2),
                Share(0.0321, 2),
                Points(-0.0095),
                Points(0.0115),
                False,
            ),
        ),
        health=(
            CheckLine(_OK, "Split is even: 50.1 / 49.9 (SRM p = 0.82)"),
            CheckLine(_OK, "No other experiment touches this audience and field"),
            CheckLine(_OK, "Hold-out of 5% untouched since Oct 1"),
            CheckLine(_WARN, "Opens include mail privacy proxies: the decision uses clicks"),
        ),
        registered=(
            Setting("Hypothesis", "Warm readers click more when the subject opens a question"),
            Setting("Variants", "A benefit, B curiosity"),
            Setting("Decide when", "4,000 opens an arm, or day 14"),
            Setting("Ship when", "effect above 5% and every guardrail inside its limit"),
            Setting("If low volume", "directional, marked as such in the library"),
        ),
        advice="keep running",
        can_ship=True,
        can_keep=True,
        can_stop=True,
        ships="Subject style: curiosity",
    ),
    "H-14": ExperimentView(
        row=_H14,
        verdict="Too early to say",
        sentence="Orders differ by +2.0% (95% interval −9.0% to +13.0%) after 2 of 14 days.",
        registered_at=at("10:00", 2),
        registered_by="Planner",
        approved_by="Jon Keller",
        effects=(),
        arms=(),
        health=(),
        registered=(),
    ),
}
