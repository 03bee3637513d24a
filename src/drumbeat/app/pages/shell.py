"""Shell: what stands around every page: who, when, how much waits, and what is frozen."""

from collections.abc import Callable
from dataclasses import dataclass

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.snooze import snoozed_by
from drumbeat.core.governance.freeze import Hold, HoldMode, ScopeKind
from drumbeat.store import holds, ledger, unanswered
from drumbeat.web.views.shell import ClockView, FreezeNotice, Person, ShellView


@dataclass(frozen=True)
class Shell:
    """``clock`` draws the demo's clock; None in a workspace that lives in real time."""

    ground: Ground
    clock: Callable[[], ClockView] | None = None

    def shell(self, person: Person) -> ShellView:
        ground = self.ground
        with ground.app.database.read() as connection:
            asleep = snoozed_by(connection, person.id, ground.now)
            waiting = unanswered.count_waiting(connection, skip=asleep)
            held = holds.in_force(connection)
        return ShellView(
            workspace=ground.app.files.workspace.brand.name,
            zone=ground.zone,
            now=ground.now,
            waiting=waiting,
            frozen=_notice(ground, held),
            clock=self.clock() if self.clock else None,
        )

    def version(self) -> int:
        """The ledger's length: whatever happens is written there, whichever process did it."""
        with self.ground.app.database.read() as connection:
            return ledger.number(connection)


def _notice(ground: Ground, held: tuple[Hold, ...]) -> FreezeNotice | None:
    for one in held:
        if one.mode is HoldMode.FREEZE and one.scope.kind is ScopeKind.WORKSPACE:
            by = ground.name(one.by.id) if one.by.is_person else one.by.id
            return FreezeNotice(by, one.at, one.reason)
    return None
