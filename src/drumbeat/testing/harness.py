"""Harness: what a connector's tests bring along, so that the conformance suite can run over it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import ClassVar

from drumbeat.connectors.contract import Capability, Connector, ConnectorError, ErrorKind
from drumbeat.connectors.manifest import Manifest
from drumbeat.connectors.registry import Wiring, build, discover
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.checks.c00_stale import agrees
from drumbeat.core.governance.permit import Permit, sealed
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money
from drumbeat.engine.clock import VirtualClock
from drumbeat.gate.desk import StoreDesk
from drumbeat.store import effects
from drumbeat.store.database import Database, sqlite_url
from drumbeat.store.effects import EffectStatus

KEY = b"a key that only the conformance suite knows"
CONTACT_KEY = b"a contact key that only the conformance suite knows"
CONNECTION = "here"


@dataclass(frozen=True)
class Sample:
    """One change the connector can make. ``after`` gives the wanted state at a moment, None for
    a removal; ``given`` has to be made before. ``changes`` is how many entries it leaves in the
    peer's trace."""

    kind: str
    target: str
    after: Callable[[datetime], JsonValue]
    given: "Sample | None" = None
    changes: int = 1

    @property
    def id(self) -> str:
        return self.kind.replace(".", "-")


class Peer(ABC):
    """The platform the connector talks to, on loopback or in memory.

    ``settings`` are those of a connection to it.
    """

    settings: Mapping[str, str]
    # A page the connector may read; needed where pages are claimed.
    page: str = "https://shop.example/starter-kit"

    @abstractmethod
    def trace(self) -> Sequence[str]:
        """Everything the platform was made to do so far, one entry a change, as it sees it."""

    @abstractmethod
    def go_away(self) -> None:
        """Stop answering."""

    def event(self, now: datetime) -> tuple[bytes, Mapping[str, str]]:
        """A webhook call about the sample's target; needed where events are claimed."""
        raise NotImplementedError


@dataclass(frozen=True)
class Place:
    """Where a peer and its connection live. The clock stands still until it is advanced."""

    home: Path
    clock: VirtualClock
    database: Database


class Harness(ABC):
    """A connector's way into the conformance suite. ``name`` is its id in test reports."""

    name: ClassVar[str]
    connector: ClassVar[str]
    samples: ClassVar[tuple[Sample, ...]]
    # A test double takes whatever it is given; a real connector refuses nonsense.
    is_choosy: ClassVar[bool] = True
    # Folders with plugins, for a connector that is not part of Drumbeat.
    plugins: ClassVar[tuple[Path, ...]] = ()

    @abstractmethod
    def open(self, place: Place, *, lossy: bool) -> AbstractContextManager[Peer]:
        """A fresh peer. A ``lossy`` one makes every change and loses every answer to it."""

    def start(self) -> datetime:
        """What the clock says first; peers with a clock of their own need the real time."""
        return datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def manifest(self) -> Manifest:
        return discover(*self.plugins)[self.connector][0]

    def connect(self, peer: Peer, wiring: Wiring) -> Connector:
        return build(self.manifest(), wiring)


