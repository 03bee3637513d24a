"""Changes in words: what is new by what it is, what moved by old and new."""

from typing import Any

import pytest

from drumbeat.app.told_change import told

CAMPAIGN = {
    "row": ["absent", None],
    "digest": ["a1", "b2"],
    "campaign": [None, "spring"],
    "owner": [None, "ana"],
    "type": [None, "newsletter"],
    "goal": [None, {"metric": "orders", "target": "25/week"}],
}
POST = {
    "object": [None, "post"],
    "network": [None, "linkedin"],
    "topic": [None, "origins"],
    "text": [None, "Who taught you?"],
    "boost_minor": [None, 0],
}


@pytest.mark.parametrize(
    ("target", "change", "line"),
    [
        pytest.param(
            "campaigns/spring.yaml",
            CAMPAIGN,
            "new file campaigns/spring.yaml: type newsletter, owner ana, goal metric: orders, "
            "target: 25/week",
            id="file",
        ),
        pytest.param(
            "policy/actions.yaml#ads.set_budget",
            {"row": ["absent", None], "risk": [None, "low"]},
            "new entry ads.set_budget of policy/actions.yaml: risk low",
            id="entry",
        ),
        pytest.param(
            "policy/sla.yaml#policies/qa",
            {"row": [None, "absent"], "stage": ["qa", None]},
            "took entry policies/qa of policy/sla.yaml away",
            id="entry gone",
        ),
        pytest.param(
            "policy/actions.yaml#ads.pause",
            {"row": [None, "forbidden"], "risk": ["low", None]},
            "row: nothing -> forbidden, risk: low -> nothing",
            id="forbidden",
        ),
        pytest.param(
            "post:social/c/1", POST, "new post: network linkedin, topic origins", id="post"
        ),
        pytest.param(
            "pack:0a77",
            {"pack": [None, "0a77"], "theme": [None, "people"]},
            "theme people",
            id="pack",
        ),
        pytest.param(
            "line_item:rtg/cart",
            {"daily_budget_minor": [6260, 7000]},
            "daily budget: EUR 62.60 -> EUR 70.00",
            id="money",
        ),
        pytest.param("cyc-1", {}, "", id="no field"),
    ],
)
def test_a_change_is_told_in_words(target: str, change: dict[str, Any], line: str) -> None:
    record = {"target": target, "change": change, "why": ""}
    assert told(record, "EUR") == line
    assert told({**record, "why": "so"}, "EUR") == (f"{line} · so" if line else "so")
