"""Scopes: the names of the budget windows that a spend at a moment falls into."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from drumbeat.core.money import Period
from drumbeat.gate.rules import Cap, Rules

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def caps_at(rules: Rules, campaign: str, now: datetime) -> dict[str, Cap]:
    """Every cap that binds the campaign now, by scope: its own, then the workspace's."""
    own = rules.campaigns.get(campaign)
    caps: dict[str, Cap] = {}
    for cap in own.caps if own else ():
        caps[f"campaign:{campaign}/{window(cap.period, now, own.timezone if own else 'UTC')}"] = cap
    for cap in rules.workspace_caps:
        caps[f"workspace/{window(cap.period, now, rules.timezone)}"] = cap
    return caps


def window(period: Period, now: datetime, timezone: str) -> str:
    """``month:2026-03`` and the like: the calendar window of local time that holds ``now``."""
    local = now.astimezone(ZoneInfo(timezone))
    match period:
        case Period.DAY:
            return f"day:{local:%Y-%m-%d}"
        case Period.WEEK:
            return f"week:{local:%G-W%V}"
        case Period.MONTH:
            return f"month:{local:%Y-%m}"
        case Period.QUARTER:
            return f"quarter:{local.year}-Q{(local.month + 2) // 3}"
        case Period.YEAR:
            return f"year:{local.year}"


def window_start(period: Period, now: datetime, timezone: str) -> datetime:
    """The local midnight at which the calendar window that holds ``now`` began."""
    local = now.astimezone(ZoneInfo(timezone))
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH | Period.QUARTER | Period.YEAR:
            length = _MONTHS[period]
            return day.replace(day=1, month=(day.month - 1) // length * length + 1)
