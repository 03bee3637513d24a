"""Matrix: default deny; the row says which agents may, and what always needs a person."""

from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight

_ROW = "policy/actions.yaml"


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Forbids what has no row, and agents the row does not name; asks where the row always does."""
    kind, row = proposal.action.kind, facts.row
    if row == "forbidden":
        return _finding(Weight.FORBID, f"{kind} is forbidden", f"see {_ROW}")
    if not isinstance(row, Row):
        return _finding(Weight.FORBID, f"the action matrix has no row for {kind}", f"add to {_ROW}")
    if proposal.by.is_agent and not _may(proposal.by.id, row, facts, kind):
        text = f"{proposal.by.id} may not propose {kind}"
        return _finding(Weight.FORBID, text, f"name it under `agents` in {_ROW}")
    if row.always_ask and not is_covered(proposal, facts):
        return _finding(Weight.ASK, f"{kind} always needs a person", "")
    return None


def _may(agent: str, row: Row, facts: Facts, kind: str) -> bool:
    """Both sides must agree: the matrix lists the agent, the agent declares the kind."""
    return agent in row.agents and facts.declared_kinds is not None and kind in facts.declared_kinds


def _finding(weight: Weight, text: str, fix: str) -> Finding:
    return Finding(check="matrix", weight=weight, text=text, fix=fix)
