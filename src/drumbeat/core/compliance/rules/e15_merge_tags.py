"""E15: every reader gets whole sentences, whatever we know of them."""

import re
from collections.abc import Iterator
from datetime import date

from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.campaign.merge import MergeError, problems, render
from drumbeat.core.compliance.card import EVERYWHERE, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.sample_reader import READERS
from drumbeat.core.governance.action import Channel

RULE = RuleCard(
    id="E15",
    title="merge tags",
    severity=Severity.BLOCK,
    source="the grammar of merge tags",
    checked=date(2026, 11, 23),
    channels=EVERYWHERE,
)

_MERGED = re.compile(
    r"\{\{#block [a-z0-9_-]+\}\}.*?\{\{/block\}\}|\{\{[^{}]*\}\}|\{\{.{0,40}", re.DOTALL
)


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Every tag of a mail is allowed, has a fallback, and is filled for each of fifty sample
    readers; in ads and posts, where nothing is filled, there is none."""
    yield from _never_filled(case)
    for variant in case.variants:
        for part in ("subject", "preheader", "html", "text"):
            template: str = getattr(variant, part)
            place = f"mail variant {variant.name} {part}"
            troubles = problems(template) or _left_over(template, case.plan.audience.include)
            for trouble in troubles:
                yield RULE.finding(
                    place,
                    f"{trouble}.",
                    found=trouble,
                    allowed="known fields with a fallback, and nothing left when filled",
                    fix="write {{field|fallback}}, and {{#otherwise}} in every block",
                )


def _never_filled(case: ComplianceCase) -> Iterator[ReviewFinding]:
    for place in case.places:
        if place.channel is not Channel.EMAIL and (tag := _MERGED.search(place.text)):
            yield RULE.finding(
                place.name,
                "A merge tag stands where nothing is filled in.",
                found=tag[0],
                allowed="no tags in ads and posts",
                fix="write the words themselves",
            )


def _left_over(template: str, segments: tuple[str, ...]) -> tuple[str, ...]:
    """What is wrong with the mail some sample reader would get; the first of it."""
    if "{{" not in template:
        return ()
    if template.count("{{#block ") != template.count("{{/block}}"):
        return ("a block is opened and never closed",)
    # Only the merged parts: what stands between them is the same for every reader.
    parts = "\n".join(_MERGED.findall(template))
    for reader in READERS:
        try:
            render(parts, reader, segments[:1] if reader.get("first_name") else (), is_html=True)
        except MergeError as error:
            return (str(error),)
    return ()
