"""Doors for pages: every service of the pages over one made-up world."""

from dataclasses import dataclass

from drumbeat.testing.web_content.beginnings import MadeUpBeginnings
from drumbeat.testing.web_content.links import MadeUpLinks
from drumbeat.testing.web_content.sharing import MadeUpSharing
from drumbeat.testing.web_reads import Reads
from drumbeat.testing.web_verbs import Verbs
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.services import (
    Services,
)


@dataclass(frozen=True)
class Doors(Reads, Verbs):
    """The reads and verbs over one world; every protocol of the pages in one place."""


def services(world: WebWorld) -> Services:
    """Services of every page over one world."""
    doors = Doors(world)
    return Services(
        now=lambda: world.now,
        identity=doors,
        shell=doors,
        today=doors,
        decisions=doors,
        campaigns=doors,
        changes=doors,
        verbs=doors,
        hooks=doors,
        health=doors,
        assets=doors,
        cycles=doors,
        calendar=doors,
        experiments=doors,
        review=doors,
        autonomy=doors,
        connections=doors,
        search=doors,
        links=MadeUpLinks(),
        troubles=doors,
        views=doors,
        beginnings=MadeUpBeginnings(),
        sharing=MadeUpSharing(world),
    )
