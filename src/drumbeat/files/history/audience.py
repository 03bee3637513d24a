"""Audience from history: the segments an export of recipients implies, and their truths."""

import re
from collections.abc import Iterable
from decimal import Decimal

from drumbeat.core.campaign.audience import Condition, Segment
from drumbeat.core.campaign.history import HistoryRow


def segments_from(rows: Iterable[HistoryRow], dimensions: tuple[str, ...]) -> tuple[Segment, ...]:
    """One segment a value of each dimension, sized by contacts, largest first.

    Rows must come from an export with one line a recipient (measure ``contacts``). The truth of
    each segment is its visit and conversion rate among those who got a mail.
    """
    listed = tuple(rows)
    found = [
        _segment(dimension, value, [r for r in listed if r.dimensions.get(dimension) == value])
        for dimension in dimensions
        for value in sorted({r.dimensions[dimension] for r in listed if dimension in r.dimensions})
    ]
    return tuple(sorted(found, key=lambda segment: (-(segment.size or 0), segment.id)))


def _segment(dimension: str, value: str, rows: list[HistoryRow]) -> Segment:
    return Segment(
        id=_slug(f"{dimension}-{value}"),
        name=f"{dimension.replace('_', ' ').capitalize()}: {value}",
        description=f"Contacts whose {dimension.replace('_', ' ')} is {value} in the import.",
        rule=(Condition(field=dimension, equals=value),),
        truths=tuple(_truths(rows)),
        size=int(_sum(rows, "contacts")),
    )


def _truths(rows: list[HistoryRow]) -> Iterable[str]:
    mailed = [row for row in rows if row.measures.get("sent")]
    sent = _sum(mailed, "sent")
    for name in ("visits", "opens", "clicks", "conversions"):
        if sent and any(name in row.measures for row in mailed):
            share = _sum(mailed, name) / sent * 100
            yield f"{share:.2f}% {name} of {sent:,f} who got a mail."


def _sum(rows: list[HistoryRow], name: str) -> Decimal:
    return sum((row.measures.get(name, Decimal(0)) for row in rows), Decimal(0))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
