"""Wishes for more or less autonomy, on either ladder, and the rows that let people decide them."""

from typing import Any

from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.testing.gate_world import START

ROWS: dict[str, Any] = {
    "autonomy.promote": {
        "agents": ["optimizer"],
        "risk": "high",
        "phase": "full",
        "approvals": {"roles": ["manager"]},
        "always_ask": True,
    },
    "autonomy.demote": {"agents": ["monitor"], "risk": "low", "phase": "draft"},
}


def wish(
    kind: str,
    target: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    by: Actor | None = None,
    campaign: str = "",
) -> Proposal:
    """jon's wish, unless it is another's, made at the start of the world and open for a week."""
    action = Action(
        kind=kind,
        channel=Channel.WORKSPACE,
        connection="",
        campaign=campaign,
        target=target,
        before=before,
        after=after,
        spend_delta=Money.zero("EUR"),
    )
    by = by or Actor.person("jon")
    return propose(action, by, "a test", now=START, expires_at=START.replace(day=9))
