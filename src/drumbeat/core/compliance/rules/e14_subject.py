"""E14: a subject says what the mail is, and nothing it is not."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.count.grapheme import graphemes, is_emoji
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import found, pattern
from drumbeat.core.compliance.place import Part, Place

RULE = RuleCard(
    id="E14",
    title="honest subject",
    severity=Severity.BLOCK,
    source="CAN-SPAM 15 USC 7704(a)(2)",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)
_SHOWN = 60
_REPLY = re.compile(rf"\s*\[?{pattern(Topic.REPLY).pattern}\]?\s*:", re.IGNORECASE)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """No false reply, no false paperwork, one run of emoji, not empty; over 60 characters warns."""
    for place in case.places:
        if place.part is Part.SUBJECT:
            yield from _about(place)


def _about(place: Place) -> Iterator[ReviewFinding]:
    subject = place.plain
    if not subject:
        yield _dishonest(place, "The subject is empty.", "a subject", "write one")
    if hit := _REPLY.match(subject):
        said = f"Subject starts with '{hit[0].strip()}' but is not a reply."
        yield _dishonest(place, said, "no reply mark on a first mail", "take the mark out")
    if paper := found(Topic.TRANSACTION, subject):
        said = f"“{paper}” makes a commercial mail look like paperwork."
        yield _dishonest(place, said, "words of a commercial mail", "say what the mail offers")
    if _emoji_runs(place.text) > 1:
        yield _dishonest(place, "More than one run of emoji.", "one run", "keep one emoji")
    if len(graphemes(subject)) > _SHOWN:
        yield _dishonest(
            place,
            f"The subject has {len(graphemes(subject))} characters; phones show {_SHOWN}.",
            f"{_SHOWN} characters",
            f"shorten it to {_SHOWN}",
            Severity.WARN,
        )


def _dishonest(
    place: Place, said: str, allowed: str, fix: str, severity: Severity = Severity.BLOCK
) -> ReviewFinding:
    shown = place.plain or "nothing"
    return RULE.finding(place.name, said, found=shown, allowed=allowed, fix=fix, severity=severity)


def _emoji_runs(text: str) -> int:
    marks = [is_emoji(one) for one in graphemes(text) if not one.isspace()]
    return sum(now and not before for before, now in zip([False, *marks], marks, strict=False))
