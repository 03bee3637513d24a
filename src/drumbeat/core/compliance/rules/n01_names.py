"""N01: everything is named by the taxonomy, once."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.copy_text import links_of
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.link import utm_of
from drumbeat.core.campaign.naming import violation
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase

RULE = RuleCard(
    id="N01",
    title="names",
    severity=Severity.BLOCK,
    source="policy/naming.yaml",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Every campaign name follows a rule of the taxonomy and is used once."""
    for place, name in _campaign_names(case):
        if not any(violation(case.naming, rule, name) is None for rule in case.naming.rules):
            grammars = " or ".join(case.naming.rules.values())
            yield _misnamed(place, f"{name or 'No name'} follows no rule.", name, grammars)
        elif name in case.facts.names_taken:
            bearer = case.facts.names_taken[name]
            yield _alike(place, f"{name} is taken by a cycle of {bearer}.", name)
    assets = case.assets
    own = [one.name for one in assets.line_items]
    # Mails that share a deal are one mailing at two hours.
    own += [one.name for one in assets.posts] + list({one.name for one in assets.sends})
    for name in sorted({one for one in own if own.count(one) > 1}):
        yield _alike("assets", f"{name} is used twice.", name)


def _campaign_names(case: ComplianceCase) -> Iterator[tuple[str, str]]:
    for send in case.assets.sends:
        yield "send", send.name
        if send.utm_campaign != send.name:
            yield "utm_campaign of the send", send.utm_campaign
    for name, url in links_of(case.assets):
        if name.startswith(("line item", "post")):
            yield f"utm_campaign of {name}", utm_of(url).get("campaign", "")


def _alike(place: str, said: str, name: str) -> ReviewFinding:
    return RULE.finding(
        place,
        said,
        found=name,
        allowed="a name of its own",
        fix="put {campaign}, {yyyymm} and {dd} into the rule of policy/naming.yaml it is named by",
    )


def _misnamed(place: str, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        place,
        said,
        found=found or "nothing",
        allowed=allowed,
        fix="name it by policy/naming.yaml",
    )
