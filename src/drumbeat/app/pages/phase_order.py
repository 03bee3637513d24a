"""Phase order: a person asks for more autonomy of a campaign, or takes some away."""

from drumbeat.app import autonomy
from drumbeat.app.pages.ground import Ground
from drumbeat.core.governance.phase import Phase
from drumbeat.gate import phases
from drumbeat.store.proposals import Status
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import Person


def phase_changed(ground: Ground, campaign: str, to: str, person: Person, reason: str) -> Answer:
    """One phase up is asked for and approved by somebody else; down is done at once."""
    if campaign not in ground.campaigns or to not in set(Phase):
        return Refused("There is no such campaign or phase.", 422)
    wanted = Phase(to)
    with ground.app.database.read() as connection:
        now = phases.phase_of(ground.app.gate.door, connection, campaign) or Phase.DRAFT
    if wanted.rank > now.rank + 1:
        return Refused(f"It is at {now}: phases are raised one at a time.", 422)
    if wanted is now:
        return Refused(f"It is at {now} already.", 422)
    if wanted.rank < now.rank:
        judged = autonomy.demote(ground.app, campaign, wanted, person.id, reason)
    else:
        judged = autonomy.ask_promotion(ground.app, campaign, person.id, reason)
    title = ground.title(campaign)
    match judged.status:
        case Status.WAITING:
            return Done(f"Asked for: somebody else decides whether {title} goes to {wanted}")
        case Status.DENIED:
            why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
            return Refused(f"The gate does not let it through: {why}.")
        case _:
            return Done(f"{title} goes to {wanted}")
