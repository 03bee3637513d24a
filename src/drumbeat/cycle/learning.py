"""Learning: what the cycle showed becomes lessons that the next brief carries."""

from drumbeat.core.campaign.dossier import Dossier
from drumbeat.core.campaign.lesson import Lesson, learn
from drumbeat.core.campaign.past import PastObject, observed
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.documents import Lessons, Results
from drumbeat.cycle.evidence import dossier_for, past_objects
from drumbeat.cycle.step import Done, Note, Step


def run(desk: Desk) -> Step:
    """Done: the cycle ends with its lessons. Raises MissingDocument where it has no results."""
    dossier = dossier_for(desk, desk.reading(desk.office.team.optimizer.role))
    return submit(decide(desk, gather(desk), dossier))


def gather(desk: Desk) -> tuple[PastObject, ...]:
    """What this cycle put out and what was measured of it, citing the ledger's own figures."""
    results = desk.document("results", Results)
    with desk.office.database.read() as connection:
        past = past_objects(connection, desk.campaign.campaign)
    mine = (one for one in past if one.target in results.by_target)
    return tuple(_citing(one, results.entry) for one in mine)


def decide(desk: Desk, past: tuple[PastObject, ...], dossier: Dossier) -> tuple[Lesson, ...]:
    """Each subject beside its peers; what cannot be compared teaches nothing."""
    zone = desk.office.library.zone_of(desk.campaign.campaign)
    shown = observed(past, dossier.tallies, zone)
    return learn(desk.campaign.campaign, desk.cycle.id, shown, desk.now)


def submit(lessons: tuple[Lesson, ...]) -> Done:
    """Keep every lesson; the ledger and the outcome tell only of those whose effect is clear."""
    clear = [lesson.text for lesson in lessons if lesson.effect.is_clear]
    entries = sorted({entry for lesson in lessons for entry in lesson.entries})
    body = {"lessons": clear, "from_entries": entries, "seen": len(lessons)}
    outcome = clear[0] if clear else "nothing clear enough to change the next cycle"
    told = Note("learned", "agent:optimizer", body)
    return Done(outcome, {"lessons": Lessons(lessons=lessons)}, told)


def _citing(past: PastObject, entry: int) -> PastObject:
    return PastObject(
        past.cycle, past.target, past.object, past.at, past.counts, past.parts, str(entry)
    )
