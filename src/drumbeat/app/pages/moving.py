"""Moving: another moment for something scheduled, asked for by a person and judged by the gate."""

from datetime import datetime, timedelta

from drumbeat.app.pages.ground import Ground
from drumbeat.connectors.contract import Capability
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.store import cycles, objects
from drumbeat.store.objects import LiveObject
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import Person

# The kind that gives each channel's object to its platform, and the field that holds its moment.
_KINDS = {
    "email": ("email.schedule_send", "send_at"),
    "social": ("social.schedule_post", "publish_at"),
}
_SEALED = Refused(
    "A launch is sealed with its times. Reject it with the time you want: the next plan takes "
    "that up."
)
_LIFE = timedelta(days=7)


def can_move(ground: Ground, channel: str, connection: str) -> bool:
    """Whether what this connection was given can be given another moment."""
    platform = ground.app.gate.door.platforms.get(connection)
    return (
        channel in _KINDS
        and platform is not None
        and Capability.RESCHEDULE in platform.capabilities
    )


def moved(ground: Ground, item_id: str, at: datetime, person: Person) -> Answer:
    """Propose the new moment; whoever may approve such a change decides it."""
    if at <= ground.now:
        return Refused("That moment has passed; choose a later one.", 422)
    live = _live(ground, item_id)
    if live is None:
        return _SEALED
    if live.goes_out_at <= ground.now:
        return Refused("It has gone out already.")
    if not can_move(ground, live.channel, live.connection):
        return Refused(
            f"{live.connection} keeps what it was given: roll it back, and the next plan takes "
            "up the time you want."
        )
    return _told(ground.app.gate.submit(_proposal(ground, live, at, person)))


def _live(ground: Ground, item_id: str) -> LiveObject | None:
    """The object a calendar item stands for, as its platform has it; None where it has not."""
    cycle, _, number = item_id.rpartition(".")
    if not number.isdecimal():
        return None
    with ground.app.database.read() as connection:
        body = cycles.read(connection, cycle, "assets")
        found = {one.target: one for one in objects.of_cycle(connection, cycle)}
    targets = list(Assets.model_validate(body).objects()) if body else []
    target = targets[int(number)] if int(number) < len(targets) else ""
    live = found.get(target)
    is_there = live is not None and (live.ends_at is None or live.ends_at > ground.now)
    return live if is_there else None


def _proposal(ground: Ground, live: LiveObject, at: datetime, person: Person) -> Proposal:
    kind, field = _KINDS[live.channel]
    now, local = ground.now, at.astimezone(ground.zone)
    action = Action(
        kind=kind,
        channel=Channel(live.channel),
        connection=live.connection,
        campaign=live.campaign,
        target=live.target,
        before=live.state,
        after={**live.state, field: at.isoformat()},
        spend_delta=Money.zero(ground.currency),
        cycle=live.cycle,
    )
    return propose(
        action,
        Actor.person(person.id),
        f"{person.name} wants it to go out on {local:%A, %B} {local.day} at {local:%H:%M}",
        now=now,
        expires_at=min(live.goes_out_at, now + _LIFE),
        if_nothing="it goes out when it was planned to",
        occasion=now.isoformat(),
    )


def _told(judged: Judged) -> Answer:
    match judged.status:
        case Status.WAITING | Status.AGREED:
            return Done("Asked for: somebody else approves the new time")
        case Status.ALLOWED | Status.APPROVED:
            return Done("On its way: the rules let this one through")
        case _:
            why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
            return Refused(f"The gate does not let it through: {why}.")
