"""Submit: a proposal is judged, recorded and, where allowed, put on its way; one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action_kinds import KINDS, is_for_review
from drumbeat.core.governance.checkpoint import passed
from drumbeat.core.governance.facts import Facts, Unread
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.permit import number_for
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Allow, Ask, Deny, Observe, Verdict
from drumbeat.core.json_value import JsonValue
from drumbeat.gate import internal, parts, record
from drumbeat.gate.door import CLOCKS, EFFECTS, Door
from drumbeat.gate.facts import gather, read_current, scopes_of
from drumbeat.store import budgets, dues, effects, ledger, proposals
from drumbeat.store.effects import EffectStatus
from drumbeat.store.proposals import Judged, Status

# What follows another change is looked at this much later: by then that one is made, as a rule.
_NEXT = timedelta(minutes=1)
# What is judged afresh when it is proposed again; every other answer stands.
_REOPENED = (Status.DENIED, Status.OBSERVED)


def submit(door: Door, proposal: Proposal) -> Judged:
    """Judge the proposal and act on the verdict. Submitting it again changes nothing."""
    current = read_current(door, proposal.action)
    with door.database.write() as transaction:
        ledger.serialize(transaction)
        known = proposals.load(transaction, proposal.id)
        if known is not None and known.status not in _REOPENED:
            return known
        return judge(door, transaction, proposal, current, known)


def submit_all(door: Door, wanted: Sequence[Proposal]) -> list[Judged]:
    """The same for several. What stands is looked up in one read: a launch that waits for people
    proposes all of its steps every time it is woken."""
    with door.database.read() as connection:
        known = proposals.many(connection, [one.id for one in wanted])
    standing = {name: one for name, one in known.items() if one.status not in _REOPENED}
    return [standing.get(one.id) or submit(door, one) for one in wanted]


def judge(
    door: Door,
    transaction: sa.Connection,
    proposal: Proposal,
    current: JsonValue | Unread,
    known: Judged | None = None,
) -> Judged:
    """Judge in the caller's transaction; ``known`` is what the gate said of it before."""
    facts = gather(door, transaction, proposal, current)
    verdict = decide(proposal, door.checks, facts)
    judged = _answer(door, proposal, verdict, facts)
    if known is not None and known.verdict == verdict:
        return known  # the same answer again is no news
    proposals.save(transaction, judged)
    record.about(
        transaction,
        "judged",
        proposal,
        at=door.now,
        actor=str(proposal.by),
        verdict=verdict.verdict,
        findings=[f"{f.check}: {f.text}" for f in verdict.findings],
        checkpoints=list(passed(door.rules.matrix.checkpoints, proposal.action.kind, verdict)),
        policy=facts.policy[:12],
        why=proposal.why,
        confidence=round(proposal.confidence.value, 4) if proposal.confidence else None,
        evidence=[e.source for e in proposal.evidence],
    )
    if isinstance(verdict, Allow):
        set_going(door, transaction, proposal)
    if judged.acts_at is not None:
        dues.schedule(transaction, EFFECTS, judged.acts_at)
    if judged.decide_by is not None:
        dues.schedule(transaction, CLOCKS, judged.decide_by)
    return judged


def _answer(door: Door, proposal: Proposal, verdict: Verdict, facts: Facts) -> Judged:
    now = door.now
    judged = Judged(
        proposal=proposal,
        verdict=verdict,
        status=Status.WAITING,
        policy=facts.policy,
        decide_by=None,
        decided_at=now,
        decided_by="gate",
        reason="",
    )
    match verdict:
        case Allow():
            return replace(judged, status=Status.ALLOWED)
        case Observe():
            return replace(judged, status=Status.OBSERVED)
        case Deny():
            return replace(judged, status=Status.DENIED)
        case Ask():
            own = door.rules.campaigns.get(proposal.action.campaign)
            by = proposal.expires_at
            if own is not None and not is_for_review(proposal.action.kind):
                by = min(now + own.decide_within, by)
            soft = now + verdict.acts_after if verdict.acts_after is not None else None
            return replace(judged, decide_by=by, decided_at=None, decided_by="", acts_at=soft)


def reserve(door: Door, transaction: sa.Connection, proposal: Proposal) -> None:
    """Promise the money a change adds, under every cap that binds it."""
    action = proposal.action
    if action.spend_delta.minor > 0:
        scopes, delta = scopes_of(door, action), action.spend_delta
        budgets.reserve(transaction, proposal.id, scopes, delta.minor, delta.currency, door.now)


def set_going(door: Door, transaction: sa.Connection, proposal: Proposal) -> None:
    """Reserve the money and put the change into the outbox; an internal one happens at once."""
    action, now = proposal.action, door.now
    reserve(door, transaction, proposal)
    if KINDS[action.kind].is_internal:
        if action.kind == budget_move.KIND:
            _set_parts_going(door, transaction, proposal)
            return
        internal.apply(transaction, action, str(proposal.by), now)
        record.about(transaction, "applied", proposal, at=now, actor="system:gate")
        return
    _send(door, transaction, proposal)


def _set_parts_going(door: Door, transaction: sa.Connection, whole: Proposal) -> None:
    """What was decided as one goes out as one change a line item, each judged once more first.
    Raises ValueError where one of them cannot be made any more."""
    made, now = parts.parts_of(door, transaction, whole), door.now
    for one in made:
        policy = door.rules.version_for(one.action.campaign)
        allowed = Judged(one, Allow(), Status.ALLOWED, policy, None, now, "gate", "")
        proposals.save(transaction, allowed)
        record.about(
            transaction,
            "judged",
            one,
            at=now,
            actor=str(one.by),
            verdict="allow",
            findings=[f"parts: it is a part of {whole.id}"],
            policy=policy[:12],
            why=one.why,
        )
        reserve(door, transaction, one)
        _send(door, transaction, one)
    record.about(
        transaction,
        "move_begun",
        whole,
        at=now,
        actor="system:gate",
        parts=[one.id for one in made],
    )


def _send(door: Door, transaction: sa.Connection, proposal: Proposal) -> None:
    """Put it into the outbox."""
    action, now = proposal.action, door.now
    start = max(now, proposal.not_before) if proposal.not_before else now
    start += _NEXT if proposal.follows else timedelta()
    effects.add(
        transaction,
        {
            "permit": number_for(proposal.id, action.fingerprint),
            "proposal": proposal.id,
            "fingerprint": action.fingerprint,
            "connection": action.connection,
            "campaign": action.campaign,
            "cycle": action.cycle,
            "target": action.target,
            "status": EffectStatus.READY,
            "wake_at": start,
        },
    )
    dues.schedule(transaction, EFFECTS, start)
