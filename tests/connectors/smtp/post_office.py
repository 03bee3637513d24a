"""A mail connector, its server and its list, as the tests drive them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from drumbeat.connectors.contact_hash import contact_hash
from drumbeat.connectors.registry import Wiring
from drumbeat.core.campaign.objects import Send
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Receipt
from drumbeat.store import events
from drumbeat.store.deliveries import DeliveryBook
from drumbeat.testing.harness import CONTACT_KEY, Stage, set_stage
from tests.connectors.smtp.harness import SmtpHarness
from tests.connectors.smtp.mail_server import MailServer
from tests.connectors.smtp.pieces import TARGET, send, write_contacts


@dataclass
class PostOffice:
    """``deliver`` sends under one permit number; calling it again is the next attempt."""

    stage: Stage
    server: MailServer
    attempts: dict[str, int] = field(default_factory=dict)

    def list_of(self, rows: Iterable[str]) -> None:
        write_contacts(self.stage.place.home, rows)

    def action(self, wanted: Send | None = None) -> Action:
        sample = self.stage.samples[0]
        mail = wanted or send(self.stage.now)
        return self.stage.action(sample).revised(after=mail.model_dump(mode="json"))

    def deliver(
        self, wanted: Send | None = None, number: str = "pmt-mail", target: str = ""
    ) -> Receipt:
        action = self.fixed(wanted, number)
        action = action.revised(target=target) if target else action
        attempt = self.attempts[number] = self.attempts.get(number, 0) + 1
        return self.stage.apply(action, number, attempt)

    def fixed(self, wanted: Send | None, number: str) -> Action:
        """The same change at every attempt, however late it is."""
        at = self.stage.start if wanted is None else wanted.send_at
        return self.action(wanted or send(at))

    def wait(self, **by: float) -> None:
        self.stage.place.clock.advance(timedelta(**by))

    def suppress(self, address: str) -> None:
        """An opt-out, as the event stream commits it."""
        with self.stage.place.database.write() as transaction:
            events.suppress(transaction, hashed(address), "unsubscribed", self.stage.now)

    def counts(self) -> Mapping[str, int]:
        return DeliveryBook(self.stage.place.database).counts(TARGET)

    def wiring(self, **changes: str) -> Wiring:
        """For a second connection with other settings."""
        place = self.stage.place
        settings = {**self.stage.peer.settings, **changes}
        return Wiring("here", settings, _Shut(), place.clock, place.database, KEY, place.home)


KEY = CONTACT_KEY


class _Shut:
    """A desk nobody hands anything in at."""

    def may_go_on(self, key: str) -> bool:
        return True

    def redeem(self, permit: object, action: object, connection: str) -> None:
        raise AssertionError("nothing may be sent here")


def hashed(address: str) -> str:
    return contact_hash(address, CONTACT_KEY)


@contextmanager
def post_office(home: Path) -> Iterator[PostOffice]:
    harness = SmtpHarness()
    with set_stage(harness, home) as stage:
        yield PostOffice(stage, harness.mailbox.server)
