"""Verbs for pages: what a person orders, done to one made-up world."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from drumbeat.testing.web_content.pages import REPLAYED
from drumbeat.testing.web_content.planning import ITEMS
from drumbeat.testing.web_content.steering import simulate
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.verbs import Answer, Done, PlanStep, Refused, RollbackPlan
from drumbeat.web.views.asset import Comment
from drumbeat.web.views.campaign import Status
from drumbeat.web.views.change import (
    Way,
    WayBack,
)
from drumbeat.web.views.cycle import ReplayView
from drumbeat.web.views.decision import Answered
from drumbeat.web.views.saved import SavedView
from drumbeat.web.views.shell import FreezeNotice, Person


@dataclass(frozen=True)
class Verbs:
    """The ordering protocols of the pages over one world, as strict as the gate."""

    world: WebWorld

    def keep_minutes(
        self, week: str, person: Person, text: str, *, and_send: bool = False
    ) -> Answer:
        self.world.minutes[week] = text
        return Done("The minutes are kept, and sent" if and_send else "The minutes are kept")

    def keep(self, person: Person, view: SavedView) -> Answer:
        self.world.views.append(view)
        return Done(f"Kept as “{view.name}”")

    def drop(self, person: Person, name: str) -> Answer:
        left = [one for one in self.world.views if one.name != name]
        if len(left) == len(self.world.views):
            return Refused("There is no such view.", 404)
        self.world.views = left
        return Done("Gone")

    def comment(self, asset_id: str, version: str, person: Person, text: str) -> Answer:
        view = self.world.assets.get(asset_id)
        if view is None:
            return Refused("There is no such asset.", 404)
        if version != view.version:
            return Refused("It has changed since you looked; read it again before you comment.")
        said = Comment(person.name, self.world.now, text, version)
        kept = replace(view.comments, items=(said, *view.comments.items))
        self.world.assets[asset_id] = replace(view, comments=kept)
        self.world.happen(person.name, view.campaign_id, "Comment", "said", "")
        return Done("Said")

    def replay(self, cycle_id: str, person: Person) -> ReplayView | Refused:
        if cycle_id not in self.world.cycles:
            return Refused("It cannot be replayed: the cycle is gone.", 404)
        self.world.orders.append(("replay", cycle_id))
        return REPLAYED

    def rebuild(self, cycle_id: str, person: Person, reason: str) -> Answer:
        view = self.world.cycles.get(cycle_id)
        if view is None:
            return Refused("There is no such cycle.", 404)
        if not view.can_rebuild or not reason.strip():
            return Refused("Say what was mended.", 422)
        self.world.orders.append(("rebuild", cycle_id))
        return Done("Built again")

    def acknowledge(self, escalation_id: str, person: Person) -> Answer:
        view = self.world.troubles.get(escalation_id)
        if view is None:
            return Refused("There is no such escalation.", 404)
        row = replace(view.row, state="acknowledged", in_hand_of=person.name, next_at=None)
        self.world.troubles[escalation_id] = replace(view, row=row)
        self.world.happen(person.name, view.row.campaign_id, "Escalation", "in hand", "")
        return Done("Yours now")

    def resolve(self, escalation_id: str, person: Person, reason: str) -> Answer:
        view = self.world.troubles.get(escalation_id)
        if view is None:
            return Refused("There is no such escalation.", 404)
        row = replace(view.row, state="resolved", next_at=None)
        self.world.troubles[escalation_id] = replace(view, row=row, is_over=True, outcome=reason)
        self.world.happen(person.name, view.row.campaign_id, "Escalation", "resolved", reason)
        return Done("Resolved")

    def note(self, escalation_id: str, person: Person, text: str) -> Answer:
        if not text.strip():
            return Refused("An empty note says nothing.", 422)
        self.world.orders.append(("note", escalation_id, text))
        return Done("Written down")

    def approve(self, proposal_id: str, fingerprint: str, person: Person, reason: str) -> Answer:
        return self._answer("approved", proposal_id, fingerprint, person, reason)

    def reject(
        self, proposal_id: str, fingerprint: str, person: Person, code: str, reason: str
    ) -> Answer:
        return self._answer("rejected", proposal_id, fingerprint, person, reason)

    def edit(
        self,
        proposal_id: str,
        fingerprint: str,
        person: Person,
        values: Mapping[str, str],
        reason: str,
        code: str = "",
    ) -> Answer:
        if any(not value.strip() for value in values.values()):
            return Refused("An edited value is empty.", 422)
        told = ", ".join(f"{name}={value}" for name, value in values.items())
        self.world.orders.append(("edit", proposal_id, told))
        return self._answer("approved", proposal_id, fingerprint, person, reason)

    def snooze(self, proposal_id: str, person: Person, span: timedelta) -> Answer:
        self.world.orders.append(("snooze", proposal_id, str(span)))
        return Done("Snoozed: it comes back in an hour")

    def delegate(self, proposal_id: str, person: Person, to: str, reason: str) -> Answer:
        if to not in ("mei", "sam"):
            return Refused("Choose who should decide.", 422)
        self.world.orders.append(("delegate", proposal_id, to))
        return Done("Handed over")

    def undo(self, decision_id: str, person: Person) -> Answer:
        for key, view in self.world.decisions.items():
            if view.answered and view.answered.decision_id == decision_id:
                self.world.decisions[key] = replace(view, answered=None)
                self.world.happen(person.name, view.item.campaign_id, "Decision", "taken back", "")
                return Done("Taken back: it waits again")
        return Refused("It can no longer be undone: its hold is over.", 409)

    def freeze(self, scope: str, person: Person, reason: str) -> Answer:
        world = self.world
        if scope:
            world.campaigns[scope] = replace(world.campaigns[scope], status=Status.FROZEN)
        else:
            world.frozen = FreezeNotice(person.name, world.now, reason)
        world.happen(person.name, scope, "Status", "frozen", reason)
        return Done("Frozen")

    def unfreeze(self, scope: str, person: Person, reason: str) -> Answer:
        world = self.world
        if scope:
            world.campaigns[scope] = replace(world.campaigns[scope], status=Status.RUNNING)
        else:
            world.frozen = None
        world.happen(person.name, scope, "Status", "running", reason)
        return Done("Running again")

    def observe(self, campaign_id: str, person: Person, reason: str) -> Answer:
        row = self.world.campaigns[campaign_id]
        self.world.campaigns[campaign_id] = replace(row, status=Status.OBSERVING)
        self.world.happen(person.name, campaign_id, "Status", "observing", reason)
        return Done("Observing only")

    def rollback_plan(self, change_id: str, person: Person) -> RollbackPlan | Refused:
        row = next((row for row in self.world.changes if row.id == change_id), None)
        if row is None:
            return Refused("There is no such change.", 404)
        step = PlanStep(f"{row.field}: {row.after} goes back to {row.before}", True)
        if row.back.way is Way.NONE:
            step = PlanStep(row.back.text or "It cannot be taken back.", False)
        return RollbackPlan(change_id, f"{row.campaign}: {row.field}", f"plan-{change_id}", (step,))

    def rollback(self, change_id: str, fingerprint: str, person: Person, reason: str) -> Answer:
        row = next(row for row in self.world.changes if row.id == change_id)
        if fingerprint != f"plan-{change_id}":
            return Refused("The plan has changed since you saw it; look at it again.", 409)
        position = self.world.changes.index(row)
        self.world.changes[position] = replace(row, back=WayBack(Way.NONE, text="rolled back"))
        self.world.happen(person.name, row.campaign_id, row.field, str(row.before), reason)
        return Done("Rolled back")

    def move(self, item_id: str, at: datetime, person: Person) -> Answer:
        if item_id not in {item.id for item in ITEMS if item.can_move}:
            return Refused("It has gone out already.", 409)
        self.world.orders.append(("move", item_id, at.isoformat()))
        return Done("Asked for: the new time goes through the checks")

    def start_experiment(self, campaign_id: str, hypothesis: str, person: Person) -> Answer:
        if campaign_id not in self.world.campaigns:
            return Refused("There is no such campaign.", 404)
        self.world.orders.append(("start", campaign_id, hypothesis))
        return Done("Registered", decision_id="H-14")

    def ship_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        self.world.orders.append(("ship", experiment_id, reason))
        return Done("Asked for")

    def keep_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        self.world.orders.append(("keep", experiment_id, reason))
        return Refused("It runs on anyhow: nobody proposes to end it.")

    def stop_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        self.world.orders.append(("stop", experiment_id, reason))
        return Done("Stopped")

    def change_matrix(
        self, kind: str, phase: str, level: str, person: Person, reason: str
    ) -> Answer:
        if simulate(kind, phase, level) is None:
            return Refused("There is no such cell.", 422)
        self.world.orders.append(("matrix", kind, phase, level))
        return Done("Proposed: somebody else decides it")

    def change_rule(
        self, kind: str, typed: Mapping[str, str], person: Person, reason: str
    ) -> Answer:
        if typed.get("cooldown") == "soon":
            return Refused("Rest between changes: 'soon' is no value; write such as 48h.", 422)
        self.world.orders.append(
            ("rule", kind, *(f"{name}={value}" for name, value in typed.items()))
        )
        return Done("Asked for: somebody else decides it")

    def change_phase(self, campaign_id: str, to: str, person: Person, reason: str) -> Answer:
        if campaign_id not in self.world.campaigns:
            return Refused("There is no such campaign.", 422)
        self.world.orders.append(("phase", campaign_id, to))
        return Done("Asked for")

    def set_clock(self, speed: int, person: Person) -> Answer:
        if not self.world.is_demo:
            return Refused("Only the demo's clock can be set.", 404)
        self.world.speed = speed
        self.world.number += 1
        return Done("Clock set")

    def _answer(
        self, word: str, proposal_id: str, fingerprint: str, person: Person, reason: str
    ) -> Answer:
        view = self.world.decisions.get(proposal_id)
        if view is None:
            return Refused("There is no such proposal.", 404)
        if view.answered:
            return Refused(f"{view.answered.by} has {view.answered.word} it already.", 409)
        if fingerprint != view.item.fingerprint:
            return Refused("It has changed since you looked; look at it again.", 409)
        title = view.item.title
        decision_id = self.world.happen(person.name, view.item.campaign_id, title, word, reason)
        until = self.world.now + view.hold
        now = self.world.now
        answered = Answered(word, person.name, now, reason, decision_id, until, is_own=True)
        self.world.decisions[proposal_id] = replace(view, answered=answered)
        return Done(f"{word.capitalize()}: {title}", decision_id, until)
