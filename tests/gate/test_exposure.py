"""Budgets: the worse of two accounts is believed, and windows begin at the local midnight."""

from datetime import UTC, datetime

import pytest

from drumbeat.core.money import Money, Period
from drumbeat.gate.exposure import Exposure
from drumbeat.gate.scopes import window_start


def euros(amount: int | None) -> Money | None:
    return None if amount is None else Money.of(amount, "EUR")


def line(committed: int, spent: int | None) -> Exposure:
    cap = Money.of(100, "EUR")
    return Exposure("workspace/month:2026-03", cap, Money.of(committed, "EUR"), euros(spent))


@pytest.mark.parametrize(
    ("committed", "spent", "exposure", "left"),
    [
        pytest.param(40, 30, 40, 60, id="promised more than spent"),
        pytest.param(40, 55, 55, 45, id="spent more than promised"),
        pytest.param(40, None, 40, 60, id="nothing reported"),
        pytest.param(40, 0, 40, 60, id="reported as nothing"),
        pytest.param(90, 120, 120, -20, id="over the cap"),
    ],
)
def test_exposure_is_the_worse_of_promised_and_spent(
    committed: int, spent: int | None, exposure: int, left: int
) -> None:
    found = line(committed, spent)
    assert (found.exposure, found.left) == (euros(exposure), euros(left))


@pytest.mark.parametrize(
    ("period", "now", "expected"),
    [
        pytest.param(Period.DAY, "2026-03-02T23:30", "2026-03-02T23:00", id="already tomorrow"),
        pytest.param(Period.WEEK, "2026-03-05T12:00", "2026-03-01T23:00", id="since Monday"),
        pytest.param(
            Period.MONTH, "2026-03-31T21:59", "2026-02-28T23:00", id="month, winter start"
        ),
        pytest.param(Period.MONTH, "2026-03-31T22:30", "2026-03-31T22:00", id="already April"),
        pytest.param(Period.QUARTER, "2026-05-09T00:00", "2026-03-31T22:00", id="since April"),
        pytest.param(Period.YEAR, "2026-11-01T00:00", "2025-12-31T23:00", id="since January"),
    ],
)
def test_a_window_begins_at_the_local_midnight(period: Period, now: str, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    begins = window_start(period, moment, "Europe/Berlin").astimezone(UTC)
    assert begins == datetime.fromisoformat(expected).replace(tzinfo=UTC)
