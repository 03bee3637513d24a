"""Colleagues: the rest of the demo's people, played by a script, for what its one person may not
answer alone.

Who proposed or edited something is never who approves it, in the demo as anywhere. Without others
the launch somebody just edited would wait until it lapses.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from drumbeat.app.pages import asking
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.snooze import delegates
from drumbeat.core.governance.approval import Approval
from drumbeat.core.governance.person import Account
from drumbeat.gate.answer import NotAnswered
from drumbeat.store import ledger, proposals
from drumbeat.store.proposals import Judged
from drumbeat.web.views.shell import Person

# Whichever has passed first: time in the demo, or in front of it while its clock is slow.
_TAKES, _TAKES_SECONDS = timedelta(minutes=20), 12.0
REASON = "played by the demo in your place"


@dataclass(frozen=True)
class _Turn:
    """Whose turn it is, from when on."""

    judged: Judged
    account: Account
    at: datetime
    seconds: float


@dataclass
class Colleagues:
    """Whoever else may answer, each after a little while, always in favour. ``monotonic`` gives
    real seconds."""

    ground: Ground
    person: Person | None
    monotonic: Callable[[], float] = time.monotonic
    _turns: dict[tuple[str, str], _Turn] = field(default_factory=dict)
    # What the gate did not let count is not answered again and again.
    _tried: set[tuple[str, str]] = field(default_factory=set)
    _seen: int = -1

    def __call__(self, now: datetime) -> None:
        """Answer what has waited long enough."""
        self._look(now)
        seconds = self.monotonic()
        for key, turn in list(self._turns.items()):
            if now - turn.at >= _TAKES or seconds - turn.seconds >= _TAKES_SECONDS:
                self._tried.add(key)
                del self._turns[key]
                self._answer(turn)

    def of(self, judged: Judged, given: list[Approval], handed: dict[str, str]) -> Account | None:
        """Who answers it in the demo's place; None where its person may, or nobody can."""
        if self.person is None:
            return None
        accounts = self.ground.app.gate.door.rules.accounts
        to = handed.get(judged.proposal.id, self.person.id)
        names = asking.able_people(self.ground, judged)
        if to != self.person.id:
            names = (to, *names)
        elif not asking.barred(self.ground, judged, self.person, given):
            return None
        barred = asking.proposers(self.ground, judged.proposal) | {one.person for one in given}
        able = (accounts[one] for one in names if one in accounts and one != self.person.id)
        return next((one for one in able if one.is_active and one.person not in barred), None)

    def _look(self, now: datetime) -> None:
        """Note whose turn it is; while the ledger stands still, nothing new waits."""
        with self.ground.app.database.read() as connection:
            number = ledger.number(connection)
            if number == self._seen:
                return
            handed = delegates(connection)
            waiting = [
                (one, proposals.approvals(connection, one.proposal.id, used=None))
                for one in proposals.waiting(connection)
            ]
        self._seen, seconds, kept = number, self.monotonic(), self._turns
        turns: dict[tuple[str, str], _Turn] = {}
        for judged, given in waiting:
            account = self.of(judged, given, handed)
            key = (judged.proposal.id, account.id if account else "")
            if account and key not in self._tried:
                turns[key] = kept.get(key) or _Turn(judged, account, now, seconds)
        self._turns = turns

    def _answer(self, turn: _Turn) -> None:
        asked, gate = turn.judged.proposal, self.ground.app.gate
        answer = gate.approve(
            asked.id, turn.account.id, asked.fingerprint, REASON, via="script", is_fresh=True
        )
        if isinstance(answer, NotAnswered):
            # Another of them may be able to.
            self._seen = -1
