"""Page facts: how the pages of ours answer that a cycle's assets lead to."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from drumbeat.core.campaign.address import page_of
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.copy_text import links_of
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.compliance.host import address_trouble
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.cycle.desk import Desk
from drumbeat.gate import pages


def page_facts(
    desk: Desk, sight: Sight, within: timedelta | None
) -> tuple[dict[str, Any], frozenset[str]]:
    """What is known of the pages by field, and the fields somebody could know. ``within`` is how
    old an answer may be; None: nothing is asked for, the last answers do."""
    if not pages.are_read(desk.gate.door):
        return {}, frozenset()
    read = pages.read(desk.gate.door, sight, _addresses(desk), within)
    told = {} if read is None else {"pages": _statuses(read), "silent_pages": _silent(read)}
    return told, frozenset({"pages"})


def _addresses(desk: Desk) -> tuple[str, ...]:
    """What may not be linked to is the rules' business, and is not visited."""
    domains = desk.office.library.files.workspace.brand.domains
    links = (url for _, url in links_of(desk.document("assets", Assets)))
    ours = (page_of(url) for url in links if not address_trouble(url, domains))
    return tuple(dict.fromkeys(ours))


def _statuses(read: Mapping[str, PageReading]) -> dict[str, int]:
    return {name: one.status for name, one in read.items() if one.status is not None}


def _silent(read: Mapping[str, PageReading]) -> dict[str, str]:
    return {name: one.why for name, one in read.items() if one.status is None}
