"""What earns every day is paused on confidence and two independent signals; never on an hour."""

from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.judge import decide
from drumbeat.core.governance.matrix import ActionMatrix, Row
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.verdict import Ask, Verdict
from tests.core.governance import desk

_PLACE = files("drumbeat.files") / "template" / "policy" / "actions.yaml"
MATRIX = ActionMatrix.model_validate(yaml.safe_load(_PLACE.read_text(encoding="utf-8")))
CHECKS = load()
MONITOR = Actor.agent("monitor")
_EFFECTS = st.floats(-50, 50, allow_nan=False)
_ERRORS = st.floats(0.001, 10)
_NAMES = ("cpa", "orders", "visits")
# What an hour of one line item brings in, at the most.
_AN_HOUR = 200


def verdict(sure: Confidence | None) -> Verdict:
    """The monitor wants to pause an evergreen line item; everything else speaks for it."""
    row = MATRIX.row("ads.pause")
    assert isinstance(row, Row)
    asked = desk.proposal(
        kind="ads.pause",
        by=MONITOR,
        before={"status": "active"},
        after={"status": "paused"},
        spend_delta=desk.euros(-4),
        confidence=sure,
    )
    known = desk.facts(
        row=row,
        phase=Phase.FULL,
        current={"status": "active"},
        is_evergreen=True,
        declared_kinds=frozenset({"ads.pause"}),
    )
    return decide(asked, CHECKS, known)


@given(_EFFECTS, _ERRORS, st.integers(0, _AN_HOUR), st.permutations(_NAMES), st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_a_noisy_hour_never_does_it(
    effect: float, error: float, sample: int, names: list[str], count: int
) -> None:
    sure = Confidence(
        effect=effect, standard_error=error, sample_size=sample, signals=tuple(names[:count])
    )
    found = verdict(sure)
    assert isinstance(found, Ask)
    assert found.acts_after is None


@given(_EFFECTS, _ERRORS, st.integers(0, 10**9), st.sampled_from(((), ("cpa",), ("cpa", "cpa"))))
@settings(max_examples=300, deadline=None)
def test_nor_does_one_signal_however_strong(
    effect: float, error: float, sample: int, signals: tuple[str, ...]
) -> None:
    sure = Confidence(effect=effect, standard_error=error, sample_size=sample, signals=signals)
    assert isinstance(verdict(sure), Ask)


@pytest.mark.parametrize(("sample", "expected"), [(800, "ask"), (950, "allow"), (100_000, "allow")])
def test_two_signals_do_once_they_are_sure_enough(sample: int, expected: str) -> None:
    sure = Confidence(effect=1.0, standard_error=0.1, sample_size=sample, signals=("cpa", "orders"))
    assert verdict(sure).verdict == expected


def test_nothing_measured_at_all_asks() -> None:
    assert isinstance(verdict(None), Ask)
