"""Cycles: one recurrence of a campaign with its timeline and its trace."""

from dataclasses import dataclass

from drumbeat.app.pages.case import case_of
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.replaying import played_again
from drumbeat.app.pages.stages import entries_of, past_of, stages_of
from drumbeat.app.pages.trace import groups_of, spent_of
from drumbeat.app.pages.words import sentence
from drumbeat.core.campaign.model_call import ModelCalls
from drumbeat.cycle import rebuilding
from drumbeat.cycle.cycle import MODEL_CALLS
from drumbeat.gate.answer import NotAnswered
from drumbeat.store import cycles
from drumbeat.store.cycles import CycleRow, CycleStatus
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.campaign import CycleLink
from drumbeat.web.views.cycle import CycleView, ReplayView
from drumbeat.web.views.shell import Person

# More steps of a stage than this nobody reads at a time; the newest tell where it stands.
_STEPS = 60


@dataclass(frozen=True)
class Cycles:
    """``cycle`` and ``case`` answer None for an id nobody knows. A replay acts on no platform; a
    rebuild is refused unless the cycle waits at its review and the person may ask for it."""

    ground: Ground

    def cycle(self, cycle_id: str, *, is_whole: bool = False) -> CycleView | None:
        ground = self.ground
        with ground.app.database.read() as connection:
            row = cycles.load(connection, cycle_id)
            if row is None:
                return None
            entries = entries_of(connection, cycle_id)
            past = past_of(connection, row, entries)
            asked = ModelCalls.model_validate(cycles.read(connection, cycle_id, MODEL_CALLS) or {})
        tokens, cost = spent_of(entries)
        return CycleView(
            id=row.id,
            name=f"Cycle {row.number}",
            campaign_id=row.campaign,
            campaign=ground.title(row.campaign),
            state=state_of(row),
            started_at=past.opened_at,
            stages=stages_of(ground, row, past),
            trace=groups_of(ground, entries, asked, most=None if is_whole else _STEPS),
            waits_for=_waits_for(row),
            tokens=tokens,
            cost=cost,
            can_rebuild=row.status is CycleStatus.OPEN and row.stage == "compliance",
        )

    def replay(self, cycle_id: str, person: Person) -> ReplayView | Refused:
        return played_again(self.ground, cycle_id, person)

    def rebuild(self, cycle_id: str, person: Person, reason: str) -> Answer:
        asked = rebuilding.ask(self.ground.app.office, cycle_id, person.id, reason)
        if isinstance(asked, NotAnswered):
            return Refused(sentence(asked.why), 404 if asked.is_missing else 422)
        return Done("It is built again, and reviewed after that")

    def case(self, cycle_id: str) -> str | None:
        with self.ground.app.database.read() as connection:
            return case_of(connection, cycle_id)


def _waits_for(row: CycleRow) -> str:
    """What holds an open cycle up; one that is live is only being measured."""
    is_held_up = row.status is CycleStatus.OPEN and row.stage != "monitoring"
    return row.waiting.removeprefix("waits for ") if is_held_up else ""


def state_of(row: CycleRow) -> str:
    """Where the cycle stands, in words."""
    match row.status:
        case CycleStatus.OPEN:
            return f"in {row.stage}" + (f": {row.waiting}" if row.waiting else "")
        case CycleStatus.DONE:
            return f"done: {row.waiting}" if row.waiting else "done"
        case CycleStatus.ENDED:
            return f"ended in {row.stage}: {row.waiting}"


def link_of(ground: Ground, row: CycleRow) -> CycleLink:
    """A cycle's number, day (the workspace's) and state, as a link to it."""
    day = row.occurrence_at.astimezone(ground.zone).date()
    return CycleLink(row.id, f"Cycle {row.number}, {day:%b} {day.day}", state_of(row), day)
