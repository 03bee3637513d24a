from typing import Any

import pytest

from drumbeat.connectors.simulated.market.order import Order, Refusal
from tests.connectors.simulated.market.pieces import (
    DAY,
    START,
    creative,
    line_item,
    post,
    send,
    variant,
    world,
)

ITEM, SEND, POST = "line_item:ads/core", "send:news/1", "post:calendar/1/1"


@pytest.mark.parametrize(
    ("target", "after", "why"),
    [
        pytest.param("banner:x", {}, "no object is named", id="unknown-object"),
        pytest.param("send:", {}, "no object is named", id="no-name"),
        pytest.param(ITEM, None, "is not there", id="remove-nothing"),
        pytest.param(ITEM, [], "expected an object", id="not-an-object"),
        pytest.param(ITEM, {"name": "core"}, "Field required", id="half-an-object"),
        pytest.param(ITEM, line_item(daily_budget_minor=-1), "daily_budget_minor", id="negative"),
        pytest.param(ITEM, line_item(currency="USD"), "bills in EUR", id="other-currency"),
        pytest.param(ITEM, line_item(creatives=[]), "at least one creative", id="no-creative"),
        pytest.param(
            ITEM, line_item(creatives=[creative(), creative()]), "same name", id="twin-creatives"
        ),
        pytest.param(ITEM, line_item(object="send"), "object", id="a-send-as-line-item"),
        pytest.param(SEND, send(START, segments=["anyone"]), "no segment", id="unknown-segment"),
        pytest.param(SEND, send(START, exclude=["anyone"]), "no segment", id="unknown-exclusion"),
        pytest.param(SEND, send(START, variants=[]), "at least one variant", id="no-variant"),
        pytest.param(
            SEND, send(START, variants=[variant(share=0.4)]), "add up to 1", id="half-a-split"
        ),
        pytest.param(POST, post(START, network="faxnet"), "no network", id="unknown-network"),
        pytest.param(
            POST, post(START, network="mastodon", text="x" * 501), "takes 500", id="too-long"
        ),
        pytest.param(POST, post(START, boost_minor=5, currency="USD"), "EUR", id="boost-currency"),
        pytest.param("reply:c/1", {"post": POST, "text": "Hi"}, "no post", id="reply-to-nothing"),
    ],
)
def test_the_platform_refuses_what_it_cannot_do(target: str, after: Any, why: str) -> None:
    market = world()
    with pytest.raises(Refusal, match=why):
        market.apply(Order(target, after), "key", START)
    assert market.objects(START + DAY) == {}


@pytest.mark.parametrize(
    ("target", "after", "change", "why"),
    [
        pytest.param(SEND, send(START + DAY), {"theme": "x"}, "has been sent", id="change-a-send"),
        pytest.param(SEND, send(START + DAY), None, "has been sent", id="cancel-a-send"),
        pytest.param(POST, post(START + DAY), {"text": "x"}, "only its boost", id="edit-a-post"),
    ],
)
def test_what_is_out_cannot_be_changed(target: str, after: Any, change: Any, why: str) -> None:
    market = world({target: after})
    market.apply(Order(target, {"name": "another"}), "in time", START)
    with pytest.raises(Refusal, match=why):
        market.apply(Order(target, change), "late", START + 2 * DAY)


@pytest.mark.parametrize(
    ("target", "after", "change"),
    [
        pytest.param(SEND, send(START + DAY), None, id="cancel-a-waiting-send"),
        pytest.param(POST, post(START + DAY), None, id="delete-a-waiting-post"),
        pytest.param(POST, post(START), None, id="delete-a-published-post"),
        pytest.param(
            POST, post(START), {"boost_minor": 500, "currency": "EUR"}, id="boost-a-published-post"
        ),
        pytest.param(ITEM, line_item(), {"status": "paused"}, id="pause"),
    ],
)
def test_what_may_still_change_changes(target: str, after: Any, change: Any) -> None:
    market = world({target: after})
    market.apply(Order(target, change), "key", START + DAY / 2)
    found = market.read(target, START + DAY / 2)
    state = None if found is None else found.object.model_dump()
    wanted = change or {}
    assert (state is None) is (change is None)
    assert {field: (state or {}).get(field) for field in wanted} == wanted


def test_a_preview_changes_nothing() -> None:
    market = world()
    after = market.preview(Order(ITEM, line_item()), START)
    assert after is not None
    assert market.objects(START + DAY) == {}


def test_objects_that_stood_there_before_can_be_changed() -> None:
    standing = [{"target": ITEM, "values": line_item()}]
    market = world(standing=standing)
    market.apply(Order(ITEM, {"daily_budget_minor": 500}), "key", START)
    found = market.read(ITEM, START)
    assert found is not None
    assert found.object.model_dump()["daily_budget_minor"] == 500
