from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from drumbeat.connectors.simulated.market.event import Event
from drumbeat.connectors.simulated.market.webhook import BadWebhook, Webhook, calls, opened
from drumbeat.connectors.simulated.market.world import World
from tests.connectors.simulated.market.pieces import (
    DAY,
    HOUR,
    START,
    WEEK,
    line_item,
    post,
    send,
    total,
    world,
)

END = START + 2 * WEEK
SECRET = b"a secret"
SEND, ITEM, POST = "send:news/1", "line_item:ads/core", "post:calendar/1"


@pytest.fixture(scope="module")
def market() -> World:
    opened_market = world(
        {
            SEND: send(START + DAY),
            ITEM: line_item(),
            POST: post(START + DAY, boost_minor=20_000, currency="EUR"),
        },
        subscribers=2_000,
    )
    opened_market.advance(END)
    return opened_market


@pytest.fixture(scope="module")
def told(market: World) -> list[Event]:
    return market.events(START, END)


@pytest.mark.parametrize(
    ("kind", "target", "metric"),
    [
        pytest.param("delivered", SEND, "delivered", id="delivered"),
        pytest.param("opened", SEND, "opens", id="opened"),
        pytest.param("clicked", SEND, "clicks", id="clicked"),
        pytest.param("bounced", SEND, "bounces", id="bounced"),
        pytest.param("unsubscribed", SEND, "unsubscribes", id="unsubscribed"),
        pytest.param("converted", SEND, "conversions", id="converted-by-mail"),
        pytest.param("converted", ITEM, "conversions", id="converted-by-ads"),
        pytest.param("commented", POST, "comments", id="commented"),
    ],
)
def test_events_and_figures_tell_the_same_story(
    market: World, told: list[Event], kind: str, target: str, metric: str
) -> None:
    happened = [event for event in told if (event.kind, event.target) == (kind, target)]
    assert len(happened) == total(market, target, START, END)[metric] > 0


def test_an_event_keeps_its_name_and_no_two_share_one(market: World, told: list[Event]) -> None:
    names = [event.id for event in told]
    assert len(set(names)) == len(names)
    assert [event.id for event in market.events(START, END)] == names


def test_events_come_in_order_and_every_hour_has_its_own(market: World, told: list[Event]) -> None:
    hours = [START + n * HOUR for n in range(14 * 24)]
    by_hour = [event for hour in hours for event in market.events(hour, hour + HOUR)]
    assert [event.at for event in told] == sorted(event.at for event in told)
    assert {event.id for event in by_hour} == {event.id for event in told}
    assert len(by_hour) == len(told)


def test_odd_spans_one_after_the_other_miss_nothing(market: World, told: list[Event]) -> None:
    edges = [START + n * timedelta(minutes=437) for n in range(48)]
    spans = pairwise(edges)
    found = [event.id for since, until in spans for event in market.events(since, until)]
    assert edges[-1] > END
    assert found == [event.id for event in told]


def test_only_the_kinds_asked_for_are_told(market: World) -> None:
    found = market.events(START, END, frozenset({"unsubscribed", "bounced"}))
    assert {event.kind for event in found} == {"unsubscribed", "bounced"}


def test_nothing_is_told_before_it_happens(market: World) -> None:
    young = world({SEND: send(START + DAY)}, subscribers=2_000)
    young.advance(START + DAY + 5 * HOUR)
    assert max(event.at for event in young.events(START, END)) <= START + DAY + 5 * HOUR


def _call(told: list[Event]) -> Webhook:
    return next(calls(told[:3], SECRET, END))


def test_a_signed_call_gives_its_events_back(told: list[Event]) -> None:
    batches = list(calls(told, SECRET, END))
    given = [e for call in batches for e in opened(call.body, call.headers, SECRET, END)]
    assert given == told
    assert len({call.headers["webhook-id"] for call in batches}) == len(batches)


def test_header_names_may_be_written_in_any_case(told: list[Event]) -> None:
    call = _call(told)
    shouted = {name.title(): value for name, value in call.headers.items()}
    assert opened(call.body, shouted, SECRET, END) == told[:3]


@pytest.mark.parametrize(
    ("change", "late", "secret", "why"),
    [
        pytest.param({}, 0, b"another", "signature", id="another-secret"),
        pytest.param({"body": b'{"events":[]}'}, 0, SECRET, "signature", id="other-body"),
        pytest.param({"headers": {}}, 0, SECRET, "signature", id="no-headers"),
        pytest.param({}, 301, SECRET, "older than five", id="stale"),
        pytest.param({}, -301, SECRET, "from the future", id="early"),
    ],
)
def test_a_forged_or_stale_call_is_refused(
    told: list[Event], change: dict[str, object], late: int, secret: bytes, why: str
) -> None:
    call = replace(_call(told), **change)  # type: ignore[arg-type]
    with pytest.raises(BadWebhook, match=why):
        opened(call.body, call.headers, secret, END + timedelta(seconds=late))


def test_a_signed_call_that_makes_no_sense_is_refused() -> None:
    from drumbeat.connectors.simulated.market import webhook

    stamp = str(int(END.timestamp()))
    for body in (b"[]", b"nonsense", b'{"events":[{"id":"x"}]}'):
        signature = webhook.signature(SECRET, "msg-1", stamp, body)
        headers = {"webhook-id": "msg-1", "webhook-timestamp": stamp}
        with pytest.raises(BadWebhook, match="cannot be read"):
            opened(body, {**headers, "webhook-signature": f"v1,{signature}"}, SECRET, END)
