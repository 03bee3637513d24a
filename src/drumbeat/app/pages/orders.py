"""Orders: what a person orders from a page, carried to the gate; the gate has the last word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from drumbeat.app.pages import asking, rule_order, snooze, testing
from drumbeat.app.pages.edit import edited
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.moving import moved
from drumbeat.app.pages.naming import title_of
from drumbeat.app.pages.phase_order import phase_changed
from drumbeat.app.pages.rollback import Rollback
from drumbeat.app.pages.words import sentence
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.gate import drill, hold
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.hold import HoldRefused, scope_named
from drumbeat.store import holds, ledger, proposals
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Answer, Done, ProofNeeded, Refused, RollbackPlan
from drumbeat.web.views.shell import Person

_GONE = Refused("There is no such decision.", 404)
_ANSWERED = Refused("It has been answered already.", 409)


@dataclass(frozen=True)
class Orders:
    """``steer`` sets the demo's clock; None where time is real."""

    ground: Ground
    steer: Callable[[int], Answer] | None = None

    def approve(self, proposal_id: str, fingerprint: str, person: Person, reason: str) -> Answer:
        if drill.is_drill(proposal_id):
            return self._drilled(proposal_id, fingerprint, person, agreed=True)
        judged = self._load(proposal_id)
        if judged is None:
            return _GONE
        if judged.status is Status.WAITING and (why := self._barred(judged, person)):
            return Refused(why, 403)
        answer = self.ground.app.gate.approve(
            proposal_id,
            person.id,
            fingerprint,
            reason,
            via=asking.via_of(person),
            is_fresh=person.is_fresh,
        )
        title = self._title(judged)
        if isinstance(answer, Answered) and not answer.complete:
            return Done(f"Noted. Another person must agree too: {title}")
        told = _told(answer, f"Approved: {title}")
        if isinstance(told, Done) and isinstance(answer, Answered) and answer.takes_effect_at:
            return replace(told, decision_id=proposal_id, undo_until=answer.takes_effect_at)
        return told

    def edit(
        self,
        proposal_id: str,
        fingerprint: str,
        person: Person,
        values: Mapping[str, str],
        reason: str,
        code: str = "",
    ) -> Answer:
        """The edited proposal takes the old one's place; the gate never lets its editor approve
        it, so another person has to."""
        judged = self._load(proposal_id)
        if judged is None:
            return _GONE
        if judged.proposal.fingerprint != fingerprint:
            return Refused("It has changed since you looked; review it again.")
        return edited(self.ground, judged, person, values, reason, code)

    def reject(
        self, proposal_id: str, fingerprint: str, person: Person, code: str, reason: str
    ) -> Answer:
        if drill.is_drill(proposal_id):
            return self._drilled(proposal_id, fingerprint, person, agreed=False)
        judged = self._load(proposal_id)
        if judged is None:
            return _GONE
        answer = self.ground.app.gate.reject(
            proposal_id,
            person.id,
            reason,
            code=code or "other",
            via=asking.via_of(person),
            fingerprint=fingerprint or "none",
        )
        return _told(answer, f"Rejected: {self._title(judged)}")

    def snooze(self, proposal_id: str, person: Person, span: timedelta) -> Answer:
        judged, now = self._load(proposal_id), self.ground.now
        if drill.is_drill(proposal_id):
            with self.ground.app.database.write() as transaction:
                snooze.snooze(transaction, person.id, proposal_id, now + span, now)
            return Done("Snoozed for you")
        if judged is None or judged.status is not Status.WAITING:
            return _GONE if judged is None else _ANSWERED
        back = now + span
        if judged.decide_by is not None and back > judged.decide_by:
            back = max(now, judged.decide_by - timedelta(minutes=30))
        with self.ground.app.database.write() as transaction:
            snooze.snooze(transaction, person.id, proposal_id, back, now)
        local = back.astimezone(self.ground.zone)
        return Done(f"Snoozed for you until {local:%b} {local.day}, {local:%H:%M}")

    def delegate(self, proposal_id: str, person: Person, to: str, reason: str) -> Answer:
        judged = self._load(proposal_id)
        if judged is None or judged.status is not Status.WAITING:
            return _GONE if judged is None else _ANSWERED
        gate = self.ground.app.gate
        made = gate.delegate(
            person.id,
            to,
            reason,
            proposal_id=proposal_id,
            via=asking.via_of(person),
            is_fresh=person.is_fresh,
        )
        if isinstance(made, NotAnswered) and made.needs_proof:
            raise ProofNeeded(made.why)
        if isinstance(made, NotAnswered) and to not in asking.able_people(self.ground, judged):
            return Refused(sentence(made.why), 422)
        # Whose answer counts anyway is only shown it first.
        with self.ground.app.database.write() as transaction:
            waiting = {one.proposal.id for one in proposals.waiting(transaction)}
            snooze.delegate(transaction, proposal_id, to, waiting)
            if isinstance(made, NotAnswered):
                ledger.append(
                    transaction,
                    "delegated",
                    at=self.ground.now,
                    actor=f"person:{person.id}",
                    subject=proposal_id,
                    campaign=judged.proposal.action.campaign,
                    cycle=judged.proposal.action.cycle,
                    to=to,
                    reason=reason.strip(),
                )
        return Done(f"Handed over to {self.ground.name(to)}")

    def undo(self, decision_id: str, person: Person) -> Answer:
        """Take one's own approval back while it has not taken effect."""
        judged = self._load(decision_id)
        if judged is None:
            return _GONE
        answer = self.ground.app.gate.undo(decision_id, person.id, via=asking.via_of(person))
        return _told(answer, f"Undone, it waits again: {self._title(judged)}")

    def freeze(self, scope: str, person: Person, reason: str) -> Answer:
        return self._hold(HoldMode.FREEZE, scope, person, reason)

    def unfreeze(self, scope: str, person: Person, reason: str) -> Answer:
        return self._lift(HoldMode.FREEZE, scope, person, reason)

    def observe(self, campaign_id: str, person: Person, reason: str) -> Answer:
        with self.ground.app.database.read() as connection:
            held = holds.in_force(connection)
        # A part as the API may name it, ``channel:email``, is ended as it was begun.
        scope = scope_named(campaign_id)
        if any(one.mode is HoldMode.OBSERVE and one.scope == scope for one in held):
            return self._lift(HoldMode.OBSERVE, campaign_id, person, reason)
        return self._hold(HoldMode.OBSERVE, campaign_id, person, reason or "ordered from the page")

    def rollback_plan(self, change_id: str, person: Person) -> RollbackPlan | Refused:
        return Rollback(self.ground).plan(change_id)

    def rollback(self, change_id: str, fingerprint: str, person: Person, reason: str) -> Answer:
        return Rollback(self.ground).do(change_id, fingerprint, person, reason)

    def move(self, item_id: str, at: datetime, person: Person) -> Answer:
        return moved(self.ground, item_id, at, person)

    def start_experiment(self, campaign_id: str, hypothesis: str, person: Person) -> Answer:
        return testing.started(self.ground, campaign_id, hypothesis, person)

    def ship_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        return testing.shipped(self.ground, experiment_id, person, reason)

    def keep_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        return testing.kept_running(self.ground, experiment_id, person, reason)

    def stop_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        return testing.stopped(self.ground, experiment_id, person, reason)

    def change_matrix(
        self, kind: str, phase: str, level: str, person: Person, reason: str
    ) -> Answer:
        return rule_order.change_cell(self.ground, kind, phase, level, person, reason)

    def change_rule(
        self, kind: str, typed: Mapping[str, str], person: Person, reason: str
    ) -> Answer:
        return rule_order.change_rule(self.ground, kind, typed, person, reason)

    def change_phase(self, campaign_id: str, to: str, person: Person, reason: str) -> Answer:
        return phase_changed(self.ground, campaign_id, to, person, reason)

    def set_clock(self, speed: int, person: Person) -> Answer:
        if self.steer is None:
            return Refused("Only the demo's clock can be set.", 404)
        return self.steer(speed)

    def _drilled(self, drill_id: str, fingerprint: str, person: Person, *, agreed: bool) -> Answer:
        """Said at once: what was wrong, and that nothing was done."""
        door = self.ground.app.gate.door
        made = drill.answer(door, drill_id, person.id, fingerprint, agreed=agreed)
        if isinstance(made, drill.NoDrill):
            return _GONE
        said = "Caught" if made.is_caught else "Missed"
        return Done(f"{said}. This was a test and nothing was done: {made.flaw}.")

    def _hold(self, mode: HoldMode, scope: str, person: Person, reason: str) -> Answer:
        gate = self.ground.app.gate
        try:
            gate.hold(mode, scope_named(scope or None), Actor.person(person.id), reason)
        except HoldRefused as error:
            return Refused(str(error), 422)
        what = self._scope_title(scope) if scope else "Everything"
        if mode is HoldMode.OBSERVE:
            return Done(f"{what} only observes: nothing is done, everything is written down")
        return Done(f"{what} is frozen: only what lowers risk goes through")

    def _lift(self, mode: HoldMode, scope: str, person: Person, reason: str) -> Answer:
        gate = self.ground.app.gate
        try:
            count = gate.lift(
                mode,
                scope_named(scope or None),
                Actor.person(person.id),
                reason,
                is_fresh=person.is_fresh,
            )
        except hold.ProofNeeded as error:
            raise ProofNeeded(str(error)) from error
        except HoldRefused as error:
            return Refused(str(error), 403)
        what = self._scope_title(scope) if scope else "The workspace"
        if not count:
            return Refused(f"{what} is not {'frozen' if mode is HoldMode.FREEZE else 'observed'}.")
        return Done(f"{what} acts again")

    def _scope_title(self, scope: str) -> str:
        """A campaign by its name, a part as it is written: ``channel:email``."""
        return scope if ":" in scope else self.ground.title(scope)

    def _load(self, proposal_id: str) -> Judged | None:
        with self.ground.app.database.read() as connection:
            return proposals.load(connection, proposal_id)

    def _barred(self, judged: Judged, person: Person) -> str:
        with self.ground.app.database.read() as connection:
            given = proposals.approvals(connection, judged.proposal.id, used=None)
        return asking.barred(self.ground, judged, person, given)

    def _title(self, judged: Judged) -> str:
        action = judged.proposal.action
        campaign = self.ground.title(action.campaign)
        return title_of(action.model_dump(), campaign, self.ground.zone, self.ground.title)


def _told(answer: Answered | NotAnswered, text: str) -> Answer:
    if isinstance(answer, Answered):
        return Done(text)
    if answer.needs_proof:
        raise ProofNeeded(answer.why)
    why = sentence(answer.why)
    return Refused(why, 404 if answer.is_missing else 409)
