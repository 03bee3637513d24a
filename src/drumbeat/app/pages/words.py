"""Words: fields and states of changes as typed values that a page can show, with their units."""

from collections.abc import Mapping
from datetime import datetime
from textwrap import shorten
from typing import Any
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.metric import better, unit
from drumbeat.core.campaign.quantity import Unit
from drumbeat.core.money import Money
from drumbeat.core.operations.metrics import NAMES
from drumbeat.web.views.value import Change, Count, Factor, Share, Tone, Value

# What a field is called where taking its name apart would not do.
_FIELDS = {
    "adds": "Spend it adds",
    "boost_minor": "Paid reach",
    "daily_budget_minor": "Daily budget",
    "target_cpa_minor": "Target cost per acquisition",
    "hold_out": "Kept from it for comparison",
    "publish_at": "Goes out",
    "send_at": "Goes out",
    "starts_at": "Starts",
    "until": "Runs until",
    "from_name": "Sender",
    "utm_campaign": "Campaign name in links",
}
# As much as a heading, or a line beside others, has room for.
_HEADLINE = 70
_MOMENTS = frozenset({"publish_at", "send_at", "starts_at", "until"})
_SHARES = frozenset({"hold_out", "share"})
# What says nothing to a person, or is shown in another way.
HIDDEN = frozenset(
    {"object", "currency", "wanted", "pack", "html", "text", "landing_url", "digest"}
)


def sentence(text: str) -> str:
    """A reason as a sentence of its own."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def role_words(*roles: str) -> str:
    """Roles as people say them: ``approver:budget`` is an approver for budget."""
    return " or ".join(role.replace(":", " for ", 1) for role in roles)


def label(field: str) -> str:
    """A field's name as people say it."""
    return _FIELDS.get(field) or field.removesuffix("_minor").replace("_", " ").capitalize()


def typed(field: str, value: Any, currency: str, zone: ZoneInfo) -> Value:
    """One field's value with its unit; None stays None."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case int() if field.endswith("_minor"):
            return Money(minor=value, currency=currency)
        case int() | float() if field in _SHARES:
            return Share(float(value))
        case int() | float():
            return Count(float(value)) if float(value).is_integer() else f"{value:g}"
        case str() if field in _MOMENTS:
            return moment(value, zone)
        case str():
            return value
        case list():
            return ", ".join(_short(one) for one in value) or "none"
        case _:
            return _short(value)


def moment(text: str, zone: ZoneInfo) -> datetime | str:
    """An instant of a document in the workspace's zone; what is no instant stays text."""
    try:
        return datetime.fromisoformat(text).astimezone(zone)
    except ValueError:
        return text


def metric_name(metric: str) -> str:
    """A metric as a heading says it: ``cost_per_acquisition`` is ``Cost per acquisition``."""
    return metric.replace("_", " ").capitalize()


def measured(metric: str, amount: float | None, currency: str) -> Value:
    """A metric's value with its unit; money comes in minor units."""
    if amount is None or metric not in NAMES:
        return None
    match unit(metric):
        case Unit.MONEY:
            return Money(minor=round(amount), currency=currency)
        case Unit.PERCENT:
            return Share(amount, 2 if amount < 0.01 else 1)
        case Unit.NUMBER if metric in ("return_on_ad_spend", "frequency"):
            return Factor(amount)
        case Unit.NUMBER:
            return Count(amount, is_short=amount >= 10_000)


def relative(now: float | None, before: float | None) -> Change | None:
    """The relative change; None where there is nothing to compare with."""
    return Change(now / before - 1) if now is not None and before else None


def tone_of(metric: str, change: Change | None, least: float = 0.02) -> Tone:
    """Good or bad by the metric's own direction; plain within ``least``."""
    if change is None or metric not in NAMES or abs(change.of_one) < least:
        return Tone.PLAIN
    rises = change.of_one > 0
    return Tone.GOOD if rises == (better(metric) == "higher") else Tone.BAD


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        named = (str(value[key]) for key in ("name", "subject", "text") if value.get(key))
        return next(named, f"{len(value)} fields")
    return str(value)


def headline(text: str) -> str:
    """What a finding is about in a few words: its likely cause, else how it begins."""
    cause = text.partition("Likely cause: ")[2] or text.partition("; ")[0]
    short = shorten(cause.strip().rstrip("."), _HEADLINE, placeholder="…")
    return short[:1].upper() + short[1:]
