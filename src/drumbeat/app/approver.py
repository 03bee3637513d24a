"""Approver: people played by a script, for demos without a page and for simulations.

They answer after a while that depends on the proposal alone, never on chance drawn at the
moment, so that the same seed tells the same story.
"""

import hashlib
from datetime import datetime, timedelta

from drumbeat.core.governance.person import Account
from drumbeat.core.governance.verdict import Ask
from drumbeat.gate.gate import Gate
from drumbeat.store import proposals
from drumbeat.store.proposals import Judged

_SOONEST = timedelta(minutes=20)
_SPREAD_MINUTES = 5 * 60
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

    def __call__(self, now: datetime) -> datetime | None:
        """Answer what is due now; returns when the next answer will be."""
        waiting = self._waiting()
        due = [judged for judged in waiting if self._answers_at(judged) <= now]
        for judged in due:
            self._answer(judged)
        ahead = [self._answers_at(judged) for judged in waiting if judged not in due]
        return min(ahead, default=None)

    def _waiting(self) -> list[Judged]:
        with self._gate.door.database.read() as connection:
            waiting = proposals.waiting(connection)
        return [judged for judged in waiting if judged.proposal.id not in self._answered]

    def _answers_at(self, judged: Judged) -> datetime:
        minutes = self._luck(judged, "delay") % _SPREAD_MINUTES
        return judged.proposal.proposed_at + _SOONEST + timedelta(minutes=minutes)

    def _answer(self, judged: Judged) -> None:
        asked = judged.proposal
        self._answered.add(asked.id)
        luck = self._luck(judged, "answer")
        people = self._people(judged)
        # A whole launch is never turned down on a whim: the script stands for sensible people.
        if asked.action.kind != "campaign.launch" and luck % _REJECT_ONE_IN == 0:
            reason = _REASONS[luck // _REJECT_ONE_IN % len(_REASONS)]
            self._gate.reject(asked.id, people[0].id, reason, code="judgement", via="script")
            return
        for person in people:
            self._gate.approve(asked.id, person.id, asked.fingerprint, via="script")

    def _people(self, judged: Judged) -> list[Account]:
        """As many people as are needed, each with one of the roles asked for."""
        assert isinstance(judged.verdict, Ask)
        need = judged.verdict.need
        accounts = self._gate.door.rules.accounts.values()
        able = [a for a in accounts if a.roles & set(need.roles) and not a.is_agent]
        return able[: need.count] or list(accounts)[:1]

    def _luck(self, judged: Judged, what: str) -> int:
        text = f"{self._seed}/{judged.proposal.id}/{what}"
        return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16)
