"""Pieces the market's tests are built from: objects with plain defaults, and a small market."""

from datetime import UTC, datetime, timedelta
from typing import Any

from drumbeat.connectors.simulated.market.order import Order
from drumbeat.connectors.simulated.market.scenario import Scenario, load
from drumbeat.connectors.simulated.market.world import World

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def creative(name: str = "a", **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "headlines": ["Coffee that arrives"],
        "descriptions": [],
        "call_to_action": "Shop now",
        "landing_url": "https://shop.example/",
        "angle": "benefit",
        "format": "image",
        **changes,
    }


def line_item(**changes: Any) -> dict[str, Any]:
    return {
        "name": "core",
        "daily_budget_minor": 10_000,
        "currency": "EUR",
        "segments": ["site-visitors"],
        "breadth": "medium",
        "creatives": [creative("a"), creative("b", angle="story")],
        "bid_strategy": "lowest_cost",
        "until": (START + 60 * WEEK).isoformat(),
        **changes,
    }


def variant(name: str = "only", share: float = 1.0, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "subject": "Fresh coffee",
        "preheader": "",
        "html": "<p>Hello</p>",
        "text": "Hello",
        "share": share,
        "style": "benefit",
        **changes,
    }


def send(at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "name": "news",
        "from_name": "Shop",
        "from_address": "news@shop.example",
        "reply_to": "help@shop.example",
        "segments": ["all-subscribers"],
        "send_at": at.isoformat(),
        "variants": [variant()],
        "theme": "brewing",
        "angle": "benefit",
        "utm_campaign": "news",
        "landing_url": "https://shop.example/",
        **changes,
    }


def post(at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "name": "post",
        "network": "instagram",
        "text": "Look at this cup",
        "topic": "brewing",
        "hook": "question",
        "format": "image",
        "publish_at": at.isoformat(),
        **changes,
    }


def world(
    orders: dict[str, dict[str, Any]] | None = None, *, seed: int = 7, **fields: Any
) -> World:
    """A market in memory, with orders placed at its start; fields are those of a scenario file."""
    opened = World.open(None, load(fields) if fields else Scenario(), START, seed)
    for target, after in (orders or {}).items():
        opened.apply(Order(target, after), key=target, at=START)
    return opened


def total(
    of: World, target: str, since: datetime, until: datetime, **where: str
) -> dict[str, float]:
    """A target's figures as known when the window closes, without or with given dimensions."""
    return known(of, target, since, until, until, **where)


def known(
    of: World, target: str, since: datetime, until: datetime, as_of: datetime, **where: str
) -> dict[str, float]:
    """A target's figures as known at a moment."""
    figures = of.figures(target, since, until, as_of) or []
    return {f.metric: f.value for f in figures if f.dimensions == where}
