"""Desk: where connectors hand in permits; the store remembers which were taken."""

from collections.abc import Callable
from datetime import datetime

from drumbeat.core.governance.action import Action
from drumbeat.core.governance.freeze import HoldMode, covers
from drumbeat.core.governance.permit import Permit, PermitRefused, objection
from drumbeat.store import effects, holds, proposals
from drumbeat.store.database import Database


class StoreDesk:
    """Takes a permit once an attempt, and only while its change is in flight."""

    def __init__(
        self,
        database: Database,
        key: bytes,
        now: Callable[[], datetime],
        is_braked: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._key = key
        self._now = now
        self._is_braked = is_braked

    def redeem(self, permit: Permit | None, action: Action, connection: str) -> None:
        """Raises PermitRefused for a permit that is missing, foreign, used or expired."""
        why = objection(permit, action, connection, self._key, self._now())
        if why or permit is None:
            raise PermitRefused(why or "no permit")
        with self._database.write() as transaction:
            if not effects.redeem(transaction, permit.number, permit.attempt):
                raise PermitRefused("the permit was used before, or its change is not in flight")

    def may_go_on(self, key: str) -> bool:
        """Looked up each time, so that a freeze is seen before the next call leaves."""
        if self._is_braked():
            return False
        with self._database.read() as connection:
            frozen = [h for h in holds.in_force(connection) if h.mode is HoldMode.FREEZE]
            effect = effects.load(connection, key) if frozen else None
            judged = proposals.load(connection, effect.proposal) if effect else None
        if not frozen:
            return True
        if judged is None:
            return False
        asked = judged.proposal
        return not any(covers(h, asked.action, asked.by) for h in frozen)
