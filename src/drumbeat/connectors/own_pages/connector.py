"""Own pages: reads the brand's landing pages before people are sent there, and changes nothing.

Only pages on ``brand.domains``, over https, on machines of the open internet; no cookies, no
credentials, no proxy, and a cap on time and size. See ``guard.py``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

import httpx

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
    RemoteState,
)
from drumbeat.connectors.own_pages.guard import Guard, NotVisited
from drumbeat.connectors.own_pages.visit import NoAnswer, Visitor
from drumbeat.connectors.registry import Wiring
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Receipt
from drumbeat.core.operations.page_reading import PageReading
from drumbeat.core.operations.reading import Reading

# Reading the authorities' certificates takes longer than most pages.
_trust = cache(httpx.create_ssl_context)


def create(wiring: Wiring) -> "OwnPages":
    """The factory the manifest names."""
    return OwnPages(wiring, Visitor(Guard(wiring.domains), trust=_trust))


class OwnPages(Connector):
    """A connection that only reads."""

    def __init__(self, wiring: Wiring, visitor: Visitor) -> None:
        super().__init__(wiring.connection, wiring.desk)
        self._now = wiring.clock.now
        self._website = wiring.website
        self._visitor = visitor

    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.PAGES})

    def check(self) -> Health:
        """Whether the brand's own website answers."""
        try:
            found = self.page(self._website)
        except ConnectorError as error:
            return Health(is_well=False, detail=f"{self._website}: {error}")
        told = f"{found.address} answers {found.status} in {found.seconds:.1f} s"
        return Health(is_well=found.is_good, detail=told)

    def page(self, address: str) -> PageReading:
        try:
            found = self._visitor.visit(address)
        except NotVisited as error:
            raise ConnectorError(ErrorKind.BAD_REQUEST, str(error)) from error
        except NoAnswer as error:
            raise ConnectorError(ErrorKind.DISCONNECTED, str(error)) from error
        return PageReading(
            address=address,
            read_at=self._now(),
            status=found.status,
            moved_to=found.ended_at if found.ended_at != address else "",
            seconds=round(found.seconds, 3),
            title=found.title,
            certificate_until=found.certificate_until,
        )

    def preview(self, action: Action) -> Preview:
        return Preview(accepted=False, detail="pages are read here, and never changed")

    def read(self, target: str) -> RemoteState | None:
        return None

    def metrics(self, query: MetricsQuery) -> Sequence[Reading]:
        return ()

    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        raise EventRefused("pages send no events")

    def _apply(self, action: Action, key: str) -> Receipt:
        raise ConnectorError(ErrorKind.BAD_REQUEST, "pages are read here, and never changed")
