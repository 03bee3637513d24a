import pytest
from pydantic import ValidationError

from drumbeat.connectors.simulated.market.fault import Fault, FaultPlan, FaultRates

MANY = [f"key-{n}" for n in range(4_000)]


def test_no_faults_unless_asked_for() -> None:
    plan = FaultPlan(FaultRates(), 7)
    assert {plan.next(key) for key in MANY} == {None}


def test_faults_hit_the_share_of_calls_they_should() -> None:
    rates = FaultRates(timeout_after_commit=0.1, error_after_commit=0.05, rate_limit=0.2)
    plan = FaultPlan(rates, 7)
    hits = [plan.next(key) for key in MANY]
    assert hits.count(Fault.TIMEOUT_AFTER_COMMIT) / len(MANY) == pytest.approx(0.1, abs=0.02)
    assert hits.count(Fault.ERROR_AFTER_COMMIT) / len(MANY) == pytest.approx(0.05, abs=0.02)
    assert hits.count(Fault.RATE_LIMIT) / len(MANY) == pytest.approx(0.2, abs=0.02)
    assert hits.count(Fault.TIMEOUT_BEFORE_COMMIT) == 0


def test_a_plan_is_the_same_in_whatever_order_calls_come() -> None:
    rates = FaultRates(rate_limit=0.5)
    forward, backward = FaultPlan(rates, 7), FaultPlan(rates, 7)
    hits = [forward.next(key) for key in MANY]
    assert [backward.next(key) for key in reversed(MANY)][::-1] == hits


def test_another_attempt_at_a_key_has_luck_of_its_own() -> None:
    plan = FaultPlan(FaultRates(rate_limit=0.5), 7)
    hits = [plan.next("key") for _ in range(200)]
    assert 60 < hits.count(None) < 140


def test_latency_is_about_its_mean() -> None:
    plan = FaultPlan(FaultRates(latency_seconds=2.0), 7)
    waited = [plan.latency(key) for key in MANY]
    assert sum(waited) / len(waited) == pytest.approx(2.0, rel=0.1)
    assert min(waited) > 0


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_rate_is_a_share(rate: float) -> None:
    with pytest.raises(ValidationError, match="rate_limit"):
        FaultRates(rate_limit=rate)
