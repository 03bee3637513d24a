"""House rules: what the platform refuses, with the reason it gives."""

from collections.abc import Mapping
from typing import assert_never

from drumbeat.connectors.simulated.market.auction import pool_of
from drumbeat.connectors.simulated.market.contacts import Contacts
from drumbeat.connectors.simulated.market.hours import hour_of
from drumbeat.connectors.simulated.market.order import (
    MarketObject,
    Order,
    Refusal,
    Reply,
    merged,
    shape,
)
from drumbeat.connectors.simulated.market.places import places_of
from drumbeat.connectors.simulated.market.scenario import Scenario
from drumbeat.connectors.simulated.market.shelf import Kept, Shelf
from drumbeat.core.campaign.objects import LineItem, Post, Send

_LONGEST_POST = {"mastodon": 500, "linkedin": 3_000, "instagram": 2_200}


def accept(
    order: Order, shelf: Shelf, scenario: Scenario, contacts: Contacts, at: float
) -> MarketObject | None:
    """The object the order leaves behind, None when it removes one. Raises Refusal."""
    kind = shape(order.target)
    before = shelf.objects.get(order.target)
    if before is not None and kind is Send and is_out(before, at):
        raise Refusal(f"{order.target}: has been sent and cannot be changed")
    if order.after is None:
        _removable(order.target, kind, before)
        return None
    after = merged(order.target, before.object if before else None, order.after)
    _fits(order.target, after, scenario, contacts, shelf.objects)
    if isinstance(after, Post) and before is not None and is_out(before, at):
        _only_boosted(order.target, before.object, after)
    return after


def is_out(kept: Kept, at: float) -> bool:
    """Whether a send or post has left: its hour has come and it was there when it came."""
    match kept.object:
        case Send(send_at=due) | Post(publish_at=due):
            return at >= max(hour_of(due), kept.due)
        case _:
            return True


def _removable(target: str, kind: type[MarketObject], before: Kept | None) -> None:
    if before is None:
        raise Refusal(f"{target}: is not there")
    if kind is Reply:
        raise Refusal(f"{target}: a reply, once read, cannot be taken back")


def _fits(
    target: str,
    after: MarketObject,
    scenario: Scenario,
    contacts: Contacts,
    others: Mapping[str, Kept],
) -> None:
    match after:
        case Send():
            _sendable(target, after, contacts)
        case LineItem():
            _bookable(target, after, scenario)
        case Post():
            _postable(target, after, scenario)
        case Reply():
            if after.post not in others:
                raise Refusal(f"{target}: there is no post {after.post!r} to reply to")
        case _:
            assert_never(after)


def _sendable(target: str, send: Send, contacts: Contacts) -> None:
    left_out = (s for one in send.variants for s in one.leaves_out)
    named = (*send.segments, *send.exclude, *left_out)
    unknown = [s for s in named if not contacts.knows(s)]
    if unknown:
        known = ", ".join(contacts.segment_names)
        raise Refusal(f"{target}: no segment is named {', '.join(unknown)}; there are {known}")
    if not send.variants:
        raise Refusal(f"{target}: a send needs at least one variant")
    if abs(sum(v.share for v in send.variants) - 1.0) > 1e-6:
        raise Refusal(f"{target}: the shares of the variants do not add up to 1")
    _distinct(target, [v.name for v in send.variants], "variants")
    if strange := {*send.only, *([send.calm] if send.calm else [])} - {
        v.name for v in send.variants
    }:
        raise Refusal(
            f"{target}: speaks of {', '.join(sorted(strange))}, which no variant is named"
        )


def _bookable(target: str, item: LineItem, scenario: Scenario) -> None:
    if item.currency != scenario.currency:
        raise Refusal(f"{target}: the account bills in {scenario.currency}, not {item.currency}")
    if not item.creatives:
        raise Refusal(f"{target}: a line item needs at least one creative")
    _distinct(target, [c.name for c in item.creatives], "creatives")
    places = places_of(pool_of(item, scenario)[0])
    if strange := sorted(item.placements.keys() - set(places)):
        raise Refusal(
            f"{target}: its people are not met in {', '.join(strange)};"
            f" there are {', '.join(places)}"
        )


def _postable(target: str, post: Post, scenario: Scenario) -> None:
    if post.network not in scenario.networks:
        known = ", ".join(scenario.networks)
        raise Refusal(f"{target}: no network is named {post.network!r}; there are {known}")
    longest = _LONGEST_POST.get(post.network, 5_000)
    if len(post.text) > longest:
        raise Refusal(f"{target}: {len(post.text)} characters; {post.network} takes {longest}")
    if post.boost_minor and post.currency != scenario.currency:
        raise Refusal(f"{target}: the account bills in {scenario.currency}, not {post.currency!r}")


def _only_boosted(target: str, before: MarketObject, after: Post) -> None:
    assert isinstance(before, Post)
    paid = {"boost_minor": after.boost_minor, "currency": after.currency}
    if before.model_copy(update=paid) != after:
        raise Refusal(f"{target}: is published; only its boost can change")


def _distinct(target: str, names: list[str], what: str) -> None:
    if len(set(names)) < len(names):
        raise Refusal(f"{target}: two {what} have the same name")
