"""Work: what the engine drives: campaigns recur, cycles advance, effects go out, watches look."""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.operations.escalation import AlertKind
from drumbeat.cycle import clocks, recurrence, trials, watch
from drumbeat.cycle.cycle import FIRST, advance
from drumbeat.cycle.desk import Office
from drumbeat.engine.tick import Tick
from drumbeat.engine.work import Enqueue
from drumbeat.gate.door import EFFECTS, NOTICES
from drumbeat.gate.escalate import escalate
from drumbeat.store import cycles, dues
from drumbeat.store.dues import Due, StaleTick

LEASE = timedelta(minutes=2)
# Writes what is due, whenever it is asked and however often; returns when to ask again.
Chore = Callable[[sa.Connection], datetime]
_FIRST_PAUSE = timedelta(minutes=1)
# After this many failures in a row a person is told; the work goes on trying, slowly.
_TELL_AFTER = 3
_LONGEST_PAUSE = timedelta(hours=1)
_STANDING = (EFFECTS, watch.SUBJECT, trials.SUBJECT, clocks.SUBJECT, clocks.AUDIT, NOTICES)
_CLOCKS_PAUSE = timedelta(seconds=15)


class CampaignWork:
    """Implements the engine's port over the store's due table.

    Subjects: ``campaign:<id>`` opens cycles, ``cycle:<id>`` advances one, ``effects`` carries
    out what was allowed, ``watch`` looks at everything live, ``trials`` reads the running tests,
    ``clocks`` sees to what is late, ``audit`` to what the clocks missed, and ``notices`` tells
    people outside their inbox. ``chores``
    are standing subjects of whoever put the work together: each writes what is due, however often
    it is asked, and says when next.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self.chores: dict[str, Chore] = {}
        # What was claimed in this process and has not begun.
        self._taken: dict[str, Due] = {}

    def start(self) -> None:
        """Put the standing subjects on the list; those already there stay as they are."""
        now = self.office.now
        subjects = [f"campaign:{name}" for name in self.office.library.campaigns]
        with self.office.database.write() as transaction:
            for subject in (*subjects, *_STANDING, *self.chores):
                dues.schedule_new(transaction, subject, now)

    def claim(self, now: datetime, limit: int, enqueue: Enqueue) -> int:
        """Lease what is due; see the engine's port."""
        with self.office.database.write() as transaction:
            taken = dues.claim(transaction, now, limit, LEASE)
            for due in taken:
                enqueue(transaction, Tick(due.subject, due.seq, due.attempt))
        if len(taken) == 1:  # of several, one may poke another before its turn
            self._taken[taken[0].subject] = taken[0]
        return len(taken)

    def run(self, tick: Tick) -> None:
        """Perform one tick; a stale one leaves no trace."""
        taken = self._place_of(tick)
        if taken is None or taken.seq != tick.seq:
            return
        try:
            self._perform(tick.subject, _committer(self.office, taken))
        except StaleTick:
            return

    def _place_of(self, tick: Tick) -> Due | None:
        """As it was claimed here, or else as it stands: the fence at the commit judges both."""
        taken = self._taken.pop(tick.subject, None)
        if taken is not None and (taken.seq, taken.attempt) == (tick.seq, tick.attempt):
            return taken
        with self.office.database.read() as connection:
            return dues.load(connection, tick.subject)

    def next_due(self) -> datetime | None:
        with self.office.database.read() as connection:
            return dues.next_due(connection)

    def failed(self, tick: Tick, error: str) -> None:
        """Try again after a pause that doubles; tell a person when it keeps failing."""
        pause = min(_FIRST_PAUSE * (1 << min(tick.attempt, 8)), _LONGEST_PAUSE)
        if tick.subject == clocks.SUBJECT:
            pause = _CLOCKS_PAUSE  # a breach is told within the minute
        with self.office.database.write() as transaction:
            again = self.office.now + pause
            noted = dues.retry(transaction, tick.subject, tick.seq, tick.attempt, again, error)
            if noted and tick.attempt + 1 >= _TELL_AFTER:
                campaign, cycle = _whose(transaction, tick.subject)
                escalate(
                    self.office.gate.door,
                    transaction,
                    failure="platform",
                    severity="warning",
                    campaign=campaign,
                    cycle=cycle,
                    text=f"{tick.subject} failed {tick.attempt + 1} times: {error}",
                    key=tick.subject,
                    kind=AlertKind.SYSTEM,
                )

    def _perform(self, subject: str, commit: Callable[..., None]) -> None:
        kind, _, name = subject.partition(":")
        match kind:
            case "campaign":
                recurrence.open_cycles(self.office, name, FIRST, commit)
            case "cycle":
                advance(self.office, name, commit)
            case "effects":
                commit(_nothing, self.office.gate.pump())
            case "notices":
                commit(_nothing, self.office.gate.notify_due())
            case "watch":
                watch.look(self.office, commit)
            case "trials":
                trials.look(self.office, commit)
            case "clocks":
                clocks.look(self.office, commit)
            case "audit":
                clocks.audit(self.office, commit)
            case _ if kind in self.chores:
                self._do_chore(kind, commit)
            case _:
                raise LookupError(f"nobody knows what to do with {subject!r}")

    def _do_chore(self, name: str, commit: Callable[..., None]) -> None:
        with self.office.database.write() as transaction:
            again = self.chores[name](transaction)
        commit(_nothing, again)


def _committer(
    office: Office, taken: Due
) -> Callable[[Callable[[sa.Connection], None], datetime | None], None]:
    def commit(write: Callable[[sa.Connection], None], wake_at: datetime | None) -> None:
        with office.database.write() as transaction:
            write(transaction)
            dues.commit(transaction, taken, office.now, wake_at)

    return commit


def _whose(transaction: sa.Connection, subject: str) -> tuple[str, str]:
    kind, _, name = subject.partition(":")
    if kind == "cycle":
        row = cycles.load(transaction, name)
        return (row.campaign, name) if row else ("", name)
    return (name, "") if kind == "campaign" else ("", "")


def _nothing(_: sa.Connection) -> None:
    pass
