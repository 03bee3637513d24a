"""Standing: how every campaign stands right now, from a handful of questions for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import sqlalchemy as sa

from drumbeat.app.pages.ground import Ground
from drumbeat.core.governance.freeze import Hold, HoldMode, ScopeKind
from drumbeat.store import cycles, holds, unanswered
from drumbeat.web.views.campaign import Status

_ORDER = tuple(Status)


@dataclass(frozen=True)
class Standing:
    """``due`` is the nearest deadline by campaign, of those with something waiting."""

    ground: Ground
    due: Mapping[str, datetime | None]
    held: tuple[Hold, ...]
    stages: Mapping[str, list[str]]

    def status(self, campaign: str) -> Status:
        """What presses most: a freeze hides that something waits, for it cannot go out."""
        return self.statuses[campaign]

    @cached_property
    def statuses(self) -> dict[str, Status]:
        return {name: self._status(name) for name in self.ground.campaigns}

    def _status(self, campaign: str) -> Status:
        if self.hold(campaign, HoldMode.FREEZE):
            return Status.FROZEN
        if campaign in self.due:
            return Status.NEEDS_YOU
        if self.hold(campaign, HoldMode.OBSERVE):
            return Status.OBSERVING
        if self.stages.get(campaign):
            return Status.RUNNING
        return self._idle(campaign)

    def hold(self, campaign: str, mode: HoldMode) -> Hold | None:
        """The hold of this mode that covers the whole campaign, if there is one."""
        for one in self.held:
            everything = one.scope.kind is ScopeKind.WORKSPACE
            mine = one.scope.kind is ScopeKind.CAMPAIGN and one.scope.of == campaign
            if one.mode is mode and (everything or mine):
                return one
        return None

    def ordered(self) -> list[str]:
        """Every campaign, the most pressing first, then by name."""
        late = datetime.max.replace(tzinfo=UTC)

        def key(campaign: str) -> tuple[int, datetime, str]:
            due = self.due.get(campaign) or late
            return _ORDER.index(self.status(campaign)), due, self.ground.title(campaign).casefold()

        return sorted(self.ground.campaigns, key=key)

    def _idle(self, campaign: str) -> Status:
        ends = self.ground.campaigns[campaign].ends
        return Status.ENDED if ends is not None and ends < self._today else Status.SCHEDULED

    @cached_property
    def _today(self) -> date:
        return self.ground.now.astimezone(self.ground.zone).date()


def standing_of(ground: Ground, connection: sa.Connection) -> Standing:
    """Deadlines, holds and open stages of all campaigns, in one query each."""
    return Standing(
        ground,
        unanswered.next_deadlines(connection),
        holds.in_force(connection),
        cycles.open_stages(connection),
    )
