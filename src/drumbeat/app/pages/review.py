"""Review: a week of the business beside a week of operations, and what went off the road."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from drumbeat.app.added import added, amount
from drumbeat.app.pages import minutes
from drumbeat.app.pages.changes import Changes
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.minutes import Minutes
from drumbeat.app.pages.minutes_letter import send_minutes
from drumbeat.app.pages.naming import kind_title
from drumbeat.app.pages.proposed_rules import proposed_rules
from drumbeat.app.pages.shifts import base_of
from drumbeat.app.pages.usual import typical
from drumbeat.app.pages.words import measured, metric_name, relative, tone_of
from drumbeat.app.weekly import sla_kept
from drumbeat.core.governance.entry import Entry
from drumbeat.core.money import Money
from drumbeat.core.operations.kpis import kpis
from drumbeat.core.operations.metrics import value_of
from drumbeat.stats.proportions import wilson
from drumbeat.store import ledger, proposals, readings
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.format import money, show
from drumbeat.web.paging import cut
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.review import Agreement, Kpi, ReviewView, Stumble
from drumbeat.web.views.shell import Person
from drumbeat.web.views.value import Count, Page, Share, Tone, Value

_WEEK = timedelta(days=7)
_MINUS = "\u2212"
# What a campaign added, as far as its name does not say what is counted.
_ADDED = {
    "conversions": "Added conversions",
    "revenue": "Added revenue",
    "qualified leads": "Added qualified leads",
    "retention": "People kept in addition",
}
# A week is held against the four before it.
_BEFORE = 4
_BUSINESS = ("revenue", "conversions", "return_on_ad_spend", "cost_per_acquisition", "spend")
_STUMBLES = ("rejected", "edited", "blocked", "refused", "unresolved", "escalated", "expired",
             "rolled_back", "froze", "cycle_ended")  # fmt: skip
_HANDS = ("froze", "rolled_back", "rejected", "edited")
_CLEAR = 0.05


@dataclass(frozen=True)
class _Figure:
    """A KPI's value this week and in the weeks before, and whether more of it is better."""

    name: str
    value: Value
    now: float | None
    before: float | None
    is_more_better: bool
    meaning: str


