"""E20: nothing is in a mail that its readers cannot see."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.untrusted.invisible import shown

RULE = RuleCard(
    id="E20",
    title="hidden text",
    severity=Severity.BLOCK,
    source="Gmail sender guidelines: do not hide content in your messages",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)
_WORD = re.compile(r"\w+")
# Tag characters, direction overrides and the zero-width space; joiners have honest uses.
_TAG_BLOCK = re.compile("[\U000e0020-\U000e007f\u202a-\u202e\u2066-\u2069\u200b\u2060]")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Only the preheader may be hidden."""
    for variant in case.variants:
        allowed = _folded(variant.preheader)
        for text in case.pages[variant.name].hidden:
            if _folded(text) and _folded(text) != allowed:
                yield RULE.finding(
                    f"mail variant {variant.name} html",
                    "Text that no reader sees.",
                    found=text,
                    allowed="the preheader, and nothing else hidden",
                    fix="show it or take it out",
                )
        for part in ("subject", "preheader", "text"):
            if _TAG_BLOCK.search(getattr(variant, part)):
                yield RULE.finding(
                    f"mail variant {variant.name} {part}",
                    "Characters that spell words no reader sees.",
                    found=shown(getattr(variant, part)),
                    allowed="visible characters",
                    fix="take them out",
                )


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
