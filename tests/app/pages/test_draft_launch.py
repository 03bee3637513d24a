"""A launch in phase draft: its pack is read once, then what is alike of it in one review."""

import re
from datetime import timedelta

from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.proposal import Proposal
from drumbeat.gate import phases
from drumbeat.gate.rungs import Loss
from drumbeat.store import proposals
from drumbeat.store.proposals import Judged, Status
from tests.app.pages.browser import Browser
from tests.app.pages.world import LAUNCH, World


def test_it_takes_two_reviews_not_thirteen_and_each_item_is_bound_by_itself(world: World) -> None:
    asked = world.waiting(LAUNCH)[0].proposal
    campaign, door = asked.action.campaign, world.demo.app.gate.door
    with world.demo.app.database.write() as transaction:
        while phases.lower(door, transaction, campaign, Loss("a test", "wrong", "ledger#1")):
            pass
        assert phases.phase_of(door, transaction, campaign) is Phase.DRAFT
    mei = world.browser("mei")
    pack = f"/inbox/{asked.id}"
    assert rows(mei) == {asked.id}
    mei.post(f"{pack}/approve", seen_at=pack, fingerprint=asked.fingerprint, reason="fine")
    world.advance(timedelta(hours=3))
    posts = [one.proposal for one in world.waiting() if one.proposal.action.campaign == campaign]
    assert {one.action.kind for one in posts} == {"social.schedule_post"}
    assert len(posts) == 12
    (row,) = rows(mei)
    page = f"/inbox/{row}"
    chosen = re.findall(r'name="chosen" value="([^"]+)"( checked)?', mei.get(page).text)
    assert {value for value, checked in chosen if checked} == {
        f"{one.id}:{one.fingerprint}" for one in posts
    }
    values = [value for value, _ in chosen]
    late = values[0].partition(":")[0]
    order = [f"{late}:{'0' * 64}", *values[1:]]
    # Legal review is nobody's say in what a post says; brand's is.
    lena = world.browser("lena").post(f"{page}/approve-alike", seen_at="/inbox", chosen=values)
    assert lena.status_code >= 400
    assert {one.status for one in statuses(world, posts)} == {Status.WAITING}
    for _ in range(2):
        mei.post(f"{page}/approve-alike", seen_at=page, chosen=order, reason="as in the pack")
    found = {one.proposal.id: one.status for one in statuses(world, posts)}
    assert found.pop(late) is Status.WAITING, "its fingerprint was another"
    assert set(found.values()) == {Status.AGREED}
    given = [one for one in world.entries("approved") if one.subject in found]
    assert len(given) == len(found), "each is approved once, by itself"
    assert {one.actor for one in given} == {"person:mei"}


def rows(browser: Browser) -> set[str]:
    """The decisions that have a row of their own in the inbox."""
    return set(re.findall(r'data-item href="/inbox/(prop-[0-9a-f]+)"', browser.get("/inbox").text))


def statuses(world: World, asked: list[Proposal]) -> list[Judged]:
    with world.demo.app.database.read() as connection:
        return list(proposals.many(connection, [one.id for one in asked]).values())
