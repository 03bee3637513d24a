"""The simulated connector: mail, ads and social of one made-up market, behind the contract.

Besides the contract it offers ``webhooks``, what the platform would have posted to us.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never

from drumbeat.connectors.contact_hash import contact_hash
from drumbeat.connectors.contract import (
    Capability,
    Connector,
    ConnectorError,
    ErrorKind,
    EventRefused,
    Health,
    MetricsQuery,
    PlatformEvent,
    Preview,
    Quota,
    RemoteState,
)
from drumbeat.connectors.registry import Wiring
from drumbeat.connectors.simulated.market.event import KINDS as EVENT_KINDS
from drumbeat.connectors.simulated.market.event import KINDS_OF, Event
from drumbeat.connectors.simulated.market.fault import Fault, FaultPlan
from drumbeat.connectors.simulated.market.figure import Figure
from drumbeat.connectors.simulated.market.order import KeyConflict, Order, Refusal
from drumbeat.connectors.simulated.market.webhook import BadWebhook, Webhook, calls, opened
from drumbeat.connectors.simulated.market.world import World
from drumbeat.connectors.simulated.settings import Settings, read_settings
from drumbeat.connectors.simulated.worlds import shared
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.operations.metrics import BASE, Unit
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.core.operations.reading import Reading

_PREFIX = {Channel.EMAIL: "send:", Channel.ADS: "line_item:", Channel.SOCIAL: "post:"}
_RATE_LIMIT_SECONDS = 60.0
# Told, not enforced: what is refused is a matter of the scenario's faults.
_CALLS_AN_HOUR = 2000
_LONGEST_LOAD = 10.0
_WELL = 200


def connect(wiring: Wiring) -> "SimulatedConnector":
    """The factory the manifest names. Raises BadSetting or OtherMarket."""
    settings = read_settings(wiring.settings, wiring.home)
    start = settings.start or wiring.clock.now()
    world = shared(settings.path, settings.scenario, start, settings.seed)
    return SimulatedConnector(wiring, settings, world)


class SimulatedConnector(Connector):
    """One connection to a simulated market. ``waited_seconds`` adds up virtual latency."""

    def __init__(self, wiring: Wiring, settings: Settings, world: World) -> None:
        super().__init__(wiring.connection, wiring.desk)
        self._clock = wiring.clock
        self._contact_key = wiring.contact_key
        self._settings = settings
        self._world = world
        self._faults = FaultPlan(settings.faults, settings.seed)
        self.waited_seconds = 0.0
        self._hour: datetime | None = None
        self._calls = 0

    def capabilities(self) -> frozenset[Capability]:
        return frozenset(Capability)

    def check(self) -> Health:
        now = self._clock.now()
        if self._world.is_unreachable(now):
            return Health(is_well=False, detail="the platform does not answer; try again later")
        since = f"the market is open since {self._world.start:%Y-%m-%d}"
        return Health(is_well=True, detail=since, quota=self._quota(now))

    def preview(self, action: Action) -> Preview:
        self._reach()
        try:
            order = _order(action, self._settings.channels)
            after = self._world.preview(order, self._clock.now())
        except Refusal as refusal:
            return Preview(accepted=False, detail=str(refusal))
        rendered = None if after is None else after.model_dump(mode="json")
        return Preview(accepted=True, detail="the platform would take it", rendered=rendered)

    def read(self, target: str) -> RemoteState | None:
        self._reach()
        return self._state(target, self._clock.now())

    def find(self, target: str, key: str) -> RemoteState | None:
        self._reach()
        seen = self._clock.now() - self._settings.faults.look_up_lag
        placed = self._world.find(key, seen)
        if placed is None or placed.order.target != target:
            return None
        return self._state(target, self._clock.now())

    def metrics(self, query: MetricsQuery) -> Sequence[Reading]:
        self._reach()
        self._world.advance(min(query.as_of, self._clock.now()))
        told = self._world.reports(
            query.targets, query.since, query.until, query.as_of, parts=query.parts
        )
        known = min(query.as_of, self._world.as_of)
        return [
            self._reading(figure, target, query, known)
            for target, figures in told.items()
            for figure in figures
            if query.parts or not figure.dimensions
        ]

    def page(self, address: str) -> PageReading:
        """A page of the market's shop. As a reader of real pages, it does not wait for ever."""
        self._reach()
        found = self._world.page(address, self._clock.now())
        if found.seconds > _LONGEST_LOAD:
            message = f"no whole answer within {_LONGEST_LOAD:g} s"
            raise ConnectorError(ErrorKind.DISCONNECTED, message)
        return PageReading(
            address=address,
            read_at=self._clock.now(),
            status=found.status,
            seconds=found.seconds,
            title=_title(address) if found.status == _WELL else "",
        )

    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        try:
            told = opened(body, headers, self._settings.secret.encode(), now)
        except BadWebhook as error:
            raise EventRefused(str(error)) from error
        return [self._platform_event(event) for event in told]

    def webhooks(
        self, since: datetime, until: datetime, kinds: frozenset[str] = EVENT_KINDS
    ) -> Iterator[Webhook]:
        """The signed calls the platform makes for what happened from ``since`` to ``until``."""
        now = self._clock.now()
        self._world.advance(min(until, now))
        told = kinds & frozenset().union(*(KINDS_OF[c] for c in self._settings.channels))
        happened = [e for e in self._world.events(since, until, told) if self._is_ours(e.target)]
        return calls(happened, self._settings.secret.encode(), now)

    def _apply(self, action: Action, key: str) -> Receipt:
        self._reach()
        fault = self._faults.next(key)
        self.waited_seconds += self._faults.latency(key)
        _before_commit(fault)
        try:
            placed = self._world.apply(
                _order(action, self._settings.channels), key, self._clock.now()
            )
        except KeyConflict as conflict:
            raise ConnectorError(ErrorKind.CONFLICT, str(conflict)) from conflict
        except Refusal as refusal:
            return Receipt(outcome=Outcome.REFUSED, detail=str(refusal))
        _after_commit(fault)
        found = self._state(action.target, self._clock.now())
        state = None if found is None else found.state
        return Receipt(outcome=Outcome.DONE, ref=placed.ref, detail="done", state=state)

    def _quota(self, now: datetime) -> Quota:
        """As platforms tell it: the calls of this hour, counted since this process began."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        used = self._calls if self._hour == hour else 0
        resets = hour + timedelta(hours=1)
        return Quota(used=used, limit=_CALLS_AN_HOUR, unit="calls", resets_at=resets)

    def _count(self, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        self._calls = self._calls + 1 if self._hour == hour else 1
        self._hour = hour

    def _reach(self) -> None:
        self._count(self._clock.now())
        if self._world.is_unreachable(self._clock.now()):
            raise ConnectorError(ErrorKind.DISCONNECTED, "the platform does not answer")

    def _state(self, target: str, at: datetime) -> RemoteState | None:
        found = self._world.read(target, at)
        if found is None:
            return None
        state = found.object.model_dump(mode="json")
        return RemoteState(target=target, state=state, ref=found.ref, key=found.key)

    def _reading(
        self, figure: Figure, target: str, query: MetricsQuery, known: datetime
    ) -> Reading:
        money = BASE[figure.metric] is Unit.MONEY
        return Reading(
            metric=figure.metric,
            target=target,
            since=query.since,
            until=query.until,
            as_of=known,
            value=figure.value,
            source=figure.source,
            currency=self._world.scenario.currency if money else "",
            dimensions=dict(figure.dimensions),
        )

    def _is_ours(self, target: str) -> bool:
        return any(target.startswith(_PREFIX[channel]) for channel in self._settings.channels)

    def _platform_event(self, event: Event) -> PlatformEvent:
        contact = event.address or event.author
        return PlatformEvent(
            id=event.id,
            kind=event.kind,
            at=event.at,
            target=event.target,
            contact=contact_hash(contact, self._contact_key) if contact else "",
            text=event.text,
            value_minor=event.value_minor,
        )


def _title(address: str) -> str:
    """What a page calls itself: the words of its address."""
    name = address.rstrip("/").rpartition("/")[2]
    return name.replace("-", " ").capitalize()


def _order(action: Action, channels: frozenset[Channel]) -> Order:
    """The order an action asks for. Raises Refusal for what this connection does not do."""
    kind = KINDS.get(action.kind)
    if kind is None or kind.is_internal or kind.channel not in channels:
        raise Refusal(f"{action.kind} is nothing this connection can do")
    wanted = "reply:" if action.kind == "social.reply" else _PREFIX[kind.channel]
    if not action.target.startswith(wanted):
        raise Refusal(f"{action.kind} acts on {wanted}…, not on {action.target!r}")
    return Order(action.target, action.after)


def _before_commit(fault: Fault | None) -> None:
    match fault:
        case Fault.TIMEOUT_BEFORE_COMMIT:
            raise ConnectorError(ErrorKind.UNKNOWN_OUTCOME, "the call timed out")
        case Fault.RATE_LIMIT:
            raise ConnectorError(ErrorKind.RETRY_AFTER, "429: too many calls", _RATE_LIMIT_SECONDS)
        case Fault.TIMEOUT_AFTER_COMMIT | Fault.ERROR_AFTER_COMMIT | None:
            return
        case _:
            assert_never(fault)


def _after_commit(fault: Fault | None) -> None:
    match fault:
        case Fault.TIMEOUT_AFTER_COMMIT:
            raise ConnectorError(ErrorKind.UNKNOWN_OUTCOME, "the call timed out")
        case Fault.ERROR_AFTER_COMMIT:
            raise ConnectorError(ErrorKind.UNKNOWN_OUTCOME, "500: internal error")
        case Fault.TIMEOUT_BEFORE_COMMIT | Fault.RATE_LIMIT | None:
            return
        case _:
            assert_never(fault)
