"""Watch findings: what the monitor saw, how grave it is, and what it may lead to."""

from enum import StrEnum

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.guardrail_rule import Consequence, Severity
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.noun import Noun
from drumbeat.core.operations.diagnosis import Diagnosis


class WatchKind(StrEnum):
    """How it was noticed."""

    GUARDRAIL = "guardrail"
    FORECAST = "forecast"
    SEGMENT = "segment"
    ANOMALY = "anomaly"
    CAUSE = "cause"
    DATA = "data"
    VOICES = "voices"


class WatchFinding(Noun):
    """``key`` is the same for the same trouble at every look, so that it is told once.

    ``consequence`` is what the campaign file asks for where a guardrail was crossed; ``subject``
    is the campaign, a segment or a target.
    """

    key: str
    kind: WatchKind
    campaign: str
    cycle: str
    subject: str
    metric: str
    severity: Severity
    text: str
    consequence: Consequence | None = None
    value: float | None = None
    line: float | None = None
    confidence: Confidence | None = None
    diagnosis: Diagnosis | None = None
    citations: tuple[Citation, ...] = ()
