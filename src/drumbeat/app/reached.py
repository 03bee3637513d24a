"""Reached: whom a letter can be sent to, and by which way."""

from collections.abc import Iterator

from drumbeat.app.compose import App
from drumbeat.core.campaign.workspace import Person


def reached(app: App) -> Iterator[tuple[Person, str]]:
    """Every person with every way that reaches them themselves; agents read no letters."""
    for person in app.files.workspace.people:
        for via, way in app.gate.door.ways.items():
            if not person.agent and way.is_personal and (not way.people or person.id in way.people):
                yield person, via
