"""Decisions: what waits for a person, and one of them with the answers to its five questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

import sqlalchemy as sa

from drumbeat.app.pages import asking
from drumbeat.app.pages.checks import checks_of, rule_of
from drumbeat.app.pages.diff import rows_of
from drumbeat.app.pages.edit import fields_of, mail_with
from drumbeat.app.pages.evidence import rests_on, signals_of
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import look_of, title_of
from drumbeat.app.pages.pack import Packs, Shown
from drumbeat.app.pages.previews import first_of
from drumbeat.app.pages.snooze import delegates, snoozed_by
from drumbeat.app.pages.undoing import undoing_of
from drumbeat.app.pages.upcoming import next_up
from drumbeat.app.pages.words import label, sentence, typed
from drumbeat.core.campaign.exposure import UnreadableState, read_object
from drumbeat.core.campaign.objects import Send
from drumbeat.core.campaign.pack import LaunchPack
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.action_kinds import is_for_review
from drumbeat.core.governance.approval import Approval
from drumbeat.core.governance.autonomy import GRAVE
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.undo_hold import takes_effect_at
from drumbeat.gate import drill
from drumbeat.store import objects, proposals, unanswered
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Refused
from drumbeat.web.views.asset import Preview
from drumbeat.web.views.decision import (
    Answered,
    Choice,
    DecisionView,
    DiffRow,
    PutOff,
    QueueAside,
    QueueItem,
    Verb,
)
from drumbeat.web.views.shell import Person
from drumbeat.web.views.value import Page

LAUNCH = "campaign.launch"
_REASONS = {
    "timing": "Not now",
    "evidence": "The evidence is too thin",
    "brand": "Not how we speak",
    "budget": "Too expensive",
    "audience": "Wrong people",
    "other": "Something else",
}
# Some cost agents a step of what they may do alone here: whoever picks one should know.
REJECT_CODES = tuple(
    Choice(code, f"{label} (agents lose a step)" if code in GRAVE else label)
    for code, label in _REASONS.items()
)
_ALIKE_SHOWN = 20
_OF_DRILLS = frozenset({Verb.APPROVE, Verb.REJECT, Verb.SNOOZE})
_GIST_ROWS = 3


class Played(Protocol):
    """People played by a script: whose turn an answer is, if it is any of theirs."""

    def of(
        self, judged: Judged, given: list[Approval], handed: dict[str, str]
    ) -> Account | None: ...


@dataclass(frozen=True)
class Decisions:
    """``played`` are the others of a demo, who answer what its one person may not."""

    ground: Ground
    packs: Packs = field(default_factory=Packs)
    played: Played | None = None

    def queue(self, person: Person, *, after: str | None, limit: int) -> Page[QueueItem]:
        with self.ground.app.database.read() as connection:
            page = self.waiting(connection, person, after=after, limit=limit)
            asked = None if after else self._drill(connection, person)
            if asked is None or asked.proposal.id in snoozed_by(
                connection, person.id, self.ground.now
            ):
                return page
            # Among the others, where its deadline puts it.
            shown = (*page.items, *self._items(connection, [asked]))
        ordered = sorted(shown, key=lambda one: (one.due is None, one.due or self.ground.now))
        return Page(tuple(ordered), page.next, page.total + 1)

    def _drill(self, connection: sa.Connection, person: Person) -> Judged | None:
        """What is wrong on purpose, for who asked for it; never for a program with a token."""
        found = drill.of(self.ground.app.gate.door, connection, person.id)
        return found[0] if found and person.scopes is None else None

    def waiting(
        self,
        connection: sa.Connection,
        person: Person,
        *,
        after: str | None = None,
        limit: int,
        campaigns: frozenset[str] | None = None,
    ) -> Page[QueueItem]:
        """A page of what waits, without what this person has snoozed."""
        start = int(after) if after and after.isdecimal() else 0
        asleep = snoozed_by(connection, person.id, self.ground.now)
        total = unanswered.count_waiting(connection, campaigns=campaigns, skip=asleep)
        found = unanswered.waiting_page(
            connection, limit=limit, offset=start, campaigns=campaigns, skip=asleep
        )
        items = self._items(connection, found)
        end = start + len(items)
        return Page(items, str(end) if end < total else None, total)

    def aside(self, person: Person, *, is_empty: bool) -> QueueAside:
        ground = self.ground
        with ground.app.database.read() as connection:
            asleep = snoozed_by(connection, person.id, ground.now)
            known = proposals.many(connection, list(asleep)) if asleep else {}
            waiting = [one for one in known.values() if one.status is Status.WAITING]
            items = self._items(connection, waiting)
        put_off = sorted(
            (PutOff(one.id, one.title, asleep[one.id]) for one in items), key=lambda one: one.until
        )
        return QueueAside(tuple(put_off), next_up(ground) if is_empty else "")

    def decision(self, proposal_id: str, person: Person) -> DecisionView | None:
        with self.ground.app.database.read() as connection:
            if drill.is_drill(proposal_id):
                return self._drilled(connection, proposal_id, person)
            judged = proposals.load(connection, proposal_id)
            if judged is None:
                return None
            given = proposals.approvals(connection, proposal_id, used=None)
            item = self._items(connection, [judged])[0]
            pack = self._pack(connection, judged)
            diff = self._diff(connection, judged, pack)
            alike = self._alike(connection, judged)
            answers = self._answers_for(connection, judged, given)
        view = self._view(judged, item, person, given, pack, diff, alike)
        return replace(view, played=answers)

    def _drilled(
        self, connection: sa.Connection, drill_id: str, person: Person
    ) -> DecisionView | None:
        """It reads like any other; what it would do to others is not offered."""
        asked = self._drill(connection, person)
        if asked is None or asked.proposal.id != drill_id:
            return None
        item = self._items(connection, [asked])[0]
        diff = rows_of(asked.proposal.action, self.ground.zone)
        view = self._view(asked, item, person, [], None, diff, ())
        return replace(view, verbs=view.verbs & _OF_DRILLS, edits=(), delegates=())

    def edited_mail(self, proposal_id: str, values: Mapping[str, str]) -> str | Refused:
        with self.ground.app.database.read() as connection:
            judged = proposals.load(connection, proposal_id)
            pack = self._pack(connection, judged) if judged else None
        if pack is None:
            return Refused("There is no such launch.", 404)
        return mail_with(pack, values, self.ground.app.files.workspace.brand)

    def _view(
        self,
        judged: Judged,
        item: QueueItem,
        person: Person,
        given: list[Approval],
        pack: LaunchPack | None,
        diff: tuple[DiffRow, ...],
        alike: tuple[QueueItem, ...],
    ) -> DecisionView:
        ground, asked = self.ground, judged.proposal
        barred = asking.barred(ground, judged, person, given)
        need, edits = asking.need_of(judged), fields_of(judged, pack)
        return DecisionView(
            item=item,
            proposed_at=asked.proposed_at,
            why=asked.why,
            rule=rule_of(judged, ground.name),
            diff=diff,
            signals=signals_of(asked),
            if_nothing=_if_nothing(asked.if_nothing, judged),
            undoing=undoing_of(asked.action, ground.now),
            checks=checks_of(judged, pack.findings if pack else None),
            verbs=_verbs(judged, barred, can_edit=bool(edits)),
            hold=self._undo_hold(judged),
            confidence=asked.confidence.value if asked.confidence else None,
            rests_on=rests_on(asked.confidence),
            barred=barred if judged.status is Status.WAITING else "",
            needs=need.least,
            given=tuple(ground.name(one.account) for one in given),
            expires_at=asked.expires_at,
            preview=self._preview(judged, pack),
            previews=self._others(judged, pack),
            edits=edits,
            reject_codes=REJECT_CODES,
            delegates=self._delegates(judged, person),
            alike=alike,
            answered=_answered(
                ground, judged, is_own=any(one.account == person.id for one in given)
            ),
            cycle_id=asked.action.cycle,
        )

    def _answers_for(self, connection: sa.Connection, judged: Judged, given: list[Approval]) -> str:
        """Who is about to answer it, played by the demo."""
        if self.played is None or judged.status is not Status.WAITING:
            return ""
        account = self.played.of(judged, given, delegates(connection))
        return self.ground.name(account.id) if account else ""

    def _undo_hold(self, judged: Judged) -> timedelta:
        """How long an approval given now could be taken back."""
        now, matrix = self.ground.now, self.ground.app.gate.door.rules.matrix
        return takes_effect_at(judged.proposal.action, matrix, now) - now

    def _items(self, connection: sa.Connection, found: list[Judged]) -> tuple[QueueItem, ...]:
        handed = delegates(connection)
        kinds = unanswered.waiting_kinds(connection) if found else {}
        return tuple(self._item(judged, handed, kinds) for judged in found)

    def _item(
        self, judged: Judged, handed: dict[str, str], kinds: dict[tuple[str, str], int]
    ) -> QueueItem:
        ground, asked = self.ground, judged.proposal
        action = asked.action
        alike = kinds.get((action.campaign, action.kind), 1) - 1
        is_alone = _is_alone(action.kind)
        campaign = ground.title(action.campaign) or "The workspace"
        owner = asking.owner_of(ground, judged, handed)
        return QueueItem(
            id=asked.id,
            fingerprint=asked.fingerprint,
            title=title_of(action.model_dump(), campaign, ground.zone, ground.title),
            look=look_of(action.kind),
            campaign_id=action.campaign,
            campaign=campaign,
            proposer=ground.actor(str(asked.by)).name,
            owner=ground.name(owner),
            due=judged.decide_by,
            escalates_to=ground.name(asking.escalates_to(ground, action, owner)),
            risk=asking.risk_of(ground, action.kind),
            alike=0 if is_alone else max(0, alike),
            gist=self._gist(judged),
            group="" if is_alone else f"{action.campaign}/{action.kind}",
        )

    def _gist(self, judged: Judged) -> tuple[DiffRow, ...]:
        action, zone = judged.proposal.action, self.ground.zone
        if action.kind != LAUNCH or not isinstance(action.after, dict):
            return rows_of(action, zone)[:_GIST_ROWS]
        named = ((one, action.after.get(one)) for one in ("theme", "starts_at", "adds"))
        return tuple(DiffRow(label(n), None, typed(n, v, "", zone)) for n, v in named)

    def _diff(
        self, connection: sa.Connection, judged: Judged, pack: LaunchPack | None
    ) -> tuple[DiffRow, ...]:
        action = judged.proposal.action
        if pack is None:
            return rows_of(action, self.ground.zone)
        live = {one.target: one.state for one in objects.of_campaign(connection, action.campaign)}
        last = self.packs.before(connection, action.campaign, action.cycle)
        return Shown(pack, live, self.ground.zone, action.cycle, last).rows()

    def _pack(self, connection: sa.Connection, judged: Judged) -> LaunchPack | None:
        action = judged.proposal.action
        if action.kind != LAUNCH:
            return None
        return self.packs.of(connection, action.cycle, judged.proposal.pack)

    def _preview(self, judged: Judged, pack: LaunchPack | None) -> Preview | None:
        """The launch's first object, or the object the change is about as it would be."""
        action, brand = judged.proposal.action, self.ground.app.files.workspace.brand
        if pack is not None:
            thing = next(iter(pack.assets.objects().values()))
            return first_of(f"{action.cycle}.0", thing, brand)
        try:
            thing = read_object(action.target, action.after)
        except UnreadableState:
            return None
        return first_of(action.cycle, thing, brand) if action.channel == "social" else None

    def _others(self, judged: Judged, pack: LaunchPack | None) -> tuple[Preview, ...]:
        """What else goes out with a launch; a mail is a page of its own."""
        cycle, brand = judged.proposal.action.cycle, self.ground.app.files.workspace.brand
        things = enumerate(pack.assets.objects().values()) if pack else ()
        return tuple(
            first_of(f"{cycle}.{number}", thing, brand)
            for number, thing in things
            if number and not isinstance(thing, Send)
        )

    def _alike(self, connection: sa.Connection, judged: Judged) -> tuple[QueueItem, ...]:
        action = judged.proposal.action
        if _is_alone(action.kind) or judged.status is not Status.WAITING:
            return ()
        found = unanswered.waiting_page(
            connection, limit=_ALIKE_SHOWN * 2, campaigns={action.campaign}
        )
        same = [
            one
            for one in found
            if one.proposal.action.kind == action.kind and one.proposal.id != judged.proposal.id
        ]
        return self._items(connection, same[:_ALIKE_SHOWN])

    def _delegates(self, judged: Judged, person: Person) -> tuple[Choice, ...]:
        rules = self.ground.app.gate.door.rules
        able, lendable = asking.able_people(self.ground, judged), set(rules.matrix.delegation.to)
        more = (one.id for one in rules.accounts.values() if one.roles & lendable)
        names = dict.fromkeys((*able, *more) if person.id in able else able)
        people = (one for one in names if rules.person(one))
        return tuple(Choice(one, self.ground.name(one)) for one in people if one != person.id)


