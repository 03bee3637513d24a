"""C10: names and marks of others are used with permission."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="C10",
    title="competitors and trademarks",
    severity=Severity.APPROVAL,
    role="approver:legal",
    source="Google Ads trademarks policy; Directive 2006/114/EC article 4",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No name from the list of competitors and marks."""
    for name in case.facts.competitors:
        said = re.compile(rf"(?<!\w){re.escape(name.strip())}(?!\w)", re.IGNORECASE)
        for place in case.places:
            if name.strip() and (hit := said.search(place.plain)):
                yield RULE.finding(
                    place.name,
                    f"“{hit[0]}” is somebody else's name.",
                    found=hit[0],
                    allowed="our own names, or a comparison legal has agreed to",
                    fix="leave the name out, or ask legal",
                )
