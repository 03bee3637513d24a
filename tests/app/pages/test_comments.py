"""Comments on assets: kept with their version, told in the ledger without words, shown inert."""

import pytest

from tests.app.pages.world import LAUNCH, World

TEXT = 'Too long <b>now</b>: see https://evil.example/?a="1"\u202e'


def asset_of(world: World) -> str:
    return f"{world.waiting(LAUNCH)[0].proposal.action.cycle}.0"


def test_a_comment_is_kept_with_its_version_and_shown_escaped(world: World) -> None:
    path = f"/assets/{asset_of(world)}"
    reads = world.services.assets
    assert reads is not None
    view = reads.asset(asset_of(world))
    assert view is not None
    browser = world.browser("ana")
    fields = {"version": view.version, "text": TEXT}
    assert browser.post(f"{path}/comments", seen_at=path, **fields).status_code == 303
    page = browser.get(path).text
    assert "Too long &lt;b&gt;now&lt;/b&gt;" in page
    assert "https://evil.example" not in page
    assert "\u202e" not in page
    told = world.entries("commented")[-1]
    assert (told.actor, told.subject) == ("person:ana", asset_of(world))
    assert "Too long" not in str(told.body)
    assert "Commented" in browser.text("/changes")


def test_a_comment_about_another_version_or_by_nobody_who_may_is_refused(world: World) -> None:
    path = f"/assets/{asset_of(world)}"
    stale = {"version": "00000000", "text": "keep me"}
    refused = world.browser("ana").post(f"{path}/comments", seen_at=path, **stale)
    assert refused.status_code == 409
    assert "keep me</textarea>" in refused.text
    assert world.entries("commented") == []


@pytest.mark.parametrize("count", [45])
def test_many_comments_are_paged(world: World, count: int) -> None:
    reads, person = world.services.assets, world.person("ana")
    assert reads is not None
    view = reads.asset(asset_of(world))
    assert view is not None
    for number in range(count):
        reads.comment(view.id, view.version, person, f"remark {number}")
    first = reads.asset(view.id, limit=20)
    assert first is not None
    assert (len(first.comments.items), first.comments.total) == (20, count)
    last = reads.asset(view.id, after="40", limit=20)
    assert last is not None
    assert (len(last.comments.items), last.comments.next) == (5, None)
