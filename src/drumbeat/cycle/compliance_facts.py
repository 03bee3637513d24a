"""Compliance facts: what the workspace's files and the readings tell the rules.

What no file and no reading tells stays absent. Of the sources here each always answers, so that
an empty answer of one is an answer; the rules warn of those that have none.
"""

from datetime import timedelta

from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.compliance.facts import ComplianceFacts
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.library import Library
from drumbeat.store import readings

_WEEK = timedelta(days=7)
# Below so many deliveries one complaint more or less is no rate.
_ENOUGH_DELIVERED = 1000
_TOLD_BY_FILES = frozenset(
    {"voice", "testimonials", "audience_attributes", "suppression_segments", "verified_domains"}
)


def known_facts(desk: Desk, plan: Plan, sight: Sight) -> ComplianceFacts:
    """The facts for one cycle's review; what the reviewer may not see is not known,
    and what is not known blocks."""
    library = desk.office.library
    reads_content, reads_segments = map(sight.may, (DataScope.CONTENT, DataScope.SEGMENTS))
    return ComplianceFacts(
        reachable=_TOLD_BY_FILES,
        voice=library.files.brand_voice,
        testimonials=_testimonials(library) if reads_content else None,
        proven=_proven(library) if reads_content else frozenset(),
        audience_attributes=_attributes(library, plan) if reads_segments else None,
        suppression_segments=_suppressed(library) if reads_segments else None,
        verified_domains=frozenset(library.files.workspace.brand.domains),
        complaint_rate=_complaint_rate(desk, sight),
    )


def _testimonials(library: Library) -> frozenset[str]:
    """Words the inventory keeps with the name of who said them."""
    return frozenset(one.quote.text for one in library.content.values() if one.quote)


def _proven(library: Library) -> frozenset[str]:
    """Sentences of the pieces that say where their claims are substantiated."""
    told = (_sentences(one) for one in library.content.values() if one.proof)
    return frozenset(sentence for sentences in told for sentence in sentences)


def _sentences(piece: Piece) -> tuple[str, ...]:
    return (piece.title, piece.summary, *piece.points)


def _attributes(library: Library, plan: Plan) -> frozenset[str]:
    """The fields of a contact by which the plan's segments choose."""
    named = {*plan.audience.include, *(s for line in plan.lines for s in line.segments)}
    chosen = (library.segments[name] for name in named if name in library.segments)
    return frozenset(condition.field for segment in chosen for condition in segment.rule)


def _suppressed(library: Library) -> frozenset[str]:
    return frozenset(one.id for one in library.segments.values() if one.suppression)


def _complaint_rate(desk: Desk, sight: Sight) -> float | None:
    """Complaints per mail delivered over the workspace's last 7 days; None while too few were."""
    wanted = sight.names(DataScope.READINGS, ("complaints", "delivered"))
    if len(wanted) < 2:
        return None
    with desk.office.database.read() as connection:
        counts = readings.sums(connection, wanted, desk.now - _WEEK, desk.now)
    delivered = counts.get("delivered", 0.0)
    enough = delivered >= _ENOUGH_DELIVERED
    return counts.get("complaints", 0.0) / delivered if enough else None
