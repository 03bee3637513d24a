"""Metric names in files: which exist, what they count in, where, and which way is better."""

from typing import Annotated, Literal

from pydantic import AfterValidator, WithJsonSchema

from drumbeat.core.campaign.known import unknown_name
from drumbeat.core.campaign.quantity import Unit
from drumbeat.core.governance.action import Channel
from drumbeat.core.operations import metrics

METRICS: frozenset[str] = metrics.NAMES
_LOWER_IS_BETTER = frozenset(
    {
        "bounces",
        "complaints",
        "unsubscribes",
        "negative_comments",
        "bounced_visits",
        "page_load_seconds",
        "spend",
        "bounce_rate",
        "spam_complaint_rate",
        "unsubscribe_rate",
        "cost_per_acquisition",
        "cost_per_mille",
        "frequency",
        "negative_comment_share",
        "site_bounce_rate",
    }
)
_EMAIL = frozenset({Channel.EMAIL})
_PUBLIC = frozenset({Channel.ADS, Channel.SOCIAL})
_SOCIAL = frozenset({Channel.SOCIAL})
_EVERYWHERE = _EMAIL | _PUBLIC
_ONLY_ON = {
    **dict.fromkeys(
        ("sent", "assigned", "delivered", "opens", "bounces", "complaints", "unsubscribes"), _EMAIL
    ),
    **dict.fromkeys(("impressions", "reach"), _PUBLIC),
    **dict.fromkeys(("engagements", "comments", "negative_comments", "followers"), _SOCIAL),
}


def unit(name: str) -> Unit:
    """What the metric counts in. A rate of like over like is a share, unless it can exceed one."""
    ratio = metrics.RATES.get(name)
    if ratio is None:
        return Unit.MONEY if metrics.BASE[name] is metrics.Unit.MONEY else Unit.NUMBER
    over, under = unit(ratio.over), unit(ratio.under)
    if over is not under:
        return Unit.MONEY
    return Unit.NUMBER if over is Unit.MONEY or name == "frequency" else Unit.PERCENT


def better(name: str) -> Literal["higher", "lower"]:
    """Which way is good."""
    return "lower" if name in _LOWER_IS_BETTER else "higher"


def channels(name: str) -> frozenset[Channel]:
    """The channels on which the metric can be measured."""
    ratio = metrics.RATES.get(name)
    if ratio is None:
        return _ONLY_ON.get(name, _EVERYWHERE)
    return channels(ratio.over) & channels(ratio.under)


def _known_metric(name: str) -> str:
    if name not in metrics.NAMES:
        raise unknown_name("metric", name, metrics.NAMES)
    return name


MetricName = Annotated[
    str,
    AfterValidator(_known_metric),
    WithJsonSchema({"type": "string", "enum": sorted(metrics.NAMES)}),
]
