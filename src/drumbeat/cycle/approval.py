"""Approval: the sealed LaunchPack goes to the gate, and the cycle waits for the answer."""

from datetime import timedelta

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.pack import LaunchPack, seal
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.governance.verdict import Verdict
from drumbeat.core.money import Money
from drumbeat.cycle import rewording
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.documents import ReviewFindings
from drumbeat.cycle.platforms import context_of, read_back
from drumbeat.cycle.shadow import in_shadow
from drumbeat.cycle.step import Done, Next, Note, Step, Wait
from drumbeat.store.proposals import Judged, Status

# A pack may still be launched this long after its moment, when something held it up.
LATE_LIMIT = timedelta(hours=24)
_TRY_AGAIN = timedelta(hours=1)


def run(desk: Desk) -> Step:
    """Seal first and keep the seal; then ask. Asking again after a crash is the same question."""
    if "pack" not in desk.documents:
        pack = gather(desk)
        return Wait(desk.now, "sealed", {"pack": pack})
    pack = desk.document("pack", LaunchPack)
    if desk.campaign.connection.keys() == in_shadow(desk.office, desk.campaign).keys():
        # Nothing of it goes out, so nobody is asked; the launch is recorded step by step.
        return Next(note=Note("shadowed", "agent:launcher", {"pack": pack.digest}))
    judged = submit(desk, pack)
    if judged.status is Status.DENIED and desk.now >= judged.proposal.expires_at:
        return Done(f"not launched in time: {_why(judged.verdict)}")
    return decide(desk, judged)


def gather(desk: Desk) -> LaunchPack:
    """Brief, plan, assets and findings under one seal, against what is live now."""
    assets = desk.document("assets", Assets)
    return seal(
        desk.document("brief", Brief),
        desk.document("plan", Plan),
        assets,
        desk.document("findings", ReviewFindings).findings,
        current=read_back(desk, assets.states()),
        context=context_of(desk),
    )


def submit(desk: Desk, pack: LaunchPack) -> Judged:
    """Ask the gate whether this pack may go out. Asked again, its answer stands; a denial or an
    observation is judged afresh."""
    return desk.gate.submit(proposal_for(desk, pack))


def decide(desk: Desk, judged: Judged) -> Step:
    """What the gate's answer means for the cycle."""
    match judged.status:
        case Status.ALLOWED | Status.APPROVED:
            return Next()
        case Status.WAITING:
            # Whoever answers late wakes the cycle; past its promise it sleeps until it expires.
            ahead = (judged.decide_by, judged.proposal.expires_at)
            until = min((at for at in ahead if at and at > desk.now), default=None)
            return Wait(until, "waits for approval")
        case Status.AGREED:
            # At its moment the outbox lets it count and wakes the cycle. That may take until the
            # lease of a worker that died runs out: to ask again at once would be to ask all along.
            acts_at = judged.acts_at
            until = acts_at if acts_at and acts_at > desk.now else desk.now + _TRY_AGAIN
            return Wait(until, "approved; it can still be undone")
        case Status.REJECTED:
            return Done(f"rejected: {judged.reason}")
        case Status.OBSERVED:
            return Done("observed only: it would have been launched")
        case Status.REPLACED if desk.now < judged.proposal.expires_at:
            # Its words were changed while this was asked: the next tick seals the new ones.
            return Wait(desk.now + _TRY_AGAIN, "a person changed it")
        case Status.EXPIRED | Status.REPLACED:
            return Done("nobody answered in time")
        case Status.DENIED:
            return Wait(desk.now + _TRY_AGAIN, _why(judged.verdict))


def proposal_for(desk: Desk, pack: LaunchPack) -> Proposal:
    """The question people are asked: may this pack, and nothing else, go out?"""
    brief, plan, changed = pack.brief, pack.plan, rewording.of(desk)
    action = Action(
        kind="campaign.launch",
        channel=Channel.WORKSPACE,
        connection="",
        campaign=brief.campaign,
        target=f"pack:{pack.digest}",
        before=None,
        after={
            "pack": pack.digest,
            "wanted": {target: list(states) for target, states in pack.wanted.items()},
            "adds": str(pack.adds),
            "theme": plan.angle.theme,
            "starts_at": brief.occurrence_at.isoformat(),
        },
        # The money is reserved by the launch's own actions, one by one.
        spend_delta=Money.zero(brief.currency),
        audience_size=plan.audience.expected_size or 0,
        cycle=desk.cycle.id,
    )
    made = propose(
        action,
        Actor.agent("launcher"),
        f"{brief.title}, cycle {desk.cycle.number}: {plan.angle.why}",
        now=desk.now,
        expires_at=brief.occurrence_at + LATE_LIMIT,
        evidence=tuple(Evidence(text=c.text, source=c.source) for c in plan.citations),
        if_nothing=f"Nothing goes out for {brief.occurrence_at:%a %d %b %H:%M} UTC.",
        pack=pack.digest,
        # Words that are changed back make the pack of before, and a question of its own.
        occasion=changed.replaces if changed else "",
    )
    if changed is None:
        return made
    # Whoever changed the words is not the one to approve them.
    because = f": {changed.reason}" if changed.reason else ""
    why = f"{made.why} (words changed by {changed.account}{because})"
    edits = {"edits": changed.replaces, "editor": changed.editor, "why": why}
    return made.model_copy(update=edits)


def _why(verdict: Verdict) -> str:
    strict = (f.text for f in verdict.findings if f.weight > 0 and f.check != "expired")
    return "; ".join(strict) or "the proposal expired"
