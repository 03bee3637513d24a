"""Reword: the words of a waiting launch as a form, and what becomes of those that were changed."""

from collections.abc import Mapping

from drumbeat.app.pages.ground import Ground
from drumbeat.core.campaign.pack import LaunchPack
from drumbeat.core.campaign.rewording import words_of
from drumbeat.cycle.rewording import NotReworded, reword_launch
from drumbeat.store.proposals import Judged
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.decision import EditField
from drumbeat.web.views.shell import Person


def words_as_fields(pack: LaunchPack) -> tuple[EditField, ...]:
    """Every text of the launch that may be changed, as it stands."""
    return tuple(
        EditField(one.name, f"{one.part.capitalize()} of {one.of}", one.text, is_long=one.is_long)
        for one in words_of(pack.assets)
    )


def reworded(
    ground: Ground, judged: Judged, person: Person, values: Mapping[str, str], reason: str
) -> Answer:
    """Put the words into the launch; what the review does not let through is told, and kept in
    the form."""
    made = reword_launch(ground.app.office, judged.proposal.id, person.id, values, reason.strip())
    if isinstance(made, NotReworded):
        return Refused(f"{made.why[:1].upper()}{made.why[1:].rstrip('.')}.", 422)
    texts = "1 text" if len(made.changes) == 1 else f"{len(made.changes)} texts"
    return Done(f"Changed {texts}: the new launch is asked for anew, of somebody else")
