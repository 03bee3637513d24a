"""E16: links lead where they say, to places that are ours."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.address import page_of
from drumbeat.core.campaign.copy_text import links_of
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.facts import ComplianceFacts
from drumbeat.core.compliance.host import address_trouble, host_of, is_ours, said_host

RULE = RuleCard(
    id="E16",
    title="links",
    severity=Severity.BLOCK,
    source="Gmail sender guidelines; anti-phishing practice",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
    needs=("pages",),
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """https, an allowed host, no shortener, number or user name; the page answers, and the text
    names the same place."""
    for name, url in links_of(case.assets):
        trouble = address_trouble(url, case.brand.domains)
        if trouble:
            yield _wrong(name, trouble, url, case)
        elif said := _unanswered(page_of(url), case.facts):
            yield _wrong(name, said, url, case)
    for variant in case.variants:
        for link in case.pages[variant.name].links:
            said = said_host(link.text)
            leads = host_of(link.href)
            if said and leads and not is_ours(leads, (said,)) and not is_ours(said, (leads,)):
                told = f"Link text says {said} but goes to {leads}."
                yield _wrong(f"mail variant {variant.name} html", told, link.href, case)


def _unanswered(page: str, facts: ComplianceFacts) -> str:
    """What is wrong with how a page answered; empty where nothing is, or nobody asked."""
    status = (facts.pages or {}).get(page)
    if status is not None:
        return "" if 200 <= status < 400 else f"The page answers {status}."
    why = facts.silent_pages.get(page)
    return f"The page does not answer: {why}." if why else ""


def _wrong(place: str, said: str, found: str, case: ComplianceCase) -> ReviewFinding:
    return RULE.finding(
        place,
        said,
        found=found,
        allowed=f"https pages of {', '.join(case.brand.domains)} that answer",
        fix="link to the page itself",
    )
