"""Mix: the campaigns every bench runs: evergreen ads, a weekly mail, three posts a week."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

ADS, MAIL, SOCIAL = "evergreen", "letter", "calendar"
CAMPAIGNS = (ADS, MAIL, SOCIAL)
# Line item, audience and daily budget in minor units.
_LINES = (
    ("visitors", "site-visitors", 9_000),
    ("lookalike", "lookalike-buyers", 9_000),
    ("brand", "brand-search", 5_000),
)
_ANGLES = ("benefit", "how-to", "story", "proof")
_THEMES = ("brewing", "origins", "recipes", "people", "gear")
_HOOKS = ("question", "number", "story", "tip")
_POST_DAYS = (0, 2, 4)

State = dict[str, Any]


def opening(
    start: datetime, weeks: int, currency: str, networks: Iterable[str]
) -> Iterator[tuple[str, State]]:
    """Everything the campaigns will run, by target; they read alike in every scenario."""
    for name, audience, budget in _LINES:
        yield f"line_item:{ADS}/{name}", _line(name, audience, budget, start, weeks, currency)
    for week in range(weeks):
        yield f"send:{MAIL}/{week:02d}", _send(week, start)
        for day in _POST_DAYS:
            for network in networks:
                yield f"post:{SOCIAL}/{week:02d}/{network}-{day}", _post(week, day, network, start)


def _line(
    name: str, audience: str, budget: int, start: datetime, weeks: int, currency: str
) -> State:
    return {
        "object": "line_item",
        "name": name,
        "daily_budget_minor": budget,
        "currency": currency,
        "segments": [audience],
        "exclude": [],
        "breadth": "medium",
        "creatives": [_creative(angle) for angle in _ANGLES],
        "bid_strategy": "lowest_cost",
        "status": "active",
        "until": (start + timedelta(weeks=weeks + 1)).isoformat(),
    }


def _creative(angle: str) -> State:
    return {
        "name": angle,
        "headlines": [f"A headline that argues by {angle}"],
        "descriptions": [],
        "call_to_action": "Shop now",
        "landing_url": "https://shop.example/",
        "angle": angle,
        "format": "image",
    }


def _send(week: int, start: datetime) -> State:
    style = ("benefit", "curiosity")[week % 2]
    theme = _THEMES[week % len(_THEMES)]
    return {
        "object": "send",
        "name": f"letter {week}",
        "from_name": "Shop",
        "from_address": "news@shop.example",
        "reply_to": "help@shop.example",
        "segments": ["all-subscribers"],
        "send_at": (start + timedelta(weeks=week, days=1, hours=8)).isoformat(),
        "variants": [
            {
                "name": style,
                "subject": f"{style.capitalize()}: {theme}",
                "preheader": "",
                "html": f"<p>{theme}</p>",
                "text": theme,
                "share": 1.0,
                "style": style,
            }
        ],
        "theme": theme,
        "angle": _ANGLES[week % len(_ANGLES)],
        "utm_campaign": MAIL,
        "landing_url": "https://shop.example/",
    }


def _post(week: int, day: int, network: str, start: datetime) -> State:
    count = 3 * week + day
    return {
        "object": "post",
        "name": f"post {week}-{day}",
        "network": network,
        "text": "A post of the bench.",
        "topic": _THEMES[count % len(_THEMES)],
        "hook": _HOOKS[count % len(_HOOKS)],
        "format": "image",
        "publish_at": (start + timedelta(weeks=week, days=day, hours=11)).isoformat(),
    }