def _verbs(judged: Judged, barred: str, *, can_edit: bool) -> frozenset[Verb]:
    if judged.status is not Status.WAITING:
        return frozenset()
    verbs = {Verb.REJECT, Verb.SNOOZE, Verb.DELEGATE}
    if not barred:
        verbs.add(Verb.APPROVE)
    if can_edit:
        verbs.add(Verb.EDIT)
    if judged.proposal.action.campaign:
        verbs |= {Verb.OBSERVE, Verb.FREEZE}
    return frozenset(verbs)


def _if_nothing(text: str, judged: Judged) -> str:
    ends = f"It lapses on {judged.proposal.expires_at:%b} {judged.proposal.expires_at.day}."
    return f"{sentence(text)} {ends}" if text else ends


def _answered(ground: Ground, judged: Judged, *, is_own: bool) -> Answered | None:
    if judged.status is Status.WAITING:
        return None
    by = ground.actor(judged.decided_by).name if ":" in judged.decided_by else judged.decided_by
    at = judged.decided_at or judged.proposal.proposed_at
    if judged.status is Status.AGREED:
        asked = judged.proposal.id
        return Answered("approved", by, at, judged.reason, asked, judged.acts_at, is_own)
    return Answered(str(judged.status), by, at, judged.reason)


def _is_alone(kind: str) -> bool:
    """Whether each of a kind is read on its own: no two packs, moves or rules are alike."""
    return kind in (LAUNCH, budget_move.KIND) or is_for_review(kind)
