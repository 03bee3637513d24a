"""Campaigns: all of them by page and filter, and one with everything about it."""

from dataclasses import dataclass
from datetime import UTC, timedelta

import sqlalchemy as sa

from drumbeat.app.pages.changes import Changes
from drumbeat.app.pages.cycles import link_of
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.in_force import settings_of
from drumbeat.app.pages.rows import Rows
from drumbeat.app.pages.series import series_of
from drumbeat.app.pages.shifts import metrics_of
from drumbeat.app.pages.stages import entries_of, past_of, stages_of
from drumbeat.app.pages.standing import Standing, standing_of
from drumbeat.app.pages.trace import row_of
from drumbeat.app.pages.upcoming import next_moment
from drumbeat.app.pages.words import measured, metric_name, relative, tone_of
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.operations.metrics import value_of
from drumbeat.store import cycles, ledger, readings
from drumbeat.web.format import show
from drumbeat.web.views.campaign import (
    CampaignFilter,
    CampaignRow,
    CampaignView,
    StageRow,
    Stat,
    TraceRow,
)
from drumbeat.web.views.change import Way
from drumbeat.web.views.value import Page

_WINDOW = timedelta(days=28)
_CYCLES, _FLAGS, _STATS = 12, 5, 5


@dataclass(frozen=True)
class Campaigns:
    ground: Ground
    changes: Changes
    rows: Rows

    def campaigns(
        self, wanted: CampaignFilter, *, after: str | None, limit: int
    ) -> Page[CampaignRow]:
        start = int(after) if after and after.isdecimal() else 0
        with self.ground.app.database.read() as connection:
            standing = standing_of(self.ground, connection)
            names = [n for n in standing.ordered() if self._matches(n, wanted, standing)]
            page = names[start : start + limit]
            rows = self.rows.of(connection, standing, page)
        end = start + len(page)
        return Page(rows, str(end) if end < len(names) else None, len(names))

    def campaign(self, campaign_id: str, *, older: str = "") -> CampaignView | None:
        ground = self.ground
        if campaign_id not in ground.campaigns:
            return None
        with ground.app.database.read() as connection:
            standing = standing_of(ground, connection)
            row = self.rows.of(connection, standing, [campaign_id])[0]
            newest = next(iter(cycles.of_campaign(connection, campaign_id, 1)), None)
            skip = int(older) if older.isdecimal() and len(older) < 8 else 0
            past = cycles.of_campaign(connection, campaign_id, _CYCLES + 1, skip)
            stages, flagged = self._newest(connection, newest)
            series = series_of(ground, connection, self.changes, campaign_id)
            stats = self._stats(connection, campaign_id)
            last = self._last_change(connection, campaign_id)
        frozen = standing.hold(campaign_id, HoldMode.FREEZE)
        return CampaignView(
            row=row,
            stats=stats,
            next_up=f"cycle {newest.number + 1 if newest else 1}",
            next_at=next_moment(ground, campaign_id),
            series=series,
            cycle_id=newest.id if newest else "",
            cycle=link_of(ground, newest).name if newest else "",
            stages=stages,
            flagged=flagged,
            settings=settings_of(ground.campaigns[campaign_id]),
            file=f"campaigns/{campaign_id}.yaml",
            cycles=tuple(link_of(ground, one) for one in past[:_CYCLES]),
            older=str(skip + _CYCLES) if len(past) > _CYCLES else "",
            frozen_by=ground.actor(str(frozen.by)).name if frozen else "",
            frozen_reason=frozen.reason if frozen else "",
            is_observing=standing.hold(campaign_id, HoldMode.OBSERVE) is not None,
            last_change_id=last,
        )

    def _matches(self, name: str, wanted: CampaignFilter, standing: Standing) -> bool:
        campaign = self.ground.campaigns[name]
        return (
            wanted.status in ("", standing.status(name))
            and wanted.phase in ("", campaign.autonomy.phase)
            and (not wanted.channel or wanted.channel in campaign.channels)
            and wanted.mine in ("", self.ground.owner(name))
            and wanted.text.strip().casefold() in campaign.title.casefold()
        )

    def _newest(
        self, connection: sa.Connection, row: cycles.CycleRow | None
    ) -> tuple[tuple[StageRow, ...], tuple[TraceRow, ...]]:
        if row is None:
            return (), ()
        entries = entries_of(connection, row.id)
        stages = stages_of(self.ground, row, past_of(connection, row, entries))
        noticed = [one for one in entries if one.kind == "noticed"][-_FLAGS:]
        return stages, tuple(row_of(self.ground, one) for one in reversed(noticed))

    def _stats(self, connection: sa.Connection, name: str) -> tuple[Stat, ...]:
        """The campaign's metrics over four whole weeks, beside the four before them."""
        today = self.ground.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        days = readings.daily(connection, name, today - 2 * _WINDOW)
        now, before = (
            {
                metric: sum(v for day, v in by_day.items() if ends - _WINDOW <= day < ends)
                for metric, by_day in days.items()
            }
            for ends in (today, today - _WINDOW)
        )
        began = min((day for by_day in days.values() for day in by_day), default=today)
        is_whole = began <= today - 2 * _WINDOW + timedelta(days=1)
        found, goal = [], self.ground.campaigns[name].goal
        for metric in metrics_of(self.ground.campaigns[name])[:_STATS]:
            usual = value_of(metric, before) if is_whole else None
            change = relative(value_of(metric, now), usual)
            value = measured(metric, value_of(metric, now), self.ground.currency)
            note = f"28 d, {show(change)} on those before" if change else "28 d"
            if metric == goal.metric:
                note = f"{note}, goal {goal.target}"
            found.append(Stat(metric_name(metric), value, note, tone_of(metric, change)))
        return tuple(found) if days else ()

    def _last_change(self, connection: sa.Connection, name: str) -> str:
        """The newest change that may still be rolled back, of the latest few."""
        entries = ledger.older(connection, None, kinds=("applied",), campaign=name, limit=10)
        rows = self.changes.rows(connection, entries)
        return next((row.id for row in rows if row.back.way is Way.ROLL_BACK), "")
