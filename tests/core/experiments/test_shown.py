"""What is shown of a test is what can be: no rate falls by more than all of itself."""

from drumbeat.core.experiments.decision import decide
from drumbeat.core.experiments.shown import shown_of
from tests.core.experiments.samples import MONDAY, a_pair, an_experiment, observed


def test_no_change_is_shown_below_minus_one() -> None:
    rare = {"unsubscribe_rate": a_pair(8000, 0.0005, 0.00025)}
    seen = observed(a_pair(8000, 0.05, 0.05), guardrails=rare)
    experiment = an_experiment()
    shown = shown_of(experiment, seen, decide(experiment, seen), MONDAY)
    effect = shown.guardrails["unsubscribe_rate"]
    assert effect.low == -1
    assert -1 < effect.mean < 0 < effect.high
