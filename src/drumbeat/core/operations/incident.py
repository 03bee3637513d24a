"""Incidents: one story of one trouble, told by agents and people on one timeline."""

from collections.abc import Mapping

from drumbeat.core.noun import Noun
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.core.units import Moment


class Incident(Noun):
    """Opened by a critical failure; over when the last of its escalations is resolved."""

    id: str
    campaign: str
    cycle: str
    severity: str
    title: str
    runbook: str
    opened_at: Moment
    resolved_at: Moment | None = None

    @property
    def is_over(self) -> bool:
        return self.resolved_at is not None


class IncidentNote(Noun):
    """One line of the timeline. ``actor`` is an agent, a person or a part of the system."""

    incident: str
    at: Moment
    actor: str
    text: str


# The runbook page that ships for each kind of failure; a campaign's own page comes on top.
_RUNBOOKS: Mapping[AlertKind, str] = {
    AlertKind.STAGE: "stuck-stage",
    AlertKind.METRIC: "metric-out-of-line",
    AlertKind.SITE: "metric-out-of-line",
    AlertKind.CONNECTION: "connection-lost",
    AlertKind.EFFECT: "change-not-made",
    AlertKind.SLA: "late-stage",
    AlertKind.DECISION: "unanswered-decision",
    AlertKind.SYSTEM: "work-keeps-failing",
}
_BY_CLASS: Mapping[str, str] = {
    "brand_crisis": "angry-comments",
    "security": "security-event",
    "legal": "complaints",
    "data": "data-cannot-be-trusted",
}


def runbook_for(kind: AlertKind, failure: str) -> str:
    """The name of the page that says what to do; every failure has one."""
    if kind in (AlertKind.METRIC, AlertKind.SITE) and failure in _BY_CLASS:
        return _BY_CLASS[failure]
    return _RUNBOOKS[kind]


def runbooks() -> frozenset[str]:
    """Every page a failure may name."""
    return frozenset(_RUNBOOKS.values()) | frozenset(_BY_CLASS.values())
