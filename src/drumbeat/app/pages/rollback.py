"""Roll back: what taking one change back would do, or all since a moment, bound to what was shown.

``to:CAMPAIGN@MOMENT`` stands for everything a campaign has changed since that moment.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import title_of
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.gate.rollback import CannotUndo, Step, Undo
from drumbeat.store import effects, ledger, proposals
from drumbeat.store.effects import EffectStatus
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Answer, Done, PlanStep, Refused, RollbackPlan
from drumbeat.web.views.shell import Person

_LAUNCH = "campaign.launch"
_SINCE = "to:"
_MISSING = Refused("There is no such change.", 404)
_NO_MOMENT = Refused("Choose a day and an hour that is over.", 422)


@dataclass(frozen=True)
class Rollback:
    """``plan`` changes nothing, and ``do`` only what the plan of this fingerprint named.

    Refused: 404 for a change or campaign there is not, 422 for a moment still ahead, 409 for a plan
    that no longer holds or that the gate denies.
    """

    ground: Ground

    def plan(self, change_id: str) -> RollbackPlan | Refused:
        """Looks at the platform: what is there now decides what can be taken back."""
        found = self._steps(change_id)
        if isinstance(found, Refused):
            return found
        title, steps = found
        shown = tuple(self._shown(step) for step in steps)
        return RollbackPlan(change_id, title, _named(steps), shown)

    def do(self, change_id: str, fingerprint: str, person: Person, reason: str) -> Answer:
        """Take back what the plan named; each step is judged by the gate like any change."""
        found = self._steps(change_id)
        if isinstance(found, Refused):
            return found
        _, steps = found
        if _named(steps) != fingerprint:
            return Refused("Things have changed since you saw the plan; look at it again.")
        undos = [step for step in steps if isinstance(step, Undo)]
        if not undos:
            return Refused("Nothing of it can be taken back any more.")
        gate, by = self.ground.app.gate, Actor.person(person.id)
        return _told([gate.roll_back(step, by, reason) for step in undos])

    def _shown(self, step: Step) -> PlanStep:
        match step:
            case Undo(_, action):
                return PlanStep(self._title(action), True)
            case CannotUndo(_, why):
                return PlanStep(f"{why[:1].upper()}{why[1:]}", False)

    def _steps(self, change_id: str) -> tuple[str, list[Step]] | Refused:
        if change_id.startswith(_SINCE):
            return self._since(*change_id.removeprefix(_SINCE).rpartition("@")[::2])
        if not change_id.isdecimal():
            return _MISSING
        with self.ground.app.database.read() as connection:
            entry = ledger.one(connection, int(change_id))
            judged = proposals.load(connection, entry.subject) if entry else None
            if entry is None or judged is None:
                return _MISSING
            wanted = _wanted(connection, judged)
        gate = self.ground.app.gate
        steps = [step for one in wanted if (step := gate.plan_rollback(one)) is not None]
        return self._title(judged.proposal.action), steps

    def _since(self, campaign: str, moment: str) -> tuple[str, list[Step]] | Refused:
        """Everything a campaign changed since a moment, which is local where it names no zone."""
        ground = self.ground
        if campaign not in ground.campaigns:
            return Refused("There is no such campaign.", 404)
        try:
            told = datetime.fromisoformat(moment)
        except ValueError:
            return _NO_MOMENT
        point = told if told.tzinfo else told.replace(tzinfo=ground.zone)
        if point > ground.now:
            return _NO_MOMENT
        local = point.astimezone(ground.zone)
        title = f"{ground.title(campaign)} as it was on {local:%b} {local.day}, {local:%H:%M}"
        return title, ground.app.gate.plan_rollback_to(campaign, point)

    def _title(self, action: Action) -> str:
        campaign = self.ground.title(action.campaign)
        return title_of(action.model_dump(), campaign, self.ground.zone, self.ground.title)


def _wanted(connection: sa.Connection, judged: Judged) -> list[str]:
    """The proposals whose effects are taken back: of a launch, everything it put out."""
    action = judged.proposal.action
    if action.kind != _LAUNCH:
        return [judged.proposal.id]
    put_out = effects.of_cycle(connection, action.cycle)
    return [one.proposal for one in put_out if one.status is EffectStatus.DONE]


def _named(steps: list[Step]) -> str:
    """Names exactly this plan: the same steps to the same states."""
    return digest([_content(step) for step in steps])


def _content(step: Step) -> list[str]:
    match step:
        case Undo(proposal, action):
            return [proposal, action.fingerprint]
        case CannotUndo(proposal, why):
            return [proposal, why]


def _told(answers: list[Judged]) -> Answer:
    waiting = sum(one.status is Status.WAITING for one in answers)
    denied = [one for one in answers if one.status is Status.DENIED]
    if len(denied) == len(answers):
        why = "; ".join(f.text for f in denied[0].verdict.findings if f.weight > 0)
        return Refused(f"The gate does not let it through: {why}.")
    if waiting:
        return Done(f"Asked for: {waiting} of {len(answers)} steps wait for another person")
    return Done("Rolled back" if not denied else f"Rolled back but for {len(denied)} steps")
