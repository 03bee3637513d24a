"""Watch: one look an hour at everything live, in a batch; it notices, and changes nothing itself.

A look fetches readings, holds each live cycle against its forecasts and guardrails, and follows
what the campaign's file says. Once a day and campaign the optimizer proposes, or holds steady.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from drumbeat.agents.monitor import Monitor, WatchCase
from drumbeat.agents.refusal import Refusal
from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.data_scope import DataScope
from drumbeat.core.campaign.exposure import goes_out_at
from drumbeat.core.campaign.guardrail_rule import GuardrailRule, Reference
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.operations.metrics import RATES, value_of
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.core.untrusted.label import Label
from drumbeat.cycle import conditions, notebook, settled, shadow
from drumbeat.cycle.consequence import freeze, site_key, tell
from drumbeat.cycle.desk import Desk, Office
from drumbeat.cycle.evidence import cycles_before
from drumbeat.cycle.harvest import Away, harvest, is_due, is_hot
from drumbeat.cycle.known import Known, gather
from drumbeat.cycle.monitoring import ends_at
from drumbeat.cycle.notebook import Notebook
from drumbeat.cycle.review import review_daily
from drumbeat.gate import in_hand, reads
from drumbeat.gate.escalate import escalate
from drumbeat.store import cycles, escalations, objects, readings
from drumbeat.store.objects import Watched

SUBJECT = "watch"
_EVERY = timedelta(hours=1)
# The past cycles a baseline is drawn from.
_BASELINE_CYCLES = 8
# The share of a cycle from which its rates can be compared with whole cycles.
_RIPE = 1 / 3
# What segments and rates are counted by.
_ALWAYS = {"delivered", "clicks", "conversions", "impressions", "engagements"}

# Under this the notebook remembers when a denied read was told.
_DENIED = "reads denied"

Commit = Callable[[Callable[[sa.Connection], None], datetime | None], None]


def look(office: Office, commit: Commit) -> None:
    """One look at everything, then sleep until the next hour that has something to look at."""
    shadow.look(office)
    door, role = office.gate.door, office.team.monitor.role
    sight = reads.sight(door, role)
    with office.database.read() as connection:
        live = objects.alive(connection, office.now)
        watched = [row for row in cycles.all_open(connection) if row.stage == "monitoring"]
    away = harvest(office, sight, live)
    _tell_away(office, away)
    _note_back(office, away)
    due = [desk for row in watched if _is_time(desk := office.desks.of(office, row))]
    known = gather(office, due)
    seen, error = _look_at_each(due, known, away)
    _follow(office, seen)
    note_mended(office, [found for _, one in seen for found in one.standing], is_whole=not error)
    for desk, one in seen:
        # What was told at midnight still stands when the optimizer looks in the morning.
        review_daily(desk, one.standing, known.reviewed.get(desk.campaign.campaign))
    if error is not None:
        raise error
    # One line for all that this look read.
    commit(lambda transaction: reads.close(door, transaction, sight), _next_look(office, live))


def _look_at_each(
    due: Sequence[Desk], known: Known, away: tuple[Away, ...]
) -> tuple[list[tuple[Desk, "Seen"]], Exception | None]:
    """What is seen of each cycle; one that cannot be looked at blinds nobody to the others."""
    seen, failed = [], None
    for desk in due:
        try:
            seen.append((desk, look_at(desk, known, is_away=_is_away(desk, away))))
        except Exception as error:
            failed = failed or error
    return seen, failed


def _is_time(desk: Desk) -> bool:
    """What is hot is looked at more often than the rest, both as the office says."""
    if desk.now < desk.cycle.occurrence_at + _EVERY:
        return False  # nothing can have been measured yet
    if desk.now.hour % desk.office.calm_hours == 0:
        return True
    if desk.now.hour % desk.office.hot_hours:
        return False
    moments = (goes_out_at(one) for one in desk.document("assets", Assets).objects().values())
    return any(at is not None and is_hot(at, desk.now) for at in moments)


@dataclass(frozen=True)
class Seen:
    """All that is wrong with a cycle, and what of it was not told lately; ``denied`` where the
    monitor asked for what it may not see, and nobody was told of that lately."""

    book: Notebook = field(default_factory=Notebook)
    standing: tuple[WatchFinding, ...] = ()
    news: tuple[WatchFinding, ...] = ()
    denied: Sight | None = None


def _follow(office: Office, seen: Sequence[tuple[Desk, Seen]]) -> None:
    """Do what the news call for, and remember that they were told: all of it, or all again."""
    for desk, one in seen:
        for found in one.news:
            freeze(desk, found)
    if not any(one.book.looks for _, one in seen):
        return
    with office.database.write() as transaction:
        for desk, one in seen:
            for found in one.news:
                tell(desk, transaction, found)
            if one.denied is not None:
                reads.close(desk.gate.door, transaction, one.denied, *_whose(desk))
            if one.book.looks:
                notebook.save(transaction, desk.cycle.id, one.book)


def look_at(desk: Desk, known: Known, *, is_away: bool) -> Seen:
    """Hold one live cycle against what was expected of it; what was told lately is no news."""
    book, totals = known.book(desk), _totals(desk)
    counts = totals.pop(("", ""), {})
    if not counts:
        return Seen()
    team = desk.office.team
    sight = reads.sight(desk.gate.door, team.monitor.role, desk.campaign.campaign)
    granted = sight.names(DataScope.READINGS, _watched(desk))
    watched = {metric: value for metric, value in counts.items() if metric in granted}
    book = _with_lines(desk, book, sight).after(desk.now, dict(sorted(watched.items())))
    case = _case(desk, book, totals, is_away, sight)
    monitor = replace(team.monitor, scorer=team.detectors.scorer(desk.campaign.campaign))
    stands = partial(_standing, desk, monitor)
    thawed = known.thawed(desk)
    standing = settled.unless_settled(stands(case), case, stands, thawed)
    news = tuple(
        one for one in standing if monitor.is_news(one, case) or settled.is_again(one, case, thawed)
    )
    told = {**book.told, **dict.fromkeys((one.key for one in news), desk.now)}
    surprise = monitor.surprise(case)
    score = surprise[0].score if surprise else book.score
    denied = sight if sight.denied and _is_unheard(desk, book, monitor.quiet) else None
    if denied is not None:
        told[_DENIED] = desk.now
    return Seen(book.model_copy(update={"told": told, "score": score}), standing, news, denied)


def _standing(desk: Desk, monitor: Monitor, case: WatchCase) -> tuple[WatchFinding, ...]:
    """All that is wrong by these figures, however often it was told."""
    found = monitor.watch(replace(case, told={}))
    is_early = progress_at(desk, desk.now) < _RIPE
    held = conditions.findings(conditions.of_campaign(desk), case, is_early=is_early)
    return (*(() if isinstance(found, Refusal) else found), *held)


def _is_unheard(desk: Desk, book: Notebook, quiet: timedelta) -> bool:
    last = book.told.get(_DENIED)
    return last is None or desk.now - last >= quiet


def _whose(desk: Desk) -> tuple[str, str]:
    return desk.campaign.campaign, desk.cycle.id


def _watched(desk: Desk) -> tuple[str, ...]:
    """The base metrics that rules, forecasts and the goal need: the rest need not be kept."""
    plan = desk.document("plan", Plan)
    named = {rule.metric for rule in desk.campaign.guardrails}
    named |= {rule.after.metric for rule in desk.campaign.guardrails if rule.after}
    named |= conditions.metrics(desk)
    named |= {one.metric for one in plan.forecasts} | {plan.metrics.goal, *plan.metrics.watched}
    base: set[str] = set()
    for metric in named:
        ratio = RATES.get(metric)
        base |= {ratio.over, ratio.under} if ratio else {metric}
    return tuple(sorted(base | _ALWAYS))


def _case(
    desk: Desk,
    book: Notebook,
    parts: dict[tuple[str, str], dict[str, float]],
    is_away: bool,
    sight: Sight,
) -> WatchCase:
    looks = desk.office.signals.of(
        desk.office.database, desk.now, desk.campaign.campaign, away=is_away
    )
    return WatchCase(
        plan=desk.document("plan", Plan),
        guardrails=ripe_at(desk, desk.now),
        snapshots=book.snapshots,
        now=desk.now,
        progress=progress_at(desk, desk.now),
        parts={value: counts for (name, value), counts in parts.items() if name == "segment"},
        references=book.references,
        changes=looks.day,
        longer=looks.longer,
        told=book.told,
        labels=_labels(desk, book, sight),
        currency=desk.campaign.currency,
    )


def _labels(desk: Desk, book: Notebook, sight: Sight) -> Mapping[Label, int]:
    """What comments under the cycle's own objects were about since the monitor last told of any."""
    mine = desk.document("assets", Assets).objects()
    last = [at for key, at in book.told.items() if f"/{WatchKind.VOICES}/" in key]
    since = max([desk.cycle.occurrence_at - _EVERY, *last])
    return reads.labels(desk.gate.door, sight, mine.keys(), since)


