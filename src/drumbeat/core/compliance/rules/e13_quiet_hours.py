"""E13: mail arrives when people are awake."""

from collections.abc import Iterator
from datetime import date, time
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E13",
    title="quiet hours",
    severity=Severity.BLOCK,
    source="the brand; 47 CFR 64.1200(c)(1) for text messages",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """In every zone of the audience the local time of the send is outside the quiet hours."""
    zones = case.facts.zones or {case.brief.timezone: 0}
    starts, ends = case.facts.quiet
    for send in case.assets.sends:
        for zone, count in sorted(zones.items()):
            local = send.send_at.astimezone(ZoneInfo(zone))
            if _is_quiet(local.time(), starts, ends):
                who = f"{count} recipients" if count else "Recipients"
                yield RULE.finding(
                    f"send in {zone}",
                    f"{who} would get this at {local:%H:%M} local time.",
                    found=f"{local:%H:%M} {zone}",
                    allowed=f"{ends:%H:%M} to {starts:%H:%M}",
                    fix="send later, or by the recipients' own time",
                )


def _is_quiet(at: time, starts: time, ends: time) -> bool:
    """Whether a time is in the window, which may span midnight."""
    return starts <= at < ends if starts <= ends else at >= starts or at < ends
