"""Evidence: what the workspace knows of the past, gathered into an agent's dossier."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.core.campaign.data_scope import DataScope, columns_of
from drumbeat.core.campaign.dossier import CycleRecord, Dossier, uses_of
from drumbeat.core.campaign.exposure import read_object
from drumbeat.core.campaign.history import HistoryKind, HistoryRow
from drumbeat.core.campaign.history_evidence import (
    cycles_of_history,
    lines_of_history,
    tallies_of_history,
)
from drumbeat.core.campaign.lesson import LessonElement
from drumbeat.core.campaign.objects import LineItem, Post, Send
from drumbeat.core.campaign.past import (
    PastObject,
    lines_of_past,
    placements_of_past,
    tallies_of_past,
)
from drumbeat.core.campaign.plan import Plan
from drumbeat.core.campaign.sight import Sight
from drumbeat.core.campaign.tally import Tally
from drumbeat.core.governance.action import Channel
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.documents import Results
from drumbeat.store import cycles, history, objects, readings
from drumbeat.store.cycles import CycleRow, CycleStatus
from drumbeat.store.objects import LiveObject

# Which columns of an export speak of which element of a plan, and by which rate it is judged.
_ELEMENTS: Mapping[HistoryKind, tuple[tuple[LessonElement, str], ...]] = {
    HistoryKind.EMAIL: (
        (LessonElement.THEME, "theme"),
        (LessonElement.ANGLE, "angle"),
        (LessonElement.SUBJECT_STYLE, "style"),
        (LessonElement.SEND_HOUR, "send_hour"),
        (LessonElement.SEGMENT, "segment"),
    ),
    HistoryKind.ADS: (
        (LessonElement.ANGLE, "angle"),
        (LessonElement.LINE_ITEM, "line_item"),
    ),
    HistoryKind.SOCIAL: (
        (LessonElement.TOPIC, "topic"),
        (LessonElement.HOOK, "hook"),
        (LessonElement.NETWORK, "network"),
        (LessonElement.FORMAT, "format"),
    ),
}
_OVER: Mapping[HistoryKind, tuple[str, ...]] = {
    HistoryKind.EMAIL: ("clicks", "visits", "opens"),
    HistoryKind.ADS: ("conversions",),
    HistoryKind.SOCIAL: ("engagements",),
}
_UNDER: Mapping[HistoryKind, tuple[str, ...]] = {
    HistoryKind.EMAIL: ("delivered", "sent"),
    HistoryKind.ADS: ("clicks",),
    HistoryKind.SOCIAL: ("impressions", "reach"),
}
_KINDS = {
    Channel.EMAIL: HistoryKind.EMAIL,
    Channel.ADS: HistoryKind.ADS,
    Channel.SOCIAL: HistoryKind.SOCIAL,
}


def dossier_for(desk: Desk, sight: Sight) -> Dossier:
    """Imported history and everything this campaign has done, as citable figures; of the past
    an agent may not see, nothing."""
    name = desk.campaign.campaign
    columns = columns_of(sight.granted, DataScope.HISTORY)
    if columns is not None and not columns:
        sight.may(DataScope.HISTORY)
        return Dossier()
    with desk.office.database.read() as connection:
        # What this campaign did itself comes whole or not at all.
        past = past_objects(connection, name) if columns is None else ()
        before = cycles.of_campaign(connection, name) if columns is None else []
        ids = [row.id for row in before]
        plans = cycles.read_many(connection, ids, "plan")
        results = cycles.read_many(connection, ids, "results")
        imported = _imported(desk, connection, sight)
    zone = desk.office.library.zone_of(name)
    old = tuple(t for kind, rows in imported.items() for t in _tallies(kind, rows))
    ads = imported.get(HistoryKind.ADS, ())
    return Dossier(
        tallies=old + tallies_of_past(past, zone),
        lines=lines_of_history(ads, _line_dimension(ads)) + lines_of_past(past),
        uses=uses_of([Plan.model_validate(plans[one]) for one in ids if one in plans]),
        cycles=(*_weeks(desk, imported), *_records(before, results)),
        placements=lines_of_history(ads, "placement") + placements_of_past(past),
    )


def cycles_before(desk: Desk, sight: Sight) -> tuple[CycleRecord, ...]:
    """A dossier's cycles alone: for who looks every hour and compares with nothing else."""
    columns = columns_of(sight.granted, DataScope.HISTORY)
    if columns is not None and not columns:
        sight.may(DataScope.HISTORY)
        return ()
    with desk.office.database.read() as connection:
        before = cycles.of_campaign(connection, desk.campaign.campaign) if columns is None else []
        results = cycles.read_many(connection, [row.id for row in before], "results")
        imported = _imported(desk, connection, sight)
    return (*_weeks(desk, imported), *_records(before, results))


