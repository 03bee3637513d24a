"""Summary: what a run came to, campaign by campaign and cycle by cycle, read from the records."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from drumbeat.app.compose import App
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.money import Money
from drumbeat.core.noun import Noun
from drumbeat.cycle.documents import Lessons, Results
from drumbeat.store import cycles, effects, ledger
from drumbeat.store.cycles import CycleRow
from drumbeat.store.effects import EffectStatus


class CycleSummary(Noun):
    """One cycle: what was planned, launched, spent, earned and learned.

    ``launched`` counts the objects it brought about; one that was withdrawn and put out again, or
    changed on the way, counts once.
    """

    cycle: str
    number: int
    occurrence_at: str
    stage: str
    status: str
    outcome: str
    theme: str
    angle: str
    offer: str
    launched: int
    counts: dict[str, float]
    spent: Money
    earned: Money
    lessons: tuple[str, ...]


class CampaignSummary(Noun):
    """One campaign with its cycles, the oldest first."""

    campaign: str
    title: str
    cycles: tuple[CycleSummary, ...]


class Line(Noun):
    """One ledger line worth telling: an escalation or a decision to hold."""

    entry: int
    at: str
    campaign: str
    text: str


class Summary(Noun):
    """``head`` names the whole ledger: the same seed gives the same head."""

    campaigns: tuple[CampaignSummary, ...]
    escalations: tuple[Line, ...]
    holds: tuple[Line, ...]
    entries: int
    effects: dict[str, int]
    head: str


def summarize(app: App) -> Summary:
    """Read everything from the store; nothing is remembered in between."""
    with app.database.read() as connection:
        number, head = ledger.head(connection)
        return Summary(
            campaigns=tuple(_campaign(app, connection, name) for name in app.files.campaigns),
            escalations=tuple(_lines(connection, "escalated", "text")),
            holds=tuple(_lines(connection, "held_steady", "text")),
            entries=number,
            effects=_effects(connection),
            head=head,
        )


def _campaign(app: App, connection: sa.Connection, name: str) -> CampaignSummary:
    campaign = app.files.campaigns[name]
    rows = reversed(cycles.of_campaign(connection, name, limit=10_000))
    made = tuple(_cycle(connection, row, campaign.currency) for row in rows)
    return CampaignSummary(campaign=name, title=campaign.title, cycles=made)


def _cycle(connection: sa.Connection, row: CycleRow, currency: str) -> CycleSummary:
    documents = cycles.documents(connection, row.id)
    plan = Plan.model_validate(documents["plan"]) if "plan" in documents else None
    counts = _results(documents).total
    done = [e for e in effects.of_cycle(connection, row.id) if e.status is EffectStatus.DONE]
    return CycleSummary(
        cycle=row.id,
        number=row.number,
        occurrence_at=row.occurrence_at.isoformat(),
        stage=row.stage,
        status=row.status,
        outcome=row.waiting,
        theme=", ".join(plan.themes) if plan else "",
        angle=plan.angle.angle if plan else "",
        offer=plan.offer.offer if plan else "",
        launched=len({effect.target for effect in done}),
        counts={metric: round(value, 2) for metric, value in sorted(counts.items())},
        spent=Money(minor=round(counts.get("spend", 0)), currency=currency),
        earned=Money(minor=round(counts.get("revenue", 0)), currency=currency),
        lessons=_lessons(documents),
    )


def _results(documents: dict[str, Any]) -> Results:
    return Results.model_validate(documents.get("results") or {})


def _lessons(documents: dict[str, Any]) -> tuple[str, ...]:
    body = documents.get("lessons")
    return tuple(one.text for one in Lessons.model_validate(body).lessons) if body else ()


def _lines(connection: sa.Connection, kind: str, field: str) -> Iterator[Line]:
    for entry in ledger.entries(connection, kinds=(kind,)):
        yield Line(
            entry=entry.seq,
            at=entry.at.isoformat(),
            campaign=entry.campaign,
            text=str(entry.body.get(field, "")),
        )


def _effects(connection: sa.Connection) -> dict[str, int]:
    return dict(sorted(effects.counts(connection).items()))
