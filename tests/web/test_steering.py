"""Steering: minutes that are kept, phases that are asked for, and what is typed is never lost."""

import pytest

from drumbeat.testing.web_world import WebWorld
from tests.web.visitor import Visitor


def test_minutes_are_a_draft_until_somebody_keeps_them(ana: Visitor, world: WebWorld) -> None:
    assert "a draft: nobody has kept it yet" in ana.get("/review").text
    done = ana.post("/review", week="2026-W47", minutes="Kept: Tuesday sends.\nNext: prices.")
    assert done.headers["location"].endswith("&week=2026-W47")
    page = ana.get("/review?week=2026-W47").text
    assert "kept by Ana Petrov" in page
    assert "Next: prices.</textarea>" in page


def test_minutes_that_are_refused_stay_as_typed(ana: Visitor, world: WebWorld) -> None:
    refused = ana.post("/review", week="2026-W47", minutes="   ")
    assert refused.status_code == 422
    assert "Empty minutes say nothing." in refused.text
    assert world.minutes == {}


def test_a_viewer_reads_the_minutes(vera: Visitor) -> None:
    page = vera.get("/review").text
    assert "<textarea" not in page
    assert "Kept: Tuesday sends." in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"campaign": "win-back", "to": "supervised", "reason": "20 alike"}, 303,
                     id="asked for"),
        pytest.param({"campaign": "win-back", "to": "supervised", "reason": " "}, 422, id="no why"),
        pytest.param({"campaign": "none", "to": "supervised", "reason": "x"}, 422, id="nobody"),
    ],
)  # fmt: skip
def test_a_phase_is_changed_with_a_reason(
    ana: Visitor, world: WebWorld, fields: dict[str, str], status: int
) -> None:
    answer = ana.post("/autonomy/phase", **fields)
    assert answer.status_code == status
    assert (("phase", "win-back", "supervised") in world.orders) == (status == 303)
