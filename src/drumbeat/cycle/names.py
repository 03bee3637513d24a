"""Names: those a cycle's sends and links bear, and which of them another cycle bears already."""

from collections.abc import Mapping
from datetime import timedelta

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.copy_text import links_of
from drumbeat.core.campaign.link import utm_of
from drumbeat.core.noun import Noun
from drumbeat.cycle.desk import Desk
from drumbeat.store import cycles

DOCUMENT = "names"
# Reports are read side by side for a year; a name that comes again later is no clash.
_REACH = timedelta(days=400)


class Names(Noun):
    """What a cycle's review let it be called: its mails, and the campaign its links tell of."""

    sends: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def names_of(assets: Assets) -> Names:
    """The names of mails, and of the campaign in the links' UTM parameters; sorted, each once."""
    links = (utm_of(url).get("campaign", "") for _, url in links_of(assets))
    return Names(
        sends=tuple(sorted({one.name for one in assets.sends})),
        links=tuple(sorted({one for one in links if one})),
    )


def names_taken(desk: Desk, own: Names) -> Mapping[str, str]:
    """Of this cycle's names those that others bear, and the campaign that does: of two cycles
    that would be called alike, the one that is reviewed first is. Links of one campaign may go
    on bearing the name they began with."""
    at, home = desk.cycle.occurrence_at, desk.campaign.campaign
    with desk.office.database.read() as connection:
        rows = cycles.between(connection, at - _REACH, at + _REACH)
        others = [one for one in rows if one.id != desk.cycle.id and one.is_reviewed]
        kept = cycles.read_many(connection, [one.id for one in others], DOCUMENT)
    taken: dict[str, str] = {}
    for row in others:
        theirs = Names.model_validate(kept.get(row.id) or {})
        alike = {*own.sends} & {*theirs.sends}
        if row.campaign != home:
            alike |= {*own.sends, *own.links} & {*theirs.sends, *theirs.links}
        taken |= dict.fromkeys(alike, row.campaign)
    return taken
