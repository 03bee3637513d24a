"""Past: the campaigns people ran by hand before the market opened.

One mail a week, two line items, three posts a week. They are played in a market of their own on
the same ground, without incidents, so that what a planner learns from them is true of the market
to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from drumbeat.connectors.simulated.market.journal import Journal
from drumbeat.connectors.simulated.market.order import Order
from drumbeat.connectors.simulated.market.scenario import Scenario
from drumbeat.connectors.simulated.market.world import World
from drumbeat.core.json_value import JsonValue

Fields = dict[str, JsonValue]


@dataclass(frozen=True)
class Vocabulary:
    """The labels the past used; name those of your own campaigns to learn about them."""

    themes: tuple[str, ...] = ("brewing", "origins", "recipes", "people", "gear")
    styles: tuple[str, ...] = ("benefit", "curiosity")
    angles: tuple[str, ...] = ("benefit", "how-to", "story", "proof")
    offers: tuple[str, ...] = ("", "", "first-refill")
    topics: tuple[str, ...] = ("people", "brewing", "origins", "recipes", "sustainability")
    hooks: tuple[str, ...] = ("question", "number", "story", "tip")
    formats: tuple[str, ...] = ("image", "video", "text")
    send_hours: tuple[int, ...] = (9, 9, 12, 18)
    audiences: tuple[str, ...] = ("site-visitors", "lookalike-buyers")


def play(scenario: Scenario, start: datetime, seed: int, weeks: int, words: Vocabulary) -> World:
    """A market that ran the ``weeks`` before ``start``, advanced up to it."""
    before = start - timedelta(weeks=weeks)
    calm = scenario.model_copy(update={"incidents": (), "standing": ()})
    world = World(calm, before, seed, Journal(None), contacts_from=start)
    _Past(world, words, before, weeks).order()
    world.advance(start)
    return world


class _Past:
    def __init__(self, world: World, words: Vocabulary, before: datetime, weeks: int) -> None:
        self._world, self._words, self._before, self._weeks = world, words, before, weeks
        self._zone = ZoneInfo(world.scenario.zone)

    def order(self) -> None:
        for week in range(self._weeks):
            self._apply(f"send:past-newsletter/{week:02d}", self._send(week))
            for nth, day in enumerate((0, 2, 4)):
                for network in self._world.scenario.networks:
                    target = f"post:past-calendar/{week:02d}/{network}-{nth}"
                    self._apply(target, self._post(week, nth, day, network))
        for audience in self._words.audiences:
            self._apply(f"line_item:past-ads/{audience}", self._line_item(audience))

    def _apply(self, target: str, after: Fields) -> None:
        order = Order(target, dict(after))
        self._world.apply(order, key=target, at=self._before)

    def _at(self, week: int, day: int, hour: int) -> str:
        first = self._before.astimezone(self._zone) + timedelta(weeks=week)
        monday = first - timedelta(days=first.weekday())
        moment = (monday + timedelta(days=day)).replace(hour=hour, minute=0, second=0)
        return moment.replace(microsecond=0).isoformat()

    def _send(self, week: int) -> Fields:
        words = self._words
        style = words.styles[week % len(words.styles)]
        theme = words.themes[week % len(words.themes)]
        # The odd stride keeps an hour or an angle from always meeting the same theme.
        hour = words.send_hours[(3 * week) % len(words.send_hours)]
        return {
            "name": f"newsletter {week}",
            "from_name": "Shop",
            "from_address": "news@shop.example",
            "reply_to": "help@shop.example",
            "segments": ["all-subscribers"],
            "send_at": self._at(week, 1, hour),
            "variants": [_variant(style, theme)],
            "theme": theme,
            "angle": words.angles[(week * 3) % len(words.angles)],
            "offer": words.offers[week % len(words.offers)],
            "utm_campaign": "past-newsletter",
            "landing_url": "https://shop.example/",
        }

    def _post(self, week: int, nth: int, day: int, network: str) -> Fields:
        words, count = self._words, 3 * week + nth
        return {
            "name": f"post {week}-{nth}",
            "network": network,
            "text": "A post of the past.",
            "topic": words.topics[count % len(words.topics)],
            "hook": words.hooks[count % len(words.hooks)],
            "format": words.formats[(count * 2 + week) % len(words.formats)],
            "publish_at": self._at(week, day, (8, 12, 17)[(count + week) % 3]),
        }

    def _line_item(self, audience: str) -> Fields:
        return {
            "name": audience,
            "daily_budget_minor": 6_000,
            "currency": self._world.scenario.currency,
            "segments": [audience],
            "breadth": "medium",
            "creatives": [_creative(angle) for angle in self._words.angles],
            "bid_strategy": "lowest_cost",
            "until": (self._before + timedelta(weeks=self._weeks + 1)).isoformat(),
        }


def _variant(style: str, theme: str) -> Fields:
    subject = f"{style.capitalize()}: {theme}"
    return {
        "name": style,
        "subject": subject,
        "preheader": "",
        "html": f"<p>{theme}</p>",
        "text": theme,
        "share": 1.0,
        "style": style,
    }


def _creative(angle: str) -> Fields:
    return {
        "name": angle,
        "headlines": [f"A headline that argues by {angle}"],
        "descriptions": [],
        "call_to_action": "Shop now",
        "landing_url": "https://shop.example/",
        "angle": angle,
        "format": "image",
    }
