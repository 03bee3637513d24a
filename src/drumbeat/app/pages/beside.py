"""Beside: what a mail, ad or post changes beside the one that went out in its place before."""

from collections.abc import Callable
from typing import Any

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.objects import LineItem, Post, Send

_Thing = Send | LineItem | Post
_Part = tuple[str, Callable[[Any], object]]
_PARTS: dict[type, tuple[_Part, ...]] = {
    Send: (
        ("subject lines", lambda send: [one.subject for one in send.variants]),
        ("preheaders", lambda send: [one.preheader for one in send.variants]),
        ("body", lambda send: [(one.html, one.text) for one in send.variants]),
        ("theme", lambda send: (send.theme, send.angle)),
        ("offer", lambda send: send.offer),
        ("audience", lambda send: (send.segments, send.exclude, send.hold_out)),
        ("hour", lambda send: (send.send_at.weekday(), send.send_at.time())),
    ),
    LineItem: (
        ("daily budget", lambda item: item.daily_budget_minor),
        ("ads", lambda item: item.creatives),
        ("audience", lambda item: (item.segments, item.exclude, item.breadth)),
        ("bid", lambda item: (item.bid_strategy, item.target_cpa_minor)),
        ("end of the flight", lambda item: item.until),
    ),
    Post: (
        ("text", lambda post: post.text),
        ("topic", lambda post: (post.topic, post.hook)),
        ("format", lambda post: post.format),
        ("hour", lambda post: (post.publish_at.weekday(), post.publish_at.time())),
        ("boost", lambda post: post.boost_minor),
    ),
}


def changed_since(target: str, thing: _Thing, now: Assets, before: Assets) -> tuple[str, ...]:
    """What is other than in the object of its place before: the same line item, or the mail or
    post of the same number. Empty where nothing is, or where nothing stood there."""
    earlier = before.objects().get(target) or _of_same_place(thing, now, before)
    if earlier is None or type(earlier) is not type(thing):
        return ()
    return tuple(name for name, part in _PARTS[type(thing)] if part(thing) != part(earlier))


def _of_same_place(thing: _Thing, now: Assets, before: Assets) -> _Thing | None:
    mine, theirs = (
        [one for one in made.objects().values() if type(one) is type(thing)]
        for made in (now, before)
    )
    place = mine.index(thing)
    return theirs[place] if place < len(theirs) else None
