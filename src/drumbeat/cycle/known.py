"""Known: what one look remembers of all the cycles it looks at, read in one batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from drumbeat.cycle import notebook, review, settled
from drumbeat.cycle.desk import Desk, Office
from drumbeat.cycle.notebook import Notebook
from drumbeat.store import settings


@dataclass(frozen=True)
class Known:
    """``reviewed`` holds the day of each campaign's last review."""

    reviewed: Mapping[str, str]
    _books: Mapping[str, Any]
    _thaws: Mapping[str, datetime]

    def book(self, desk: Desk) -> Notebook:
        """What the watch remembers of the cycle."""
        return notebook.read(self._books.get(desk.cycle.id))

    def thawed(self, desk: Desk) -> datetime | None:
        """When a person last ended a freeze of this campaign within the cycle."""
        at = self._thaws.get(desk.campaign.campaign)
        return at if at is not None and at > desk.cycle.occurrence_at else None


def gather(office: Office, desks: Sequence[Desk]) -> Known:
    """Two statements for all of them: some for each would be most of what a look costs."""
    books = {notebook.name_of(desk.cycle.id): desk.cycle.id for desk in desks}
    marks = {review.mark_of(one): one for one in sorted({d.campaign.campaign for d in desks})}
    with office.database.read() as connection:
        kept = settings.many(connection, [*books, *marks])
        thaws = settled.thaws(connection) if desks else {}
    return Known(
        reviewed={of: kept[name] for name, of in marks.items() if name in kept},
        _books={of: kept[name] for name, of in books.items() if name in kept},
        _thaws=thaws,
    )
