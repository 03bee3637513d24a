"""Suggestion: a change the optimizer would make, and what it is expected to be worth."""

from drumbeat.core.campaign.expected_gain import ExpectedGain
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.proposal import Evidence
from drumbeat.core.noun import Noun


class Suggestion(Noun):
    """``actions`` belong together, in order (a shift lowers one budget, then raises another).

    ``gain`` is the relative improvement of the campaign's goal that is expected; ``variable`` is
    what is changed, for no more than two are changed at a time. ``expected`` is what a move of
    money is to bring, against which it is checked; ``gained`` the line item that gets most of it.
    """

    actions: tuple[Action, ...]
    variable: str
    why: str
    evidence: tuple[Evidence, ...]
    confidence: Confidence
    gain: float
    if_nothing: str
    expected: ExpectedGain | None = None
    gained: str = ""

    @property
    def score(self) -> float:
        """Expected impact times confidence: what suggestions are ranked by, never by ease."""
        return abs(self.gain) * self.confidence.value
