"""U01: every link says where its visitor came from, in the agreed words."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl

from drumbeat.core.campaign.address import parts_of
from drumbeat.core.campaign.copy_text import links_of
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.compliance.card import ADS, EMAIL, SOCIAL, RuleCard
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.governance.action import Channel

RULE = RuleCard(
    id="U01",
    title="link parameters",
    severity=Severity.BLOCK,
    source="policy/naming.yaml; GDPR article 5(1)(c)",
    checked=date(2026, 11, 23),
    channels=EMAIL | ADS | SOCIAL,
)
_VALUE = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_PERSON = re.compile(r"@|%40|[0-9]{7,}|\{\{")


def check(case: ComplianceCase) -> Iterator[ReviewFinding]:
    """Source and medium are the channel's own, all are there once, lower case, nobody named."""
    utm = case.naming.utm
    if utm is None:
        return
    for name, url in links_of(case.assets):
        parts = parts_of(url)
        if parts is None:
            yield _tag(name, "The address cannot be read.", url, "an address people can follow")
            continue
        query = parse_qsl(parts.query, keep_blank_values=True)
        tags = [(key, value) for key, value in query if key.lower().startswith("utm_")]
        channel = _channel(name)
        wanted = {"source": utm.source.get(channel), "medium": utm.medium.get(channel)}
        yield from _missing(name, tags, utm.required)
        for key, value in tags:
            yield from _wrong(name, key, value, wanted.get(key[4:].lower()))
        keys = [key.lower() for key, _ in tags]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield _tag(name, f"{key} is there twice.", url, f"{key} once")


def _missing(
    name: str, tags: list[tuple[str, str]], required: tuple[str, ...]
) -> Iterator[ReviewFinding]:
    carried = {key.lower()[4:] for key, value in tags if value}
    for one in required:
        if one not in carried:
            yield _tag(name, f"utm_{one} is missing.", "nothing", f"utm_{one}=…")


def _wrong(name: str, key: str, value: str, wanted: str | None) -> Iterator[ReviewFinding]:
    if key != key.lower() or (value and not _VALUE.fullmatch(value)):
        better = re.sub(r"[^a-z0-9_.-]+", "-", value.lower())
        yield _tag(name, f"{key} “{value}” → “{better}”.", value, "a-z, 0-9, _ . -")
    elif wanted is not None and value and value != wanted:
        yield _tag(name, f"{key} is not the channel's.", value, wanted)
    if _PERSON.search(value):
        yield _tag(name, f"{key} names a person.", value, "nothing about one reader")


def _channel(name: str) -> Channel:
    if name.startswith("mail"):
        return Channel.EMAIL
    return Channel.SOCIAL if name.startswith("post") else Channel.ADS


def _tag(place: str, said: str, found: str, allowed: str) -> ReviewFinding:
    return RULE.finding(
        place, said, found=found, allowed=allowed, fix="tag the link by policy/naming.yaml"
    )
