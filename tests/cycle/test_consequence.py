"""Consequences: who is told of what the monitor finds."""

import pytest

from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.campaign.guardrail_rule import Consequence, Severity
from drumbeat.core.operations.cause import Cause
from drumbeat.core.operations.diagnosis import Diagnosis
from drumbeat.core.operations.watch_finding import WatchFinding, WatchKind
from drumbeat.cycle.consequence import is_told


def finding(
    kind: WatchKind, cause: Cause | None = None, consequence: Consequence | None = None
) -> WatchFinding:
    diagnosis = cause and Diagnosis(
        cause=cause, evidence=("orders +31 %",), would_change="a calm week", owner=FailureClass.DATA
    )
    return WatchFinding(
        key="k",
        kind=kind,
        campaign="tea-letter",
        cycle="c-1",
        subject="tea-letter",
        metric="orders",
        severity=Severity.WARNING,
        text="orders are up",
        consequence=consequence,
        diagnosis=diagnosis,
    )


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param(finding(WatchKind.CAUSE, Cause.STOCK_OUT), True, id="a business problem"),
        pytest.param(finding(WatchKind.CAUSE, Cause.SEASONALITY), False, id="a season alone"),
        pytest.param(
            finding(WatchKind.GUARDRAIL, Cause.SEASONALITY, Consequence.ESCALATE),
            True,
            id="a season that crosses a line",
        ),
        pytest.param(
            finding(WatchKind.GUARDRAIL, Cause.NOISE, Consequence.PAUSE), False, id="chance"
        ),
        pytest.param(finding(WatchKind.DATA), True, id="data that cannot be trusted"),
    ],
)
def test_people_are_told_of_what_they_can_mend(found: WatchFinding, told: bool) -> None:
    assert is_told(found) is told
