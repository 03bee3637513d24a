"""Trials: once a day every running test is read, and what its registered rule says is done."""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.agents.planning.means import target_cost
from drumbeat.core.experiments.decision import decide
from drumbeat.core.experiments.experiment import Experiment
from drumbeat.core.experiments.learned import refit
from drumbeat.core.experiments.observe import metrics_of, observe
from drumbeat.core.experiments.placement import Placement
from drumbeat.core.experiments.readout import Observed
from drumbeat.core.experiments.registered import Ended, Registered, Shown
from drumbeat.core.experiments.rule import Answer
from drumbeat.core.experiments.shown import shown_of
from drumbeat.core.experiments.varied import carrier_of, setting_of, settings_of
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.proposal import Evidence, Proposal, propose
from drumbeat.core.money import Money
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.operations.reading import Value
from drumbeat.cycle import between, portfolio
from drumbeat.cycle.desk import Office
from drumbeat.gate import internal, registry
from drumbeat.gate.escalate import escalate
from drumbeat.store import experiments, ledger, readings, settings

SUBJECT = "trials"
# After the first look of the day has fetched yesterday's readings by part.
_HOUR = 5
_LASTS = timedelta(days=7)
# A test that nobody was shown this long after its last planned week measures nothing.
_GRACE = timedelta(weeks=2)
_Z95 = 1.959964
# What a winning setting is remembered as, by what is set apart; on some channels otherwise.
_SETTINGS = {
    "style": "subject_style",
    "framing": "offer_framing",
    "cta": "landing_page_cta",
    "angle": "creative_angle",
    "breadth": "breadth",
    "exclude": "audience_exclusion",
    "bid_strategy": "bid_strategy",
    "pacing": "budget_pacing",
    "hook": "hook",
    "posts_a_week": "posts_a_week",
}
_TARGET_COST = "target_cost"
_OWN = {
    Channel.EMAIL: {"hour": "send_hour", "exclude": "mail_exclusion"},
    Channel.SOCIAL: {"hour": "post_hour"},
}

Commit = Callable[[Callable[[sa.Connection], None], datetime | None], None]


def look(office: Office, commit: Commit) -> None:
    """Read every running test, weigh the campaigns' money, and come back tomorrow morning."""
    with office.database.read() as connection:
        active = experiments.running_by_seal(connection)
    altered = {name: one for name, one in active.items() if one.experiment.id != name}
    for name, one in altered.items():
        _tell_altered(office, name, one)
    for name, one in active.items():
        if name not in altered:
            read(office, one)
    portfolio.weigh_weekly(office, all_run=between.look(office))
    commit(lambda _: None, _tomorrow(office.now))


def read(office: Office, one: Registered) -> None:
    """Count who was shown what, ask the rule, and act on its answer."""
    made = one.experiment
    if one.shown is not None and one.shown.answer is not Answer.KEEP_GOING:
        # Its rule has spoken, and people have yet to agree that it ends: nothing is read anew.
        _conclude(office, one, one.shown)
        return
    with office.database.read() as connection:
        placed, found = measured(connection, made)
    seen = observe(made, placed, found, office.now)
    if seen.observed is None:
        _wait_or_give_up(office, one)
        return
    decision = decide(made, seen.observed)
    shown = shown_of(made, seen.observed, decision, office.now)
    with office.database.write() as transaction:
        experiments.log_exposed(transaction, made.id, seen.exposed)
        experiments.save(transaction, one.model_copy(update={"shown": shown}))
        if _is_news(one.shown, shown):
            _note(transaction, one, seen.observed, shown, office.now)
    if shown.answer is not Answer.KEEP_GOING:
        _conclude(office, one, shown)


def measured(
    connection: sa.Connection, made: Experiment
) -> tuple[tuple[Placement, ...], list[Value]]:
    """Where a test's arms are seen, and what was read of that."""
    placed = experiments.placed(connection, made.id)
    if not placed:
        return placed, []
    return placed, readings.of(
        connection,
        made.campaign,
        targets=[place.target for place in placed],
        metrics=sorted(metrics_of(made)),
        since=made.registered_at - timedelta(days=1),
    )


def _conclude(office: Office, one: Registered, shown: Shown) -> None:
    """The winner is proposed, and what needs a person's eye is told, before the test ends: a crash
    in between repeats what changes nothing when repeated."""
    winners = _winners(one, shown)
    for winner in winners:
        office.gate.submit(_roll_out(office, one, shown, winner))
    if not winners and shown.answer is Answer.REVIEW:
        _ask_people(office, one, shown)
    ended = Ended(
        at=office.now,
        by="agent:optimizer",
        reason=shown.reason,
        answer=shown.answer,
        shown=shown,
    )
    end(office, one, ended)


def end(office: Office, one: Registered, ended: Ended) -> None:
    """End a test with what its rule said, and with what the library makes of it."""
    made = one.experiment
    with office.database.read() as connection:
        before = experiments.every(connection)
    after = [e if e.experiment.id != made.id else one.model_copy(update={"ended": ended})
             for e in before]  # fmt: skip
    told = ended.model_copy(update={"taught": refit(made.hypothesis, before, after)})
    content = told.model_dump(mode="json", exclude={"at", "by", "entry"})
    action = _action(office, one, registry.STOP, registry.target_of(made.id))
    stop = action.revised(before={"status": "running"}, after=content)
    office.gate.submit(_propose(office, stop, one, ended.reason))


