"""Launch: wanted minus read back, step by step, until nothing differs; running it again is safe."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.exposure import goes_out_at, read_object
from drumbeat.core.campaign.launch import difference, next_steps, overdue
from drumbeat.core.campaign.pack import LaunchPack
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.experiments.placement import placements
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.governance.verdict import Weight
from drumbeat.core.json_value import JsonValue
from drumbeat.cycle import compliance, trouble
from drumbeat.cycle.approval import LATE_LIMIT
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.platforms import context_of, read_back
from drumbeat.cycle.step import Done, Next, Note, Step, Wait
from drumbeat.gate.escalate import escalate
from drumbeat.store import effects, experiments, proposals, settings
from drumbeat.store.effects import OPEN
from drumbeat.store.proposals import Judged, Status

_LOOK_AGAIN = timedelta(hours=1)


def run(desk: Desk) -> Step:
    """Ask the gate for every step that is left and look again an hour later.

    Next when nothing is left, people have turned the rest down, or a day has passed since the
    cycle's moment; Done where nothing at all went out. A dead link keeps back whatever would be put
    before people, and is told to its owner.
    """
    pack = desk.document("pack", LaunchPack)
    steps = gather(desk, pack)
    given_up = desk.now >= pack.brief.occurrence_at + LATE_LIMIT
    if not steps or given_up:
        return finish(desk, pack, steps)
    dead = compliance.preflight(desk) if _brings(steps) else None
    if dead is not None:
        # What leads nowhere is kept back; what is taken away leads nobody astray.
        steps = tuple(step for step in steps if step.after is None)
        trouble.tell(desk, "legal", "reviewer", f"{dead.subject}: {dead.text}")
    answers = desk.gate.submit_all([proposal_for(desk, pack, action) for action in steps])
    if dead is not None:
        return Wait(desk.now + _LOOK_AGAIN, f"{dead.subject}: {dead.text}")
    if all(one.status is Status.REJECTED for one in answers):
        return finish(desk, pack, steps)  # people have said no to all that is left
    return Wait(desk.now + _LOOK_AGAIN, _reason(answers))


def gather(desk: Desk, pack: LaunchPack) -> tuple[Action, ...]:
    """The next step of every target that is not yet as approved.

    A mail or post whose moment passed unlaunched is let go rather than sent late, unless it is
    already on its way.
    """
    wanted = pack.wanted_objects
    current = read_back(desk, wanted)
    late = set(overdue(_set(wanted), desk.now)) - _on_their_way(desk)
    due = {t: s for t, s in wanted.items() if t not in late or current[t] is not None}
    return next_steps(difference(due, current, context_of(desk)))


def _brings(steps: Iterable[Action]) -> bool:
    """Whether a step puts something before people."""
    return any(step.after is not None for step in steps)


def finish(desk: Desk, pack: LaunchPack, left: tuple[Action, ...]) -> Step:
    """Live as approved; or, when time ran out, what is live stays and the rest is named."""
    current = read_back(desk, pack.wanted_objects)
    live = [t for t, s in pack.wanted_objects.items() if s is not None and current[t] is not None]
    absent = [t for t, s in pack.wanted_objects.items() if s is not None and current[t] is None]
    declined = _declined(desk, pack)
    missing = _without(absent, declined)
    if late := missing or _without((action.target for action in left), declined):
        _tell(desk, late)
    if not live:
        return Done("nothing was launched in time" if missing else "people turned all of it down")
    _place(desk, live)
    _note_geos(desk)
    body = {"pack": pack.digest, "live": live, "missing": missing}
    body["declined"] = _without(absent, missing)
    return Next(note=Note("launched", "agent:launcher", body))


def _declined(desk: Desk, pack: LaunchPack) -> set[str]:
    """The targets of which a person turned a step of this launch down: they are not late."""
    with desk.office.database.read() as connection:
        asked = proposals.of_cycle(connection, desk.cycle.id)
    return {
        one.proposal.action.target
        for one in asked
        if one.status is Status.REJECTED and one.proposal.pack == pack.digest
    }


def _without(targets: Iterable[str], left_out: Collection[str]) -> list[str]:
    """The targets that are not among these, in their order."""
    return [target for target in targets if target not in left_out]


def _place(desk: Desk, live: list[str]) -> None:
    """Remember where the arms of the cycle's test are to be seen: only what went live counts."""
    choice = desk.document("plan", Plan).hypothesis
    if choice is None or not choice.experiment:
        return
    with desk.office.database.write() as transaction:
        kept = experiments.load(transaction, choice.experiment)
        if kept is not None and kept.is_running:
            made = placements(kept.experiment, desk.document("assets", Assets), desk.now)
            experiments.place(transaction, (one for one in made if one.target in live))


def _note_geos(desk: Desk) -> None:
    """Since when which regions go without ads: what they sold before and after is compared."""
    lines = desk.document("assets", Assets).line_items
    geos = desk.campaign.experiments.geos
    held = sorted({name for line in lines for name in line.exclude} & set(geos))
    key = held_key(desk.campaign.campaign)
    with desk.office.database.write() as transaction:
        known = settings.get(transaction, key, {})
        if held != known.get("geos", []):
            settings.put(transaction, key, {"geos": held, "since": desk.now.isoformat()})


def held_key(campaign: str) -> str:
    """Where the regions of a campaign's hold-out are kept, with the day they began."""
    return f"geo-hold-out:{campaign}"


def proposal_for(desk: Desk, pack: LaunchPack, action: Action) -> Proposal:
    """One step of the launch, inside its pack."""
    return propose(
        action,
        Actor.agent("launcher"),
        f"launch of {pack.brief.title}, cycle {desk.cycle.number}",
        now=desk.now,
        expires_at=pack.brief.occurrence_at + LATE_LIMIT,
        pack=pack.digest,
        not_before=_not_before(desk, action),
    )


def _not_before(desk: Desk, action: Action) -> datetime | None:
    """Platforms that cannot schedule get the change when its moment has come, not before."""
    if desk.gate.can_schedule(action.connection) or action.after is None:
        return None
    return goes_out_at(read_object(action.target, action.after))


def _on_their_way(desk: Desk) -> set[str]:
    with desk.office.database.read() as connection:
        mine = effects.of_cycle(connection, desk.cycle.id)
    return {effect.target for effect in mine if effect.status in OPEN}


def _set(wanted: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {target: state for target, state in wanted.items() if state is not None}


def _reason(answers: list[Judged]) -> str:
    """The most pressing reason why the cycle waits here."""
    for judged in answers:
        if judged.status in (Status.DENIED, Status.WAITING):
            strict = [f.text for f in judged.verdict.findings if f.weight >= Weight.ASK]
            return f"{judged.proposal.action.kind}: {'; '.join(strict)}"
    return "launching"


def _tell(desk: Desk, missing: list[str]) -> None:
    with desk.office.database.write() as transaction:
        escalate(
            desk.gate.door,
            transaction,
            failure="platform",
            severity="warning",
            campaign=desk.campaign.campaign,
            cycle=desk.cycle.id,
            text=f"not launched in time: {', '.join(missing)}",
            key=f"{desk.cycle.id}/launch",
        )
