"""Troubles: escalations as a person meets them, with their story, and the answers to them."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.words import headline, sentence
from drumbeat.app.trouble import runbook
from drumbeat.core.campaign.recipient import RecipientKind, recipient
from drumbeat.core.governance.entry import Entry
from drumbeat.core.operations.escalation import EscalationState
from drumbeat.core.operations.ladder import Ladder, Step, StepKind
from drumbeat.gate.in_hand import NotHandled, Outcome
from drumbeat.store import escalations, incidents, ledger
from drumbeat.store.escalations import EscalationRow
from drumbeat.web.format import span
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import Person
from drumbeat.web.views.trouble import TroubleLine, TroubleRow, TroubleView
from drumbeat.web.views.value import Page

# What the ledger tells of an escalation, in the words of its story.
_SAID = {
    "escalated": "noticed it",
    "told": "told",
    "acknowledged": "took it in hand",
    "snoozed": "put it off",
    "resolved": "resolved it",
    "self_repair": "tries again by itself",
    "unanswered": "nobody answered",
}


@dataclass(frozen=True)
class TroubleDesk:
    """``trouble`` answers None for an id nobody knows. Answers go to the gate, which says whether
    the person may; what it refuses comes back as Refused, with its reason."""

    ground: Ground

    def troubles(self, *, after: str | None, limit: int) -> Page[TroubleRow]:
        with self.ground.app.database.read() as connection:
            return self.page(connection, after=after, limit=limit)

    def page(
        self,
        connection: sa.Connection,
        *,
        after: str | None = None,
        limit: int,
        campaigns: frozenset[str] | None = None,
    ) -> Page[TroubleRow]:
        """What people should look at: not the grouped, the put off, nor what another explains."""
        found = escalations.all_open(connection)
        joined: dict[str, int] = {}
        for one in found:
            joined[one.leader] = joined.get(one.leader, 0) + 1
        shown = [
            one
            for one in found
            if not (one.leader or one.inhibited_by or one.state == EscalationState.SNOOZED)
            and (campaigns is None or one.campaign in campaigns)
        ]
        shown.sort(key=_pressure)
        start = int(after) if after and after.isdecimal() else 0
        end = start + limit
        rows = tuple(self._row(one, joined.get(one.id, 0)) for one in shown[start:end])
        return Page(rows, str(end) if end < len(shown) else None, len(shown))

    def trouble(self, escalation_id: str) -> TroubleView | None:
        with self.ground.app.database.read() as connection:
            row = escalations.load(connection, escalation_id)
            if row is None:
                return None
            joined = len(escalations.members(connection, escalation_id))
            told = list(ledger.entries(connection, subject=row.id, kinds=tuple(_SAID)))
            story = tuple(self._story(connection, row, told))
        said = [one for one in told if one.kind == "resolved"]
        own = self.ground.campaigns.get(row.campaign)
        is_over = row.state == EscalationState.RESOLVED
        return TroubleView(
            row=self._row(row, joined),
            steps=tuple(self._steps(row)),
            done=min(row.position, len(_ladder(row).steps)),
            story=story,
            can_note=bool(row.detail.get("incident")),
            before=sum(one.kind == "escalated" and one.at < row.opened_at for one in told),
            runbook=_page(str(row.detail.get("runbook", ""))),
            own_runbook=own.runbook if own else "",
            cycle_id=row.cycle,
            is_over=is_over,
            outcome=str(said[-1].body.get("reason", "")) if said and is_over else "",
        )

    def acknowledge(self, escalation_id: str, person: Person) -> Answer:
        done = self.ground.app.gate.acknowledge(escalation_id, person.id)
        return _told(done, "Yours now: nobody else is called while you look into it")

    def resolve(self, escalation_id: str, person: Person, reason: str) -> Answer:
        gate = self.ground.app.gate
        return _told(gate.resolve(escalation_id, person.id, reason, group=True), "Resolved")

    def note(self, escalation_id: str, person: Person, text: str) -> Answer:
        with self.ground.app.database.read() as connection:
            row = escalations.load(connection, escalation_id)
        story = str(row.detail.get("incident", "")) if row else ""
        if not story:
            return Refused("Only an incident has a story to write to. Resolve it with a reason.")
        return _told(self.ground.app.gate.note_incident(story, person.id, text), "Written down")

    def _row(self, row: EscalationRow, joined: int) -> TroubleRow:
        ground = self.ground
        following = next(iter(_ladder(row).steps[row.position :]), None)
        is_open = row.state == EscalationState.OPEN
        return TroubleRow(
            id=row.id,
            title=headline(row.text),
            text=row.text[:1].upper() + row.text[1:],
            campaign_id=row.campaign,
            campaign=ground.title(row.campaign) or "The workspace",
            failure=row.failure.replace("_", " "),
            is_critical=row.severity == "critical",
            owner=ground.name(row.owner),
            state=row.state,
            opened_at=row.opened_at,
            next_at=row.next_at if is_open else None,
            next_to=self._whom(following) if following and is_open else "",
            in_hand_of=ground.name(row.answered_by) if row.answered_by else "",
            joined=joined,
        )

    def _whom(self, step: Step) -> str:
        """Who is told by a step, or what it does."""
        match step.kind:
            case StepKind.FREEZE:
                return "freeze"
            case StepKind.GIVE_UP:
                return "nobody else"
            case _:
                kind, name = recipient(step.to)
        match kind:
            case RecipientKind.OWNER:
                return "the owner"
            case RecipientKind.PERSON:
                return self.ground.name(name)
            case _:
                return name.replace(":", " for ").replace("_", " ")

    def _steps(self, row: EscalationRow) -> Iterator[str]:
        for step in _ladder(row).steps:
            if step.kind is StepKind.GIVE_UP:
                yield "then nobody else"
                continue
            after = f" after {span(step.wait)}" if step.wait else " at once"
            again = "again " if step.kind is StepKind.AGAIN else ""
            yield f"{again}{self._whom(step)}{after}"

    def _story(
        self, connection: sa.Connection, row: EscalationRow, said: list[Entry]
    ) -> Iterator[TroubleLine]:
        """An incident's own timeline; else what the ledger says of the escalation since it was
        opened last."""
        incident = str(row.detail.get("incident", ""))
        if incident:
            for line in incidents.timeline(connection, incident):
                actor = self.ground.actor(line.actor)
                yield TroubleLine(line.at, actor.name, actor.kind, line.text)
            return
        for entry in said:
            if entry.at >= row.opened_at:
                yield self._line(entry)

    def _line(self, entry: Entry) -> TroubleLine:
        actor, said = self.ground.actor(entry.actor), _SAID[entry.kind]
        if entry.kind == "told":
            told = entry.body.get("people")
            people = [self.ground.name(str(one)) for one in told] if isinstance(told, list) else []
            return TroubleLine(entry.at, actor.name, actor.kind, f"{said} {', '.join(people)}")
        why = str(entry.body.get("reason") or entry.body.get("text") or "")
        return TroubleLine(entry.at, actor.name, actor.kind, f"{said}: {why}" if why else said)


def _pressure(row: EscalationRow) -> tuple[bool, bool, float]:
    """Open ones before those somebody has in hand, critical before others, oldest first."""
    is_taken = row.state != EscalationState.OPEN
    return is_taken, row.severity != "critical", row.opened_at.timestamp()


def _ladder(row: EscalationRow) -> Ladder:
    return Ladder.model_validate(row.detail["ladder"])


def _page(name: str) -> tuple[str, ...]:
    """A runbook's steps, without its heading and its marks."""
    if not name:
        return ()
    lines = (line.strip() for line in runbook(name).splitlines())
    return tuple(line.partition(". ")[2].replace("`", "") for line in lines if line[:1].isdecimal())


def _told(outcome: Outcome, text: str) -> Answer:
    if isinstance(outcome, NotHandled):
        why = sentence(outcome.why)
        return Refused(why, 404 if outcome.is_missing else 409)
    return Done(text)