@dataclass(frozen=True)
class Review:
    """Weeks are ISO weeks such as 2026-W47, from Monday in the workspace's zone; a blank one is the
    last that is over. ``keep_minutes`` refuses a week that is none, or is not over, with 404."""

    ground: Ground
    changes: Changes

    def review(self, week: str, *, after: str = "", limit: int = 10) -> ReviewView | None:
        """None for a week that is no ISO week, is not over yet, or lies before everything."""
        first = self._monday(week)
        if first is None:
            return None
        since = datetime.combine(first, time(), tzinfo=self.ground.zone)
        with self.ground.app.database.read() as connection:
            if not self._is_known(connection, since):
                return None
            entries = ledger.during(connection, since, since + _WEEK, _STUMBLES)
            business = tuple(self._business(connection, since))
            operations = list(self._operations(connection, since, entries))
            shown = cut(list(reversed(entries)), after, limit)
            rows = self.changes.rows(connection, list(shown.items))
            answered = proposals.answered_between(connection, since, since + _WEEK)
            earlier = first - _WEEK
            has_earlier = self._is_known(connection, since - _WEEK)
            rules = tuple(proposed_rules(self.ground, connection))
            kept = minutes.of_week(connection, f"{first:%G-W%V}")
        told = tuple(map(_kpi, operations))
        return ReviewView(
            first=first,
            last=first + timedelta(days=6),
            business=(*business, *self._added(since + _WEEK)),
            operations=told,
            flag=_flag(business, told),
            exceptions=Page(
                tuple(Stumble(row.field, row.campaign, row.id, row.why, row.at) for row in rows),
                shown.next,
                shown.total,
            ),
            agreement=tuple(_agreement(answered)),
            rules=rules,
            grooming=self._grooming(),
            minutes=kept.text if kept else _minutes(first, business, told, len(entries)),
            earlier=f"{earlier:%G-W%V}" if has_earlier else "",
            later=f"{first + _WEEK:%G-W%V}" if self._monday(f"{first + _WEEK:%G-W%V}") else "",
            week=f"{first:%G-W%V}",
            minutes_by=self.ground.name(kept.by) if kept else "",
            minutes_at=kept.at if kept else None,
        )

    def _added(self, until: datetime) -> Iterator[Kpi]:
        """What campaigns added up to the week's end, with intervals; unknown where it is."""
        app = self.ground.app
        for name, campaign in app.files.campaigns.items():
            for one in added(app, name, until):
                if one.total is None:
                    continue
                low, mean, high = (_worth(one.outcome, x, campaign.currency) for x in one.total)
                meaning = (
                    f"{self.ground.title(name)}, 13 weeks against {one.against.replace('-', ' ')}: "
                    f"{low} to {high}"
                )
                value = mean if one.is_known else "unknown"
                yield Kpi(
                    _ADDED.get(one.outcome, f"Added {one.outcome}"),
                    value,
                    None,
                    Tone.PLAIN,
                    meaning,
                )

    def keep_minutes(
        self, week: str, person: Person, text: str, *, and_send: bool = False
    ) -> Answer:
        first = self._monday(week)
        if first is None:
            return Refused("There is no such week to keep minutes of.", 404)
        made = Minutes(text=text.strip(), by=person.id, at=self.ground.now)
        with self.ground.app.database.write() as transaction:
            minutes.keep(transaction, f"{first:%G-W%V}", made)
            told = send_minutes(self.ground.app, transaction, first, made) if and_send else ()
        if not and_send:
            return Done("The minutes are kept, and the ledger says so")
        if not told:
            return Done("The minutes are kept; no mail reaches anybody (notify in drumbeat.yaml)")
        people = "1 person" if len(told) == 1 else f"{len(told)} people"
        return Done(f"The minutes are kept, and sent to {people}")

    def _monday(self, week: str) -> date | None:
        today = self.ground.now.astimezone(self.ground.zone).date()
        newest = today - timedelta(days=today.weekday() + 7)
        if not week:
            return newest
        try:
            year, _, number = week.partition("-W")
            found = date.fromisocalendar(int(year), int(number), 1)
        except ValueError:
            return None
        return found if found <= newest else None

    def _is_known(self, connection: sa.Connection, since: datetime) -> bool:
        """Whether the ledger had begun before the week was over."""
        first = ledger.one(connection, 1)
        return first is not None and first.at < since + _WEEK

    def _business(self, connection: sa.Connection, since: datetime) -> Iterator[Kpi]:
        base = base_of(_BUSINESS)
        now = readings.sums(connection, base, since, since + _WEEK)
        before = readings.sums(connection, base, since - _BEFORE * _WEEK, since)
        weeks = self._weeks(connection, since)
        for metric in _BUSINESS:
            value = value_of(metric, now)
            usual = value_of(metric, {name: total / weeks for name, total in before.items()})
            change = relative(value, usual)
            yield Kpi(
                metric_name(metric),
                measured(metric, value, self.ground.currency),
                change,
                tone_of(metric, change, _CLEAR),
                _against(weeks) if usual else "the first week",
            )

    def _weeks(self, connection: sa.Connection, since: datetime) -> int:
        """How many of the weeks before there are at all."""
        first = ledger.one(connection, 1)
        known = (since - first.at) / _WEEK if first else 0.0
        return max(1, min(_BEFORE, round(known)))

    def _operations(
        self, connection: sa.Connection, since: datetime, entries: list[Entry]
    ) -> Iterator[_Figure]:
        before_since = since - _WEEK
        weeks = ((since, entries), (before_since, ledger.during(
            connection, before_since, since, _STUMBLES)))  # fmt: skip
        figures = [self._counted(connection, start, found) for start, found in weeks]
        now, before = figures
        for name in now:
            value, number, more_is_better, meaning = now[name]
            yield _Figure(name, value, number, before[name][1], more_is_better, meaning)

    def _counted(
        self, connection: sa.Connection, since: datetime, entries: list[Entry]
    ) -> dict[str, tuple[Value, float | None, bool, str]]:
        kinds = Counter(entry.kind for entry in entries)
        stood = proposals.standings(connection, since, since + _WEEK)
        answered = proposals.answered_between(connection, since, since + _WEEK)
        alone, asked = stood.get(Status.ALLOWED, 0), len(answered)
        share = alone / (alone + asked) if alone + asked else None
        took = [one.decided_at - one.proposal.proposed_at for one in answered if one.decided_at]
        in_time = _in_time(answered)
        hands = sum(kinds[kind] for kind in _HANDS)
        middle = typical(took)
        whole = kpis(ledger.during(connection, since, since + _WEEK, ()))
        launch = whole.time_to_launch.median
        promises = sla_kept(self.ground.app, since, since + _WEEK)
        kept = promises.value if promises else None
        return {
            "Time to launch": (
                timedelta(seconds=launch) if launch is not None else None, launch, False,
                "brief to live, median",
            ),
            "Promises kept": (
                Share(kept, 0) if kept is not None else None, kept, True,
                f"of {promises.of} service clocks" if promises else "no service clock ended",
            ),
            "Done without asking": (
                Share(share, 0) if share is not None else None, share, True,
                "of everything that was decided",
            ),
            "Median time to decide": (
                middle, middle.total_seconds() if middle else None, False, "from asking to answer",
            ),
            "Answered in time": (
                Share(in_time, 0) if in_time is not None else None, in_time, True,
                "before the decision’s own deadline",
            ),
            "Interventions": (
                Count(hands), float(hands), False, "rejections, edits, freezes and roll backs",
            ),
            "Policy violations": (
                Count(stood.get(Status.DENIED, 0)), float(stood.get(Status.DENIED, 0)), False,
                "proposals the gate refused",
            ),
            "Escalations": (
                Count(kinds["escalated"]), float(kinds["escalated"]), False, "opened this week",
            ),
        }  # fmt: skip

    def _grooming(self) -> tuple[str, ...]:
        """Claims that no campaign may test, and campaigns with nothing left to test."""
        used = {one for c in self.ground.campaigns.values() for one in c.hypotheses}
        idle = sorted(set(self.ground.app.files.hypotheses) - used)
        bare = [c.title for c in self.ground.campaigns.values() if not c.hypotheses]
        told = [f"No campaign lists {', '.join(idle)}: assign or drop them."] if idle else []
        return (*told, *(f"{title} lists no hypothesis to test." for title in bare[:5]))


