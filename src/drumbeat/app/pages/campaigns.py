"""Campaigns: all of them by page and filter, and one with everything about it."""

from dataclasses import dataclass

import sqlalchemy as sa

from drumbeat.app.pages.changes import Changes
from drumbeat.app.pages.cycles import link_of
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.in_force import settings_of
from drumbeat.app.pages.rows import Rows
from drumbeat.app.pages.series import series_of
from drumbeat.app.pages.stages import entries_of, past_of, stages_of
from drumbeat.app.pages.standing import Standing, standing_of
from drumbeat.app.pages.stats import stats_of
from drumbeat.app.pages.trace import row_of
from drumbeat.app.pages.upcoming import next_moment
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.core.governance.levels import PhaseOverride
from drumbeat.gate import phases
from drumbeat.store import cycles, ledger
from drumbeat.web.views.campaign import (
    CampaignFilter,
    CampaignRow,
    CampaignView,
    StageRow,
    TraceRow,
)
from drumbeat.web.views.change import Way
from drumbeat.web.views.value import Page

_CYCLES, _FLAGS = 12, 5


@dataclass(frozen=True)
class Campaigns:
    """Those that match a filter, the most pressing first; the cursor is a position in that order.

    ``campaign`` answers None for an id no file declares.
    """

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
            if wanted.phase:
                in_force = phases.phases_of(self.ground.app.gate.door, connection, names)
                names = [n for n in names if in_force[n] == wanted.phase]
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
            stats = stats_of(ground, connection, row)
            last = self._last_change(connection, campaign_id)
            changed = phases.override_of(connection, campaign_id)
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
            phase_note=self._phase_note(row, changed),
        )

    def _matches(self, name: str, wanted: CampaignFilter, standing: Standing) -> bool:
        campaign = self.ground.campaigns[name]
        return (
            wanted.status in ("", standing.status(name))
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

    def _phase_note(self, row: CampaignRow, changed: PhaseOverride | None) -> str:
        declared = self.ground.campaigns[row.id].autonomy.phase
        if changed is None or row.phase == declared:
            return ""
        day = changed.at.astimezone(self.ground.zone)
        who = self.ground.actor(changed.by).name if ":" in changed.by else changed.by
        why = f": {changed.reason}" if changed.reason else ""
        return f"its file declares {declared}; {who} changed it on {day:%b} {day.day}{why}"

    def _last_change(self, connection: sa.Connection, name: str) -> str:
        """The newest change that may still be rolled back, of the latest few."""
        entries = ledger.older(connection, None, kinds=("applied",), campaign=name, limit=10)
        rows = self.changes.rows(connection, entries)
        return next((row.id for row in rows if row.back.way is Way.ROLL_BACK), "")
