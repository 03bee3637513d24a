"""Standing: what a finished test makes of its claim's entry in the library."""

from drumbeat.core.campaign.hypothesis_file import ClaimStatus
from drumbeat.core.experiments.registered import Registered, Shown
from drumbeat.core.experiments.rule import Answer

# No claim expects less: what is nothing cannot be tested.
_LEAST = 0.01


def update_of(one: Registered) -> dict[str, str]:
    """The fields of the entry that its readout changes, as the file writes them; none where it
    showed nothing: it was stopped early, its split was broken, or no effect could be told.

    A winner is confirmed, at the effect that is left once luck is taken out; what lost is retired;
    what stayed open is expected to do less, where it showed less.
    """
    shown = one.ended.shown if one.ended else None
    if one.ended is None or one.ended.answer is None or shown is None or shown.is_split_broken:
        return {}
    effect, claimed = shown.effect, one.experiment.hypothesis.expected
    if effect is None:
        return {}
    told = {"evidence": _told(one, shown)}
    smaller = effect.shrunk * claimed > 0 and abs(effect.shrunk) < abs(claimed)
    match one.ended.answer:
        case Answer.SHIP:
            confirmed = {"status": str(ClaimStatus.CONFIRMED)}
            return {**confirmed, "expected": _percent(effect.shrunk), **told}
        case Answer.ROLL_BACK:
            return {"status": str(ClaimStatus.RETIRED), **told}
        case Answer.REVIEW if smaller:
            return {"expected": _percent(effect.shrunk), **told}
        case _:
            return {}


def _told(one: Registered, shown: Shown) -> str:
    made, effect = one.experiment, shown.effect
    assert effect is not None
    figures = f"{effect.mean:+.0%} ({effect.low:+.0%} to {effect.high:+.0%})"
    return f"{made.id}, {shown.at:%Y-%m-%d}: {figures} over {shown.units:,} units"


def _percent(effect: float) -> str:
    size = max(abs(effect), _LEAST)
    return f"{size if effect > 0 else -size:.0%}"
