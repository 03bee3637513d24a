"""E03: both parts of a mail show how to leave it, where everyone can read it."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.mail.page import Link

RULE = RuleCard(
    id="E03",
    title="visible unsubscribe link",
    severity=Severity.BLOCK,
    source="CAN-SPAM 15 USC 7704(a)(3); Gmail sender guidelines",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)
UNSUBSCRIBE = "{{unsubscribe_url}}"
_CONTRAST = 4.5


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """A readable link to the unsubscribe address in the HTML, the address in the text."""
    for variant in case.variants:
        place = f"mail variant {variant.name}"
        links = [one for one in case.pages[variant.name].links if UNSUBSCRIBE in one.href]
        if not any(_is_readable(one) for one in links):
            yield RULE.finding(
                f"{place} html",
                "No visible unsubscribe link in the body.",
                found=_best(links),
                allowed="a link to {{unsubscribe_url}} with text, contrast 4.5 or more",
                fix="add a plain link with words to {{unsubscribe_url}}",
            )
        if UNSUBSCRIBE not in variant.text:
            yield RULE.finding(
                f"{place} text",
                "The text part has no unsubscribe link.",
                found="no {{unsubscribe_url}}",
                allowed="{{unsubscribe_url}} in the text",
                fix="add a line with {{unsubscribe_url}}",
            )


def _is_readable(link: Link) -> bool:
    ratio = link.look.contrast
    return bool(link.text) and not link.look.is_unseen and ratio is not None and ratio >= _CONTRAST


def _best(links: list[Link]) -> str:
    if not links:
        return "no link to {{unsubscribe_url}}"
    one = links[-1]
    if not one.text or one.look.is_hidden:
        return "a link without visible words"
    ratio = one.look.contrast
    return "a link on a picture" if ratio is None else f"contrast {ratio:.1f}"
