"""U02: a name does nothing when a table opens it."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="U02",
    title="names in exports",
    severity=Severity.BLOCK,
    source="OWASP: CSV injection",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No name that will be a cell of an export starts like a formula."""
    for place, name in _names(case):
        if name[:1] in _FORMULA:
            yield RULE.finding(
                place,
                "A spreadsheet would run this name as a formula.",
                found=name,
                allowed="a name that starts with a letter or digit",
                fix="begin the name with a letter",
            )


def _names(case: ComplianceCase) -> Iterator[tuple[str, str]]:
    assets = case.assets
    for send in assets.sends:
        yield "name of the send", send.name
        yield "utm_campaign of the send", send.utm_campaign
        yield from (("subject of a variant", one.subject) for one in send.variants)
    for item in assets.line_items:
        yield "name of a line item", item.name
        yield from (("name of an ad", one.name) for one in item.creatives)
        yield from (("headline of an ad", text) for one in item.creatives for text in one.headlines)
    yield from (("name of a post", post.name) for post in assets.posts)
