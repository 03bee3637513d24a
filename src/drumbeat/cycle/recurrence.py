"""Recurrence: opens a cycle for each occurrence of a campaign, early enough to be ready for it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from drumbeat.core.campaign.cadence import next_occurrence, occurrences, settle_missed
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.cycle.desk import Office
from drumbeat.store import cycles, dues, ledger, settings

Commit = Callable[[Callable[[sa.Connection], None], datetime | None], None]


def lead_time(campaign: Campaign) -> timedelta:
    """How long before an occurrence its cycle must start: every stage gets its allowed time."""
    sla = campaign.sla
    return sla.plan + sla.approve + sla.qa + sla.launch


def open_cycles(office: Office, campaign_id: str, first_stage: str, commit: Commit) -> None:
    """Open what is due and say when to look again."""
    campaign, now = office.library.campaigns[campaign_id], office.now
    zone, skip = office.library.zone, office.library.skipped_dates(campaign_id)
    horizon = now + lead_time(campaign)
    with office.database.read() as connection:
        seen = _last_seen(connection, campaign_id, now)
    passed = occurrences(campaign.cadence, seen, horizon, zone=zone, skip=skip)
    due = settle_missed(passed, now, campaign.cadence.missed)
    ahead = next_occurrence(campaign.cadence, horizon, zone=zone, skip=skip)

    def write(transaction: sa.Connection) -> None:
        for moment in due.run:
            made = cycles.open_one(transaction, campaign_id, moment, first_stage, now)
            if made:
                dues.schedule(transaction, f"cycle:{made.id}", now)
                _note(transaction, "cycle_opened", campaign_id, made.id, now, moment, made.number)
        for moment in due.dropped:
            _note(transaction, "occurrence_missed", campaign_id, "", now, moment, 0)
        settings.put(transaction, f"seen:{campaign_id}", horizon.isoformat())

    commit(write, ahead - lead_time(campaign) if ahead else None)


def _last_seen(connection: sa.Connection, campaign_id: str, now: datetime) -> datetime:
    known = settings.get(connection, f"seen:{campaign_id}")
    return datetime.fromisoformat(known) if known else now


def _note(
    transaction: sa.Connection,
    kind: str,
    campaign_id: str,
    cycle_id: str,
    now: datetime,
    moment: datetime,
    number: int,
) -> None:
    ledger.append(
        transaction,
        kind,
        at=now,
        actor="system:clock",
        subject=cycle_id or campaign_id,
        campaign=campaign_id,
        cycle=cycle_id,
        occurrence=moment.isoformat(),
        number=number,
    )
