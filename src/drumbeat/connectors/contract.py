"""Contract: what every platform connector offers, and the turnstile no change gets around.

An action's ``before`` and ``after``, and a RemoteState's ``state``, are the JSON of the objects
in core/campaign/objects.py: a Send, a LineItem or a Post. ``after`` None removes the object.
Metric names are those of core/operations/metrics.py.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, final

from pydantic import Field

from drumbeat.core.campaign.frequency import Mailing
from drumbeat.core.compliance.mail_facts import NOTHING_TOLD, MailFacts
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.permit import Permit
from drumbeat.core.governance.receipt import Receipt
from drumbeat.core.json_value import JsonValue
from drumbeat.core.noun import Noun
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.core.operations.reading import Reading
from drumbeat.core.units import Moment


class Capability(StrEnum):
    """What a platform can really do; what it cannot, Drumbeat does not promise."""

    PREVIEW = "preview"
    SCHEDULE = "schedule"
    CANCEL = "cancel"
    # What waits for its moment can be given another one by the same kind of action.
    RESCHEDULE = "reschedule"
    # The platform honours an idempotency key for the manifest's window.
    SERVER_IDEMPOTENCY = "server idempotency"
    # A change can be found again by its key, so an unknown outcome can be settled.
    LOOK_UP = "look up"
    METRICS = "metrics"
    # Two mails can share an audience, each for the people dealt to its variants (``Send.only``).
    DEALT_SENDS = "dealt sends"
    # It mails nobody whom an arm leaves out, and reports how many were dealt to each arm, and what
    # they ordered (``Variant.leaves_out``).
    DEALT_COUNTS = "dealt counts"
    # It knows who had a mail that pressed them lately, and sends those the calm one.
    PRESSURE = "pressure"
    # A line item can run in two halves and report each (``LineItem.trial``).
    TRIALS = "trials"
    # A line item's money is spread as we say and reported so (``LineItem.placements``).
    PLACEMENTS = "placements"
    EVENTS = "events"
    SUPPRESSIONS = "suppressions"
    # It reads the brand's own pages (``page``).
    PAGES = "pages"


class ErrorKind(StrEnum):
    """Every way a platform call can fail. ``unknown_outcome`` means it may have happened."""

    AUTH_EXPIRED = "auth_expired"
    BAD_REQUEST = "bad_request"
    RETRY_AFTER = "retry_after"
    QUOTA = "quota"
    CONFLICT = "conflict"
    DISCONNECTED = "disconnected"
    UNKNOWN_OUTCOME = "unknown_outcome"
    # The gate said stop in the middle; what is left undone goes on when it may.
    FROZEN = "frozen"


class ConnectorError(Exception):
    """A platform call failed. ``retry_after_seconds`` is the platform's own wish, if it said."""

    def __init__(self, kind: ErrorKind, message: str, retry_after_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after_seconds = retry_after_seconds


class Quota(Noun):
    """What the platform lets us ask of it, as it told last: ``used`` of ``limit`` ``unit`` until
    ``resets_at`` (None: it did not say)."""

    used: int = Field(ge=0)
    limit: int = Field(gt=0)
    unit: str
    resets_at: Moment | None = None

    @property
    def share(self) -> float:
        return self.used / self.limit


class Health(Noun):
    """Whether the connection works. ``detail`` tells a person what to do when it does not;
    ``quota`` is None where the platform does not tell."""

    is_well: bool
    detail: str
    clock_skew_seconds: float = 0.0
    quota: Quota | None = None


class Preview(Noun):
    """What the platform would make of a change, without making it."""

    accepted: bool
    detail: str
    rendered: JsonValue = None


class RemoteState(Noun):
    """The target as the platform has it. ``state`` has the shape of an action's ``after``.

    ``ref`` is the platform's name for it; ``key`` the permit number it was made under, where
    the platform keeps one.
    """

    target: str
    state: JsonValue
    ref: str = ""
    key: str = ""


class MetricsQuery(Noun):
    """Readings of ``targets`` between two instants, as known at ``as_of``.

    ``parts`` False: totals are enough, so a connector may leave out what has dimensions.
    """

    targets: tuple[str, ...]
    since: Moment
    until: Moment
    as_of: Moment
    parts: bool = True


class PlatformEvent(Noun):
    """Something that happened out there. ``id`` is the platform's, for deduplication.

    ``kind``: delivered, opened, clicked, bounced, complained, unsubscribed, converted or
    commented. ``contact`` is a keyed hash, never an address; ``text`` is untrusted.
    """

    id: str
    kind: str
    at: Moment
    target: str
    contact: str = ""
    text: str = ""
    value_minor: int = 0


class EventRefused(Exception):
    """A webhook call that is forged, stale or unreadable."""


class PermitDesk(Protocol):
    """Where a permit is handed in. The gate keeps it; a permit is taken once an attempt."""

    def redeem(self, permit: Permit | None, action: Action, connection: str) -> None:
        """Take the permit. Raises PermitRefused: missing, foreign, used or expired."""

    def may_go_on(self, key: str) -> bool:
        """Whether the change under this key may still go out: False once it is frozen."""


class Connector(ABC):
    """One connection to one platform. Subclasses write the underscored methods.

    ``connection`` is its id in drumbeat.yaml. Reads may raise ConnectorError.
    """

    def __init__(self, connection: str, desk: PermitDesk) -> None:
        self.connection = connection
        self._desk = desk

    @final
    def apply(self, action: Action, permit: Permit | None) -> Receipt:
        """Carry out the change under its permit; the permit's number is the idempotency key.

        Raises PermitRefused before anything is sent, ConnectorError when the call fails.
        """
        self._desk.redeem(permit, action, self.connection)
        assert permit is not None
        return self._apply(action, permit.number)

    def stop_if_frozen(self, key: str) -> None:
        """Asked between the parts of a long change. Raises ConnectorError once it is frozen."""
        if not self._desk.may_go_on(key):
            raise ConnectorError(ErrorKind.FROZEN, "frozen in the middle; the rest waits")

    @abstractmethod
    def _apply(self, action: Action, key: str) -> Receipt: ...

    @abstractmethod
    def capabilities(self) -> frozenset[Capability]: ...

    @abstractmethod
    def check(self) -> Health:
        """Whether the connection works; never raises for a platform that is away."""

    @abstractmethod
    def preview(self, action: Action) -> Preview: ...

    @abstractmethod
    def read(self, target: str) -> RemoteState | None:
        """The target's state now; None when it is not there."""

    def find(self, target: str, key: str) -> RemoteState | None:
        """The change made under ``key``, after an unknown outcome; None when there is none.

        Only asked where LOOK_UP is a capability.
        """
        found = self.read(target)
        return found if found is not None and found.key in ("", key) else None

    def page(self, address: str) -> PageReading:
        """How one of the brand's own pages answers, at the end of its redirects.

        Raises ConnectorError: bad_request where it may not be visited, disconnected where nothing
        answers. Only asked where PAGES is a capability.
        """
        raise ConnectorError(ErrorKind.BAD_REQUEST, "no pages are read here")

    def tells(self) -> frozenset[str]:
        """The fields of MailFacts this connection has a source for. One that it names and does
        not fill blocks the mail that needs it: only name what is really answered."""
        return frozenset()

    def mail_facts(self, own: Mailing, others: Sequence[Mailing], cap: int) -> MailFacts:
        """What is known of a mailing before it goes out. Reads; changes nothing.

        ``others`` is what other cycles sent, or passed their review to send, around it; ``cap`` is
        how many mails one person gets in seven days at most, 0 where nobody said.
        """
        return NOTHING_TOLD

    @abstractmethod
    def metrics(self, query: MetricsQuery) -> Sequence[Reading]: ...

    @abstractmethod
    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        """The events of one webhook call. Raises EventRefused for a forged or stale one."""
