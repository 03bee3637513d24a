"""A guardrail's interval beside its registered limit, whichever way its metric is better."""

from types import SimpleNamespace

import pytest

from drumbeat.app.pages.experiments import _guarded
from drumbeat.web.views.value import Tone


@pytest.mark.parametrize(
    ("metric", "low", "high", "limit", "word", "tone"),
    [
        pytest.param("unsubscribe_rate", -0.1, 0.05, 0.1, "within limit", Tone.PLAIN, id="safe"),
        pytest.param("unsubscribe_rate", -0.1, 0.3, 0.1, "not clear", Tone.PLAIN, id="open"),
        pytest.param("unsubscribe_rate", 0.15, 0.3, 0.1, "beyond its limit", Tone.BAD, id="broken"),
        pytest.param("conversions", -0.05, 0.2, -0.1, "within limit", Tone.PLAIN, id="more is ok"),
        pytest.param("conversions", -0.4, -0.2, -0.1, "beyond its limit", Tone.BAD, id="fewer"),
    ],
)
def test_a_guardrail_says_where_it_stands(
    metric: str, low: float, high: float, limit: float, word: str, tone: Tone
) -> None:
    effect = SimpleNamespace(mean=(low + high) / 2, low=low, high=high)
    shown = _guarded(metric, effect, 0.1)  # type: ignore[arg-type]
    assert (shown.limit, shown.word, shown.tone) == (limit, word, tone)
