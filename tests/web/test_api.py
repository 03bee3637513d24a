"""API: the pages' reads and orders as JSON, paged, with problems, and described on paper."""

import json
from pathlib import Path

import httpx
import jsonschema
import pytest

from drumbeat.testing.web_world import WebWorld
from drumbeat.web.openapi import text_of_description
from tests.web.test_today import fingerprint
from tests.web.visitor import Visitor

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.json"
RAISE = "prop-raise-retargeting"


def order(visitor: Visitor, path: str, **content: object) -> httpx.Response:
    headers = {"sec-fetch-site": "same-origin", "x-drumbeat-token": visitor.token}
    return visitor.send("POST", f"/api/v1{path}", json=content, headers=headers)


def test_the_committed_description_is_current() -> None:
    assert DESCRIPTION.read_text() == text_of_description(), (
        "run: python -m drumbeat.web.openapi docs/openapi.json"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/today",
        "/decisions",
        f"/decisions/{RAISE}",
        "/decisions/prop-send-42",
        "/campaigns",
        "/campaigns/brand-search",
        "/changes",
        "/changes/e-1047",
        "/hypotheses",
        "/experiments",
        "/experiments?state=over",
        "/experiments/H-07",
    ],
)
def test_an_answer_is_what_the_description_says(ana: Visitor, path: str) -> None:
    described = json.loads(DESCRIPTION.read_text())
    template = next(
        known
        for known in described["paths"]
        if _fits(known.removeprefix("/api/v1"), path.partition("?")[0])
    )
    schema = described["paths"][template]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    answer = ana.get(f"/api/v1{path}")
    assert answer.status_code == 200
    jsonschema.validate(answer.json(), {**schema, "components": described["components"]})


def _fits(template: str, path: str) -> bool:
    one, other = template.split("/"), path.split("/")
    return len(one) == len(other) and all(
        part == given or part.startswith("{") for part, given in zip(one, other, strict=True)
    )


def test_money_and_times_keep_their_unit_and_zone(ana: Visitor) -> None:
    item = ana.get(f"/api/v1/decisions/{RAISE}").json()
    assert item["diff"][0]["after"] == {"minor": 44800, "currency": "EUR"}
    assert item["item"]["due"].endswith("+01:00")
    assert item["hold"] == "PT30S"


def test_lists_are_read_page_by_page_to_the_end(ana: Visitor) -> None:
    seen, after = [], ""
    for _ in range(4):
        page = ana.get(f"/api/v1/campaigns?limit=3&after={after}").json()
        seen += [row["id"] for row in page["items"]]
        after = page["next"] or ""
    assert len(seen) == len(set(seen)) == page["total"] == 10
    assert page["next"] is None


def test_an_approval_and_its_undo(ana: Visitor, world: WebWorld) -> None:
    done = order(ana, f"/decisions/{RAISE}/approve", fingerprint=fingerprint(world, RAISE))
    assert done.status_code == 200
    assert done.json()["undo_until"] == "2026-11-23T13:00:30+01:00"
    assert order(ana, f"/undo/{done.json()['decision_id']}").status_code == 200
    assert world.decisions[RAISE].answered is None


def test_an_edit_is_bound_to_what_was_read(ana: Visitor, world: WebWorld) -> None:
    path, values = f"/decisions/{RAISE}/edit", {"amount": "EUR 430"}
    seen = fingerprint(world, RAISE)
    done = order(ana, path, fingerprint=seen, reason="a bit less", values=values)
    assert done.status_code == 200
    assert world.orders == [("edit", RAISE, "amount=EUR 430")]


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        pytest.param(
            f"/decisions/{RAISE}/edit",
            {"fingerprint": "x", "values": {"amount": "1"}},
            422,
            id="edit without reason",
        ),
        pytest.param(
            f"/decisions/{RAISE}/edit",
            {"reason": "x", "values": {"amount": "1"}},
            428,
            id="edit of what was not seen",
        ),
        pytest.param(
            f"/decisions/{RAISE}/edit",
            {"fingerprint": "x", "reason": "x", "values": {}},
            422,
            id="edit of nothing",
        ),
        pytest.param(f"/decisions/{RAISE}/approve", {"fingerprint": "old"}, 409, id="stale"),
        pytest.param("/decisions/none/approve", {"fingerprint": "x"}, 404, id="unknown"),
        pytest.param(f"/decisions/{RAISE}/approve", {}, 428, id="no fingerprint"),
        pytest.param(
            f"/decisions/{RAISE}/approve",
            {"fingerprint": "x", "force": True},
            422,
            id="a field there is not",
        ),
        pytest.param(f"/decisions/{RAISE}/reject", {"fingerprint": "x"}, 422, id="no reason"),
        pytest.param("/freeze", {"scope": ""}, 422, id="freeze without reason"),
        pytest.param(
            "/changes/none/roll-back",
            {"fingerprint": "x", "reason": " "},
            422,
            id="roll back without reason",
        ),
        pytest.param("/experiments/H-07/stop", {"reason": " "}, 422, id="stop without reason"),
        pytest.param(
            "/experiments",
            {"campaign": "none", "hypothesis": "H-14"},
            404,
            id="a test of no campaign",
        ),
    ],
)
def test_what_is_refused_comes_as_a_problem(
    ana: Visitor, path: str, content: dict[str, object], status: int
) -> None:
    refused = order(ana, path, **content)
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert set(refused.json()) == {"type", "title", "status", "detail"}


def test_an_order_without_the_token_is_refused(ana: Visitor, world: WebWorld) -> None:
    refused = ana.send("POST", "/api/v1/freeze", json={"reason": "x"})
    assert refused.status_code == 403
    assert world.frozen is None


def test_the_emergency_orders_work(ana: Visitor, world: WebWorld) -> None:
    assert order(ana, "/freeze", reason="fire").status_code == 200
    assert world.frozen is not None
    assert order(ana, "/unfreeze", reason="out").status_code == 200
    plan = ana.get("/api/v1/changes/e-1047/roll-back").json()
    done = order(ana, "/changes/e-1047/roll-back", fingerprint=plan["fingerprint"], reason="x")
    assert done.status_code == 200
    assert order(ana, "/campaigns/brew-tips/observe", reason="x").status_code == 200


def test_a_test_is_registered_and_ended_as_on_its_page(ana: Visitor, world: WebWorld) -> None:
    made = order(ana, "/experiments", campaign="weekly-newsletter", hypothesis="H-14")
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/experiments/H-14")
    assert order(ana, "/experiments/H-07/stop", reason="stock ran out").status_code == 200
    assert order(ana, "/experiments/H-07/ship", reason="clear enough").status_code == 200
    assert order(ana, "/experiments/H-07/keep", reason="give it time").status_code == 409
    assert world.orders == [
        ("start", "weekly-newsletter", "H-14"),
        ("stop", "H-07", "stock ran out"),
        ("ship", "H-07", "clear enough"),
        ("keep", "H-07", "give it time"),
    ]


def test_tests_are_listed_page_by_page(ana: Visitor) -> None:
    first = ana.get("/api/v1/hypotheses?limit=1").json()
    second = ana.get(f"/api/v1/hypotheses?limit=1&after={first['next']}").json()
    assert first["total"] == second["total"] > 1
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert ana.get("/api/v1/experiments?state=waiting").status_code == 422
