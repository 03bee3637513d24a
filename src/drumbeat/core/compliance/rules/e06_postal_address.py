"""E06: both parts of a mail say where the sender can be reached by post."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E06",
    title="postal address",
    severity=Severity.BLOCK,
    source="CAN-SPAM 15 USC 7704(a)(5)",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """The configured address stands, visible, in HTML and text."""
    wanted = _flat(case.brand.postal_address)
    for variant in case.variants:
        parts = {"html": case.pages[variant.name].shown, "text": variant.text}
        for part, content in parts.items():
            if wanted not in _flat(content):
                yield RULE.finding(
                    f"mail variant {variant.name} {part}",
                    "Postal address is missing.",
                    found="no such line",
                    allowed=wanted,
                    fix="add the brand's postal address at the end",
                )


def _flat(text: str) -> str:
    return " ".join(text.casefold().replace(",", " ").split())