_Imported = Mapping[HistoryKind, tuple[HistoryRow, ...]]


def _imported(desk: Desk, connection: sa.Connection, sight: Sight) -> _Imported:
    return {
        kind: sight.rows(
            DataScope.HISTORY,
            desk.office.library.history(kind) + history.rows(connection, kind),
        )
        for kind in _kinds(desk.campaign.channels)
    }


def _weeks(desk: Desk, imported: _Imported) -> Iterator[CycleRecord]:
    for rows in imported.values():
        yield from cycles_of_history(rows, desk.campaign.currency)


def past_objects(
    connection: sa.Connection, campaign: str, since: datetime = readings.EPOCH
) -> tuple[PastObject, ...]:
    """What this campaign put on platforms and what was measured of each since a moment."""
    # What was over by then cannot have been measured since.
    known = objects.of_campaign(connection, campaign, after=since)
    return measured_of(connection, campaign, known, since)


def measured_of(
    connection: sa.Connection,
    campaign: str,
    of: Iterable[LiveObject],
    since: datetime,
    *,
    parts: bool = True,
) -> tuple[PastObject, ...]:
    """These objects of a campaign with what was measured of each since a moment, in all and (with
    ``parts``) by dimension."""
    measured = readings.totals(connection, campaign, since=since, parts=parts)
    known = {one.target: one for one in of}
    return tuple(
        _past(known[target], parts)
        for target, parts in sorted(measured.items())
        if target in known and ("", "") in parts
    )


def _past(live: LiveObject, parts: Mapping[tuple[str, str], Mapping[str, float]]) -> PastObject:
    thing = read_object(live.target, live.state)
    match thing:
        case Send(send_at=at) | Post(publish_at=at):
            moment = at
        case LineItem():
            moment = live.since
    own = {key: counts for key, counts in parts.items() if key != ("", "")}
    return PastObject(
        live.cycle, live.target, thing, moment, parts["", ""], own, f"{live.cycle}/results"
    )


def _records(before: Iterable[CycleRow], bodies: Mapping[str, Any]) -> Iterator[CycleRecord]:
    for row in before:
        if row.id in bodies and row.status is CycleStatus.DONE:
            results = Results.model_validate(bodies[row.id])
            source = f"ledger#{results.entry}"
            yield CycleRecord(row.id, row.occurrence_at.date(), results.total, source)


def _kinds(channels: Iterable[Channel]) -> tuple[HistoryKind, ...]:
    return tuple(_KINDS[channel] for channel in channels if channel in _KINDS)


def _tallies(kind: HistoryKind, rows: tuple[HistoryRow, ...]) -> Iterator[Tally]:
    over, under = _present(_OVER[kind], rows), _present(_UNDER[kind], rows)
    if over and under:
        for element, dimension in _ELEMENTS[kind]:
            yield from tallies_of_history(rows, element, dimension, over, under)


def _present(names: tuple[str, ...], rows: tuple[HistoryRow, ...]) -> str:
    return next((n for n in names if any(n in row.measures for row in rows)), "")


def _line_dimension(rows: tuple[HistoryRow, ...]) -> str:
    return "line_item" if any("line_item" in row.dimensions for row in rows) else ""
