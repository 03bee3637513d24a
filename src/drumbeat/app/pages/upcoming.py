"""Upcoming: when each campaign is due next, as its cadence says."""

from datetime import datetime, timedelta

from drumbeat.app.pages.ground import Ground
from drumbeat.core.campaign.cadence import occurrences
from drumbeat.cycle.recurrence import lead_time

_AHEAD = timedelta(days=40)
_WEEK_DAYS = 7


def moments(
    ground: Ground, campaign: str, after: datetime, until: datetime
) -> tuple[datetime, ...]:
    """The instants in (after, until] at which a cycle of the campaign is due, in UTC."""
    library = ground.app.office.library
    cadence, skip = ground.campaigns[campaign].cadence, library.skipped_dates(campaign)
    return tuple(occurrences(cadence, after, until, zone=library.zone, skip=skip))


def next_moment(ground: Ground, campaign: str) -> datetime | None:
    """The next instant a cycle of the campaign is due; None within forty days."""
    return next(iter(moments(ground, campaign, ground.now, ground.now + _AHEAD)), None)


def next_up(ground: Ground) -> str:
    """What a person may expect to be asked next: the campaign whose next cycle opens first."""
    found = []
    for name, campaign in list(ground.campaigns.items())[:_LOOKED_AT]:
        lead = lead_time(campaign)
        ahead = moments(ground, name, ground.now + lead, ground.now + lead + _AHEAD)
        found += [(ahead[0] - lead, campaign.title)] if ahead else []
    if not found:
        return ""
    opens, title = min(found)
    return f"the next cycle of {title}, {_on(opens, ground)}"


def _on(moment: datetime, ground: Ground) -> str:
    """The day as people say it; a weekday alone only while it can mean one day."""
    local, today = moment.astimezone(ground.zone), ground.now.astimezone(ground.zone).date()
    days = (local.date() - today).days
    if days < _WEEK_DAYS:
        return ("today", "tomorrow")[days] if days < 2 else f"on {local:%A}"
    return f"on {local:%A, %b} {local.day}"


# A sentence for an empty list is not worth reading the cadence of a thousand campaigns.
_LOOKED_AT = 50
