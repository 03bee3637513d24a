"""Doubt: people of whom nobody can say whether a mail reached them become a question to a person.

Sending again could be a second copy, leaving it could be none at all. Neither is ours to choose.
"""

from datetime import timedelta

import sqlalchemy as sa

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.governance.receipt import Receipt
from drumbeat.gate.door import Door
from drumbeat.gate.escalate import escalate_effect
from drumbeat.gate.submit import judge

# After that nobody wants the mail any more.
_STANDS = timedelta(days=3)


def ask(door: Door, transaction: sa.Connection, asked: Proposal, receipt: Receipt) -> None:
    """Tell of those in doubt, and put the question: the same mail again, to them alone?"""
    action, after = asked.action, asked.action.after
    if not receipt.in_doubt or not isinstance(after, dict):
        return
    count = "one of its people" if receipt.in_doubt == 1 else f"{receipt.in_doubt:,} of its people"
    text = f"{action.target} reached all but {count} for certain ({receipt.detail}); of them"
    text = f"{text} nobody can say, and no second copy goes out without a person's word"
    key = f"in doubt/{action.target}"
    escalate_effect(door, transaction, action, text, key, severity="warning")
    again = action.revised(
        target=f"{action.target}-again",
        before=None,
        after={**after, "in_doubt_of": action.target},
        audience_size=receipt.in_doubt,
    )
    question = propose(
        again,
        Actor.agent("launcher"),
        f"send it again to {count}, who may have it already",
        now=door.now,
        expires_at=door.now + _STANDS,
        evidence=(Evidence(text=receipt.detail, source=f"ledger#{asked.id}"),),
        if_nothing="Whoever did not get it never will.",
    )
    judge(door, transaction, question, None)
