"""Granting: a person's wish to change what a connection may do, as a proposal like any other."""

from datetime import timedelta

from drumbeat.app.compose import App
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import propose
from drumbeat.core.money import Money
from drumbeat.gate import internal
from drumbeat.store.proposals import Judged

_LIFE = timedelta(days=3)


def can_change(app: App, connection: str) -> bool:
    """Whether campaigns can act through a connection at all; one that cannot be opened may."""
    platform = app.gate.door.platforms.get(connection)
    return platform is None or not platform.only_reads


def grant(app: App, connection: str, mode: str, account: str, reason: str) -> Judged:
    """Propose the change; where the matrix asks, another person approves it."""
    door = app.gate.door
    with app.database.read() as transaction:
        current = internal.mode_of(door, transaction, connection)
    action = Action(
        kind="connection.set_mode",
        channel=Channel.WORKSPACE,
        connection=connection,
        campaign="",
        target=f"connection:{connection}",
        before={"mode": str(current or "")},
        after={"mode": mode},
        spend_delta=Money.zero(door.rules.currency),
    )
    asked = propose(
        action,
        Actor.person(account),
        reason or f"set {connection} {mode}",
        now=app.clock.now(),
        expires_at=app.clock.now() + _LIFE,
        occasion=app.clock.now().isoformat(),
    )
    return app.gate.submit(asked)
