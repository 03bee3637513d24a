"""E01: bulk mail says how to leave in one click, in headers its signature covers."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E01",
    title="one-click unsubscribe headers",
    severity=Severity.BLOCK,
    source="RFC 8058; Gmail and Yahoo requirements for bulk senders",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("headers",),
)
_ONE_CLICK = "List-Unsubscribe=One-Click"
_ADDRESS = re.compile(r"<\s*https://[^\s<>@]+\s*>")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """List-Unsubscribe holds an https address, the Post header its one value, DKIM signs both."""
    headers = case.facts.headers
    if headers is None:
        return
    if not _ADDRESS.search(headers.list_unsubscribe):
        yield _missing("List-Unsubscribe", headers.list_unsubscribe, "at least one <https://…>")
    if headers.list_unsubscribe_post.strip() != _ONE_CLICK:
        yield _missing("List-Unsubscribe-Post", headers.list_unsubscribe_post, _ONE_CLICK)
    if headers.dkim_signed is None:
        yield _unsaid()
        return
    signed = {name.lower() for name in headers.dkim_signed}
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        if name.lower() not in signed:
            covered = ", ".join(sorted(signed)) or "no header"
            yield _missing(name, f"a DKIM signature over {covered}", f"a signature over {name}")


def _unsaid() -> ReviewFinding:
    return RULE.finding(
        "DKIM signature",
        "Nobody said which headers the mail server signs.",
        found="no answer",
        allowed="a signature over List-Unsubscribe and List-Unsubscribe-Post",
        fix="write the h= of a mail that arrived into the connection's settings, as dkim_headers",
        severity=Severity.WARN,
    )


def _missing(name: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        f"header {name}",
        "The one-click unsubscribe header is missing or unsigned; Gmail rejects such bulk mail.",
        found=found or "nothing",
        allowed=allowed,
        fix="let the mail connection write and sign both headers",
    )
