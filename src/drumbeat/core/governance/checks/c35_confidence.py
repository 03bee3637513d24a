"""Confidence: what agents do on evidence needs enough of it, and independent signals."""

from drumbeat.core.governance.coverage import is_covered
from drumbeat.core.governance.facts import Facts
from drumbeat.core.governance.matrix import Risk, Row
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight
from drumbeat.core.units import show_duration

# An evergreen campaign's pause costs revenue, so one signal never does it, whatever the row says.
_EVERGREEN_PAUSE_SIGNALS = 2
_EVERGREEN_PAUSE_CONFIDENCE = 0.9


def check(proposal: Proposal, facts: Facts) -> Finding | None:
    """Asks where an agent's confidence in [0, 1], or the number of its independent signals, is
    below the row's bar; where the row has a hold, what is of medium risk waits for an objection."""
    if not proposal.by.is_agent or not isinstance(facts.row, Row) or is_covered(proposal, facts):
        return None
    least, signals = _bar(proposal, facts, facts.row)
    have = proposal.confidence.value if proposal.confidence else 0.0
    if len(proposal.signals) < signals:
        return _finding(f"{len(proposal.signals)} of {signals} independent signals agree")
    if have >= least:
        return None
    text = f"confidence is {have:.2f}, {least:.2f} is needed"
    if facts.row.hold is None or facts.row.risk is not Risk.MEDIUM:
        return _finding(text)
    text += f"; it acts after {show_duration(facts.row.hold)} unless somebody objects"
    return Finding(check="confidence", weight=Weight.HOLD, text=text)


def _bar(proposal: Proposal, facts: Facts, row: Row) -> tuple[float, int]:
    if facts.is_evergreen and proposal.action.kind == "ads.pause":
        return (
            max(row.min_confidence, _EVERGREEN_PAUSE_CONFIDENCE),
            max(row.signals, _EVERGREEN_PAUSE_SIGNALS),
        )
    return row.min_confidence, row.signals


def _finding(text: str) -> Finding:
    return Finding(check="confidence", weight=Weight.ASK, text=text)