def _winners(one: Registered, shown: Shown) -> list[tuple[str, str]]:
    """The settings and values to go on with: what won, or what a leaning test leans to."""
    effect = shown.effect
    leans = shown.answer is Answer.REVIEW and not shown.is_split_broken and not shown.lost
    if effect is None or not (shown.answer is Answer.SHIP or leans):
        return []
    return [] if leans and not effect.is_clear else treatments_of(one)


def treatments_of(one: Registered) -> list[tuple[str, str]]:
    """The settings and values a test's treatment stands for; none where planning knows no such."""
    claim, won = one.experiment.hypothesis, one.experiment.arms.treatment
    names = settings_of(claim, claim.channels)
    own = _OWN.get(carrier_of(claim, claim.channels) or Channel.WORKSPACE, {})
    found = [(own.get(n) or _SETTINGS.get(n, ""), setting_of(won, n)) for n in names]
    cost = target_cost(won) if "bid_strategy" in names else None
    return [pair for pair in found if all(pair)] + (
        [(_TARGET_COST, str(cost.minor))] if cost else []
    )


def _roll_out(office: Office, one: Registered, shown: Shown, winner: tuple[str, str]) -> Proposal:
    name, value = winner
    made, effect = one.experiment, shown.effect
    assert effect is not None
    action = _action(office, one, registry.ROLL_OUT, f"setting:{made.campaign}/{name}")
    with office.database.read() as connection:
        chosen = settings.get(connection, internal.chosen_by(made.campaign), {})
    action = action.revised(before=chosen.get(name), after=registry.cited_in(made.id, value))
    words = f"{effect.mean:+.0%} ({effect.low:+.0%} to {effect.high:+.0%})"
    why = (
        f"{made.hypothesis.change} {words}; of a winner about {effect.shrunk:+.0%} is to be "
        f"expected once luck is taken out"
    )
    evidence = (Evidence(text=f"{made.id}: {shown.reason}", source=registry.target_of(made.id)),)
    confidence = Confidence(
        effect=effect.mean,
        standard_error=max(1e-9, (effect.high - effect.low) / (2 * _Z95)),
        sample_size=shown.units,
        signals=(made.hypothesis.metric,),
    )
    return _propose(office, action, one, why, evidence, confidence)


def _propose(
    office: Office,
    action: Action,
    one: Registered,
    why: str,
    evidence: tuple[Evidence, ...] = (),
    confidence: Confidence | None = None,
) -> Proposal:
    return propose(
        action,
        Actor.agent("optimizer"),
        why,
        now=office.now,
        expires_at=office.now + _LASTS,
        evidence=evidence,
        confidence=confidence,
        if_nothing="the arms go on side by side",
        # Asked again in another week, where nobody answered in this one.
        occasion=f"{one.experiment.id}/{office.now:%G-W%V}",
    )


def _action(office: Office, one: Registered, kind: str, target: str) -> Action:
    campaign = one.experiment.campaign
    return Action(
        kind=kind,
        channel=Channel.WORKSPACE,
        connection="workspace",
        campaign=campaign,
        target=target,
        before=None,
        after=None,
        spend_delta=Money.zero(office.library.campaigns[campaign].currency),
    )


def _wait_or_give_up(office: Office, one: Registered) -> None:
    made = one.experiment
    if office.now < made.registered_at + timedelta(weeks=made.sizing.weeks) + _GRACE:
        return
    why = "nothing could be measured of it: its arms were not shown, or not told apart"
    shown = Shown(at=office.now, answer=Answer.REVIEW, reason=why)
    _ask_people(office, one, shown)
    ended = Ended(
        at=office.now, by="agent:optimizer", reason=why, answer=Answer.REVIEW, shown=shown
    )
    end(office, one, ended)


def _is_news(before: Shown | None, now: Shown) -> bool:
    return before is None or (before.look, before.answer) != (now.look, now.answer)


def _note(
    transaction: sa.Connection,
    one: Registered,
    observed: Observed,
    shown: Shown,
    now: datetime,
) -> None:
    made = one.experiment
    ledger.append(
        transaction,
        "experiment_read",
        at=now,
        actor="agent:optimizer",
        subject=made.id,
        campaign=made.campaign,
        look=shown.look,
        answer=str(shown.answer),
        reason=shown.reason,
        metric=made.hypothesis.metric,
        means=[round(shown.control, 6), round(shown.treatment, 6)],
        effect=shown.effect.model_dump(mode="json") if shown.effect else None,
        units=dict(observed.units),
        split=shown.split,
    )


def _tell_altered(office: Office, name: str, one: Registered) -> None:
    """What was frozen was changed behind everybody's back: no rule is asked any more."""
    text = (
        f"experiment {name} ({one.experiment.hypothesis.id}) is not read: its registration is no "
        "longer the one that was sealed; restore the database from a copy of before"
    )
    with office.database.write() as transaction:
        escalate(
            office.gate.door,
            transaction,
            failure="data",
            severity="critical",
            campaign=one.experiment.campaign,
            text=text,
            key=f"{name}/altered",
            kind=AlertKind.METRIC,
        )


def _ask_people(office: Office, one: Registered, shown: Shown) -> None:
    made = one.experiment
    with office.database.write() as transaction:
        escalate(
            office.gate.door,
            transaction,
            failure="data",
            severity="warning",
            campaign=made.campaign,
            text=f"experiment {made.hypothesis.id} needs a person's eye: {shown.reason}",
            key=made.id,
            kind=AlertKind.METRIC,
        )


def _tomorrow(now: datetime) -> datetime:
    today = now.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return today if now < today else today + timedelta(days=1)
