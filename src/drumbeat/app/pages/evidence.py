"""Evidence: what speaks for a proposal, each with its source, and how sure the numbers are."""

from drumbeat.app.pages.naming import source_title
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.proposal import Proposal
from drumbeat.web.views.decision import Signal
from drumbeat.web.views.value import Change

_Z95 = 1.959964


def signals_of(asked: Proposal) -> tuple[Signal, ...]:
    """The measured effect with its interval, then everything cited, each sentence once."""
    cited = dict.fromkeys((one.text, one.source) for one in asked.evidence)
    texts = tuple(
        # What a test says begins with its name, which the source tells already.
        Signal(text.removeprefix(f"{source.partition(':')[2]}: "), source_title(source))
        for text, source in cited
    )
    return (*_effect(asked.confidence), *texts)


def rests_on(confidence: Confidence | None) -> str:
    """``4,404 observations and 1 signal (click rate)``."""
    if confidence is None:
        return ""
    names = sorted({one.replace("_", " ") for one in confidence.signals})
    many = f"{len(names)} independent signal{'s' if len(names) != 1 else ''}"
    told = f"{many} ({', '.join(names)})" if names else "no signal"
    return f"{confidence.sample_size:,} observations and {told}"


def _effect(confidence: Confidence | None) -> tuple[Signal, ...]:
    if confidence is None or confidence.standard_error <= 0:
        return ()
    reach = _Z95 * confidence.standard_error
    low, high = (Change(confidence.effect + side * reach) for side in (-1, 1))
    source = f"computed from {confidence.sample_size:,} observations"
    return (Signal("Measured effect", source, Change(confidence.effect), low, high),)
