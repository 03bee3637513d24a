"""E17: people who listen to a mail, or see little of it, can use it."""

from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import EMAIL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.lexicon.topic import Topic
from drumbeat.core.compliance.lexicon.words import pattern
from drumbeat.core.compliance.mail.page import MailPage

RULE = RuleCard(
    id="E17",
    title="accessible HTML",
    severity=Severity.BLOCK,
    source="WCAG 2.2, criteria 1.1.1, 1.3.1, 1.4.3, 2.4.4 and 3.1.1",
    checked=date(2026, 11, 23),
    channels=EMAIL,
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Language, alternative texts, contrast block; direction, table roles, link words warn."""
    for variant in case.variants:
        page = case.pages[variant.name]
        place = f"mail variant {variant.name} html"
        yield from _document(place, page)
        yield from _pictures(place, page)
        yield from _contrast(place, page)
        for link in page.links:
            if pattern(Topic.VAGUE_LINK).fullmatch(link.text.strip(" .!>»→")):
                yield _hard(
                    place,
                    "A link says nothing on its own.",
                    link.text,
                    "words that name the page",
                    "name where it leads",
                    Severity.WARN,
                )


def _document(place: str, page: MailPage) -> Iterator[ReviewFinding]:
    if not page.language:
        yield _hard(
            place,
            "The mail has no language.",
            "no lang on <html>",
            'lang="en"',
            "add lang to <html>",
        )
    if page.direction not in ("ltr", "rtl", "auto"):
        yield _hard(
            place,
            "The mail has no direction.",
            page.direction or "no dir on <html>",
            "ltr, rtl or auto",
            "add dir to <html>",
            Severity.WARN,
        )
    if page.unmarked_tables:
        yield _hard(
            place,
            "Tables for layout are read out as tables.",
            f"{page.unmarked_tables} tables without a role",
            'role="presentation"',
            "add the role",
            Severity.WARN,
        )


def _pictures(place: str, page: MailPage) -> Iterator[ReviewFinding]:
    for number, picture in enumerate(page.pictures, 1):
        if picture.alt is None:
            yield _hard(
                place,
                f"Image {number} has no alt text.",
                picture.src or "an image",
                "an alt attribute, empty for decoration",
                "say what it shows",
            )


def _contrast(place: str, page: MailPage) -> Iterator[ReviewFinding]:
    """The faintest words, once a page: the others share their cause."""
    faint = [
        (one.look.contrast, one.text, one.look.needs)
        for one in page.words
        if not one.look.is_unseen and (one.look.contrast or 21) < one.look.needs
    ]
    if faint:
        ratio, text, needs = min(faint)
        yield _hard(
            place,
            f"“{text[:60]}” is hard to read.",
            f"contrast {ratio:.1f}:1",
            f"{needs}:1",
            "darken the words or lighten the ground",
        )


def _hard(
    place: str,
    said: str,
    found: str,
    allowed: str,
    fix: str,
    severity: Severity = Severity.BLOCK,
) -> ReviewFinding:
    return RULE.finding(place, said, found=found, allowed=allowed, fix=fix, severity=severity)
