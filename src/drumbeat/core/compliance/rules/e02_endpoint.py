"""E02: leaving takes one POST and nothing else; looking changes nothing."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E02",
    title="unsubscribe endpoint",
    severity=Severity.BLOCK,
    source="RFC 8058 section 3",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("endpoint",),
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """POST answers 2xx at once without login; GET changes nothing."""
    tried = case.facts.endpoint
    if tried is None:
        return
    if not 200 <= tried.post_status < 300:
        found = f"status {tried.post_status}" if tried.post_status else "no answer"
        yield _broken("The unsubscribe link does not work.", found, "2xx")
    if tried.redirects:
        yield _broken("The unsubscribe link redirects a POST.", "a redirect", "an answer at once")
    if tried.needs_login:
        yield _broken("Unsubscribing asks for a login.", "a login or cookie", "neither")
    if tried.get_changes_state:
        said = "The unsubscribe link acts on GET: mail scanners would unsubscribe readers."
        yield _broken(said, "a change on GET", "a change on POST only")


def _broken(said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        "unsubscribe address", said, found=found, allowed=allowed, fix="repair the address"
    )
