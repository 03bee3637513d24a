"""Reads for pages: what every page asks of one made-up world."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape

from drumbeat.core.canonical import digest
from drumbeat.testing.web_content.pages import campaign_view
from drumbeat.testing.web_content.people import ANA, ZONE, at
from drumbeat.testing.web_content.planning import REGISTRY, calendar
from drumbeat.testing.web_content.steering import AUTONOMY, REVIEW, rule_form, simulate
from drumbeat.testing.web_world import SESSION, WebWorld, cut
from drumbeat.web.services import (
    Accepted,
    ChatReceipt,
    Duplicate,
    NotTaken,
    Receipt,
)
from drumbeat.web.verbs import Refused
from drumbeat.web.views.asset import AssetView
from drumbeat.web.views.autonomy import AutonomyView, RuleForm, Simulation
from drumbeat.web.views.calendar import CalendarView
from drumbeat.web.views.campaign import CampaignFilter, CampaignRow, CampaignView, Status
from drumbeat.web.views.change import (
    ChainProof,
    ChangeFilter,
    ChangeRow,
    ChangeView,
    MetricShift,
)
from drumbeat.web.views.connection import HealthView
from drumbeat.web.views.cycle import CycleView
from drumbeat.web.views.decision import DecisionView, PutOff, QueueAside, QueueItem
from drumbeat.web.views.experiment import ExperimentView, RegistryView
from drumbeat.web.views.review import ReviewView
from drumbeat.web.views.saved import SavedView
from drumbeat.web.views.search import Hit
from drumbeat.web.views.shell import ClockView, Person, ShellView
from drumbeat.web.views.today import TodayView
from drumbeat.web.views.trouble import TroubleRow, TroubleView
from drumbeat.web.views.value import Page, Points, Share, Tone


@dataclass(frozen=True)
class Reads:
    """The reading protocols of the pages over one world."""

    world: WebWorld

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

    def aside(self, person: Person, *, is_empty: bool) -> QueueAside:
        asleep = (str(one[1]) for one in self.world.orders if one[0] == "snooze")
        until = self.world.now + timedelta(hours=1)
        known = self.world.decisions
        put_off = (PutOff(one, known[one].item.title, until) for one in asleep if one in known)
        return QueueAside(tuple(put_off), "the next issue, on Thursday" if is_empty else "")

    def decision(self, proposal_id: str, person: Person) -> DecisionView | None:
        return self.world.decisions.get(proposal_id)

    def edited_mail(self, proposal_id: str, values: Mapping[str, str]) -> str | Refused:
        if proposal_id not in self.world.decisions:
            return Refused("There is no such decision.", 404)
        return f"<p>{escape(' '.join(values.values()))}</p>"

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

    def campaign(self, campaign_id: str, *, older: str = "") -> CampaignView | None:
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

    def asset(
        self, asset_id: str, *, after: str | None = None, limit: int = 20
    ) -> AssetView | None:
        view = self.world.assets.get(asset_id)
        if view is None:
            return None
        return replace(view, comments=cut(view.comments.items, after, limit))

    def cycle(self, cycle_id: str, *, is_whole: bool = False) -> CycleView | None:
        view = self.world.cycles.get(cycle_id)
        if view is None or is_whole:
            return view
        groups = (
            replace(one, rows=one.rows[-60:], earlier=max(0, len(one.rows) - 60))
            for one in view.trace
        )
        return replace(view, trace=tuple(groups))

    def case(self, cycle_id: str) -> str | None:
        return '{"cycle": "…"}\n' if cycle_id in self.world.cycles else None

    def calendar(self, first: date, last: date) -> CalendarView:
        if self.world.items is not None:
            return CalendarView(self.world.items)
        return calendar(first, last) if self.world.has_plans else CalendarView(())

    def registry(self, *, after: str | None, limit: int) -> RegistryView:
        return REGISTRY if self.world.has_plans else RegistryView((), Page(), ())

    def experiment(self, experiment_id: str) -> ExperimentView | None:
        return self.world.experiments.get(experiment_id)

    def review(self, week: str, *, after: str = "", limit: int = 10) -> ReviewView | None:
        if week not in ("", "2026-W46", "2026-W47") or not self.world.has_plans:
            return None
        kept = self.world.minutes.get("2026-W47")
        stumbles = self.world.stumbles or REVIEW.exceptions.items
        shown = replace(REVIEW, exceptions=cut(stumbles, after, limit))
        if not kept:
            return shown
        return replace(shown, minutes=kept, minutes_by=ANA.name, minutes_at=self.world.now)

    def autonomy(self) -> AutonomyView:
        return AUTONOMY if self.world.has_plans else AutonomyView("none", (), (), (), (), ())

    def rule(self, kind: str, typed: Mapping[str, str] | None = None) -> RuleForm | None:
        return rule_form(kind, typed)

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
