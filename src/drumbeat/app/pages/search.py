"""Search: campaigns, waiting decisions and hypotheses by a few letters of their name."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from drumbeat.app.pages.decisions import Decisions
from drumbeat.app.pages.ground import Ground
from drumbeat.web.views.search import Hit
from drumbeat.web.views.shell import Person

# Waiting decisions looked through; more than that nobody finds by name.
_WAITING = 200


@dataclass(frozen=True)
class Search:
    """Finds titles that hold the text, whatever its case: campaigns, then decisions, hypotheses and
    freezes, ``limit`` in all; nothing for a blank text."""

    ground: Ground
    decisions: Decisions

    def search(self, text: str, person: Person, limit: int) -> tuple[Hit, ...]:
        wanted = text.strip().casefold()
        if not wanted:
            return ()
        hits = (hit for hit in self._everything(person) if wanted in hit.title.casefold())
        return tuple(islice(hits, limit))

    def _everything(self, person: Person) -> Iterator[Hit]:
        for name, campaign in self.ground.campaigns.items():
            yield Hit(campaign.title, "campaign", f"/campaigns/{name}")
        for item in self.decisions.queue(person, after=None, limit=_WAITING).items:
            yield Hit(item.title, "decision", f"/inbox/{item.id}")
        for spec in self.ground.app.files.hypotheses.values():
            yield Hit(f"{spec.id} {spec.claim}", "experiment", "/experiments")
        for name, campaign in self.ground.campaigns.items():
            yield Hit(f"Freeze {campaign.title}", "command", f"/freeze?scope={name}")
