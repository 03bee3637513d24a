"""Waiting: whether anything waits for one person in particular, who may answer it now."""

from datetime import timedelta

import sqlalchemy as sa

from drumbeat.app.pages import asking
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.snooze import delegates, snoozed_by
from drumbeat.store import proposals, unanswered
from drumbeat.web.views.shell import Person

# An approval that was just given can be undone from its notice, which stays this long.
_NOTICE = timedelta(seconds=30)


def may_undo(ground: Ground, connection: sa.Connection, person: Person) -> bool:
    """Whether the notice of an approval this person gave is still before their eyes."""
    return proposals.is_undoable(connection, f"person:{person.id}", ground.now - _NOTICE)


def waits_for(ground: Ground, connection: sa.Connection, person: Person) -> bool:
    """Not counted are what the person has snoozed, handed to somebody else, or may not approve."""
    asleep = snoozed_by(connection, person.id, ground.now)
    if not unanswered.count_waiting(connection, skip=asleep):
        return False
    handed = delegates(connection)
    return any(
        handed.get(one.proposal.id, person.id) == person.id
        and not asking.barred(
            ground, one, person, proposals.approvals(connection, one.proposal.id, used=None)
        )
        for one in proposals.waiting(connection)
        if one.proposal.id not in asleep
    )
