"""Model calls: what is kept of them, and what fractions of a cent come to."""

import pytest

from drumbeat.core.campaign.model_call import ModelCall, ModelCalls, cost_of
from drumbeat.core.untrusted.leak import nameless

CALL = ModelCall(
    agent="builder",
    model="m",
    purpose="email",
    tokens_in=3,
    tokens_out=4,
    seconds=0.5,
    cost_micros=1,
    currency="EUR",
    given="write to ana@mail.example",
    gave="x" * 9000,
)


@pytest.mark.parametrize(
    ("micros", "currency", "minor"),
    [(0, "EUR", 0), (1, "EUR", 1), (10_000, "EUR", 1), (10_001, "EUR", 2), (1_000_001, "JPY", 2)],
)
def test_cost_is_rounded_up_once(micros: int, currency: str, minor: int) -> None:
    assert cost_of(micros, currency).minor == minor


def test_the_newest_calls_are_kept_masked_and_cut() -> None:
    kept = ModelCalls().and_([CALL] * 30).and_([CALL] * 30)
    assert len(kept.calls) + kept.dropped == 60
    assert kept.dropped > 0
    assert kept.calls[-1].given == "write to …@…"
    assert len(kept.calls[-1].gave) == 4000


def test_the_ledger_gets_figures_and_no_text() -> None:
    assert CALL.figures.keys().isdisjoint({"given", "gave"})
    assert CALL.tokens == 7


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ana@mail.example", "…@…"),
        ("call 0170 1234567 now", "call 0170…67 now"),
        ("+49 170 1234567", "+49 …67"),
        ("a plain 12,455 people", "a plain 12,455 people"),
    ],
)
def test_nobody_is_named_in_what_is_looked_at_later(text: str, told: str) -> None:
    assert nameless(text) == told
