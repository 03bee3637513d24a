"""E18: a mail is short enough to be shown whole."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E18",
    title="Gmail clipping",
    severity=Severity.WARN,
    source="Gmail clips at about 102 KB",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)
_MOST = 102 * 1024


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """The HTML is at most 102 KB."""
    for variant in case.variants:
        size = case.pages[variant.name].size
        if size > _MOST:
            yield RULE.finding(
                f"mail variant {variant.name} html",
                f"HTML is {size // 1024} KB; Gmail cuts at about 102 KB and hides the way out.",
                found=f"{size:,} bytes",
                allowed=f"{_MOST:,} bytes",
                fix="shorten the mail",
            )
