"""The roaster's weekly review, its autonomy and the health of its connections."""

from collections.abc import Mapping
from datetime import date, timedelta

from drumbeat.core.governance.phase import Phase
from drumbeat.testing.web_content.people import before, euros
from drumbeat.web.views.autonomy import (
    ApprovalLoad,
    AutonomyView,
    EscalationPath,
    Level,
    LevelRow,
    MatrixRow,
    PhaseRow,
    RuleField,
    RuleForm,
    Rung,
    Simulation,
)
from drumbeat.web.views.connection import ConnectionRow, HealthView, SourceRow
from drumbeat.web.views.decision import CheckLine, CheckState
from drumbeat.web.views.review import Agreement, Kpi, ReviewView, RuleChange, Stumble
from drumbeat.web.views.value import Change, Count, Page, Share, Tone

REVIEW = ReviewView(
    week="2026-W47",
    first=date(2026, 11, 16),
    last=date(2026, 11, 22),
    business=(
        Kpi("Orders", Count(1284), Change(0.01), Tone.PLAIN, "attributed, 7 days"),
        Kpi("Revenue", euros("48210"), Change(-0.02), Tone.WARN, "attributed, 7 days"),
        Kpi("Cost per order", euros("21.40"), Change(0.06), Tone.BAD, "paid channels"),
        Kpi("Active subscribers", Count(12611), Change(0.01), Tone.GOOD, "mailed and not left"),
    ),
    operations=(
        Kpi(
            "Launch time",
            timedelta(hours=3, minutes=10),
            Change(-0.31),
            Tone.GOOD,
            "brief to live, median",
        ),
        Kpi("Decided without people", Share(0.78, 0), Change(0.06), Tone.GOOD, "of all decisions"),
        Kpi("SLAs kept", Share(0.97, 0), Change(0.02), Tone.GOOD, "planning to recovery"),
        Kpi("Policy violations", Count(0), Change(0), Tone.GOOD, "reached a platform"),
    ),
    flag="Operations got faster by a third while revenue did not: speed alone is not paying yet.",
    exceptions=Page(
        (
            Stumble(
                "Jon Keller rejected a budget raise: “knows more than the data”",
                "Retargeting evergreen",
                "e-1020",
            ),
            Stumble("Approval of issue 41 came 40 min after its deadline", "The Monday Roast"),
        ),
        None,
        2,
    ),
    agreement=(
        Agreement("Change a daily budget", 27, 29, 0.78),
        Agreement("Rotate creatives", 41, 41, 0.91),
        Agreement("Schedule a send", 5, 6, 0.44),
    ),
    rules=(
        RuleChange(
            "prop-raise-retargeting",
            "Rotate creatives without asking",
            "policy/action-matrix.yaml",
            "   ads.set_creatives:\n-    phase: full\n+    phase: conditional\n     risk: low",
            "41 of 41 answered as proposed (at least 91%), none rolled back.",
        ),
    ),
    grooming=("H-03 has waited for 90 days without anybody reading its source",),
    minutes="Kept: Tuesday sends.\nChanged: brand search watches page speed as a second signal.\n"
    "Open: does the faster launch bring anything?",
    earlier="2026-W46",
)
_N, _O, _A, _F = Level.NEVER, Level.OBSERVE, Level.ASK, Level.ACT
AUTONOMY = AutonomyView(
    version="7f3a90c1d2e4b5a6",
    matrix=(
        MatrixRow(
            "ads.set_budget",
            "Change a daily budget",
            "ads",
            ("optimizer",),
            "medium",
            (_A, _A, _F, _F),
            "budget",
            "10% a change, 20% a day",
        ),
        MatrixRow(
            "ads.set_creatives",
            "Rotate creatives",
            "ads",
            ("optimizer",),
            "low",
            (_A, _A, _A, _F),
            "brand",
            "cool-down 24 h",
        ),
        MatrixRow(
            "ads.pause",
            "Pause a line item",
            "ads",
            ("monitor", "optimizer"),
            "medium",
            (_A, _A, _A, _A),
            "performance",
            "2 signals",
        ),
        MatrixRow(
            "email.schedule_send",
            "Schedule a send",
            "email",
            ("launcher",),
            "medium",
            (_A, _A, _F, _F),
            "brand",
            "frequency limit",
        ),
        MatrixRow(
            "social.reply",
            "Reply in public",
            "social",
            (),
            "high",
            (_N, _A, _A, _A),
            "brand, legal",
            "two people",
        ),
        MatrixRow(
            "policy.change",
            "Change a policy",
            "workspace",
            ("optimizer",),
            "high",
            (_O, _A, _A, _A),
            "manager",
            "two people",
        ),
    ),
    ladder=(
        Rung(0.0, "recorded only"),
        Rung(0.6, "asks a person"),
        Rung(0.85, "acts inside its limits, says so"),
        Rung(0.95, "acts, sampled in the review"),
    ),
    phases=(
        PhaseRow("brand-search", "Brand search", Phase.CONDITIONAL, "27 of 40 answers for full"),
        PhaseRow("win-back", "Win-back 90 d", Phase.DRAFT, "6 of 20 answers for supervised"),
        PhaseRow(
            "weekly-newsletter",
            "The Monday Roast",
            Phase.SUPERVISED,
            "20 of 20 alike: could be conditional",
            "prop-send-42",
        ),
    ),
    levels=(
        LevelRow(
            "ads.set_budget",
            "Change a daily budget",
            "ads",
            _F,
            "people agreed 27 of 29 times (78% to 98%); its measured effect is at least +2%",
            since=before(17 * 24 * 60),
            by="approved by Dana Okafor",
            granted_on="ads.set_budget: people agreed 22 of 22 times (85% to 100%)",
        ),
        LevelRow(
            "social.boost_post",
            "Boost a post",
            "social",
            _A,
            "people agreed 3 of 4 times (30% to 95%)",
            "act",
            "16 more cases",
        ),
    ),
    paths=(
        EscalationPath("Data", ("Jon Keller", "engineering on duty")),
        EscalationPath("Creative", ("Ana Petrov", "Mei Lindgren")),
        EscalationPath("Legal", ("Mei Lindgren", "counsel", "freeze all")),
    ),
    load=(
        ApprovalLoad("Ana Petrov", 6, 12, timedelta(seconds=94), 0),
        ApprovalLoad("Jon Keller", 11, 12, timedelta(seconds=12), 2),
    ),
)


