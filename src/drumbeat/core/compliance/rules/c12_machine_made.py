"""C12: people know when no person wrote or stood there."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import found
from drumbeat.core.compliance.place import Part

RULE = RuleCard(
    id="C12",
    title="AI disclosure",
    severity=Severity.BLOCK,
    source="Regulation (EU) 2024/1689 article 50",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)
_WHOLE = frozenset({Part.POST, Part.SUBJECT, Part.DESCRIPTION})


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Automatic replies, made persons and public-interest texts say so."""
    facts = case.facts
    for media in facts.media:
        if media.is_synthetic and not found(Topic.MACHINE_MADE, media.label):
            yield _unsaid(
                media.url,
                "Image shows a generated person: add the AI label.",
                media.label or "no label",
                "a label such as “AI-generated”",
            )
    for place in case.places if facts.is_automatic_reply else ():
        if place.part in _WHOLE and not found(Topic.MACHINE_MADE, place.plain):
            yield _unsaid(
                place.name,
                "An automatic reply does not say so.",
                place.plain,
                "a notice that a machine answers",
            )
    if facts.is_public_interest and not facts.is_approved_by_person:
        for place in case.places:
            if place.part in _WHOLE and not found(Topic.MACHINE_MADE, place.plain):
                yield _unsaid(
                    place.name,
                    "A text of public interest nobody answers for.",
                    place.plain,
                    "a person's approval, or an AI label",
                )


def _unsaid(place: str, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        place, said, found=found, allowed=allowed, fix="add the notice where people see it first"
    )
