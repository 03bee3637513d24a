"""Hold: the decision to change nothing, a first-class answer with its reason."""

from drumbeat.core.campaign.citation import Citation
from drumbeat.core.noun import Noun


class Hold(Noun):
    """Nothing is changed. ``reason`` is a stable word, so that the same hold is told once;
    ``text`` is for people; ``evidence`` is what was looked at."""

    reason: str
    text: str
    evidence: tuple[Citation, ...] = ()
