"""A source is too old when something had to be read and was not, never because nothing happened."""

from datetime import timedelta

from drumbeat.web.views.connection import SourceRow
from tests.app.pages.world import World


def source(world: World, name: str) -> SourceRow:
    reads = world.services.connections
    assert reads is not None
    return next(one for one in reads.health().sources if one.name.startswith(name))


def test_quiet_is_not_too_old_and_unread_is(world: World) -> None:
    world.advance(timedelta(days=3))
    assert not source(world, "sends ").is_stale, "read, or nothing to read"
    # Time passes, and nobody looks: what runs should have been read, an old mail should not.
    world.demo.clock.advance(timedelta(days=4))
    ads, mail = source(world, "delivery "), source(world, "sends ")
    assert (ads.is_stale, ads.is_quiet) == (True, False)
    assert (mail.is_stale, mail.is_quiet) == (False, True)
    assert "nothing newer to tell of" in world.browser("ana").get("/connections").text