def ripe_at(desk: Desk, now: datetime) -> tuple[GuardrailRule, ...]:
    """The rules that can be judged by now. A fixed line holds from the start; beside a forecast
    or a past cycle, an hour-old mail would always look bad: opens come in over a day."""
    is_early = progress_at(desk, now) < _RIPE
    rules = desk.campaign.guardrails
    return tuple(r for r in rules if not (is_early and isinstance(r.level, Reference)))


def _totals(desk: Desk) -> dict[tuple[str, str], dict[str, float]]:
    """The cycle's own counts so far, in all and by part."""
    brief, assets = desk.document("brief", Brief), desk.document("assets", Assets)
    since = brief.occurrence_at.replace(hour=0, minute=0, second=0, microsecond=0)
    # Parts are only read at the first look of a day; in between they cannot have changed.
    parts = desk.now.hour == 0
    campaign = desk.campaign.campaign
    with desk.office.database.read() as connection:
        measured = readings.totals(connection, campaign, since=since, parts=parts)
    wanted = assets.objects()
    found: dict[tuple[str, str], dict[str, float]] = {}
    for target, by_part in measured.items():
        for part, counts in by_part.items() if target in wanted else ():
            sums = found.setdefault(part, {})
            for metric, value in counts.items():
                sums[metric] = sums.get(metric, 0.0) + value
    return found


