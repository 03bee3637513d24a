"""A world for pages: services in memory with a believable coffee roaster behind them.

It answers verbs the way the gate would: an answer is bound to its fingerprint, a decision can be
taken back while it is held, and everything that happens moves the version on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from drumbeat.core.canonical import digest
from drumbeat.testing.web_content.assets import ASSETS
from drumbeat.testing.web_content.campaigns import CAMPAIGNS
from drumbeat.testing.web_content.changes import CHANGES
from drumbeat.testing.web_content.decisions import DECISIONS
from drumbeat.testing.web_content.links import MadeUpLinks
from drumbeat.testing.web_content.pages import CYCLES, campaign_view
from drumbeat.testing.web_content.people import ANA, NOW, PEOPLE, ZONE, at
from drumbeat.testing.web_content.planning import EXPERIMENTS, ITEMS, REGISTRY, calendar
from drumbeat.testing.web_content.steering import AUTONOMY, HEALTH, REVIEW, simulate
from drumbeat.testing.web_content.troubles import TROUBLES
from drumbeat.web.services import (
    Accepted,
    ChatReceipt,
    Duplicate,
    NotTaken,
    Receipt,
    Services,
)
from drumbeat.web.settings import WebSettings
from drumbeat.web.verbs import Answer, Done, PlanStep, Refused, RollbackPlan
from drumbeat.web.views.asset import AssetView
from drumbeat.web.views.autonomy import AutonomyView, Simulation
from drumbeat.web.views.calendar import CalendarItem, CalendarView
from drumbeat.web.views.campaign import CampaignFilter, CampaignRow, CampaignView, Status
from drumbeat.web.views.change import (
    ActorKind,
    ChainProof,
    ChangeFilter,
    ChangeRow,
    ChangeView,
    MetricShift,
    Way,
    WayBack,
)
from drumbeat.web.views.connection import HealthView
from drumbeat.web.views.cycle import CycleView
from drumbeat.web.views.decision import Answered, DecisionView, QueueItem
from drumbeat.web.views.experiment import ExperimentView, RegistryView
from drumbeat.web.views.review import ReviewView
from drumbeat.web.views.saved import SavedView
from drumbeat.web.views.search import Hit
from drumbeat.web.views.shell import ClockView, FreezeNotice, Person, ShellView
from drumbeat.web.views.today import TodayView
from drumbeat.web.views.trouble import TroubleRow, TroubleView
from drumbeat.web.views.value import Page, Points, Share, Tone

SESSION = "drumbeat-person"
SETTINGS = WebSettings(form_key=b"tests only: thirty-two bytes or more")


def cut(items: tuple[Any, ...], after: str | None, limit: int) -> Page[Any]:
    """One page; the cursor is the position of the next one."""
    start = int(after) if after and after.isdecimal() else 0
    end = start + limit
    return Page(items[start:end], str(end) if end < len(items) else None, len(items))


@dataclass
class WebWorld:
    """Everything the fake services know. Tests change it to set a scene."""

    now: datetime = NOW
    campaigns: dict[str, CampaignRow] = field(
        default_factory=lambda: {row.id: row for row in CAMPAIGNS}
    )
    decisions: dict[str, DecisionView] = field(
        default_factory=lambda: {view.item.id: view for view in DECISIONS}
    )
    changes: list[ChangeRow] = field(default_factory=lambda: list(CHANGES))
    troubles: dict[str, TroubleView] = field(
        default_factory=lambda: {view.row.id: view for view in TROUBLES}
    )
    people: dict[str, Person] = field(default_factory=lambda: {p.session: p for p in PEOPLE})
    assets: dict[str, AssetView] = field(default_factory=lambda: dict(ASSETS))
    cycles: dict[str, CycleView] = field(default_factory=lambda: dict(CYCLES))
    experiments: dict[str, ExperimentView] = field(default_factory=lambda: dict(EXPERIMENTS))
    items: tuple[CalendarItem, ...] | None = None
    health: HealthView = HEALTH
    minutes: dict[str, str] = field(default_factory=dict)
    views: list[SavedView] = field(default_factory=list)
    frozen: FreezeNotice | None = None
    speed: int = 60
    is_demo: bool = True
    has_plans: bool = True
    number: int = 1047
    seen_events: set[bytes] = field(default_factory=set)
    orders: list[tuple[str, ...]] = field(default_factory=list)
    down: tuple[str, ...] = ()

    def happen(self, actor: str, campaign_id: str, what: str, after: str, why: str) -> str:
        """One more entry, which every open page notices."""
        self.number += 1
        row = self.campaigns.get(campaign_id)
        name = row.name if row else ""
        entry = ChangeRow(
            f"e-{self.number}",
            self.now,
            actor,
            ActorKind.PERSON,
            campaign_id,
            name,
            what,
            None,
            after,
            why,
        )
        self.changes.insert(0, entry)
        return entry.id

    def waiting(self) -> tuple[QueueItem, ...]:
        items = [view.item for view in self.decisions.values() if view.answered is None]
        return tuple(sorted(items, key=lambda item: item.due or datetime.max.replace(tzinfo=ZONE)))


@dataclass(frozen=True)
class Doors:
    """The reads and verbs over one world; every protocol of the pages in one place."""

    world: WebWorld

    # Identity, health, hooks

    def authenticate(self, cookies: Mapping[str, str], *, is_active: bool = True) -> Person | None:
        if SESSION in cookies:
            return self.world.people.get(cookies[SESSION])
        return ANA if self.world.is_demo else None

    def problems(self) -> tuple[str, ...]:
        return self.world.down

    def receive_event(self, connection: str, body: bytes, headers: Mapping[str, str]) -> Receipt:
        if connection != "simulated":
            return NotTaken(f"no connection is named {connection}", 404)
        if headers.get("webhook-signature") != "v1,good":
            return NotTaken("the signature does not match", 401)
        if body in self.world.seen_events:
            return Duplicate()
        self.world.seen_events.add(body)
        return Accepted()

    def answer_chat(self, chat: str, body: bytes, headers: Mapping[str, str]) -> ChatReceipt:
        return NotTaken(f"no chat is named {chat}", 404)

    def unsubscribe(self, token: str) -> bool:
        return token in {"good"}

    # Reads

    def version(self) -> int:
        return self.world.number

    def shell(self, person: Person) -> ShellView:
        world = self.world
        clock = ClockView(
            world.speed,
            (0, 1, 60, 3600, 86_400),
            "slow while a decision waits for you" if world.waiting() else "",
        )
        return ShellView(
            "Northbean",
            ZONE,
            world.now,
            len(world.waiting()),
            world.number,
            world.frozen,
            clock if world.is_demo else None,
        )

    def today(self, person: Person, *, mine: bool, after: str | None, limit: int) -> TodayView:
        world = self.world
        rows = tuple(r for r in self._rows() if not mine or r.owner == person.name)
        return TodayView(
            attention=Page(world.waiting()[:5], None, len(world.waiting())),
            changes=tuple(world.changes[:5]),
            running=cut(rows, after, limit),
            running_count=sum(r.status in (Status.RUNNING, Status.NEEDS_YOU) for r in rows),
            frozen_count=sum(r.status is Status.FROZEN for r in rows),
            changed=len(world.changes[:5]),
            last_seen=at("08:00"),
            next_up="issue 43 of The Monday Roast, on Thursday",
            troubles=self.troubles(after=None, limit=3),
        )

    def queue(self, person: Person, *, after: str | None, limit: int) -> Page[QueueItem]:
        return cut(self.world.waiting(), after, limit)

    def decision(self, proposal_id: str, person: Person) -> DecisionView | None:
        return self.world.decisions.get(proposal_id)

    def campaigns(
        self, wanted: CampaignFilter, *, after: str | None, limit: int
    ) -> Page[CampaignRow]:
        rows = (
            row
            for row in self._rows()
            if wanted.status in ("", row.status)
            and wanted.phase in ("", row.phase)
            and (not wanted.channel or wanted.channel in row.channels)
            and wanted.text.casefold() in row.name.casefold()
        )
        return cut(tuple(rows), after, limit)

    def campaign(self, campaign_id: str) -> CampaignView | None:
        row = self.world.campaigns.get(campaign_id)
        return campaign_view(row) if row else None

    def changes(self, wanted: ChangeFilter, *, after: str | None, limit: int) -> Page[ChangeRow]:
        rows = (
            row
            for row in self.world.changes
            if wanted.campaign_id in ("", row.campaign_id)
            and wanted.actor_kind in ("", row.actor_kind)
        )
        return cut(tuple(rows), after, limit)

    def change(self, change_id: str) -> ChangeView | None:
        row = next((row for row in self.world.changes if row.id == change_id), None)
        if row is None:
            return None
        number = int(row.id.partition("-")[2])
        proof = ChainProof(number, digest(number), digest(number - 1), True, self.world.now)
        shift = MetricShift(
            "Second orders",
            Share(0.298),
            Share(0.312),
            Points(0.014),
            "14 days each",
            Tone.GOOD,
            "interval 0.5 to 2.3 pt",
        )
        return ChangeView(row, proof, (shift,), ("Ana Petrov",), ("reading r-88, 14 d",))

    def export(self) -> str:
        return "".join(f'{{"id":"{row.id}"}}\n' for row in self.world.changes)

    def asset(self, asset_id: str) -> AssetView | None:
        return self.world.assets.get(asset_id)

    def cycle(self, cycle_id: str) -> CycleView | None:
        return self.world.cycles.get(cycle_id)

    def calendar(self, first: date, last: date) -> CalendarView:
        if self.world.items is not None:
            return CalendarView(self.world.items)
        return calendar(first, last) if self.world.has_plans else CalendarView(())

    def registry(self, *, after: str | None, limit: int) -> RegistryView:
        return REGISTRY if self.world.has_plans else RegistryView((), Page(), ())

    def experiment(self, experiment_id: str) -> ExperimentView | None:
        return self.world.experiments.get(experiment_id)

    def review(self, week: str) -> ReviewView | None:
        if week not in ("", "2026-W46", "2026-W47"):
            return None
        kept = self.world.minutes.get("2026-W47")
        if not kept:
            return REVIEW
        return replace(REVIEW, minutes=kept, minutes_by=ANA.name, minutes_at=self.world.now)

    def keep_minutes(self, week: str, person: Person, text: str) -> Answer:
        self.world.minutes[week] = text
        return Done("The minutes are kept")

    def autonomy(self) -> AutonomyView:
        return AUTONOMY if self.world.has_plans else AutonomyView("none", (), (), (), (), ())

    def simulate(self, kind: str, phase: str, level: str) -> Simulation | None:
        return simulate(kind, phase, level)

    def health(self) -> HealthView:
        return self.world.health if self.world.has_plans else HealthView((), (), ())

    def search(self, text: str, person: Person, limit: int) -> tuple[Hit, ...]:
        rows = self.world.campaigns.values()
        named = (Hit(r.name, "campaign", f"/campaigns/{r.id}") for r in rows)
        return tuple(hit for hit in named if text.casefold() in hit.title.casefold())[:limit]

    def _rows(self) -> tuple[CampaignRow, ...]:
        waiting = {item.campaign_id for item in self.world.waiting()}
        return tuple(
            replace(row, status=Status.RUNNING, decide_by=None)
            if row.status is Status.NEEDS_YOU and row.id not in waiting
            else row
            for row in self.world.campaigns.values()
        )

    def troubles(self, *, after: str | None, limit: int) -> Page[TroubleRow]:
        views = self.world.troubles.values()
        return cut(tuple(view.row for view in views if not view.is_over), after, limit)

    def trouble(self, escalation_id: str) -> TroubleView | None:
        return self.world.troubles.get(escalation_id)

    def views(self, person: Person) -> tuple[SavedView, ...]:
        return tuple(self.world.views)

    # Verbs

    def keep(self, person: Person, view: SavedView) -> Answer:
        self.world.views.append(view)
        return Done(f"Kept as “{view.name}”")

    def drop(self, person: Person, name: str) -> Answer:
        left = [one for one in self.world.views if one.name != name]
        if len(left) == len(self.world.views):
            return Refused("There is no such view.", 404)
        self.world.views = left
        return Done("Gone")

    def acknowledge(self, escalation_id: str, person: Person) -> Answer:
        view = self.world.troubles.get(escalation_id)
        if view is None:
            return Refused("There is no such escalation.", 404)
        row = replace(view.row, state="acknowledged", in_hand_of=person.name, next_at=None)
        self.world.troubles[escalation_id] = replace(view, row=row)
        self.world.happen(person.name, view.row.campaign_id, "Escalation", "in hand", "")
        return Done("Yours now")

    def resolve(self, escalation_id: str, person: Person, reason: str) -> Answer:
        view = self.world.troubles.get(escalation_id)
        if view is None:
            return Refused("There is no such escalation.", 404)
        row = replace(view.row, state="resolved", next_at=None)
        self.world.troubles[escalation_id] = replace(view, row=row, is_over=True, outcome=reason)
        self.world.happen(person.name, view.row.campaign_id, "Escalation", "resolved", reason)
        return Done("Resolved")

    def note(self, escalation_id: str, person: Person, text: str) -> Answer:
        if not text.strip():
            return Refused("An empty note says nothing.", 422)
        self.world.orders.append(("note", escalation_id, text))
        return Done("Written down")

    def approve(self, proposal_id: str, fingerprint: str, person: Person, reason: str) -> Answer:
        return self._answer("approved", proposal_id, fingerprint, person, reason)

    def reject(
        self, proposal_id: str, fingerprint: str, person: Person, code: str, reason: str
    ) -> Answer:
        return self._answer("rejected", proposal_id, fingerprint, person, reason)

    def edit_and_approve(
        self,
        proposal_id: str,
        fingerprint: str,
        person: Person,
        values: Mapping[str, str],
        reason: str,
    ) -> Answer:
        if any(not value.strip() for value in values.values()):
            return Refused("An edited value is empty.", 422)
        told = ", ".join(f"{name}={value}" for name, value in values.items())
        self.world.orders.append(("edit", proposal_id, told))
        return self._answer("approved", proposal_id, fingerprint, person, reason)

    def snooze(self, proposal_id: str, person: Person, span: timedelta) -> Answer:
        self.world.orders.append(("snooze", proposal_id, str(span)))
        return Done("Snoozed: it comes back in an hour")

    def delegate(self, proposal_id: str, person: Person, to: str, reason: str) -> Answer:
        if to not in ("mei", "sam"):
            return Refused("Choose who should decide.", 422)
        self.world.orders.append(("delegate", proposal_id, to))
        return Done("Handed over")

    def undo(self, decision_id: str, person: Person) -> Answer:
        for key, view in self.world.decisions.items():
            if view.answered and view.answered.decision_id == decision_id:
                self.world.decisions[key] = replace(view, answered=None)
                self.world.happen(person.name, view.item.campaign_id, "Decision", "taken back", "")
                return Done("Taken back: it waits again")
        return Refused("It can no longer be undone: its hold is over.", 409)

    def freeze(self, scope: str, person: Person, reason: str) -> Answer:
        world = self.world
        if scope:
            world.campaigns[scope] = replace(world.campaigns[scope], status=Status.FROZEN)
        else:
            world.frozen = FreezeNotice(person.name, world.now, reason)
        world.happen(person.name, scope, "Status", "frozen", reason)
        return Done("Frozen")

    def unfreeze(self, scope: str, person: Person, reason: str) -> Answer:
        world = self.world
        if scope:
            world.campaigns[scope] = replace(world.campaigns[scope], status=Status.RUNNING)
        else:
            world.frozen = None
        world.happen(person.name, scope, "Status", "running", reason)
        return Done("Running again")

    def observe(self, campaign_id: str, person: Person, reason: str) -> Answer:
        row = self.world.campaigns[campaign_id]
        self.world.campaigns[campaign_id] = replace(row, status=Status.OBSERVING)
        self.world.happen(person.name, campaign_id, "Status", "observing", reason)
        return Done("Observing only")

    def rollback_plan(self, change_id: str, person: Person) -> RollbackPlan | Refused:
        row = next((row for row in self.world.changes if row.id == change_id), None)
        if row is None:
            return Refused("There is no such change.", 404)
        step = PlanStep(f"{row.field}: {row.after} goes back to {row.before}", True)
        if row.back.way is Way.NONE:
            step = PlanStep(row.back.text or "It cannot be taken back.", False)
        return RollbackPlan(change_id, f"{row.campaign}: {row.field}", f"plan-{change_id}", (step,))

    def rollback(self, change_id: str, fingerprint: str, person: Person, reason: str) -> Answer:
        row = next(row for row in self.world.changes if row.id == change_id)
        if fingerprint != f"plan-{change_id}":
            return Refused("The plan has changed since you saw it; look at it again.", 409)
        position = self.world.changes.index(row)
        self.world.changes[position] = replace(row, back=WayBack(Way.NONE, text="rolled back"))
        self.world.happen(person.name, row.campaign_id, row.field, str(row.before), reason)
        return Done("Rolled back")

    def move(self, item_id: str, at: datetime, person: Person) -> Answer:
        if item_id not in {item.id for item in ITEMS if item.can_move}:
            return Refused("It has gone out already.", 409)
        self.world.orders.append(("move", item_id, at.isoformat()))
        return Done("Asked for: the new time goes through the checks")

    def stop_experiment(self, experiment_id: str, person: Person, reason: str) -> Answer:
        self.world.orders.append(("stop", experiment_id, reason))
        return Done("Stopped")

    def change_matrix(
        self, kind: str, phase: str, level: str, person: Person, reason: str
    ) -> Answer:
        if simulate(kind, phase, level) is None:
            return Refused("There is no such cell.", 422)
        self.world.orders.append(("matrix", kind, phase, level))
        return Done("Proposed: somebody else decides it")

    def change_phase(self, campaign_id: str, to: str, person: Person, reason: str) -> Answer:
        if campaign_id not in self.world.campaigns:
            return Refused("There is no such campaign.", 422)
        self.world.orders.append(("phase", campaign_id, to))
        return Done("Asked for")

    def set_clock(self, speed: int, person: Person) -> Answer:
        if not self.world.is_demo:
            return Refused("Only the demo's clock can be set.", 404)
        self.world.speed = speed
        self.world.number += 1
        return Done("Clock set")

    def _answer(
        self, word: str, proposal_id: str, fingerprint: str, person: Person, reason: str
    ) -> Answer:
        view = self.world.decisions.get(proposal_id)
        if view is None:
            return Refused("There is no such proposal.", 404)
        if view.answered:
            return Refused(f"{view.answered.by} has {view.answered.word} it already.", 409)
        if fingerprint != view.item.fingerprint:
            return Refused("It has changed since you looked; look at it again.", 409)
        title = view.item.title
        decision_id = self.world.happen(person.name, view.item.campaign_id, title, word, reason)
        until = self.world.now + view.hold
        answered = Answered(word, person.name, self.world.now, reason, decision_id, until)
        self.world.decisions[proposal_id] = replace(view, answered=answered)
        return Done(f"{word.capitalize()}: {title}", decision_id, until)


def services(world: WebWorld) -> Services:
    """Services of every page over one world."""
    doors = Doors(world)
    return Services(
        now=lambda: world.now,
        identity=doors,
        shell=doors,
        today=doors,
        decisions=doors,
        campaigns=doors,
        changes=doors,
        verbs=doors,
        hooks=doors,
        health=doors,
        assets=doors,
        cycles=doors,
        calendar=doors,
        experiments=doors,
        review=doors,
        autonomy=doors,
        connections=doors,
        search=doors,
        links=MadeUpLinks(),
        troubles=doors,
        views=doors,
    )
