"""C13: no secret, no private data and no canary goes out."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote

from drumbeat.core.campaign.address import query_of
from drumbeat.core.campaign.copy_text import links_of
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.untrusted.leak import leaks

RULE = RuleCard(
    id="C13",
    title="secrets and personal data",
    severity=Severity.BLOCK,
    source="OWASP LLM02:2025; GDPR article 32",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)
_URL = re.compile(r"https?://\S+")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No text holds an address, number, key or canary that is not ours to show."""
    ours = (case.brand.sender.email, case.brand.sender.reply_to or "")
    for name, text in _texts(case):
        for leak in leaks(text, allowed=ours, canaries=case.facts.canaries):
            article = "an" if leak.kind[0] in "aeiou" else "a"
            yield RULE.finding(
                name,
                f"The text contains {article} {leak.kind}.",
                found=leak.found,
                allowed="no secrets, personal data or canaries; fields through merge tags only",
                fix="take it out",
            )


def _texts(case: ComplianceCase) -> Iterator[tuple[str, str]]:
    for place in case.places:
        yield place.name, _URL.sub(" ", place.text)
    for variant in case.variants:
        hidden = " ".join(case.pages[variant.name].hidden)
        yield f"mail variant {variant.name} html", hidden
    for name, url in links_of(case.assets):
        yield name, unquote(query_of(url))
