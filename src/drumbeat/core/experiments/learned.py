"""Learned: what finished tests teach: the library's odds, what is settled, and a lesson."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from drumbeat.core.campaign.lesson import LASTS, Effect, Lesson, LessonElement
from drumbeat.core.campaign.metric import better
from drumbeat.core.campaign.variable import Variable
from drumbeat.core.canonical import name
from drumbeat.core.experiments.hypothesis import Hypothesis
from drumbeat.core.experiments.rank import Candidate, PastReadout, rank
from drumbeat.core.experiments.registered import Registered, Shown
from drumbeat.core.experiments.rule import Answer
from drumbeat.core.experiments.sizing import Mode
from drumbeat.core.experiments.varied import OBJECTS, SETTINGS, setting_of

# What was asked is not asked again before half a year has passed: people and seasons change.
SETTLED = timedelta(weeks=26)
_ELEMENTS = {
    (Variable.SUBJECT, "send"): LessonElement.SUBJECT_STYLE,
    (Variable.CREATIVE, "line_item"): LessonElement.ANGLE,
    (Variable.SEND_TIME, "send"): LessonElement.SEND_HOUR,
    (Variable.CREATIVE, "post"): LessonElement.HOOK,
}


def past_readouts(tests: Iterable[Registered]) -> tuple[PastReadout, ...]:
    """The tests that were read to their end, as evidence about tests to come.

    A test whose split was broken says nothing, and neither does one that was stopped early.
    """
    return tuple(
        PastReadout(
            variables=one.experiment.hypothesis.variables,
            claimed=one.experiment.hypothesis.expected,
            measured=shown.effect.mean,
            won=_has_won(one, shown.effect),
        )
        for one in tests
        if one.ended and one.ended.answer and (shown := _readable(one)) and shown.effect
    )


def _has_won(one: Registered, effect: Effect) -> bool:
    """Whether its rule shipped it; of a test that only leans, whether it leans to the treatment."""
    made, ended = one.experiment, one.ended
    if ended is None or ended.answer is not Answer.REVIEW:
        return ended is not None and ended.answer is Answer.SHIP
    if made.sizing.mode is not Mode.DIRECTIONAL:
        return False
    higher = better(made.hypothesis.metric) == "higher"
    known = not (ended.shown and (ended.shown.unknown or ended.shown.lost))
    return known and (effect.low > 0 if higher else effect.high < 0)


def is_settled(claim: Hypothesis, tests: Iterable[Registered], now: datetime) -> bool:
    """Whether the claim was put to the test on this surface lately, whatever came of it."""
    return any(
        one.experiment.hypothesis.id == claim.id
        and one.experiment.hypothesis.surface == claim.surface
        and one.ended is not None
        and now - one.ended.at < SETTLED
        for one in tests
    )


def refit(claim: Hypothesis, before: Iterable[Registered], after: Iterable[Registered]) -> str:
    """What one more readout does to the chance that claims about these variables win."""
    then, now = (rank([Candidate(claim, 1.0)], past_readouts(x))[0] for x in (before, after))
    chances = f"from {then.confidence:.0%} to {now.confidence:.0%}"
    return f"{now.because}; the chance of a win goes {chances}"


def lesson_of(one: Registered) -> Lesson | None:
    """What the next brief takes from a finished test; None where it can say nothing."""
    ended, shown = one.ended, _readable(one)
    variable = element_of(one)
    if ended is None or ended.answer is None or not ended.entry or variable is None:
        return None
    if shown is None or shown.effect is None:
        return None
    element, setting = variable
    made, claim = one.experiment, one.experiment.hypothesis
    winner = setting_of(made.arms.treatment, setting)
    return Lesson(
        id=name("les", made.id),
        campaign=made.campaign,
        cycle=made.id,
        element=element,
        subject=winner,
        effect=shown.effect,
        text=_sentence(one, shown),
        entries=(str(ended.entry),),
        learned_at=ended.at,
        expires_at=ended.at + LASTS,
        experiment=made.id,
        metric=claim.metric,
    )


def element_of(one: Registered) -> tuple[LessonElement, str] | None:
    """The part of a plan a test's first variable speaks of, and the setting's name."""
    claim = one.experiment.hypothesis
    for variable in claim.variables:
        for channel in claim.channels:
            key = (variable, OBJECTS[channel])
            if key in _ELEMENTS:
                return _ELEMENTS[key], SETTINGS[key]
    return None


def _readable(one: Registered) -> Shown | None:
    """What it showed; None where the split was broken, for then it showed nothing."""
    shown = one.ended.shown if one.ended else None
    return None if shown is None or shown.is_split_broken else shown


def _sentence(one: Registered, shown: Shown) -> str:
    claim, arms, effect = one.experiment.hypothesis, one.experiment.arms, shown.effect
    assert effect is not None
    figures = f"{effect.mean:+.0%} ({effect.low:+.0%} to {effect.high:+.0%})"
    verdict = {Answer.SHIP: "won", Answer.ROLL_BACK: "did not win"}
    said = verdict.get(shown.answer, "leads" if effect.mean > 0 else "trails")
    return (
        f"experiment {claim.id}: {arms.treatment.id} against {arms.control.id} {said}, "
        f"{claim.metric.replace('_', ' ')} {figures} over {shown.units:,} units"
    )
