"""Policy: the matrix in words, why a proposal got its verdict, and the user's own examples."""

from dataclasses import asdict
from typing import Any

from drumbeat.app.compose import App
from drumbeat.core.governance.checkpoint import passed
from drumbeat.core.governance.explain import deciding, may_answer, said
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.policy_examples import PolicyExamples, Tried, tried
from drumbeat.core.governance.policy_table import PolicyLine, line, lines
from drumbeat.core.governance.verdict import ApprovalNeed, Ask, Verdict
from drumbeat.files.source import read_source
from drumbeat.gate.facts import gather, read_current
from drumbeat.store import proposals
from drumbeat.store.proposals import Judged

EXAMPLES = "policy/examples.yaml"


class NoExamples(LookupError):
    """The workspace has no examples to try."""


def policy_table(app: App) -> tuple[PolicyLine, ...]:
    """The action matrix in force, a line for every kind; those without a row are denied."""
    return lines(app.files.actions)


def try_examples(app: App) -> tuple[Tried, ...]:
    """Judge every example of policy/examples.yaml. Raises NoExamples when there is no such file."""
    place = app.home / EXAMPLES
    if not place.is_file():
        raise NoExamples(
            f"{EXAMPLES}: there is none yet; `drumbeat init` in a new folder makes one"
        )
    # Opening the workspace has checked the file already.
    kept = PolicyExamples.model_validate(read_source(place, EXAMPLES).data)
    rules, door = app.gate.door.rules, app.gate.door
    return tuple(
        tried(
            example,
            app.files.actions,
            door.checks,
            door.now,
            rules.currency,
            rules.declared_kinds.get(example.by),
        )
        for example in kept.examples
    )


def explain(app: App, proposal_id: str) -> dict[str, Any] | None:
    """How the proposal was judged, how it would be judged now, and who may answer; None: unknown.

    Judging now reads the target from its platform and changes nothing.
    """
    door = app.gate.door
    with app.database.read() as connection:
        judged = proposals.load(connection, proposal_id)
    if judged is None:
        return None
    current = read_current(door, judged.proposal.action)
    with app.database.read() as connection:
        now = decide(
            judged.proposal, door.checks, gather(door, connection, judged.proposal, current)
        )
        given = proposals.approvals(connection, proposal_id, used=None)
    by = judged.proposal.by
    proposer = door.rules.accounts.get(by.id) if by.is_person else None
    answerers = may_answer(
        judged.verdict,
        judged.proposal,
        door.rules.accounts.values(),
        given,
        proposer.person if proposer else "",
    )
    kind = judged.proposal.action.kind
    in_force = door.rules.version_for(judged.proposal.action.campaign)
    return {
        **_head(judged),
        "row": asdict(line(kind, door.rules.matrix.row(kind))),
        "policy": {"judged_under": judged.policy, "in_force": in_force},
        "judged": _verdict(app, judged.verdict),
        "now": _verdict(app, now),
        "approved_by": [f"{approval.account} ({approval.role})" for approval in given],
        "checkpoints": list(
            passed(app.files.actions.checkpoints, judged.proposal.action.kind, judged.verdict)
        ),
        "may_answer": list(answerers) if judged.status is proposals.Status.WAITING else [],
    }


def _head(judged: Judged) -> dict[str, Any]:
    asked = judged.proposal
    return {
        "id": asked.id,
        "action": asked.action.kind,
        "target": asked.action.target,
        "campaign": asked.action.campaign,
        "by": str(asked.by),
        "why": asked.why,
        "status": str(judged.status),
        "decided_by": judged.decided_by,
        "reason": judged.reason,
        "confidence": asked.confidence.value if asked.confidence else None,
        "signals": sorted(asked.signals),
    }


def _needs(need: ApprovalNeed) -> dict[str, Any]:
    people = {"people": list(need.people)} if need.people else {}
    return {"count": need.count, "roles": list(need.roles), **people}


def _verdict(app: App, verdict: Verdict) -> dict[str, Any]:
    need = verdict.need if isinstance(verdict, Ask) else None
    return {
        "verdict": verdict.verdict,
        "decided_by_checks": list(deciding(verdict)),
        "checks": [asdict(one) for one in said(app.gate.door.checks, verdict)],
        "needs": _needs(need) if need else None,
    }
