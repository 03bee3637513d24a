"""Judge: the whole judgement of a proposal, as one pure function over small checks."""

from collections.abc import Callable, Sequence

from drumbeat.core.governance.facts import Facts, misshapen
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import (
    Allow,
    ApprovalNeed,
    Ask,
    Deny,
    Finding,
    Observe,
    Verdict,
    Weight,
)

Check = Callable[[Proposal, Facts], Finding | None]


def decide(proposal: Proposal, checks: Sequence[Check], facts: Facts) -> Verdict:
    """The strictest finding wins. A check that fails to answer forbids: unknown means no, and so
    does a fact that is missing or mistyped."""
    asked = (found for check in checks if (found := _ask(check, proposal, facts)))
    findings = (*map(_untold, misshapen(facts)), *asked)
    match max((finding.weight for finding in findings), default=Weight.NOTE):
        case Weight.FORBID:
            return Deny(findings=findings)
        case Weight.OBSERVE:
            return Observe(findings=findings)
        case Weight.ASK:
            return _ask_people(findings, facts)
        case Weight.HOLD:
            return _ask_softly(findings, facts)
        case Weight.NOTE:
            return Allow(findings=findings)


def _untold(name: str) -> Finding:
    text = f"nobody can tell what {name} says: it is missing or mistyped"
    return Finding(check="facts", weight=Weight.FORBID, text=text)


def _ask(check: Check, proposal: Proposal, facts: Facts) -> Finding | None:
    try:
        return check(proposal, facts)
    except Exception as error:  # fail closed on whatever a check may raise
        text = f"the check could not answer ({type(error).__name__}: {error})"
        return Finding(check=check.__module__.rsplit(".", 1)[-1], weight=Weight.FORBID, text=text)


def _ask_people(findings: tuple[Finding, ...], facts: Facts) -> Ask:
    roles = facts.row.approvals.roles if isinstance(facts.row, Row) else ()
    count = facts.row.approvals.count if isinstance(facts.row, Row) else 1
    named = isinstance(facts.row, Row) and facts.row.approvals.owners
    need = ApprovalNeed(
        roles=roles or ("manager",), count=count, people=facts.owners if named else ()
    )
    return Ask(findings=findings, need=need)


def _ask_softly(findings: tuple[Finding, ...], facts: Facts) -> Ask:
    """People may answer while the row's hold lasts. Without a hold there is nothing soft."""
    asked = _ask_people(findings, facts)
    hold = facts.row.hold if isinstance(facts.row, Row) else None
    return asked.model_copy(update={"acts_after": hold})
