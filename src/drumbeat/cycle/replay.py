"""Replay: a cycle's plan built, reviewed and judged again by today's agents and rules.

It rests on the papers the cycle kept, on today's files, and on what runs today. Nothing of it goes
out or is submitted, so that it can be asked of a cycle of any age; the ledger says that somebody
asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.finding import ReviewFinding
from drumbeat.core.json_value import JsonValue
from drumbeat.cycle import building, compliance
from drumbeat.cycle.desk import Desk, MissingDocument, Office, desk_for
from drumbeat.cycle.documents import ReviewFindings
from drumbeat.cycle.reasked import Reasked, reask
from drumbeat.cycle.rewatch import Rewatched, rewatch
from drumbeat.gate.reads import ReadDenied
from drumbeat.gate.rejudge import Rejudged, rejudged
from drumbeat.store import cycles


@dataclass(frozen=True)
class Differs:
    """A field of an object the cycle made, as it was and as it would be now; None for absent."""

    target: str
    field: str
    was: JsonValue
    would_be: JsonValue


@dataclass(frozen=True)
class Replayed:
    """``differs`` is what the builder would make otherwise; ``added`` and ``gone`` are findings
    of today's rules about the assets of then that were not, or were, made at the time. Of the
    ``judged`` proposals, ``answered`` are those that the gate's rules answer otherwise today;
    ``watched`` is what the looks of then show by today's rules, ``reasked`` what the optimizer of
    today makes of the cases of then."""

    made: int
    rules: int
    differs: tuple[Differs, ...]
    added: tuple[ReviewFinding, ...]
    gone: tuple[ReviewFinding, ...]
    judged: int = 0
    answered: tuple[Rejudged, ...] = ()
    watched: Rewatched = field(default_factory=Rewatched)
    reasked: Reasked = field(default_factory=Reasked)


@dataclass(frozen=True)
class NotReplayed:
    """Nothing was played, and why."""

    why: str


def replay(office: Office, cycle_id: str, account: str) -> Replayed | NotReplayed:
    """Ask the builder and the reviewer again about a cycle that got as far as its assets."""
    with office.database.read() as connection:
        row = cycles.load(connection, cycle_id)
    if row is None or row.campaign not in office.library.campaigns:
        return NotReplayed("the cycle or its campaign's file is gone")
    desk = desk_for(office, row)
    try:
        with desk.accountable():
            played = _play(desk)
    except MissingDocument:
        return NotReplayed("it has not made anything yet: the plan is built first")
    except ReadDenied as denied:
        return NotReplayed(str(denied))
    if isinstance(played, Replayed):
        _tell(desk, played, account)
    return played


def _play(desk: Desk) -> Replayed | NotReplayed:
    team, then = desk.office.team, desk.document("assets", Assets)
    needs = building.gather(desk, desk.reading(team.builder.role))
    made, _ = team.builder.build_and_tell(needs)
    if isinstance(made, Refusal):
        return NotReplayed(f"the builder cannot go on: {made.why} ({'; '.join(made.missing)})")
    case = compliance.gather(desk, desk.reading(team.reviewer.role), page_age=None)
    found = team.reviewer.review(replace(case, now=_reviewed_at(desk)))
    if isinstance(found, Refusal):
        return NotReplayed(f"the reviewer cannot go on: {found.why}")
    with desk.office.database.read() as connection:
        judged, answered = rejudged(desk.gate.door, connection, desk.cycle.id)
        watched = rewatch(desk, connection)
        reasked = reask(desk, connection)
    kept = (desk.kept("findings", ReviewFindings) or ReviewFindings()).findings
    return Replayed(
        made=len(then.objects()),
        rules=len(team.reviewer.rules),
        differs=tuple(_differences(then.states(), made.states())),
        added=tuple(one for one in found if one not in kept),
        gone=tuple(one for one in kept if one not in found),
        judged=judged,
        answered=answered,
        watched=watched,
        reasked=reasked,
    )


def _reviewed_at(desk: Desk) -> datetime:
    """The reviewer's clock stands where it stood: what was in time then is not late now."""
    return min(desk.now, desk.cycle.occurrence_at)


def _differences(was: dict[str, Any], would_be: dict[str, Any]) -> Iterator[Differs]:
    for target in dict.fromkeys((*was, *would_be)):
        one, other = was.get(target) or {}, would_be.get(target) or {}
        for name in dict.fromkeys((*one, *other)):
            if one.get(name) != other.get(name):
                yield Differs(target, name, one.get(name), other.get(name))


def _tell(desk: Desk, played: Replayed, account: str) -> None:
    with desk.office.database.write() as transaction:
        desk.tell_reads(transaction)
        desk.note_in(
            transaction,
            "replayed",
            f"person:{account}",
            differs=len(played.differs),
            added=len(played.added),
            gone=len(played.gone),
            answered=len(played.answered),
            noticed=len(played.watched.added) + len(played.watched.gone),
            named=len(played.watched.named),
            moved=len(played.reasked.otherwise),
        )
