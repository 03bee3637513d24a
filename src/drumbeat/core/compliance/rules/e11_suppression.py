"""E11: whoever must not be written to is in no audience."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E11",
    title="suppression",
    severity=Severity.BLOCK,
    source="CAN-SPAM; GDPR article 21(3); CASL section 11",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("suppression_segments",),
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Every suppression segment is left out, and nobody suppressed is left in."""
    facts = case.facts
    for send in case.assets.sends:
        for name in sorted((facts.suppression_segments or frozenset()) - set(send.exclude)):
            yield _left_in(f"Segment {name} is not left out.", f"leaves out {send.exclude}", name)
        for name in sorted((facts.suppression_segments or frozenset()) & set(send.segments)):
            yield _left_in(f"Segment {name} is addressed.", f"addresses {send.segments}", name)
    if facts.suppressed_in_audience:
        count = facts.suppressed_in_audience
        yield _left_in(f"{count} suppressed addresses in the audience.", str(count), "unsubscribed")


def _left_in(said: str, found: str, name: str) -> ReviewFinding:
    return RULE.finding(
        "audience",
        said,
        found=found,
        allowed="nobody who left, complained or bounced",
        fix=f"add {name} to the campaign's audience under exclude",
    )
