from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

import drumbeat.connectors.simulated as package
from drumbeat.connectors.contract import (
    Capability,
    ConnectorError,
    ErrorKind,
    EventRefused,
    MetricsQuery,
)
from drumbeat.connectors.manifest import read_manifest
from drumbeat.connectors.registry import Wiring, build, discover
from drumbeat.connectors.simulated.connector import SimulatedConnector, connect
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.journal import OtherMarket
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.permit import Permit, PermitRefused
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.money import Money
from drumbeat.core.operations.metrics import BASE
from drumbeat.engine.clock import VirtualClock
from drumbeat.store.database import Database, sqlite_url
from tests.connectors.simulated.market.pieces import (
    DAY,
    HOUR,
    START,
    WEEK,
    line_item,
    post,
    send,
    variant,
)

ITEM, SEND, POST = "line_item:ads/core", "send:news/1", "post:calendar/1"


class OpenDesk:
    """Takes any permit; refuses its absence."""

    def may_go_on(self, key: str) -> bool:
        return True

    def redeem(self, permit: Permit | None, action: Action, connection: str) -> None:
        if permit is None:
            raise PermitRefused("no permit")


class House:
    """A workspace's folder with a clock, and connections to its market."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clock = VirtualClock(START)
        self.database = Database(sqlite_url(home / "drumbeat.db"))

    def connection(self, settings: Mapping[str, str] | None = None) -> SimulatedConnector:
        return connect(self.wiring(settings))

    def wiring(self, settings: Mapping[str, str] | None = None) -> Wiring:
        return Wiring(
            connection="market",
            settings=settings or {},
            desk=OpenDesk(),
            clock=self.clock,
            database=self.database,
            contact_key=b"contact key",
            home=self.home,
        )


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def action(
    kind: str, target: str, after: JsonValue, before: JsonValue = None, **changes: Any
) -> Action:
    return Action(
        kind=kind,
        channel=KINDS[kind].channel if kind in KINDS else Channel.ADS,
        connection="market",
        campaign="campaign",
        target=target,
        before=before,
        after=after,
        spend_delta=Money.zero("EUR"),
        **changes,
    )


def apply(to: SimulatedConnector, wanted: Action, number: str = "pmt-1") -> Receipt:
    permit = Permit(
        number=number,
        fingerprint=wanted.fingerprint,
        connection="market",
        attempt=1,
        expires_at=datetime(2030, 1, 1, tzinfo=UTC),
    )
    return to.apply(wanted, permit)


LAUNCH = action("ads.launch_line_item", ITEM, line_item())


def test_the_manifest_is_found_and_builds_a_connector(house: House) -> None:
    manifest, folder = discover()["simulated"]
    assert read_manifest(folder) == manifest
    connector = build(manifest, house.wiring())
    assert connector.capabilities() == set(manifest.capabilities) == set(Capability)


def test_the_manifest_offers_every_kind_that_reaches_a_platform() -> None:
    manifest, _ = discover()["simulated"]
    reach_one = {n for n, k in KINDS.items() if k.channel is not Channel.WORKSPACE}
    assert set(manifest.kinds) == reach_one


@pytest.mark.parametrize(
    ("kind", "target", "after"),
    [
        pytest.param("email.schedule_send", SEND, send(START + DAY), id="send"),
        pytest.param("ads.launch_line_item", ITEM, line_item(), id="line-item"),
        pytest.param("social.schedule_post", POST, post(START + DAY), id="post"),
    ],
)
def test_what_was_done_is_read_back(house: House, kind: str, target: str, after: Any) -> None:
    market = house.connection()
    receipt = apply(market, action(kind, target, after))
    state = market.read(target)
    assert receipt.outcome is Outcome.DONE
    assert state is not None
    assert (state.state, state.ref, state.key) == (receipt.state, receipt.ref, "pmt-1")
    assert isinstance(state.state, dict)
    assert {field: state.state[field] for field in ("name", "object")} == {
        "name": after["name"],
        "object": target.partition(":")[0],
    }


def test_a_change_and_its_inverse_lead_back(house: House) -> None:
    market = house.connection()
    apply(market, LAUNCH)
    before = market.read(ITEM)
    assert before is not None
    paused = {**line_item(), "status": "paused"}
    apply(market, action("ads.pause", ITEM, paused, before.state), "pmt-2")
    apply(market, action("ads.enable", ITEM, before.state, paused), "pmt-3")
    after = market.read(ITEM)
    assert after is not None
    assert after.state == before.state


def test_removal_leaves_nothing_to_read(house: House) -> None:
    market = house.connection()
    apply(market, LAUNCH)
    receipt = apply(market, action("ads.remove_line_item", ITEM, None, line_item()), "pmt-2")
    assert receipt.outcome is Outcome.DONE
    assert market.read(ITEM) is None
    assert market.find(ITEM, "pmt-2") is None


def test_nothing_is_done_without_a_permit(house: House) -> None:
    market = house.connection()
    with pytest.raises(PermitRefused):
        market.apply(LAUNCH, None)
    assert market.read(ITEM) is None


def test_the_same_permit_number_does_a_thing_once(house: House) -> None:
    market = house.connection()
    assert apply(market, LAUNCH) == apply(market, LAUNCH)


def test_the_same_number_for_another_change_is_a_conflict(house: House) -> None:
    market = house.connection()
    apply(market, LAUNCH)
    with pytest.raises(ConnectorError) as caught:
        apply(market, action("ads.set_budget", ITEM, line_item(daily_budget_minor=1)))
    assert caught.value.kind is ErrorKind.CONFLICT


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        pytest.param({}, action("campaign.set", ITEM, line_item()), id="internal-kind"),
        pytest.param({}, action("ads.levitate", ITEM, line_item()), id="unknown-kind"),
        pytest.param({}, action("ads.pause", SEND, line_item()), id="kind-of-another-object"),
        pytest.param({"channel": "email"}, LAUNCH, id="another-channel"),
        pytest.param({}, action("ads.pause", ITEM, {"status": "paused"}), id="half-an-object"),
        pytest.param({}, action("social.reply", POST, {"text": "Hi"}), id="reply-as-post"),
    ],
)
def test_what_a_connection_does_not_do_is_refused(
    house: House, settings: dict[str, str], wanted: Action
) -> None:
    market = house.connection(settings)
    receipt = apply(market, wanted)
    assert receipt.outcome is Outcome.REFUSED
    assert receipt.detail
    assert not market.preview(wanted).accepted


def test_a_preview_shows_the_object_and_changes_nothing(house: House) -> None:
    market = house.connection()
    preview = market.preview(LAUNCH)
    assert preview.accepted
    assert isinstance(preview.rendered, dict)
    assert preview.rendered["daily_budget_minor"] == 10_000
    assert market.read(ITEM) is None


def test_connections_of_one_workspace_share_one_market(house: House) -> None:
    mail, ads = (house.connection({"channel": channel}) for channel in ("email", "ads"))
    apply(ads, LAUNCH)
    assert mail.read(ITEM) == ads.read(ITEM)


def test_a_market_in_use_refuses_another_seed(house: House) -> None:
    kept = house.connection({"seed": "7"})
    with pytest.raises(OtherMarket):
        house.connection({"seed": "8"})
    assert kept.check().is_well


def _query(*targets: str, until: datetime) -> MetricsQuery:
    return MetricsQuery(targets=targets, since=START, until=until, as_of=until)


def test_readings_say_what_when_and_in_which_unit(house: House) -> None:
    market = house.connection()
    apply(market, LAUNCH)
    house.clock.advance(WEEK)
    readings = market.metrics(_query(ITEM, until=START + WEEK))
    spend = [r for r in readings if r.metric == "spend" and not r.dimensions]
    assert len(spend) == 1
    assert (spend[0].currency, spend[0].source) == ("EUR", "ad platform")
    assert spend[0].as_of == START + WEEK
    assert spend[0].value == pytest.approx(70_000, rel=0.2)
    assert {r.metric for r in readings} <= set(BASE)


def test_readings_know_nothing_of_the_future(house: House) -> None:
    market = house.connection()
    apply(market, LAUNCH)
    house.clock.advance(DAY + timedelta(minutes=40))
    readings = market.metrics(_query(ITEM, until=START + WEEK))
    assert {r.as_of for r in readings} == {START + DAY}


def test_a_target_that_never_was_has_no_readings(house: House) -> None:
    assert house.connection().metrics(_query("line_item:no/where", until=START)) == []


@pytest.mark.parametrize(
    ("faults", "kind", "done"),
    [
        pytest.param("timeout_before_commit=1", ErrorKind.UNKNOWN_OUTCOME, False, id="lost"),
        pytest.param("timeout_after_commit=1", ErrorKind.UNKNOWN_OUTCOME, True, id="answer-lost"),
        pytest.param("error_after_commit=1", ErrorKind.UNKNOWN_OUTCOME, True, id="500-but-done"),
        pytest.param("rate_limit=1", ErrorKind.RETRY_AFTER, False, id="429"),
    ],
)
def test_faults_are_told_apart_by_looking(
    house: House, faults: str, kind: ErrorKind, done: bool
) -> None:
    market = house.connection({"faults": faults})
    with pytest.raises(ConnectorError) as caught:
        apply(market, LAUNCH)
    assert caught.value.kind is kind
    assert (market.find(ITEM, "pmt-1") is not None) is done
    assert market.find(ITEM, "pmt-2") is None


def test_a_rate_limit_says_when_to_come_back(house: House) -> None:
    market = house.connection({"faults": "rate_limit=1"})
    with pytest.raises(ConnectorError) as caught:
        apply(market, LAUNCH)
    assert caught.value.retry_after_seconds == 60.0


def test_a_look_up_may_trail_behind(house: House) -> None:
    market = house.connection({"faults": "look_up_lag=10m"})
    apply(market, LAUNCH)
    assert market.find(ITEM, "pmt-1") is None
    house.clock.advance(timedelta(minutes=10))
    assert market.find(ITEM, "pmt-1") is not None


def test_latency_is_counted_and_not_waited_for(house: House) -> None:
    market = house.connection({"faults": "latency_seconds=30"})
    apply(market, LAUNCH)
    assert market.waited_seconds > 0
    assert house.clock.now() == START


def _scenario(house: House, text: str) -> SimulatedConnector:
    (house.home / "trouble.yaml").write_text(text, encoding="utf-8")
    return house.connection({"scenario": "trouble.yaml"})


def test_while_the_platform_is_away_calls_fail_and_the_check_says_so(house: House) -> None:
    market = _scenario(house, "incidents: [{kind: connector_outage, after: 1h, lasts: 2h}]")
    assert market.check().is_well
    house.clock.advance(HOUR)
    assert not market.check().is_well
    for call in (lambda: market.read(ITEM), lambda: apply(market, LAUNCH)):
        with pytest.raises(ConnectorError) as caught:
            call()
        assert caught.value.kind is ErrorKind.DISCONNECTED
    house.clock.advance(2 * HOUR)
    assert apply(market, LAUNCH).outcome is Outcome.DONE


def test_webhooks_of_a_channel_are_parsed_into_events(house: House) -> None:
    mail, ads = (house.connection({"channel": channel}) for channel in ("email", "ads"))
    apply(mail, action("email.schedule_send", SEND, send(START + HOUR)))
    apply(ads, LAUNCH, "pmt-2")
    house.clock.advance(3 * DAY)
    now = house.clock.now()
    posted = list(mail.webhooks(START, now))
    events = [e for call in posted for e in mail.parse_event(call.body, call.headers, now)]
    assert {event.target for event in events} == {SEND}
    assert {event.kind for event in events} > {"delivered", "opened", "clicked"}
    assert not any("@" in event.contact for event in events)
    assert len({e.contact for e in events if e.kind == "delivered"}) == sum(
        e.kind == "delivered" for e in events
    )
    with pytest.raises(EventRefused):
        mail.parse_event(posted[0].body + b" ", posted[0].headers, now)


TROUBLE = "incidents:\n" + "".join(
    f"  - {{kind: {kind}, after: 1d, lasts: 2d, note: THE-HIDDEN-TRUTH}}\n"
    for kind in IncidentKind
    if kind is not IncidentKind.CONNECTOR_OUTAGE
)


def test_nothing_a_connector_says_gives_an_incident_away(house: House) -> None:
    market = _scenario(house, TROUBLE)
    variants = [variant("a", 0.5), variant("b", 0.5)]
    replies = action("social.reply", "reply:calendar/1", {"post": POST, "text": "Sorry"})
    said: list[Any] = [
        apply(market, action("email.schedule_send", SEND, send(START + DAY, variants=variants))),
        apply(market, LAUNCH, "pmt-2"),
        apply(market, action("social.schedule_post", POST, post(START + DAY)), "pmt-3"),
        apply(market, replies, "pmt-4"),
        market.check(),
    ]
    house.clock.advance(4 * DAY)
    now = house.clock.now()
    targets = (ITEM, SEND, POST, "site:shop", "account:instagram")
    said += market.metrics(_query(*targets, until=now))
    said += [market.read(target) for target in targets]
    for call in market.webhooks(START, now):
        said += market.parse_event(call.body, call.headers, now)
    words = " ".join(map(repr, said)).lower()
    assert len(said) > 3_000
    assert "the-hidden-truth" not in words
    assert [kind for kind in IncidentKind if kind in words] == []
    assert "incremental" not in words


def test_no_part_of_the_connector_imports_the_truth() -> None:
    folder = Path(package.__path__[0])
    importers = [
        path.name
        for path in sorted(folder.rglob("*.py"))
        if "market.truth" in path.read_text(encoding="utf-8")
    ]
    assert importers == []


PAGES = """\
incidents:
  - {kind: slow_landing_page, after: 1d, lasts: 1d, magnitude: 5}
  - {kind: slow_landing_page, after: 2d, lasts: 1d, magnitude: 20}
  - {kind: broken_landing_page, after: 3d, lasts: 1d, target: "*/refill", magnitude: 410}
"""


def test_the_pages_of_the_shop_answer_and_an_incident_shows(house: House) -> None:
    market = _scenario(house, PAGES)
    kit, refill = "https://shop.example/starter-kit", "https://shop.example/refill"
    well = market.page(kit)
    assert (well.status, well.title, well.read_at) == (200, "Starter kit", house.clock.now())
    house.clock.advance(1.5 * DAY)
    slow = market.page(kit)
    assert slow.status == 200
    assert slow.seconds == pytest.approx(well.seconds + 5)
    house.clock.advance(DAY)
    with pytest.raises(ConnectorError, match="no whole answer within 10 s"):
        market.page(kit)
    house.clock.advance(DAY)
    assert (market.page(refill).status, market.page(refill).title) == (410, "")
    assert market.page(kit).status == 200
    house.clock.advance(DAY)
    assert market.page(refill).status == 200
