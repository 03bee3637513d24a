"""Connection: platforms are changed only over a connection a person made live."""

from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Lets through a live connection only: records in shadow, forbids where reading is all that was
    granted, or the connection is not known."""
    kind = KINDS.get(proposal.action.kind)
    if kind is not None and kind.is_internal:
        return None
    connection = proposal.action.connection
    match facts.connection_mode:
        case ConnectionMode.LIVE:
            return None
        case ConnectionMode.SHADOW:
            return _finding(Weight.OBSERVE, f"{connection} is in shadow mode", connection)
        case ConnectionMode.READ_ONLY:
            return _finding(Weight.FORBID, f"{connection} is read-only", connection)
        case _:
            # No such connection, or a mode this version does not know: unknown means no.
            return _finding(Weight.FORBID, f"no connection is named {connection!r}", connection)


def _finding(weight: Weight, text: str, connection: str) -> Finding:
    fix = f"let a person set {connection} live"
    return Finding(check="connection", weight=weight, text=text, fix=fix)
