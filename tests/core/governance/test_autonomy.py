"""Autonomy: agreement earns it, an override with a grave reason takes a step of it away."""

from itertools import product
from typing import Any

import pytest

from drumbeat.core.governance.autonomy import GRAVE, Case, after_override, agreements, readiness
from drumbeat.core.governance.levels import Level, PhaseOverride, above, below, effective, level
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.phase import Phase
from tests.core.governance import desk

D, S, C, F = Phase
BUDGET, PAUSE, DELETE = "ads.set_budget", "ads.pause", "social.delete_post"
MATRIX = ActionMatrix(
    version=1,
    actions={
        BUDGET: desk.row(),
        PAUSE: desk.row(phase="full"),
        DELETE: desk.row(phase="conditional", risk="low", approvals={}),
        "ads.set_bid": desk.row(always_ask=True),
        "ads.enable": desk.row(agents=()),
        "ads.set_audience": "forbidden",
    },
)


def told(agreed: int, cases: int, kind: str = BUDGET, outcome: float | None = None) -> list[Case]:
    return [Case(kind, "ads", number < agreed, outcome) for number in range(cases)]


def override(phase: Phase, declared: Phase = S) -> PhaseOverride:
    return PhaseOverride(phase=phase, declared=declared, by="person:ana", at=desk.NOW)


@pytest.mark.parametrize(
    ("declared", "said", "phase"),
    [
        pytest.param(S, None, S, id="only the file"),
        pytest.param(S, override(C), C, id="promoted"),
        pytest.param(S, override(D), D, id="demoted"),
        pytest.param(D, override(C), D, id="the file was lowered since"),
        pytest.param(F, override(D), D, id="the file was raised since a demotion"),
        pytest.param(F, override(C), C, id="the file was raised past a promotion"),
    ],
)
def test_the_phase_in_force(declared: Phase, said: PhaseOverride | None, phase: Phase) -> None:
    assert effective(declared, said) is phase


@pytest.mark.parametrize(
    ("row", "phase", "says", "expected"),
    [
        pytest.param(desk.row(), C, "", Level.ACT, id="reached"),
        pytest.param(desk.row(), S, "", Level.ASK, id="not reached"),
        pytest.param(desk.row(), None, "", Level.ASK, id="no phase"),
        pytest.param(desk.row(always_ask=True), F, "", Level.ASK, id="always asks"),
        pytest.param(desk.row(), F, "ask", Level.ASK, id="the campaign asks"),
        pytest.param(desk.row(), F, "never", Level.NEVER, id="the campaign never"),
        pytest.param(desk.row(), F, "huh", Level.NEVER, id="the campaign says what nobody knows"),
        pytest.param(desk.row(agents=()), F, "", Level.NEVER, id="people only"),
        pytest.param("forbidden", F, "", Level.NEVER, id="forbidden"),
        pytest.param(None, F, "", Level.NEVER, id="no row"),
    ],
)
def test_the_strictest_of_matrix_phase_and_campaign_wins(
    row: Any, phase: Phase | None, says: str, expected: Level
) -> None:
    assert level(row, phase, says) is expected


def test_phases_are_climbed_one_by_one_and_end() -> None:
    assert [above(phase) for phase in Phase] == [S, C, F, None]
    assert [below(phase) for phase in Phase] == [D, D, S, C]


def test_agreement_is_counted_by_kind_and_channel_with_its_interval() -> None:
    found = agreements([*told(18, 20), *told(1, 1, PAUSE)])
    assert [(one.kind, one.agreed, one.cases) for one in found] == [(PAUSE, 1, 1), (BUDGET, 18, 20)]
    # Wilson's score interval of 18 of 20.
    assert (found[1].low, found[1].high) == pytest.approx((0.699, 0.972), abs=5e-4)


@pytest.mark.parametrize(
    ("cases", "kinds", "lacking"),
    [
        pytest.param([], (BUDGET,), "no case yet", id="no case"),
        pytest.param(told(19, 19), (BUDGET,), "19 of 20 cases", id="too few"),
        pytest.param(told(20, 20), (BUDGET,), "", id="enough"),
        pytest.param(told(18, 20), (BUDGET,), "as low as 70%, 80% is needed", id="too often wrong"),
        pytest.param(told(200, 210), (BUDGET,), "", id="many cases forgive a few"),
        pytest.param(
            [*told(15, 15), *told(8, 8, outcome=-0.1), *told(2, 2, outcome=-0.12)],
            (BUDGET,),
            "measured effect may be as bad as",
            id="it did harm",
        ),
        pytest.param(told(20, 20, PAUSE), (DELETE,), "", id="low risk needs no case"),
        pytest.param(told(2, 20, DELETE), (DELETE,), "as low as", id="but bad ones count"),
        pytest.param(
            told(20, 20), (PAUSE, "ads.set_bid", "ads.enable", "ads.x"), "", id="opens nothing"
        ),
        pytest.param([], (PAUSE,), "at most 0 proposals", id="nobody was ever asked"),
    ],
)
def test_a_promotion_needs_what_it_sets_free_to_have_earned_it(
    cases: list[Case], kinds: tuple[str, ...], lacking: str
) -> None:
    found = readiness(S, MATRIX, kinds, agreements(cases))
    assert found.next is C
    assert lacking in "; ".join(found.lacking)
    assert found.is_ready is (lacking == "")


def test_above_full_there_is_nothing_to_earn() -> None:
    found = readiness(F, MATRIX, (BUDGET,), agreements(told(20, 20)))
    assert (found.next, found.is_ready) == (None, False)


def test_a_measured_benefit_is_given_with_its_lower_bound() -> None:
    cases = [Case(BUDGET, "ads", True, effect) for effect in (0.1, 0.12, 0.09, 0.11, 0.1)]
    (found,) = agreements([*cases, *told(1, 1)])
    assert found.measured == 5
    # 0.104 less 1.96 standard errors of 0.0051.
    assert found.outcome_low == pytest.approx(0.0940, abs=5e-4)
    assert agreements(cases[:4])[0].outcome_low is None


def test_a_grave_reason_costs_one_step_and_another_none() -> None:
    steps = [(phase, after_override(phase, code)) for phase, code in product(Phase, GRAVE)]
    assert {after for before, after in steps if before is F} == {C}
    assert {after for before, after in steps if before is D} == {D}
    assert [after_override(phase, "timing") for phase in Phase] == list(Phase)
