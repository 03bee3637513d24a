"""One campaign in full: its chart, its cycle, its trace, its settings."""

import math
from datetime import timedelta

from drumbeat.testing.web_content.campaigns import CAMPAIGNS
from drumbeat.testing.web_content.people import NOW, at, before, euros
from drumbeat.web.views.campaign import (
    CampaignRow,
    CampaignView,
    CycleLink,
    Marker,
    Series,
    Setting,
    StageRow,
    StageState,
    Stat,
    Status,
    TraceKind,
    TraceRow,
)
from drumbeat.web.views.change import ActorKind
from drumbeat.web.views.cycle import CycleView, ReplayView, TraceGroup
from drumbeat.web.views.decision import CheckLine, CheckState, DiffRow
from drumbeat.web.views.value import Count, Tone

_DAYS = 60
_DONE = StageState.DONE


def series(*, falls: bool = True) -> Series:
    """Orders a day with their weekly wave; at the end they fall, or they do not."""
    first = NOW.date() - timedelta(days=_DAYS - 1)
    days = tuple(first + timedelta(days=day) for day in range(_DAYS))
    middle = [61 + 6 * math.sin(day * 2 * math.pi / 7) for day in range(_DAYS)]
    values: list[float | None] = [
        round(m + 2.2 * math.sin(day * 2.7), 1) for day, m in enumerate(middle)
    ]
    if falls:
        values[-2:] = [53.5, 40.0]
    return Series(
        "Orders per day",
        "Orders",
        days,
        tuple(values),
        tuple(round(m - 6, 1) for m in middle),
        tuple(round(m + 6, 1) for m in middle),
        (
            Marker(1, at("10:00", 38), ActorKind.AGENT, "Optimizer raised budget 8%"),
            Marker(2, at("09:00", 19), ActorKind.AGENT, "H-09 decided: broad match off"),
            Marker(3, at("14:00", 11), ActorKind.PERSON, "Jon Keller froze for 6 h"),
            Marker(
                4, at("09:40", 3), ActorKind.OUTSIDE, "Landing page release 2026.47.1", "e-1032"
            ),
        ),
    )


STATS = (
    Stat("Orders, 7 d", Count(352), "−14% against forecast", Tone.BAD),
    Stat("CPA", euros("61.20"), "target €19.80", Tone.BAD),
    Stat("Spend, month to date", euros("5120"), "119% of pace, cap €6,000", Tone.WARN),
    Stat("SLA: detect", timedelta(minutes=6), "limit 15 min", Tone.GOOD),
    Stat("Human touches, 30 d", Count(3), "down from 11", Tone.GOOD),
)
_H = timedelta(hours=1)
_M = timedelta(minutes=1)
STAGES = (
    StageRow(
        "Plan",
        "Planner",
        _DONE,
        "Kept 3 ad groups, proposed 1 test (H-14)",
        at("08:02"),
        4 * _M,
        48 * _H,
    ),
    StageRow(
        "Brief approval",
        "Jon Keller",
        _DONE,
        "Approved with one edit",
        at("09:15"),
        69 * _M,
        24 * _H,
    ),
    StageRow(
        "Build assets",
        "Builder",
        _DONE,
        "12 variants, 2 dropped by brand rules",
        at("09:16"),
        7 * _M,
    ),
    StageRow("Compliance", "Reviewer", _DONE, "18 of 18 passed", at("09:23"), 2 * _M, 2 * _H),
    StageRow("Launch", "Launcher", _DONE, "Live; snapshot s-0471", at("09:26"), 3 * _M, 4 * _H),
    StageRow(
        "Monitor",
        "Monitor",
        StageState.NOW,
        "CPA 3.4 σ above expected; second signal: page p75 6.2 s",
    ),
    StageRow(
        "Optimize",
        "Optimizer",
        StageState.WAITING,
        "Needs your decision: pause “competitor terms”",
        None,
        6 * _M,
        25 * _M,
        "prop-pause-competitor",
    ),
    StageRow("Learn", "Reviewer", StageState.AHEAD, "", at("15:00", -4)),
)
_RULE, _TOOL, _MODEL = TraceKind.RULE, TraceKind.TOOL, TraceKind.MODEL
TRACE = (
    TraceRow(at("12:53"), _RULE, "CPA above 2× target on 2 days → candidate anomaly"),
    TraceRow(
        at("12:53"),
        _TOOL,
        "ads.read(ad_group=competitor, 14 d) → 412 rows",
        0.4,
        given='{"ad_group": "competitor", "days": 14}',
        gave='{"rows": 412, "first_buyer": "m•••@•••.example"}',
    ),
    TraceRow(at("12:53"), _TOOL, "web.vitals(lp=/vs) → p75 6.2 s (was 1.9 s)", 1.1),
    TraceRow(
        at("12:53"), _MODEL, "Hypothesis: page slowdown, not creative", 2.3, 1912, euros("0.01")
    ),
    TraceRow(
        at("12:53"),
        _RULE,
        "Action “pause always-on” needs an approval → asked Jon Keller",
        is_deciding=True,
    ),
)
SETTINGS = (
    Setting("Goal", "CPA of EUR 19.80", "campaigns/brand-search.yaml"),
    Setting("Budget", "EUR 4,000-6,000/month"),
    Setting("Guardrail", "pause when CPA is 2× target for 2 days"),
    Setting("Escalates to", "Jon Keller, then Dana Ortiz"),
    Setting("Roll back", "snapshot s-0471, one step"),
)


def campaign_view(row: CampaignRow) -> CampaignView:
    """Everything of one campaign; the frozen one says who froze it."""
    is_brand = row.id == "brand-search"
    frozen = row.status is Status.FROZEN
    return CampaignView(
        row=row,
        stats=STATS,
        next_up="budget check",
        next_at=at("15:00"),
        series=series(falls=is_brand),
        cycle_id=f"{row.id}-2026-w48",
        cycle="week 48",
        stages=STAGES,
        flagged=TRACE if is_brand else (),
        settings=SETTINGS,
        file=f"campaigns/{row.id}.yaml",
        cycles=tuple(
            CycleLink(f"{row.id}-2026-w{week}", f"week {week}", "done", NOW.date())
            for week in (47, 46, 45)
        ),
        frozen_by="Mei Lindgren" if frozen else "",
        frozen_reason="Winter blend out of stock until Thursday" if frozen else "",
        is_observing=row.status is Status.OBSERVING,
        last_change_id="e-1047",
    )


CYCLES = {
    f"{row.id}-2026-w48": CycleView(
        f"{row.id}-2026-w48",
        "week 48",
        row.id,
        row.name,
        "monitoring",
        before(298),
        STAGES,
        (
            TraceGroup("Monitor", TRACE, 2),
            TraceGroup(
                "Launch",
                (
                    TraceRow(at("09:26"), _TOOL, "ads.apply(permit 118) → done", 0.8),
                    TraceRow(at("09:26"), TraceKind.PERSON, "Jon Keller approved pack 7f3a90c1"),
                ),
            ),
        ),
        "an answer of Jon Keller until 13:25",
        1912,
        euros("0.01"),
    )
    for row in CAMPAIGNS
}
REPLAYED = ReplayView(
    "From the same plan 1 field would read otherwise today; today’s 19 rules say something else "
    "of it.",
    (DiffRow("brand: Headlines", "Coffee that tastes of something", "Coffee with a reason"),),
    findings=(CheckLine(CheckState.WARNING, "New today: ad brand: two headlines say the same"),),
    left_out=(Setting("Approval", "people answered: their answers are theirs"),),
)
