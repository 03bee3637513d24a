"""E08: receivers can tell that the mail is ours."""

from collections.abc import Iterator
from datetime import date, timedelta

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="E08",
    title="SPF, DKIM and DMARC",
    severity=Severity.BLOCK,
    source="Gmail, Yahoo and Microsoft requirements for 5,000 mails a day",
    checked=date(2026, 11, 23),
    channels=EMAIL,
    needs=("dns",),
)
_POLICIES = frozenset({"none", "quarantine", "reject"})
_FRESH = timedelta(hours=24)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """SPF and DKIM align, DMARC is published, and somebody looked within a day."""
    records = case.facts.dns
    if records is None:
        return
    for host in sorted({send.from_address.rpartition("@")[2] for send in case.assets.sends}):
        found = records.get(host)
        if found is None:
            yield _missing(host, "No records were found.", "nothing", "SPF, DKIM and DMARC")
            continue
        if not found.spf_aligned:
            yield _missing(host, "SPF does not align.", "no alignment", "an aligned SPF record")
        if not found.dkim_aligned:
            yield _missing(host, "DKIM does not align.", "no alignment", "an aligned signature")
        if found.dmarc not in _POLICIES:
            yield _missing(
                host,
                f"DMARC record missing for {host}.",
                found.dmarc or "nothing",
                "p=none, p=quarantine or p=reject",
            )
        if case.now is not None and case.now - found.checked_at > _FRESH:
            yield _missing(
                host,
                "The records were looked up too long ago.",
                f"{found.checked_at:%Y-%m-%d %H:%M}",
                "a look within 24 hours",
            )


def _missing(host: str, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        f"domain {host}", said, found=found, allowed=allowed, fix=f"publish it for {host}"
    )
