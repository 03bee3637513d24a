"""A platform in memory, honest about everything but what it is told to lose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from drumbeat.connectors.contract import (
    Capability,
    Connector,
    ConnectorError,
    ErrorKind,
    EventRefused,
    Health,
    MetricsQuery,
    PermitDesk,
    PlatformEvent,
    Preview,
    RemoteState,
)
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.json_value import JsonValue
from drumbeat.core.operations.reading import Reading


@dataclass
class FakeSite:
    """What the platform holds. ``calls`` counts every change carried out, by permit number."""

    objects: dict[str, JsonValue] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    # What happens to the next calls, in order: an error before or after the change is made.
    faults: list[str] = field(default_factory=list)
    is_away: bool = False


class FakePlatform(Connector):
    """A connector to a ``FakeSite``.

    Faults: ``before`` loses the call, ``after`` makes the change and loses the answer, ``busy``
    refuses for now, ``bad`` refuses for good, ``crash`` raises what no connector should.
    """

    def __init__(
        self,
        connection: str,
        desk: PermitDesk,
        site: FakeSite,
        capabilities: frozenset[Capability] = frozenset({Capability.LOOK_UP}),
        on_call: Callable[[Action], None] | None = None,
    ) -> None:
        super().__init__(connection, desk)
        self.site = site
        self._capabilities = capabilities
        self._on_call = on_call

    def capabilities(self) -> frozenset[Capability]:
        return self._capabilities

    def check(self) -> Health:
        return Health(is_well=not self.site.is_away, detail="away" if self.site.is_away else "")

    def preview(self, action: Action) -> Preview:
        return Preview(accepted=True, detail="as asked", rendered=action.after)

    def read(self, target: str) -> RemoteState | None:
        if self.site.is_away:
            raise ConnectorError(ErrorKind.DISCONNECTED, "the site is away")
        if target not in self.site.objects:
            return None
        key = self.site.keys.get(target, "")
        return RemoteState(target=target, state=self.site.objects[target], ref=target, key=key)

    def metrics(self, query: MetricsQuery) -> Sequence[Reading]:
        return ()

    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        if headers.get("signature") != "good":
            raise EventRefused("the signature does not match")
        return [PlatformEvent.model_validate_json(line) for line in body.splitlines()]

    def _apply(self, action: Action, key: str) -> Receipt:
        fault = self.site.faults.pop(0) if self.site.faults else ""
        if fault in _BEFORE:
            raise _BEFORE[fault]
        self._make(action, key)
        if self._on_call is not None:
            self._on_call(action)
        if fault == "after":
            raise ConnectorError(ErrorKind.UNKNOWN_OUTCOME, "the answer was lost")
        if fault == "crash":
            raise RuntimeError("a defect of the connector")
        return Receipt(outcome=Outcome.DONE, ref=action.target)

    def _make(self, action: Action, key: str) -> None:
        honours = Capability.SERVER_IDEMPOTENCY in self._capabilities
        if honours and any(made == key for made, _ in self.site.calls):
            return
        self.site.calls.append((key, action.fingerprint))
        if action.after is None:
            self.site.objects.pop(action.target, None)
            return
        self.site.objects[action.target] = action.after
        self.site.keys[action.target] = key


_BEFORE: dict[str, Exception] = {
    "before": ConnectorError(ErrorKind.UNKNOWN_OUTCOME, "the call was lost"),
    "busy": ConnectorError(ErrorKind.RETRY_AFTER, "too many calls", 30.0),
    "bad": ConnectorError(ErrorKind.BAD_REQUEST, "the budget is too low"),
}
