"""Shadow report: what agents would have done beside what people did, campaign by campaign."""

from collections.abc import Iterable
from typing import Any

from drumbeat.app.compose import App
from drumbeat.core.governance.decision import Decision
from drumbeat.core.governance.shadow import pairs, scores
from drumbeat.cycle.shadow import in_shadow
from drumbeat.cycle.shadow_cases import BACK, judge_campaign, wishes
from drumbeat.store import ledger, shadow


def take_in(app: App, source: str, made: Iterable[Decision], by: str) -> int:
    """Keep people's decisions from a file, with one ledger line. Returns how many are new."""
    decisions = list(made)
    with app.database.write() as transaction:
        added = shadow.add_decisions(transaction, decisions)
        ledger.append(
            transaction,
            "imported",
            at=app.clock.now(),
            actor=f"person:{by}",
            subject=f"decisions/{source}",
            rows=len(decisions),
            new=added,
        )
    return added


def standing(app: App, campaign: str) -> dict[str, Any]:
    """One campaign, judged afresh: scores by action kind and channel, and every case."""
    now = app.clock.now()
    judged = judge_campaign(app.database, campaign, now)
    with app.database.read() as connection:
        wanted = wishes(connection, campaign, now)
        did = shadow.decisions(connection, campaign, now - BACK)
    channels = in_shadow(app.office, app.files.campaigns[campaign])
    return {
        "campaign": campaign,
        "in_shadow": sorted(channels),
        "agent_decisions": len(wanted),
        "human_decisions": len(did),
        "pending": len(pairs(wanted, did)) - len(judged),
        "scores": [one.model_dump(mode="json") for one in scores(judged)],
        "cases": [one.model_dump(mode="json") for one in judged],
    }
