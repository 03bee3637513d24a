"""Consequence: what a finding leads to: a ledger line, an escalation, a proposal, or a freeze."""

import sqlalchemy as sa

from drumbeat.core.campaign.guardrail_rule import Consequence, Severity
from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode, Scope, ScopeKind
from drumbeat.core.operations.cause import SITE_WIDE, Cause
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.cycle.desk import Desk
from drumbeat.gate.escalate import escalate

_TOLD = frozenset({Consequence.ESCALATE, Consequence.HOLD, Consequence.PAUSE, Consequence.FREEZE})
_BY_METRIC = {
    "negative_comment_share": "brand_crisis",
    "negative_comments": "brand_crisis",
    "crisis_comments": "brand_crisis",
    "legal_comments": "legal",
    "spam_complaint_rate": "legal",
    "complaints": "legal",
    "unsubscribe_rate": "copy",
    "spend": "budget",
}
_BY_CHANNEL = {Channel.EMAIL: "copy", Channel.ADS: "budget", Channel.SOCIAL: "copy"}


def freeze(desk: Desk, found: WatchFinding) -> None:
    """Freeze the campaign where its file says so; one that is frozen already stays as it is."""
    if found.consequence is Consequence.FREEZE:
        # The campaign's own file orders it, so it needs nobody's leave: it only lowers risk.
        scope = Scope(kind=ScopeKind.CAMPAIGN, of=found.campaign)
        desk.gate.hold(HoldMode.FREEZE, scope, Actor.system("guardrail"), found.text)


def tell(desk: Desk, transaction: sa.Connection, found: WatchFinding) -> None:
    """Write the finding down, and tell its owner what matters; once a quiet period."""
    _note(desk, transaction, found)
    if is_told(found):
        _tell(desk, transaction, found)


def is_told(found: WatchFinding) -> bool:
    """Whether a person is told. What is most likely chance is only written down, and so is a
    season as long as no line is crossed: there is nothing for anybody to mend."""
    cause = found.diagnosis.cause if found.diagnosis else None
    if cause is Cause.NOISE or (found.kind is WatchKind.CAUSE and cause is Cause.SEASONALITY):
        return False
    if (
        found.kind in (WatchKind.CAUSE, WatchKind.DATA, WatchKind.VOICES)
        or found.consequence in _TOLD
    ):
        return True
    return found.severity is Severity.CRITICAL


def owner_class(found: WatchFinding, channel: Channel) -> str:
    """The class of failure, which names the owner: the diagnosed cause's, else the metric's."""
    diagnosis = found.diagnosis
    if found.kind is WatchKind.DATA:
        return "data"
    if diagnosis is not None and diagnosis.cause is not Cause.UNKNOWN:
        return str(diagnosis.owner)
    return _BY_METRIC.get(found.metric) or _BY_CHANNEL.get(channel, "data")


def _note(desk: Desk, transaction: sa.Connection, found: WatchFinding) -> None:
    diagnosis = found.diagnosis
    desk.note_in(
        transaction,
        "noticed",
        "agent:monitor",
        finding=str(found.kind),
        metric=found.metric,
        about=found.subject,
        severity=str(found.severity),
        text=found.text,
        then=str(found.consequence) if found.consequence else "",
        cause=str(diagnosis.cause) if diagnosis else "",
        evidence=list(diagnosis.evidence) if diagnosis else [],
        second_signal=diagnosis.second_signal if diagnosis else "",
        would_change=diagnosis.would_change if diagnosis else "",
    )


def site_key(found: WatchFinding) -> str:
    """What the trouble is called where it is the whole site's; empty where it is a campaign's own.
    What is critical is told by itself in any case."""
    if found.diagnosis is None or found.severity is Severity.CRITICAL:
        return ""
    return f"site/{found.diagnosis.cause}" if found.diagnosis.cause in SITE_WIDE else ""


def _tell(desk: Desk, transaction: sa.Connection, found: WatchFinding) -> None:
    diagnosis = found.diagnosis
    cause = f" Likely cause: {diagnosis.cause.replace('_', ' ')}." if diagnosis else ""
    if diagnosis is not None and (key := site_key(found)):
        # Once, whichever campaign sees it first: nobody can mend it campaign by campaign.
        escalate(
            desk.gate.door,
            transaction,
            failure=str(diagnosis.owner),
            severity=str(found.severity),
            text=f"seen first by {found.campaign}: {found.text}.{cause}",
            key=key,
            kind=AlertKind.SITE,
        )
        return
    escalate(
        desk.gate.door,
        transaction,
        failure=owner_class(found, desk.campaign.channels[0]),
        severity=str(found.severity),
        campaign=found.campaign,
        cycle=found.cycle,
        text=f"{found.text}.{cause}",
        key=found.key,
        kind=AlertKind.METRIC,
    )
