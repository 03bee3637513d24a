"""Events: single happenings as a platform announces them: opens, clicks, orders, comments."""

from dataclasses import dataclass

import numpy as np

from drumbeat.connectors.simulated.market.comment import comments
from drumbeat.connectors.simulated.market.contacts import name as contact_name
from drumbeat.connectors.simulated.market.hours import moment_of
from drumbeat.connectors.simulated.market.lineup import half_of
from drumbeat.connectors.simulated.market.market import Market
from drumbeat.connectors.simulated.market.sales import Source
from drumbeat.core.canonical import name
from drumbeat.core.governance.action import Channel
from drumbeat.core.units import Moment

_LONGEST_READ = 42 * 24  # hours after a send, or a click, within which everything happens
# The event's kind, and the column of the mail tape that says when.
_COLUMNS = {
    "delivered": "sent",
    "opened": "opened",
    "clicked": "clicked",
    "bounced": "bounced",
    "complained": "complained",
    "unsubscribed": "unsubscribed",
}
KINDS = frozenset({*_COLUMNS, "converted", "commented"})
# What a channel's platform can tell of.
KINDS_OF = {
    Channel.EMAIL: frozenset({*_COLUMNS, "converted"}),
    Channel.ADS: frozenset({"converted"}),
    Channel.SOCIAL: frozenset({"converted", "commented"}),
}


@dataclass(frozen=True)
class Event:
    """One happening. ``address`` is of a synthetic contact; ``text`` is a comment's."""

    id: str
    kind: str
    at: Moment
    target: str
    address: str = ""
    author: str = ""
    text: str = ""
    value_minor: int = 0


def events(
    market: Market, since: float, until: float, kinds: frozenset[str] = KINDS
) -> list[Event]:
    """What happened from ``since`` to before ``until`` (hours since the epoch), in order."""
    found: list[Event] = []
    for kind in sorted(kinds & _COLUMNS.keys()):
        found += _mail_events(market, kind, since, until)
    if "converted" in kinds:
        found += _conversions(market, since, until)
    if "commented" in kinds:
        found += _comments(market, since, until)
    return sorted(found, key=lambda event: (event.at, event.id))


def _mail_events(market: Market, kind: str, since: float, until: float) -> list[Event]:
    rows = market.mail.between(since - _LONGEST_READ, until)
    when = rows[_COLUMNS[kind]]
    chosen = (when >= since) & (when < until)
    if kind == "delivered":
        chosen &= (rows["arm"] >= 0) & np.isinf(rows["bounced"])
    mine, at = rows[chosen], when[chosen]
    contacts = market.ground.contacts
    return [
        Event(
            id=name("evt", kind, target := market.sends.name(int(row["row"])), int(row["contact"])),
            kind=kind,
            at=moment_of(float(moment)),
            target=target,
            address=contacts.address(int(row["contact"])),
        )
        for row, moment in zip(mine, at, strict=True)
    ]


def _conversions(market: Market, since: float, until: float) -> list[Event]:
    rows = market.sales.between(since - _LONGEST_READ, until)
    at = rows["at"]
    mine = rows[rows["tracked"] & (at >= since) & (at < until)]
    return [_conversion(market, row) for row in mine]


def _conversion(market: Market, row: np.void) -> Event:
    # Two orders of one object at the very same moment do not happen: the moment is the name.
    moment = round(float(row["at"]) * 3.6e9)
    target = _sold_by(market, int(row["source"]), int(row["row"]))
    contact = int(row["contact"])
    return Event(
        id=name("evt", "converted", target, moment),
        kind="converted",
        at=moment_of(float(row["at"])),
        target=target,
        address=market.ground.contacts.address(contact) if contact >= 0 else "",
        value_minor=int(row["value"]),
    )


def _sold_by(market: Market, source: int, row: int) -> str:
    match Source(source):
        case Source.EMAIL:
            return market.sends.name(row)
        case Source.ADS:
            return half_of(market.slots.name(row).partition("#")[0])[0]
        case _:
            return market.posts.name(row)


def _comments(market: Market, since: float, until: float) -> list[Event]:
    begin, end = moment_of(since), moment_of(until)
    return [
        Event(
            id=said.id,
            kind="commented",
            at=said.at,
            target=said.target,
            author=said.author,
            text=said.text,
        )
        for said in comments(market, market.social.between(np.floor(since), until))
        if begin <= said.at < end
    ]


def unsubscribed(market: Market, at: float) -> list[str]:
    """The contacts that have left the list by a moment: opted out, complained or bounced."""
    gone = np.flatnonzero(market.gone_at <= at)
    return [contact_name(int(contact)) for contact in gone]