@dataclass
class Stage:
    """A connector under test, its peer, and the gate's part: permits and looking again."""

    manifest: Manifest
    connector: Connector
    peer: Peer
    place: Place
    samples: tuple[Sample, ...]
    start: datetime
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    @property
    def now(self) -> datetime:
        return self.place.clock.now()

    def prepare(self, sample: Sample) -> Action:
        """Make what the sample needs, and the action for the sample itself."""
        if sample.given is not None:
            before = self.prepare(sample.given)
            self.apply(before, self.number())
        found = self.connector.read(sample.target)
        return self.action(sample, None if found is None else found.state)

    def action(self, sample: Sample, before: JsonValue = None) -> Action:
        return Action(
            kind=sample.kind,
            channel=KINDS[sample.kind].channel,
            connection=CONNECTION,
            campaign="conformance",
            target=sample.target,
            before=before,
            after=sample.after(self.now),
            spend_delta=Money.zero("EUR"),
        )

    def wiring(self) -> Wiring:
        """For another connection to the same peer."""
        return wiring_of(self.place, self.peer)

    def number(self) -> str:
        """A permit number nobody has used."""
        return f"pmt-{next(self._numbers)}"

    def permit(self, action: Action, number: str, attempt: int = 1) -> Permit:
        """A good permit for this attempt, its change in flight as the gate would have it."""
        row = {
            "permit": number,
            "proposal": f"proposal of {number}",
            "fingerprint": action.fingerprint,
            "connection": action.connection,
            "campaign": action.campaign,
            "cycle": action.cycle,
            "target": action.target,
            "status": EffectStatus.IN_FLIGHT,
        }
        flying = EffectStatus.IN_FLIGHT
        with self.place.database.write() as transaction:
            effects.add(transaction, row)
            effects.move(transaction, number, flying, flying, attempt=attempt)
        unsealed = Permit(
            number=number,
            fingerprint=action.fingerprint,
            connection=CONNECTION,
            attempt=attempt,
            expires_at=self.now + timedelta(minutes=10),
        )
        return sealed(unsealed, KEY)

    def apply(self, action: Action, number: str, attempt: int = 1) -> Receipt:
        return self.connector.apply(action, self.permit(action, number, attempt))

    def see_through(self, action: Action, number: str) -> None:
        """Apply until it is certain that it happened, the way the gate does: an unknown outcome
        is looked up, or sent again under its key where the platform honours that."""
        for attempt in range(1, 6):
            try:
                receipt = self.apply(action, number, attempt)
                assert receipt.outcome is Outcome.DONE, receipt
                return
            except ConnectorError as error:
                if error.kind not in _NOT_THE_END:
                    raise
                wait = max(error.retry_after_seconds, self._lag().total_seconds())
            self.place.clock.advance(timedelta(seconds=wait))
            if self._shows(action, number):
                return
        raise AssertionError(f"{action.kind} was never certain to have happened")

    def _shows(self, action: Action, number: str) -> bool:
        if Capability.LOOK_UP not in self.manifest.capabilities:
            assert Capability.SERVER_IDEMPOTENCY in self.manifest.capabilities
            return False
        found = self.connector.find(action.target, number)
        return shows(None if found is None else found.state, action.after)

    def _lag(self) -> timedelta:
        return self.manifest.look_up_lag or timedelta()


_NOT_THE_END = (ErrorKind.UNKNOWN_OUTCOME, ErrorKind.RETRY_AFTER)


def shows(state: JsonValue, after: JsonValue) -> bool:
    """Whether a read-back is the wanted state, or the absence that was wanted."""
    if state is None or after is None:
        return state is None and after is None
    return agrees(state, after)


@contextmanager
def set_stage(harness: Harness, home: Path, *, lossy: bool = False) -> Iterator[Stage]:
    """A connector and its peer, on a fresh database."""
    database = fresh_database(home)
    clock = VirtualClock(harness.start())
    place = Place(home, clock, database)
    try:
        with harness.open(place, lossy=lossy) as peer:
            connector = harness.connect(peer, wiring_of(place, peer))
            yield Stage(harness.manifest(), connector, peer, place, harness.samples, clock.now())
    finally:
        database.close()


def wiring_of(place: Place, peer: Peer) -> Wiring:
    """What a connector's factory gets, with a real permit desk."""
    return Wiring(
        connection=CONNECTION,
        settings=peer.settings,
        desk=StoreDesk(place.database, KEY, place.clock.now),
        clock=place.clock,
        database=place.database,
        contact_key=CONTACT_KEY,
        home=place.home,
    )


def fresh_database(home: Path) -> Database:
    """A migrated, empty database in a folder."""
    copyfile(_template(), home / "drumbeat.db")
    return Database(sqlite_url(home / "drumbeat.db"), durable=False)


@cache
def _template() -> Path:
    """Made once a process: migrating costs more than most tests."""
    path = Path(mkdtemp(prefix="drumbeat-")) / "empty.db"
    database = Database(sqlite_url(path), durable=False)
    database.migrate()
    database.close()
    return path
