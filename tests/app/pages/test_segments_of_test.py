"""What a test shows by segment is told with intervals that hold together."""

from drumbeat.app.pages.segments_of_test import segment_effects
from drumbeat.core.experiments.readout import Pair
from drumbeat.stats.proportions import compare
from drumbeat.stats.sequential import Summary
from drumbeat.web.views.value import Points


def pair(control: int, treatment: int, trials: int) -> Pair:
    return Pair(Summary.proportion(control, trials), Summary.proportion(treatment, trials))


def test_each_interval_is_wider_for_there_being_several() -> None:
    pairs = {"warm_leads": pair(40, 60, 1_000), "loyal-customers": pair(300, 500, 5_000)}
    largest, other = segment_effects(pairs)
    assert (largest.segment, largest.people, largest.is_clear) == ("loyal customers", 10_000, True)
    assert (other.segment, other.people) == ("warm leads", 2_000)
    one, both = compare((40, 1_000), (60, 1_000)), compare((40, 1_000), (60, 1_000), 0.025)
    assert (other.low, other.high) == (Points(both.low), Points(both.high))
    assert both.low < one.low <= one.high < both.high
    assert one.low > 0
    assert not other.is_clear


def test_a_test_without_people_has_no_segments() -> None:
    assert segment_effects({}) == ()
