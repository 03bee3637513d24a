"""E04: whoever leaves gets nothing more, whichever audience was built before."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E04",
    title="opt-outs honored",
    severity=Severity.BLOCK,
    source="Gmail: 2 days; CAN-SPAM and CASL: 10 business days",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("opt_outs",),
)
_MOST_HOURS = 48


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Suppression is read at dispatch and reaches every store within 48 hours."""
    opt_outs = case.facts.opt_outs
    if opt_outs is None:
        return
    if not opt_outs.read_at_dispatch:
        yield _late(
            "Suppression is read when the audience is built only.",
            "an older list",
            "the list read in the dispatch transaction",
        )
    if opt_outs.hours_to_all_stores > _MOST_HOURS:
        yield _late(
            "An opt-out takes too long to reach every store.",
            f"{opt_outs.hours_to_all_stores:g} hours",
            f"{_MOST_HOURS} hours",
        )


def _late(said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        "opt-outs", said, found=found, allowed=allowed, fix="repair the mail connection"
    )
