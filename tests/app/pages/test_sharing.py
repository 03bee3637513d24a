"""A link for somebody without an account shows previews, takes remarks, and comes to an end."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from drumbeat.app.pages.sharing import Sharing
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.gate import share
from drumbeat.gate.erase import GuestErased, NotErased
from drumbeat.store import ledger, shares
from drumbeat.store.trouble_tables import notice
from drumbeat.web.verbs import Done, Refused
from drumbeat.web.views.shared import NothingShared, SharedView
from tests.app.pages.world import LAUNCH, World

TEXT = 'Larger cup <b>please</b>: https://evil.example/?a="1"'


def port(world: World) -> Sharing:
    found = world.services.sharing
    assert isinstance(found, Sharing)
    return found


def shared(world: World, *, days: int = 7, is_whole: bool = False, may_comment: bool = True) -> str:
    """The token of a fresh link for the first thing of the launch that waits."""
    asset = asset_of(world)
    whom = f"Client {len(port(world).links(asset))}"
    answer = port(world).share(
        asset, world.person("ana"), whom=whom, days=days, is_whole=is_whole, may_comment=may_comment
    )
    assert isinstance(answer, Done)
    link = next(one for one in port(world).links(asset) if one.whom == whom)
    return link.path.rpartition("/")[2]


def asset_of(world: World) -> str:
    return f"{world.waiting(LAUNCH)[0].proposal.action.cycle}.0"


def shown(world: World, token: str) -> SharedView:
    view = port(world).look(token)
    assert isinstance(view, SharedView)
    return view


def test_one_thing_or_all_of_a_cycle(world: World) -> None:
    assert len(shown(world, shared(world)).assets) == 1
    whole = shown(world, shared(world, is_whole=True))
    assert [number for number, _ in whole.assets] == [str(n) for n in range(len(whole.assets))]


def test_a_remark_is_kept_with_name_and_version_marked_as_a_guests_and_decides_nothing(
    world: World,
) -> None:
    token, before = shared(world), world.waiting(LAUNCH)
    view = shown(world, token)
    [(number, asset)] = view.assets
    say = port(world).remark
    assert isinstance(say(token, number, "other", "Robin", TEXT), Refused)
    assert isinstance(say(token, "999", asset.version, "Robin", TEXT), Refused)
    assert isinstance(say(token, number, asset.version, " ", TEXT), Refused)
    assert isinstance(say(token, number, asset.version, "Dana Okafor", TEXT), Done)
    assert isinstance(say(token, number, asset.version, "Dana Okafor", TEXT), Done), "once more"
    assert [one.text for _, one in shown(world, token).said] == [said(world)]
    page = world.browser("ana").get(f"/assets/{asset_of(world)}").text
    assert "Guest, by link" in page
    assert "https://evil.example" not in page
    [told] = world.entries("guest_commented")
    assert told.actor.startswith("guest:shr-")
    assert "cup" not in str(told.body) + told.actor
    assert "Dana" not in str(told.body)
    assert [one.status for one in world.waiting(LAUNCH)] == [one.status for one in before]
    assert "A guest, by link" in world.browser("ana").text("/changes")


def said(world: World) -> str:
    reads = world.services.assets
    assert reads is not None
    view = reads.asset(asset_of(world))
    assert view is not None
    return next(one.text for one in view.comments.items if one.is_guest)


def test_a_link_that_lets_look_takes_no_remark(world: World) -> None:
    token = shared(world, may_comment=False)
    [(number, asset)] = shown(world, token).assets
    answer = port(world).remark(token, number, asset.version, "Robin", TEXT)
    assert isinstance(answer, Refused)
    assert "not comment" in answer.reason


def test_taken_back_or_forged_or_late_it_shows_nothing(world: World) -> None:
    token = shared(world)
    made = share.open_share(world.demo.app.gate.door, token)
    assert not isinstance(made, share.NotShared)
    head, _, tail = token.partition(".")
    for other in ("", "x", f"{head}.", f"{head}.{tail[:-1]}", f"shr-0.{tail}", token * 9, "é.é"):
        assert isinstance(port(world).look(other), NothingShared)
    assert isinstance(port(world).unshare(made.id, world.person("lena")), Refused), "no such role"
    assert isinstance(port(world).unshare(made.id, world.person("sara")), Done)
    assert isinstance(port(world).look(token), NothingShared)
    assert isinstance(port(world).remark(token, "0", "v", "Robin", TEXT), Refused)
    assert [one.subject for one in world.entries("unshared")] == [made.subject]
    short = shared(world, days=1)
    world.demo.clock.advance(timedelta(days=1))
    assert port(world).look(short) == NothingShared("It has lapsed.")
    assert not any(short in one.path for one in port(world).links(asset_of(world)))


@pytest.mark.parametrize(
    ("account", "days", "whom", "why"),
    [
        ("lena", 7, "Client", "it takes one of these roles"),
        ("nobody", 7, "Client", "nobody who may share"),
        ("ana", 31, "Client", "30 days"),
        ("ana", 0, "Client", "30 days"),
        ("ana", 7, " ", "whom"),
        ("ana", 7, "x" * 81, "whom"),
    ],
)
def test_who_may_share_what_for_how_long(
    world: World, account: str, days: int, whom: str, why: str
) -> None:
    asset = asset_of(world)
    made = share.share(
        world.demo.app.gate.door,
        asset,
        account,
        cycle=asset.rpartition(".")[0],
        campaign="x",
        whom=whom,
        span=timedelta(days=days),
        may_comment=True,
    )
    assert isinstance(made, share.NotShared)
    assert why.casefold() in made.why.casefold()


def test_a_guests_remark_is_told_once_and_names_nobody(world: World) -> None:
    token = shared(world)
    [(number, asset)] = shown(world, token).assets
    for _ in range(2):
        answer = port(world).remark(token, number, asset.version, "Kim Lee", "Make it blue")
        assert isinstance(answer, Done)
    [kept] = [one for one in world.entries("guest_commented") if one.actor == guest(world, token)]
    with world.demo.app.database.read() as connection:
        rows = connection.execute(sa.select(notice).where(notice.c.text.contains(kept.subject)))
        told = [row for row in rows if row.made_at == kept.at]
    people = sorted(row.person for row in told if row.via == "inbox")
    assert len(people) == len(set(people)) > 0
    assert "ana" in people, "who gave the link"
    assert not any("Kim" in row.text or "blue" in row.text for row in told)


def guest(world: World, token: str) -> str:
    made = share.open_share(world.demo.app.gate.door, token)
    assert not isinstance(made, share.NotShared)
    return share.guest_of(made)


def test_a_guest_who_asks_is_forgotten_and_the_chain_stays_whole(world: World) -> None:
    token, gate = shared(world), world.demo.app.gate
    link = guest(world, token).removeprefix("guest:")
    [(number, asset)] = shown(world, token).assets
    for who in ("Pat Doe", "Sam Roe"):
        assert isinstance(port(world).remark(token, number, asset.version, who, f"by {who}"), Done)
    assert isinstance(gate.erase_guest(link, "ana", "asked"), NotErased), "no such role"
    assert isinstance(gate.erase_guest(link, "dana", "asked", "Jo"), NotErased), "no such name"
    one = gate.erase_guest(link, "dana", "asked", "Pat Doe")
    assert isinstance(one, GuestErased)
    assert one.remarks == 1
    assert [said.by for _, said in shown(world, token).said] == ["Sam Roe"]
    rest = gate.erase_guest(link, "dana", "asked")
    assert isinstance(rest, GuestErased)
    assert rest.remarks == 1
    assert isinstance(port(world).look(token), NothingShared)
    page = world.browser("ana").get(f"/assets/{asset_of(world)}").text
    assert "Erased: who said it asked for that." in page
    assert "Pat Doe" not in page
    with world.demo.app.database.read() as connection:
        made = shares.load(connection, link)
        assert made is not None
        assert made.whom == ""
        assert isinstance(verify(ledger.entries(connection), None), Intact)