def rule_form(kind: str, typed: Mapping[str, str] | None) -> RuleForm | None:
    """The row of budgets, or what was typed of it."""
    if kind != "ads.set_budget":
        return None
    shown = {"phase": "conditional", "cooldown": "48h", **(typed or {})}
    fields = (
        RuleField("phase", "Alone from phase", "", shown["phase"], tuple(map(str, Phase))),
        RuleField("cooldown", "Rest between changes", "such as 48h", shown["cooldown"]),
    )
    is_forbidden = shown.get("forbidden") == "yes"
    return RuleForm(kind, "Change a daily budget", fields, is_forbidden)


def simulate(kind: str, phase: str, level: str) -> Simulation | None:
    """The same figures for every cell of the matrix; None for a cell there is not."""
    row = next((row for row in AUTONOMY.matrix if row.kind == kind), None)
    if row is None or phase not in set(Phase) or level not in set(Level):
        return None
    title = f"{row.title}, {phase}: {level}"
    return Simulation(title, 61, 20, 3, "The three were budget raises before a holiday.")


HEALTH = HealthView(
    connections=(
        ConnectionRow(
            "market",
            "simulated",
            "live",
            "works",
            Tone.GOOD,
            before(2),
            0.12,
            "1,200 of 10,000 calls an hour",
        ),
        ConnectionRow("mail", "smtp", "live", "works", Tone.GOOD, before(9)),
        ConnectionRow(
            "mastodon",
            "mastodon",
            "read-only",
            "slow",
            Tone.WARN,
            before(34),
            0.86,
            "258 of 300 calls in 5 min",
            "3 calls timed out today.",
            "Reading backs off by itself.",
        ),
    ),
    sources=(
        SourceRow("Orders", before(40), timedelta(hours=6), "every campaign", False),
        SourceRow("Stock", before(1900), timedelta(hours=24), "winter burst, newsletter", True),
        SourceRow("Site releases", before(200), timedelta(days=7), "monitor", False),
    ),
    doctor=(
        CheckLine(CheckState.PASSED, "Database: writable, 2.1 MB, WAL"),
        CheckLine(CheckState.PASSED, "Ledger: 1,047 entries, unbroken"),
        CheckLine(CheckState.PASSED, "Clock: 3 ms off"),
        CheckLine(
            CheckState.WARNING, "Stock file is 31 h old", "Export it again, or raise its limit."
        ),
    ),
)
