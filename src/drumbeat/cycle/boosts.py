"""Boosts: the campaigns that put money behind posts, and why none of it is weighed."""

from datetime import datetime

import sqlalchemy as sa

from drumbeat.agents.improving.boosts import Boosting
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.governance.action import Channel
from drumbeat.cycle.library import Library
from drumbeat.store import readings


def boosting(library: Library) -> list[Campaign]:
    """The campaigns that may put money behind posts and have no line items."""
    return [one for one in library.campaigns.values() if _boosts(one)]


def unknown(library: Library, connection: sa.Connection, since: datetime) -> list[str]:
    """Of each of them, why its response to money is not known."""
    return [_read(connection, one, since).unknown for one in boosting(library)]


def _boosts(one: Campaign) -> bool:
    has_money = bool(one.budget.range.high.minor and one.budget.per_day)
    return Channel.SOCIAL in one.channels and Channel.ADS not in one.channels and has_money


def _read(connection: sa.Connection, one: Campaign, since: datetime) -> Boosting:
    spend, conversions = (
        readings.total(connection, [one.campaign], metric, since) or 0.0
        for metric in ("spend", "conversions")
    )
    return Boosting(one.title, one.goal.metric, round(spend), conversions)
