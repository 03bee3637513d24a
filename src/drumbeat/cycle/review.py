"""Review: once a day the optimizer looks at each campaign; it proposes, or holds and says why."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from drumbeat.agents.hold import Hold
from drumbeat.agents.improving.case import ImprovementCase
from drumbeat.agents.improving.suggestion import Suggestion
from drumbeat.agents.refusal import Refusal
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.operations.watch_finding import WatchFinding
from drumbeat.cycle import case_book, moves, trouble
from drumbeat.cycle.desk import Desk
from drumbeat.cycle.improvement import improvement_case
from drumbeat.store import settings
from drumbeat.store.proposals import Status

# People read in the morning, after a night's worth of readings.
_HOUR = 9
_LASTS = timedelta(days=2)
_MAY_HAPPEN = (Status.WAITING, Status.AGREED, Status.ALLOWED, Status.APPROVED)


def mark_of(campaign: str) -> str:
    """Under which name the day of a campaign's last review is kept."""
    return f"reviewed:{campaign}"


def review_daily(desk: Desk, findings: tuple[WatchFinding, ...], last: str | None) -> None:
    """The day's review of one live cycle, if it has not been held yet; ``last``: the day of the
    one before, as it was known when this look began."""
    zone = ZoneInfo(desk.office.library.zone_of(desk.campaign.campaign))
    local = desk.now.astimezone(zone)
    mark, today = mark_of(desk.campaign.campaign), local.date().isoformat()
    if local.hour < _HOUR or last == today:
        return
    with desk.office.database.read() as connection:
        # Another cycle of the campaign may have had it in this very look.
        if settings.get(connection, mark) == today:
            return
    moves.check_due(desk)
    with desk.accountable():
        improve(desk, findings)
    with desk.office.database.write() as transaction:
        desk.tell_reads(transaction)
        settings.put(transaction, mark, today)


def improve(desk: Desk, findings: tuple[WatchFinding, ...] = ()) -> None:
    """One batch of the optimizer's reads, and what it makes of them."""
    sight = desk.reading(desk.office.team.optimizer.role)
    review(desk, improvement_case(desk, findings, sight))


def review(desk: Desk, case: ImprovementCase) -> None:
    """Ask the optimizer and carry its answer to the gate, or to the ledger."""
    found = desk.office.team.optimizer.improve(case)
    _keep(desk, case, case_book.answer_of(found))
    match found:
        case Refusal() as refusal:
            _tell(desk, refusal)
        case Hold() as hold:
            hold_steady(desk, hold)
        case suggestions:
            for suggestion in suggestions:
                wanted = proposals_of(desk, suggestion)
                answers = [desk.gate.submit(proposal) for proposal in wanted]
                if all(one.status in _MAY_HAPPEN for one in answers):
                    moves.remember(desk, suggestion, [one.id for one in wanted])


def _keep(desk: Desk, case: ImprovementCase, answer: case_book.Answer) -> None:
    """What was looked at stays, so that it can be asked again."""
    with desk.office.database.read() as connection:
        if not case_book.is_news(connection, case.cycle, answer):
            return
    with desk.office.database.write() as transaction:
        case_book.keep(transaction, case, answer)


def hold_steady(desk: Desk, hold: Hold) -> None:
    """A decision like any other: written down when the reason changes, and once a day."""
    mark = f"hold:{desk.campaign.campaign}"
    with desk.office.database.write() as transaction:
        last: dict[str, Any] = settings.get(transaction, mark, {})
        same = last.get("reason") == hold.reason
        if same and desk.now - datetime.fromisoformat(last["at"]) < timedelta(days=1):
            return
        settings.put(transaction, mark, {"reason": hold.reason, "at": desk.now.isoformat()})
        desk.note_in(
            transaction,
            "held_steady",
            "agent:optimizer",
            code=hold.reason,
            text=hold.text,
            evidence=[str(citation) for citation in hold.evidence],
        )


def proposals_of(desk: Desk, suggestion: Suggestion) -> list[Proposal]:
    """One proposal an action; the day tells today's wish from yesterday's."""
    return [
        propose(
            action,
            Actor.agent("optimizer"),
            suggestion.why,
            now=desk.now,
            expires_at=desk.now + _LASTS,
            evidence=suggestion.evidence,
            confidence=suggestion.confidence,
            if_nothing=suggestion.if_nothing,
            occasion=desk.now.date().isoformat(),
        )
        for action in suggestion.actions
    ]


def _tell(desk: Desk, refusal: Refusal) -> None:
    trouble.tell(
        desk,
        str(refusal.failure_class),
        refusal.agent,
        f"{refusal.why}: {'; '.join(refusal.missing)}",
    )
