"""Shelf: the campaign filters each person has named, kept for them in every browser."""

from dataclasses import asdict, dataclass

from drumbeat.app.pages.ground import Ground
from drumbeat.store import settings
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.saved import SavedView
from drumbeat.web.views.shell import Person

# More than a row of them nobody finds again.
_MOST = 12


@dataclass(frozen=True)
class Shelf:
    """Twelve views a person at most: one more is refused. One of a known name replaces it; to drop
    one that is not kept is refused with 404."""

    ground: Ground

    def views(self, person: Person) -> tuple[SavedView, ...]:
        with self.ground.app.database.read() as connection:
            return tuple(SavedView(**one) for one in settings.get(connection, _key(person), []))

    def keep(self, person: Person, view: SavedView) -> Answer:
        others = [one for one in self.views(person) if one.name != view.name]
        if len(others) >= _MOST:
            return Refused(f"You keep {_MOST} views already; take one away first.")
        self._put(person, [*others, view])
        return Done(f"Kept as “{view.name}”")

    def drop(self, person: Person, name: str) -> Answer:
        known = self.views(person)
        left = [one for one in known if one.name != name]
        if len(left) == len(known):
            return Refused(f"You keep no view called “{name}”.", 404)
        self._put(person, left)
        return Done(f"“{name}” is gone")

    def _put(self, person: Person, views: list[SavedView]) -> None:
        with self.ground.app.database.write() as transaction:
            settings.put(transaction, _key(person), [asdict(one) for one in views])


def _key(person: Person) -> str:
    return f"views:{person.id}"
