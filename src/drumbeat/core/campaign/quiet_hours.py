"""Quiet hours: when people are left in peace about whatever is not critical."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field

from drumbeat.core.noun import Noun
from drumbeat.core.units import ClockTime, Zone

_DAY = timedelta(days=1)


class QuietHours(Noun):
    """``from: "20:00", to: "07:00", timezone: Europe/Berlin``; they may run past midnight."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    start: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")
    timezone: Zone

    def holds(self, at: datetime) -> bool:
        """Whether it is quiet then. Hours that end when they start are never quiet."""
        wall = at.astimezone(ZoneInfo(self.timezone)).time()
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def ends_after(self, at: datetime) -> datetime:
        """``at`` itself, or the end of the quiet hours it falls into."""
        if not self.holds(at):
            return at
        zone = ZoneInfo(self.timezone)
        local = at.astimezone(zone)
        end = datetime.combine(local.date(), self.end, zone).astimezone(UTC)
        if end <= at:
            end = datetime.combine(local.date() + _DAY, self.end, zone).astimezone(UTC)
        return end
