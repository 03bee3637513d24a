"""E07: a mail comes from whom it says it comes from."""

from collections.abc import Iterable, Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.host import is_ours

RULE = RuleCard(
    id="E07",
    title="sender identity",
    severity=Severity.BLOCK,
    source="CAN-SPAM 15 USC 7704(a)(1); CASL section 6(2)",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """From and Reply-To are ours, and the name people see is the brand."""
    ours = case.facts.verified_domains or frozenset({_domain(case.brand.sender.email)})
    for send in case.assets.sends:
        if _domain(send.from_address) not in ours:
            host = _domain(send.from_address)
            yield _wrong("From", f"{host} is not verified for this brand.", host, ours)
        if not is_ours(_domain(send.reply_to), case.brand.domains):
            host = _domain(send.reply_to)
            yield _wrong("Reply-To", "Answers would go to somebody else.", host, case.brand.domains)
        names = (case.brand.name.casefold(), case.brand.sender.name.casefold())
        if not any(name in send.from_name.casefold() for name in names):
            yield _wrong("From name", "The name is not the brand's.", send.from_name, names)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _wrong(place: str, said: str, found: str, allowed: Iterable[str]) -> ReviewFinding:
    return RULE.finding(
        place,
        said,
        found=found or "nothing",
        allowed=" or ".join(sorted(allowed)),
        fix="send from the brand's sender in drumbeat.yaml",
    )
