"""E10: everybody who is mailed has agreed to it, and we can show it."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E10",
    title="consent on record",
    severity=Severity.BLOCK,
    source="GDPR article 7(1); ePrivacy article 13; PECR 22; CASL section 10",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("consent",),
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No recipient is without a valid consent record."""
    consent = case.facts.consent
    if consent is None:
        return
    if consent.recipients < 0 or any(count < 0 for count in consent.missing.values()):
        yield _without(consent.recipients, "counts below zero")
    missing = {why: count for why, count in consent.missing.items() if count > 0}
    if missing:
        why = "; ".join(f"{count}: {reason}" for reason, count in sorted(missing.items()))
        yield _without(sum(missing.values()), why)


def _without(count: int, why: str) -> ReviewFinding:
    return RULE.finding(
        "audience",
        f"{count} recipients have no valid consent.",
        found=why,
        allowed="basis, wording, time and source on record for each; double opt-in in Germany; "
        "implied consent in Canada for 24 months after a purchase, 6 after an inquiry",
        fix="leave them out, or ask them again",
    )
