"""Lint: the first rules an asset must pass, each one small question about what was made."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from drumbeat.core.campaign.address import host_of, parts_of
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brand import ClaimSeverity, ProhibitedClaims
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.copy_text import Copy, copies, links_of, variants_of, visible
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.link import utm_of
from drumbeat.core.campaign.merge import problems
from drumbeat.core.campaign.naming import Naming
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.workspace import Brand
from drumbeat.core.money import CODES, Money

# Beyond this Gmail clips a mail, and with it the unsubscribe link.
_HTML_BYTES = 102 * 1024
_UTM_VALUE = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_MONEY = re.compile(r"\b([A-Z]{3}) ([0-9][0-9,]*(?:\.[0-9]{1,2})?)|([€$£])\s?([0-9][0-9,.]*)")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_CODE = re.compile(r"\b(?:code|Code)[:\s]+([A-Z0-9]{4,})\b")


@dataclass(frozen=True)
class ReviewCase:
    """What reviewing looks at: the cycle's papers and the policies in force."""

    brief: Brief
    plan: Plan
    assets: Assets
    brand: Brand
    offers: Mapping[str, Offer]
    claims: ProhibitedClaims
    naming: Naming
    # Sentences the inventory vouches for: prices in them are the inventory's, not the offer's.
    vouched: frozenset[str] = frozenset()


Rule = Callable[[ReviewCase], Iterator[ReviewFinding]]


def lengths(case: ReviewCase) -> Iterator[ReviewFinding]:
    """Every text fits the place it is for."""
    for copy in copies(case.assets):
        if copy.most and copy.length > copy.most:
            text = f"{copy.length} characters, {copy.most} fit"
            severity = Severity.WARN if copy.is_soft else Severity.BLOCK
            yield _finding("length", severity, copy, text, f"shorten it to {copy.most}")


def no_shouting(case: ReviewCase) -> Iterator[ReviewFinding]:
    """Ad headlines carry no exclamation mark; the platforms refuse them."""
    for copy in copies(case.assets):
        if "headline" in copy.subject and "!" in copy.text:
            yield _block("shouting", copy, "an ad headline may not shout", "take out the mark")


def merge_tags_hold(case: ReviewCase) -> Iterator[ReviewFinding]:
    """Every tag is known and has a fallback, every block has words for everyone."""
    for subject, variant in variants_of(case.assets):
        for part in ("subject", "preheader", "html", "text"):
            for trouble in problems(getattr(variant, part)):
                copy = Copy(f"{subject} {part}", "")
                yield _block("merge", copy, trouble, "write a fallback")


def offers_are_ours(case: ReviewCase) -> Iterator[ReviewFinding]:
    """Codes are those of the offer made; nobody invents one."""
    offer = case.offers.get(case.plan.offer.offer)
    for copy in copies(case.assets):
        for code in _CODE.findall(copy.text):
            if offer is None or code != offer.code:
                text = f"code {code} is not the code of the planned offer"
                yield _block("offer", copy, text, "use the code of data/offers.yaml")


def prices_are_true(case: ReviewCase) -> Iterator[ReviewFinding]:
    """An amount of money in a text is one the offer names, or one the inventory vouches for."""
    known = _amounts_of(case.offers.get(case.plan.offer.offer))
    for sentence in case.vouched:
        known |= set(_amounts(sentence))
    for copy in copies(case.assets):
        for amount in _amounts(copy.text):
            if amount not in known:
                text = f"{amount} is neither the offer's price nor vouched for by the inventory"
                yield _block("price", copy, text, "say the price of data/offers.yaml")


def claims_are_allowed(case: ReviewCase) -> Iterator[ReviewFinding]:
    """Nothing the policy prohibits is said, in any text a person would see."""
    for copy in copies(case.assets):
        words = " ".join(copy.text.casefold().split())
        for claim in case.claims.claims:
            said = next((p for p in claim.phrases if _says(words, p)), None)
            if said is not None:
                review = claim.severity is ClaimSeverity.REVIEW
                yield ReviewFinding(
                    rule=f"lint.claim.{claim.id}",
                    severity=Severity.APPROVAL if review else Severity.BLOCK,
                    subject=copy.subject,
                    text=f"says “{said}”: {claim.reason}",
                    fix=claim.allowed_with or "say it differently",
                    role="approver:legal" if review else "",
                    source=claim.source or "policy/prohibited_claims.yaml",
                )


