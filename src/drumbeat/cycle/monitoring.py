"""Monitoring: the cycle is live; the watch looks at it, and here its final counts are drawn up."""

from datetime import datetime, timedelta

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brief import Brief
from drumbeat.core.campaign.exposure import goes_out_at
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.documents import Results
from drumbeat.cycle.step import Next, Note, Step, Wait
from drumbeat.store import readings

# How long mails and posts are measured before their cycle is judged.
_MEASURED = timedelta(hours=72)


def run(desk: Desk) -> Step:
    """Wait until the results are in (``ends_at``), then Next with the final counts."""
    ends = ends_at(desk)
    if desk.now < ends:
        return Wait(ends, "live")
    return submit(gather(desk))


def ends_at(desk: Desk) -> datetime:
    """When the cycle's results are in: the review's end for what runs on, three days after the
    last mail or post, and always in time to teach the next cycle."""
    brief, assets = desk.document("brief", Brief), desk.document("assets", Assets)
    moments = (goes_out_at(one) for one in assets.objects().values())
    last = max((at for at in moments if at is not None), default=None)
    if last is None:
        return brief.ends_at
    return last + _MEASURED


def gather(desk: Desk) -> Results:
    """The counts of everything this cycle made, over its own days."""
    brief, assets = desk.document("brief", Brief), desk.document("assets", Assets)
    with desk.office.database.read() as connection:
        measured = readings.totals(
            connection, desk.campaign.campaign, since=brief.occurrence_at - timedelta(days=1)
        )
    mine = {t: parts[("", "")] for t, parts in measured.items() if t in assets.objects()}
    total: dict[str, float] = {}
    for counts in mine.values():
        for metric, value in counts.items():
            total[metric] = total.get(metric, 0.0) + value
    return Results(by_target=mine, total=total)


def submit(results: Results) -> Next:
    """The results go into the ledger, so that lessons can cite the entry."""
    total = {metric: round(value, 4) for metric, value in results.total.items()}
    told = Note("measured", "agent:monitor", {"total": total}, cited_by="results")
    return Next({"results": results}, told)
