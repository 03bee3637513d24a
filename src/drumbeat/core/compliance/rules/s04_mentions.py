"""S04: a post names, links and tags only what the brand agreed to."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.host import address_trouble

RULE = RuleCard(
    id="S04",
    title="mentions, links and hashtags",
    severity=Severity.BLOCK,
    source="the brand",
    checked=date(2026, 11, 23),
    channels=SOCIAL,
)
_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_HANDLE = re.compile(r"(?<![\w@.])@([\w.-]*\w)")
_TAG = re.compile(r"(?<![\w&#])#(\w*[^\W\d]\w*)")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Mentions and tags are on the list, links are ours, replies were agreed to."""
    facts = case.facts
    for number, post in enumerate(case.assets.posts, 1):
        place = f"post {number} on {post.network}"
        text = _URL.sub(" ", post.text)
        for handle in _HANDLE.findall(text):
            if handle.casefold() not in _folded(facts.handles):
                yield _unknown(place, f"@{handle} is not on the list.", handle, facts.handles)
        for tag in _TAG.findall(text) if facts.tags is not None else ():
            if tag.casefold() not in _folded(facts.tags):
                yield _unknown(place, f"#{tag} is not on the list.", tag, facts.tags)
        for url in _URL.findall(post.text):
            if trouble := address_trouble(url, case.brand.domains):
                yield _unknown(place, trouble, url, frozenset(case.brand.domains))
        if post.format == "reply" and not facts.is_approved_by_person:
            yield _unknown(
                place, "A reply nobody agreed to.", "a reply", frozenset({"an approval"})
            )


def _folded(names: frozenset[str] | None) -> frozenset[str]:
    return frozenset(one.lstrip("@#").casefold() for one in names or ())


def _unknown(place: str, said: str, found: str, allowed: frozenset[str] | None) -> ReviewFinding:
    return RULE.finding(
        place,
        said,
        found=found,
        allowed=", ".join(sorted(allowed or ())) or "none",
        fix="leave it out, or have the brand agree to it",
    )