def progress_at(desk: Desk, now: datetime) -> float:
    """The share of the cycle that had passed, in [0, 1]."""
    start, end = desk.cycle.occurrence_at, ends_at(desk)
    if end <= start:
        return 1.0
    return min(1.0, max(0.0, (now - start) / (end - start)))


def _with_lines(desk: Desk, book: Notebook, sight: Sight) -> Notebook:
    """What moving lines stand at, drawn once a cycle from the cycles before it."""
    if book.has_lines:
        return book
    past = cycles_before(desk, sight)[-_BASELINE_CYCLES:]
    lines: dict[str, float] = {}
    guarded = {rule.metric for rule in desk.campaign.guardrails}
    for metric in sorted(guarded | conditions.metrics(desk)):
        values = [v for one in past if (v := value_of(metric, one.counts)) is not None]
        if values:
            lines[f"{metric}/{Reference.BASELINE}"] = sum(values) / len(values)
            lines[f"{metric}/{Reference.LAST_CYCLE}"] = values[-1]
    return book.model_copy(update={"lines": lines, "has_lines": True})


def _is_away(desk: Desk, away: tuple[Away, ...]) -> bool:
    return any(one.connection in desk.campaign.connection.values() for one in away)


def _tell_away(office: Office, away: tuple[Away, ...]) -> None:
    for one in away:
        with office.database.write() as transaction:
            escalate(
                office.gate.door,
                transaction,
                failure="platform",
                severity="warning",
                text=f"{one.connection} cannot be read: {one.why}",
                key=f"away/{one.connection}",
                kind=AlertKind.CONNECTION,
                connections=frozenset({one.connection}),
            )


def _note_back(office: Office, away: tuple[Away, ...]) -> None:
    """The first look of a day reads every connection: what answered it is no longer away."""
    if office.now.hour:
        return
    gone = {f"away/{one.connection}" for one in away}
    why = "it answers again, or nothing needs it any more"
    _close_all_but(office, gone, AlertKind.CONNECTION, why)


def note_mended(office: Office, standing: Sequence[WatchFinding], *, is_whole: bool) -> None:
    """The first look of a day is at every cycle: what none of them shows any more is over."""
    if office.now.hour or not is_whole:
        return
    shown = {site_key(found) for found in standing}
    _close_all_but(office, shown, AlertKind.SITE, "no campaign shows it any more")


def _close_all_but(office: Office, standing: set[str], kind: AlertKind, why: str) -> None:
    """Resolve what was told of a kind and stands no more."""
    with office.database.read() as connection:
        told = escalations.of_kind(connection, kind)
    for row in (one for one in told if one.detail.get("key") not in standing):
        with office.database.write() as transaction:
            in_hand.close(office.gate.door, transaction, row, "agent:monitor", why)


def _next_look(office: Office, live: Sequence[Watched]) -> datetime:
    """The next full hour that is hot, or one at which also what is calm is looked at."""
    hour = office.now.replace(minute=0, second=0, microsecond=0) + _EVERY
    while not any(is_due(one, hour, office) for one in live):
        if hour.hour % office.calm_hours == 0:
            break
        hour += _EVERY
    return hour
