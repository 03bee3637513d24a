"""How fast the simulated market is: twelve weeks of three programmes, opened from its journal.

Run: ``python benchmarks/market.py``.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from drumbeat.connectors.simulated.market.order import Order
from drumbeat.connectors.simulated.market.scenario import Scenario
from drumbeat.connectors.simulated.market.world import World

T = TypeVar("T")
START = datetime(2026, 3, 2, tzinfo=UTC)
WEEKS = 12


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.db"
        opened = _timed("open and place the orders", lambda: _filled(path))
        opened.close()
        world = _timed("open again", lambda: World.open(path, Scenario(), START))
        end = START + timedelta(weeks=WEEKS)
        seconds = time.process_time()
        world.advance(end)
        seconds = time.process_time() - seconds
        hours = WEEKS * 168
        print(f"replay {WEEKS} weeks: {seconds:.2f} s, {1000 * seconds / hours:.2f} ms an hour")
        _timed("one more hour", lambda: world.advance(end + timedelta(hours=1)))
        for target in ("send:news/3", "line_item:always-on/core", "site:shop"):
            _timed(f"first look at {target}", partial(_look, world, target))
            _timed(f"second look at {target}", partial(_look, world, target))


def _look(world: World, target: str) -> None:
    world.figures(target, START, world.as_of, world.as_of)


def _filled(path: Path) -> World:
    world = World.open(path, Scenario(), START)
    for name, segment in (
        ("core", "site-visitors"),
        ("similar", "lookalike-buyers"),
        ("new", "anybody"),
    ):
        world.apply(
            Order(f"line_item:always-on/{name}", _line_item(name, segment)), f"li-{name}", START
        )
    for week in range(WEEKS):
        send_at = START + timedelta(weeks=week, days=1, hours=8)
        world.apply(Order(f"send:news/{week}", _send(send_at, week)), f"send-{week}", START)
        for n, network in enumerate(Scenario().networks):
            for day in (0, 2, 4):
                at = START + timedelta(weeks=week, days=day, hours=9 + n)
                target = f"post:calendar/{week}/{network}-{day}"
                world.apply(Order(target, _post(network, at)), target, START)
    return world


def _line_item(name: str, segment: str) -> dict[str, Any]:
    creatives = [
        {
            "name": f"creative-{n}",
            "headlines": [f"Headline {n}"],
            "descriptions": ["A description"],
            "call_to_action": "Shop now",
            "landing_url": "https://shop.example/",
            "angle": angle,
            "format": "image",
        }
        for n, angle in enumerate(("benefit", "story", "proof"))
    ]
    return {
        "name": name,
        "daily_budget_minor": 12_000,
        "currency": "EUR",
        "segments": [segment],
        "breadth": "medium",
        "creatives": creatives,
        "bid_strategy": "lowest_cost",
        "until": (START + timedelta(weeks=WEEKS)).isoformat(),
    }


def _send(at: datetime, week: int) -> dict[str, Any]:
    variants = [
        {
            "name": style,
            "subject": f"Subject {style} {week}",
            "preheader": "",
            "html": "<p>Hello</p>",
            "text": "Hello",
            "share": 0.5,
            "style": style,
        }
        for style in ("benefit", "curiosity")
    ]
    return {
        "name": f"news {week}",
        "from_name": "Shop",
        "from_address": "news@shop.example",
        "reply_to": "help@shop.example",
        "segments": ["all_subscribers"],
        "send_at": at.isoformat(),
        "variants": variants,
        "theme": f"theme-{week % 4}",
        "angle": "benefit",
        "hold_out": 0.1,
        "utm_campaign": "news",
        "landing_url": "https://shop.example/",
    }


def _post(network: str, at: datetime) -> dict[str, Any]:
    return {
        "name": "post",
        "network": network,
        "text": "Hello",
        "topic": "brewing",
        "hook": "question",
        "format": "image",
        "publish_at": at.isoformat(),
    }


def _timed(what: str, action: Callable[[], T]) -> T:
    started = time.process_time()
    result = action()
    print(f"{what}: {1000 * (time.process_time() - started):.1f} ms")
    return result


if __name__ == "__main__":
    main()
