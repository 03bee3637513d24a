"""Added: what a campaign brought that would not have come anyway, told from its hold-out."""

from datetime import datetime, timedelta

from drumbeat.app.compose import App
from drumbeat.core.experiments.geo_added import RETURN, added_by_ads
from drumbeat.core.experiments.incremental import Lifted, incremental
from drumbeat.core.governance.action import Channel
from drumbeat.core.money import Money
from drumbeat.cycle.harvest import SITE
from drumbeat.cycle.launch import held_key
from drumbeat.store import readings, settings

# Hold-outs are small and weeks are noisy: a quarter tells what a week cannot.
_SINCE = timedelta(weeks=13)
_BY_REGION = ("orders", "revenue")
_BY_ARM = (
    "reach",
    "orders",
    "revenue",
    "qualified_leads",
    "delivered",
    "unsubscribes",
    "complaints",
)


def added(app: App, name: str, now: datetime) -> tuple[Lifted, ...]:
    """Every outcome of a campaign against those kept from it; none without a hold-out."""
    campaign = app.files.campaigns[name]
    if not campaign.experiments.holdout:
        return ()
    since = now - _SINCE
    found: tuple[Lifted, ...] = ()
    with app.database.read() as connection:
        if Channel.EMAIL in campaign.channels:
            mails = readings.of(connection, name, metrics=_BY_ARM, since=since, until=now)
            found += incremental(mails)
        if Channel.ADS in campaign.channels:
            held = settings.get(connection, held_key(name), {})
            start = datetime.fromisoformat(held["since"]) if held.get("geos") else None
            shop = readings.of(
                connection, "", targets=(SITE,), metrics=_BY_REGION, since=since, until=now
            )
            spent = readings.daily_of(connection, (name,), ("spend",), start or now).get(name, {})
            spend = sum(cost for day, cost in spent.get("spend", {}).items() if day < now)
            found += added_by_ads(shop, held.get("geos", []), start, spend)
    return found


def amount(outcome: str, value: float, currency: str) -> str:
    """One figure of an outcome as people read it."""
    if outcome == RETURN:
        return f"{value:.2f}"
    if outcome == "revenue":
        return str(Money(minor=round(value), currency=currency))
    return f"{round(value):+,}"
