"""A lesson carries an effect with its interval, the entries it rests on, and an end."""

from datetime import timedelta

import pytest
from scipy.stats.contingency import relative_risk

from drumbeat.core.campaign.lesson import (
    LASTS,
    Effect,
    Lesson,
    LessonElement,
    Observed,
    about,
    carried,
    factor,
    learn,
    ratio_effect,
)
from tests.core.road.shop import TUESDAY, WEEK


def observed(subject: str = "brewing", **counts: int) -> Observed:
    fields = {"hits": 120, "trials": 2000, "peer_hits": 200, "peer_trials": 5000} | counts
    return Observed(
        element=LessonElement.THEME,
        subject=subject,
        metric="click_rate",
        hits=fields["hits"],
        trials=fields["trials"],
        peer_hits=fields["peer_hits"],
        peer_trials=fields["peer_trials"],
        entries=("ent-1", "ent-2"),
    )


def lesson(subject: str = "brewing", hits: int = 120, weeks: int = 0) -> Lesson:
    (found,) = learn("weekly", f"c{weeks}", (observed(subject, hits=hits),), TUESDAY + weeks * WEEK)
    return found


def test_a_lesson_tells_the_effect_and_cites_the_entries() -> None:
    found = lesson()
    assert found.effect.mean == pytest.approx(0.5)
    assert found.effect.is_clear
    assert found.entries == ("ent-1", "ent-2")
    assert found.citation.source == "ledger#ent-1"
    assert "theme brewing: +50% click rate beside its peers" in found.text
    assert found.expires_at == TUESDAY + timedelta(days=90)


def test_a_lesson_that_may_be_chance_says_so() -> None:
    (found,) = learn("weekly", "c", (observed(hits=9, trials=200),), TUESDAY)
    assert not found.effect.is_clear
    assert found.text.endswith("not yet clear")


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param({"hits": 0}, id="no hits"),
        pytest.param({"trials": 0}, id="never tried"),
        pytest.param({"peer_trials": 0}, id="nothing beside it"),
    ],
)
def test_what_cannot_be_compared_teaches_nothing(counts: dict[str, int]) -> None:
    assert learn("weekly", "c", (observed("brewing", **counts),), TUESDAY) == ()


@pytest.mark.parametrize(
    ("hits", "trials", "peer_hits", "peer_trials"),
    [
        pytest.param(120, 2000, 200, 5000, id="one and a half times"),
        pytest.param(30, 1000, 30, 1000, id="the same"),
        pytest.param(3, 400, 90, 800, id="few hits"),
    ],
)
def test_the_interval_is_that_of_an_independent_relative_risk(
    hits: int, trials: int, peer_hits: int, peer_trials: int
) -> None:
    effect = ratio_effect(hits, trials, peer_hits, peer_trials)
    oracle = relative_risk(hits, trials, peer_hits, peer_trials)
    interval = oracle.confidence_interval(0.95)
    assert effect is not None
    assert 1 + effect.mean == pytest.approx(oracle.relative_risk)
    assert 1 + effect.low == pytest.approx(interval.low, rel=1e-4)
    assert 1 + effect.high == pytest.approx(interval.high, rel=1e-4)


def test_the_next_brief_carries_live_lessons_newest_of_each_subject() -> None:
    old, new, other = lesson(weeks=0), lesson(hits=90, weeks=2), lesson("leaves", weeks=1)
    assert carried((old, other, new), TUESDAY + 3 * WEEK) == (new, other)
    assert carried((old,), TUESDAY + LASTS) == ()


def test_a_lesson_scales_a_score_by_its_shrunk_effect() -> None:
    clear = lesson(hits=180)
    vague = lesson(hits=90)
    assert 1 < factor((vague,), LessonElement.THEME, "brewing") < 1.1
    assert factor((clear,), LessonElement.THEME, "brewing") == 2.0
    assert factor((clear,), LessonElement.THEME, "leaves") == 1.0
    assert about((clear,), LessonElement.ANGLE, "brewing") is None


def test_a_bad_lesson_never_drives_a_score_to_nothing() -> None:
    assert factor((lesson(hits=2),), LessonElement.THEME, "brewing") >= 0.5


def test_an_effect_shrinks_with_its_uncertainty() -> None:
    sure = Effect(low=0.28, mean=0.3, high=0.32, sample_size=10_000)
    vague = Effect(low=-0.7, mean=0.3, high=1.3, sample_size=100)
    assert sure.shrunk == pytest.approx(0.3, abs=0.001)
    assert 0 < vague.shrunk < 0.1


def test_the_same_lesson_has_the_same_id() -> None:
    assert lesson().id == lesson().id
    assert lesson().is_live(TUESDAY + timedelta(days=89))