def links_are_tagged(case: ReviewCase) -> Iterator[ReviewFinding]:
    """Links are https, lead to our own domains, and carry the declared parameters."""
    required = case.naming.utm.required if case.naming.utm else ()
    for subject, url in links_of(case.assets):
        copy = Copy(subject, url)
        parts = parts_of(url)
        is_https = parts is not None and parts.scheme == "https"
        if not is_https or not _is_ours(host_of(url), case.brand.domains):
            text = f"{url} leads to a place that is not ours"
            yield _block("link", copy, text, f"link to {', '.join(case.brand.domains)}")
        carried = utm_of(url)
        for name in required:
            if not _UTM_VALUE.fullmatch(carried.get(name, "")):
                text = f"utm_{name} is {carried.get(name) or 'missing'} in {url}"
                yield _block("utm", copy, text, "tag the link by policy/naming.yaml")


def mails_can_be_left(case: ReviewCase) -> Iterator[ReviewFinding]:
    """HTML and text both show how to unsubscribe and who writes, and the HTML is not clipped."""
    address = " ".join(case.brand.postal_address.split())
    for subject, variant in variants_of(case.assets):
        for part in ("html", "text"):
            content: str = getattr(variant, part)
            copy = Copy(f"{subject} {part}", "")
            if "{{unsubscribe_url}}" not in content:
                yield _block("unsubscribe", copy, "no unsubscribe link", "add {{unsubscribe_url}}")
            if address not in _flat(content):
                yield _block("address", copy, "the postal address is missing", "add it at the end")
        size = len(variant.html.encode())
        if size > _HTML_BYTES:
            text = f"HTML is {size // 1024} KB; Gmail clips at 102 KB"
            yield _block("size", Copy(f"{subject} html", ""), text, "shorten the mail")


def line_items_match_their_plan(case: ReviewCase) -> Iterator[ReviewFinding]:
    """What will spend money is exactly what was planned."""
    planned = {line.name: line for line in case.plan.lines}
    for item in case.assets.line_items:
        plan = planned.get(item.name)
        spends = (item.daily_budget_minor, item.currency)
        if plan is None or spends != (plan.daily_budget.minor, plan.daily_budget.currency):
            copy = Copy(f"line item {item.name}", "")
            yield _block("budget", copy, "its budget is not the planned one", "build it again")


RULES: tuple[Rule, ...] = (
    lengths,
    no_shouting,
    merge_tags_hold,
    offers_are_ours,
    prices_are_true,
    claims_are_allowed,
    links_are_tagged,
    mails_can_be_left,
    line_items_match_their_plan,
)


def _amounts_of(offer: Offer | None) -> set[Money]:
    if offer is None:
        return set()
    named = {offer.price} if offer.price else set()
    named |= {offer.discount} if isinstance(offer.discount, Money) else set()
    return named | set(_amounts(f"{offer.headline} {offer.terms}"))


def _amounts(text: str) -> Iterator[Money]:
    """Every amount a text names, as ``EUR 49`` or ``€49``."""
    for found in _MONEY.finditer(text):
        currency = found[1] or _SIGNS[found[3]]
        if currency not in CODES:
            continue  # three capitals and a number, but no money: "LOT 14"
        figure = (found[2] or found[4]).rstrip(".,")
        try:
            yield Money.parse(f"{currency} {figure}")
        except ValueError:
            yield Money.of(0, currency)


def _says(words: str, phrase: str) -> bool:
    """Whether the words hold the phrase as whole words, whatever their case."""
    wanted = phrase.casefold()
    if wanted not in words:  # mostly it is not, and a search is dear
        return False
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", words) is not None


def _is_ours(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _flat(content: str) -> str:
    return " ".join(visible(content).split())


def _block(rule: str, copy: Copy, text: str, fix: str) -> ReviewFinding:
    return _finding(rule, Severity.BLOCK, copy, text, fix)


def _finding(rule: str, severity: Severity, copy: Copy, text: str, fix: str) -> ReviewFinding:
    return ReviewFinding(
        rule=f"lint.{rule}", severity=severity, subject=copy.subject, text=text, fix=fix
    )
