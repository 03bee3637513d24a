"""Exposure: shown is not assigned; the difference is found and counted."""

from datetime import timedelta

from drumbeat.core.experiments.assignment import Assignment
from drumbeat.core.experiments.exposure import (
    Crossed,
    Exposure,
    count_by,
    count_units,
    find_crossed,
)
from tests.core.experiments.samples import MONDAY


def shown(unit: str, arm: str, day: int = 0, phone: str = "iOS") -> Exposure:
    at = MONDAY + timedelta(days=day)
    return Exposure(experiment="exp-1", unit=unit, arm=arm, at=at, strata=(("phone", phone),))


def assigned(unit: str, arm: str) -> Assignment:
    return Assignment(experiment="exp-1", unit=unit, arm=arm)


def test_units_shown_another_arm_or_none_of_theirs_are_found() -> None:
    assignments = [assigned("1", "a"), assigned("2", "b"), assigned("3", "a")]
    exposures = [shown("1", "a"), shown("2", "a"), shown("2", "b"), shown("9", "b")]
    assert find_crossed(assignments, exposures) == (
        Crossed(unit="2", assigned="b", shown="a"),
        Crossed(unit="9", assigned="", shown="b"),
    )


def test_an_assigned_unit_that_was_never_shown_is_not_counted() -> None:
    exposures = [shown("1", "a"), shown("1", "a", day=1), shown("2", "b")]
    assert count_units(exposures) == {"a": 1, "b": 1}


def test_a_unit_belongs_to_the_day_it_was_first_shown() -> None:
    exposures = [shown("1", "a", day=1), shown("1", "a"), shown("2", "b", day=1)]
    assert count_by(exposures, "day") == {"2026-03-02": {"a": 1}, "2026-03-03": {"b": 1}}


def test_units_are_counted_by_any_stratum_and_unknown_is_one() -> None:
    exposures = [shown("1", "a"), shown("2", "a", phone="Android")]
    assert count_by(exposures, "phone") == {"iOS": {"a": 1}, "Android": {"a": 1}}
    assert count_by(exposures, "browser") == {"unknown": {"a": 2}}