def _worth(outcome: str, value: float, currency: str) -> str:
    """A figure as the ones beside it are written: money with its sign, and no line's end behind
    a minus."""
    if outcome == "revenue":
        said = money(Money(minor=round(value), currency=currency))
    else:
        said = amount(outcome, value, currency)
    return said.replace("-", _MINUS).replace(_MINUS, f"{_MINUS}\u2060")


def _against(weeks: int) -> str:
    return "against the week before" if weeks == 1 else f"against a usual week of {weeks} before"


def _in_time(answered: list[Judged]) -> float | None:
    due = [one for one in answered if one.decide_by is not None and one.decided_at is not None]
    kept = sum(one.decided_at <= one.decide_by for one in due if one.decided_at and one.decide_by)
    return kept / len(due) if due else None


def _kpi(figure: _Figure) -> Kpi:
    change = relative(figure.now, figure.before)
    tone = Tone.PLAIN
    if change is not None and abs(change.of_one) >= _CLEAR:
        tone = Tone.GOOD if (change.of_one > 0) == figure.is_more_better else Tone.BAD
    return Kpi(figure.name, figure.value, change, tone, figure.meaning)


def _flag(business: tuple[Kpi, ...], operations: tuple[Kpi, ...]) -> str:
    """One side got better and the other worse: faster is not better by itself."""
    gained, ran = (sum(_SIGNS[kpi.tone] for kpi in side) for side in (business, operations))
    if ran > 0 and gained < 0:
        return "Operations got smoother while the business did worse: look at what runs by itself."
    if ran < 0 and gained > 0:
        return "The business did better on more work by people: see what could be asked less."
    return ""


_SIGNS: Mapping[Tone, int] = dict.fromkeys(Tone, 0) | {Tone.GOOD: 1, Tone.BAD: -1}


def _agreement(answered: list[Judged]) -> Iterator[Agreement]:
    """How often people agreed with what was proposed, by kind of change."""
    by_kind: dict[str, list[bool]] = {}
    for one in answered:
        agreed = one.status is Status.APPROVED
        by_kind.setdefault(one.proposal.action.kind, []).append(agreed)
    for kind, answers in sorted(by_kind.items()):
        low, _ = wilson(sum(answers), len(answers))
        yield Agreement(kind_title(kind), sum(answers), len(answers), low)


def _minutes(
    first: date, business: tuple[Kpi, ...], operations: tuple[Kpi, ...], stumbles: int
) -> str:
    """The week in a few lines, to be sent as they are."""
    lines = [f"Week of {first:%B} {first.day}, {first.year}"]
    for kpi in (*business, *operations):
        change = f" ({show(kpi.change)})" if kpi.change is not None else ""
        lines.append(f"{kpi.name}: {show(kpi.value)}{change}")
    lines.append(f"{stumbles} thing{'s' if stumbles != 1 else ''} went off the road.")
    return "\n".join(lines)
