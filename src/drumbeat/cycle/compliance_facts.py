"""Compliance facts: what the workspace's files and the readings tell the rules.

What no file and no reading tells stays absent. Of the sources here each always answers, so that
an empty answer of one is an answer; the rules warn of those that have none.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.frequency import Mailing, over_by_segments
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.compliance.facts import ComplianceFacts, FrequencyTally
from drumbeat.core.governance.action import Channel
from drumbeat.cycle.declared_facts import lowest_prices, media, of_campaign, of_policy
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.library import Library
from drumbeat.cycle.mailings import mailings_around, own_mailing
from drumbeat.cycle.names import names_of, names_taken
from drumbeat.cycle.page_facts import page_facts
from drumbeat.gate import reads
from drumbeat.store import readings

_WEEK = timedelta(days=7)
# Below so many deliveries one complaint more or less is no rate.
_ENOUGH_DELIVERED = 1000
_TOLD_BY_FILES = frozenset(
    {"voice", "testimonials", "audience_attributes", "suppression_segments", "verified_domains"}
)
_COUNTS_OF_PEOPLE = frozenset({"consent", "suppressed_in_audience", "frequency", "zones"})


def known_facts(
    desk: Desk, plan: Plan, sight: Sight, page_age: timedelta | None
) -> ComplianceFacts:
    """The facts for one cycle's review; what the reviewer may not see is not known,
    and what is not known blocks. ``page_age``: see ``page_facts``."""
    library = desk.office.library
    reads_content, reads_segments = map(sight.may, (DataScope.CONTENT, DataScope.SEGMENTS))
    told, sources = _mail(desk)
    if not reads_segments:
        told = {name: value for name, value in told.items() if name not in _COUNTS_OF_PEOPLE}
    assets = desk.document("assets", Assets)
    read, readers = page_facts(desk, sight, page_age)
    return ComplianceFacts(
        reachable=_TOLD_BY_FILES | sources | readers,
        media=tuple(media(library.content.values(), assets)) if reads_content else (),
        lowest_prices=lowest_prices(sight.records(DataScope.OFFERS, library.offers.values())),
        testimonials=_testimonials(library) if reads_content else None,
        proven=_proven(library) if reads_content else frozenset(),
        audience_attributes=_attributes(library, plan) if reads_segments else None,
        suppression_segments=_suppressed(library) if reads_segments else None,
        verified_domains=frozenset(library.files.workspace.brand.domains),
        complaint_rate=_complaint_rate(desk, sight),
        names_taken=names_taken(desk, names_of(assets)),
        **of_policy(library.files.brand_voice, library.files.prohibited_claims),
        **of_campaign(desk.campaign.declares, assets.line_items),
        **told,
        **read,
    )


def _mail(desk: Desk) -> tuple[dict[str, Any], frozenset[str]]:
    """What is known of this cycle's mailing by field, and the fields somebody could know."""
    brief = desk.document("brief", Brief)
    own = own_mailing(desk.document("assets", Assets))
    if own is None:
        return {}, frozenset()
    cap = desk.office.library.files.workspace.brand.mails_a_week or 0
    others = mailings_around(desk, own) if cap else ()
    connection = brief.connections.get(Channel.EMAIL, "")
    facts, sources = reads.mail_facts(desk.gate.door, connection, own, others, cap)
    told = {one.name: getattr(facts, one.name) for one in fields(facts)}
    told["silence"] = dict.fromkeys(sources, told["silence"])
    if told["zones"] is not None:
        told["zones"] = _placed(told["zones"], brief.timezone)
    if "frequency" in sources:
        # Without a cap there is nothing to count against.
        return told, sources if cap else sources - {"frequency"}
    told["frequency"] = _frequency(desk, own, others, cap) if cap else None
    return told, sources | ({"frequency"} if told["frequency"] else set())


def _placed(zones: Mapping[str, int], zone: str) -> Mapping[str, int]:
    """Recipients by zone; those of whom none is known live where the campaign counts its days."""
    found = Counter({name: count for name, count in zones.items() if name})
    found[zone] += zones.get("", 0)
    return {name: count for name, count in found.items() if count}


def _frequency(
    desk: Desk, own: Mailing, others: tuple[Mailing, ...], cap: int
) -> FrequencyTally | None:
    """Counted by segments, where the platform counts no people."""
    over = over_by_segments(own, others, cap, desk.office.library.segment_sizes)
    return None if over is None else FrequencyTally(cap, over)


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
