"""Pages are read by leave, once an hour, and a host that is down is waited for once."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.gate import pages
from drumbeat.gate.door import Door
from drumbeat.store import pages as store
from drumbeat.testing.gate_world import ADS, GateWorld, gate_world
from drumbeat.testing.platform import FakePlatform

KIT, REFILL = "https://shop.example/kit", "https://shop.example/refill"
BLOG = "https://blog.shop.example/"


class Reader(FakePlatform):
    """``answers`` are statuses, or the error a page answers with; every visit is noted."""

    answers: dict[str, int | ErrorKind]
    visits: list[str]
    world: GateWorld

    def page(self, address: str) -> PageReading:
        self.visits.append(address)
        found = self.answers.get(address, 200)
        if isinstance(found, ErrorKind):
            raise ConnectorError(found, "no whole answer within 10 s")
        return PageReading(address=address, read_at=self.world.clock.now(), status=found)


@dataclass
class Site:
    door: Door
    world: GateWorld
    reader: Reader
    answers: dict[str, int | ErrorKind] = field(default_factory=dict)

    def read(
        self, *addresses: str, within: timedelta | None = pages.FRESH
    ) -> dict[str, int | str | None]:
        found = pages.read(self.door, Sight("reviewer", ("landing_pages",)), addresses, within)
        assert found is not None
        return {name: one.why or one.status for name, one in found.items()}

    def visited(self) -> list[str]:
        seen, self.reader.visits = self.reader.visits, []
        return seen


@pytest.fixture
def site(tmp_path: Path) -> Site:
    world = gate_world(tmp_path)
    door = world.gate.door
    desk = door.platforms[ADS].connector._desk
    reader = Reader(ADS, desk, world.site)
    reader.answers, reader.visits, reader.world = {}, [], world
    platforms = {ADS: replace(door.platforms[ADS], connector=reader)}
    made = replace(door, platforms=platforms, pages=ADS)
    return Site(made, world, reader, reader.answers)


def test_a_page_is_asked_for_once_an_hour_and_sooner_before_a_launch(site: Site) -> None:
    assert site.read(KIT, REFILL) == {KIT: 200, REFILL: 200}
    site.world.clock.advance(timedelta(minutes=50))
    assert site.read(REFILL, KIT) == {REFILL: 200, KIT: 200}
    assert site.visited() == [KIT, REFILL]
    site.read(KIT, within=pages.JUST_NOW)
    assert site.visited() == [KIT]
    site.world.clock.advance(timedelta(minutes=10))
    site.read(KIT, REFILL)
    assert site.visited() == [REFILL]


def test_a_page_that_did_not_answer_well_is_asked_for_sooner(site: Site) -> None:
    site.answers[KIT] = 404
    assert site.read(KIT) == {KIT: 404}
    del site.answers[KIT]
    site.world.clock.advance(timedelta(minutes=9))
    assert site.read(KIT) == {KIT: 404}
    site.world.clock.advance(timedelta(minutes=1))
    assert site.read(KIT) == {KIT: 200}


def test_a_host_that_does_not_answer_is_waited_for_once(site: Site) -> None:
    site.answers[KIT] = ErrorKind.DISCONNECTED
    why = "no whole answer within 10 s"
    assert site.read(KIT, REFILL, BLOG) == {KIT: why, REFILL: why, BLOG: 200}
    assert site.visited() == [KIT, BLOG]


def test_a_page_that_may_not_be_visited_says_nothing_of_its_host(site: Site) -> None:
    site.answers[KIT] = ErrorKind.BAD_REQUEST
    assert site.read(KIT, REFILL)[REFILL] == 200


def test_nothing_is_asked_for_where_the_last_answers_have_to_do(site: Site) -> None:
    site.read(KIT)
    site.visited()
    site.world.clock.advance(timedelta(days=9))
    assert site.read(KIT, REFILL, within=None) == {KIT: 200}
    assert site.visited() == []


def test_without_leave_nothing_is_read_and_the_question_is_remembered(site: Site) -> None:
    seen = Sight("reviewer", ("brief",))
    assert pages.read(site.door, seen, (KIT,)) is None
    assert (site.visited(), list(seen.denied)) == ([], ["landing_pages"])


def test_it_is_known_when_a_page_was_read_last(site: Site) -> None:
    def last() -> datetime | None:
        with site.door.database.read() as connection:
            return store.last_read(connection)

    assert last() is None
    site.read(KIT)
    site.world.clock.advance(timedelta(minutes=5))
    site.read(REFILL)
    assert last() == site.world.clock.now()


def test_no_links_are_no_visits(site: Site) -> None:
    assert site.read() == {}
    assert site.visited() == []
