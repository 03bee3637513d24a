"""The people and the hour of the made-up coffee roaster the pages are tested with."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from drumbeat.core.campaign.workspace import Role
from drumbeat.core.money import Money
from drumbeat.web.views.shell import Person

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=ZONE)

ANA = Person("ana", "Ana Petrov", frozenset({Role.APPROVER_BRAND, Role.OPERATOR}), "s-ana", True)
JON = Person("jon", "Jon Keller", frozenset({Role.APPROVER_BUDGET, Role.PERFORMANCE}), "s-jon")
MEI = Person("mei", "Mei Lindgren", frozenset({Role.MANAGER, Role.OPERATOR}), "s-mei")
VERA = Person("vera", "Vera Brandt", frozenset({Role.VIEWER}), "s-vera")
PEOPLE = (ANA, JON, MEI, VERA)


def euros(amount: str) -> Money:
    """``euros("21.40")``: major units to money, rounded to the cent."""
    return Money.of(amount, "EUR")


def at(clock: str, days_ago: int = 0) -> datetime:
    """A time of day in the roaster's zone, today or some days before."""
    hour, minute = clock.split(":")
    return NOW.replace(hour=int(hour), minute=int(minute)) - timedelta(days=days_ago)


def before(minutes: int) -> datetime:
    """So many minutes before ``NOW``."""
    return NOW - timedelta(minutes=minutes)


def within(minutes: int) -> datetime:
    """So many minutes after ``NOW``, as a deadline has it."""
    return NOW + timedelta(minutes=minutes)
