"""Approver: people played by a script, for demos without a page and for simulations.

They answer proposals, resolve escalations and lift what the system froze, each after a while that
depends on the thing itself alone, never on chance drawn at the moment, so that the same seed
tells the same story.
"""

import hashlib
from datetime import datetime, timedelta

from drumbeat.core.governance.actor import Actor, ActorKind
from drumbeat.core.governance.freeze import Hold
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.verdict import Ask
from drumbeat.gate.gate import Gate
from drumbeat.gate.recipients import manager
from drumbeat.store import escalations, holds, ledger, proposals
from drumbeat.store.escalations import EscalationRow
from drumbeat.store.proposals import Judged

_SOONEST = timedelta(minutes=20)
_SPREAD_MINUTES = 5 * 60
# Trouble is looked into first; what the system froze stays so until it was.
_TROUBLE_SOONEST = {"critical": timedelta(minutes=10), "warning": timedelta(hours=1)}
_LIFT_SOONEST = timedelta(hours=2)
# Nobody lifts a freeze in the midst of what it was for: a day must have passed without more of it.
_CALM = timedelta(days=1)
# One in this many is turned down, so that the demo shows what a rejection leads to.
_REJECT_ONE_IN = 12
_REASONS = (
    "too much pressure for this audience right now",
    "hold this until the stock question is settled",
    "not convinced by the evidence yet",
)


class ScriptedApprover:
    """Answers what waits, each proposal at its own time."""

    def __init__(self, gate: Gate, seed: int) -> None:
        self._gate = gate
        self._seed = seed
        # An answer that did not count (the target moved) is not given again and again.
        self._answered: set[str] = set()
        # The ledger's number when there was last a look, and when the next answer is due.
        self._seen = -1
        self._next: datetime | None = None

    def __call__(self, now: datetime) -> datetime | None:
        """Answer what is due now; returns when the next answer will be."""
        with self._gate.door.database.read() as connection:
            number = ledger.number(connection)
        # Whatever asks for an answer is in the ledger: while it stands still, so does the plan.
        if number != self._seen or (self._next is not None and self._next <= now):
            self._seen, self._next = number, self._act(now)
        return self._next

    def _act(self, now: datetime) -> datetime | None:
        waiting = self._waiting()
        due = [judged for judged in waiting if self._answers_at(judged) <= now]
        for judged in due:
            self._answer(judged)
        ahead = [self._answers_at(judged) for judged in waiting if judged not in due]
        return min([*ahead, *self._troubles(now)], default=None)

    def _troubles(self, now: datetime) -> list[datetime]:
        """Resolve and lift what is due; when the others will be."""
        with self._gate.door.database.read() as connection:
            open_ones = escalations.all_open(connection)
            frozen = {
                held: escalations.last_critical(connection, held.scope.of)
                for held in holds.in_force(connection)
                if held.by.kind is ActorKind.SYSTEM
            }
        for row in (one for one in open_ones if self._resolves_at(one) <= now):
            self._gate.resolve(row.id, row.owner, "looked into and settled", group=False)
        lifts = {held: self._lifts_at(held, last) for held, last in frozen.items()}
        for held in (one for one, at in lifts.items() if at <= now):
            chief = Actor.person(manager(self._gate.door))
            self._gate.lift(held.mode, held.scope, chief, "looked into and settled", is_fresh=True)
        times = [*map(self._resolves_at, open_ones), *lifts.values()]
        return [at for at in times if at > now]

    def _resolves_at(self, row: EscalationRow) -> datetime:
        pause = _TROUBLE_SOONEST.get(row.severity, _SOONEST)
        minutes = self._luck(row.id, "resolve") % _SPREAD_MINUTES
        return row.opened_at + pause + timedelta(minutes=minutes)

    def _lifts_at(self, held: Hold, last: datetime | None) -> datetime:
        minutes = self._luck(held.id, "lift") % _SPREAD_MINUTES
        soonest = held.at + _LIFT_SOONEST
        calm = soonest if last is None else max(soonest, last + _CALM)
        return calm + timedelta(minutes=minutes)

    def _waiting(self) -> list[Judged]:
        with self._gate.door.database.read() as connection:
            waiting = proposals.waiting(connection)
        return [judged for judged in waiting if judged.proposal.id not in self._answered]

    def _answers_at(self, judged: Judged) -> datetime:
        minutes = self._luck(judged.proposal.id, "delay") % _SPREAD_MINUTES
        return judged.proposal.proposed_at + _SOONEST + timedelta(minutes=minutes)

    def _answer(self, judged: Judged) -> None:
        asked = judged.proposal
        self._answered.add(asked.id)
        luck = self._luck(asked.id, "answer")
        people = self._people(judged)
        # A whole launch is never turned down on a whim: the script stands for sensible people.
        if asked.action.kind != "campaign.launch" and luck % _REJECT_ONE_IN == 0:
            reason = _REASONS[luck // _REJECT_ONE_IN % len(_REASONS)]
            self._gate.reject(asked.id, people[0].id, reason, code="judgement", via="script")
            return
        for person in people:
            self._gate.approve(asked.id, person.id, asked.fingerprint, via="script", is_fresh=True)

    def _people(self, judged: Judged) -> list[Account]:
        """As many people as are needed, who are named first, then each with one of the roles."""
        assert isinstance(judged.verdict, Ask)
        need = judged.verdict.need
        accounts = self._gate.door.rules.accounts.values()
        able = [a for a in accounts if a.roles & set(need.roles) and a.may_decide]
        named = [a for a in accounts if a.id in need.people]
        asked = [*named, *(a for a in able if a not in named)]
        return asked[: need.least] or list(accounts)[:1]

    def _luck(self, name: str, what: str) -> int:
        text = f"{self._seed}/{name}/{what}"
        return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16)
