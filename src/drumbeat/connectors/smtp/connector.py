"""SMTP: sends a mail to each contact of an audience, at most once each, through any mail server.

An SMTP server cannot schedule or list what it sent, so the delivery book in our own database is
the memory: each contact is claimed before the mail is handed over. A crash leaves claims behind
that are never sent again; the next attempt goes on with the contacts nobody claimed.
"""

import smtplib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

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
    RemoteState,
)
from drumbeat.connectors.registry import Wiring
from drumbeat.connectors.smtp.arms import variant_for
from drumbeat.connectors.smtp.contacts import BadContacts, Contact, audience, read_contacts
from drumbeat.connectors.smtp.mime import Envelope, compose
from drumbeat.connectors.smtp.server import Handed, Server, hand_over
from drumbeat.connectors.smtp.unsubscribe import token_for
from drumbeat.core.campaign.merge import MergeError
from drumbeat.core.campaign.objects import Send
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.operations.reading import Reading
from drumbeat.store.deliveries import Claim, DeliveryBook
from drumbeat.store.notebook import Note, Notebook

# After this many broken lines in a row the server is away, and the rest waits.
_BROKEN_LINES = 3
# The book holds totals, so each reading covers a send's whole life and replaces the one before.
_LIFETIME = timedelta(days=30)


def create(wiring: Wiring) -> "SmtpConnector":
    """Called by the registry with the connection's settings."""
    return SmtpConnector(wiring)


class SmtpConnector(Connector):
    """One mail server and one list of contacts."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(wiring.connection, wiring.desk)
        settings = wiring.settings
        self._server = Server(
            settings["host"],
            int(settings.get("port") or 587),
            settings.get("security") or "starttls",
            settings.get("username", ""),
            settings.get("password", ""),
        )
        self._contacts = wiring.home / (settings.get("contacts") or "data/contacts.csv")
        self._link = settings["unsubscribe_url"].rstrip("/")
        self._list_id = settings["list_id"]
        self._salt = settings.get("hold_out_salt") or "drumbeat"
        self._key = wiring.contact_key
        self._now = wiring.clock.now
        self._book = DeliveryBook(wiring.database)
        self._notes = Notebook(wiring.database, wiring.connection)

    def capabilities(self) -> frozenset[Capability]:
        return frozenset(
            {Capability.PREVIEW, Capability.LOOK_UP, Capability.METRICS, Capability.SUPPRESSIONS}
        )

    def check(self) -> Health:
        try:
            contacts = read_contacts(self._contacts)
            with self._server.session() as server:
                server.noop()
        except (ConnectorError, BadContacts) as error:
            return Health(is_well=False, detail=str(error))
        return Health(is_well=True, detail=f"{len(contacts):,} contacts")

    def preview(self, action: Action) -> Preview:
        """The first contact's mail as it would leave, for each variant."""
        try:
            send = Send.model_validate(action.after)
            people = self._audience(send)
            shown = [self._compose(send, v.name, people[0], "preview") for v in send.variants]
        except (ValueError, IndexError, MergeError, BadContacts) as error:
            return Preview(accepted=False, detail=str(error) or "nobody is in the audience")
        detail = f"{len(people):,} contacts"
        return Preview(accepted=True, detail=detail, rendered=[str(mail) for mail in shown])

    def read(self, target: str) -> RemoteState | None:
        """What was sent, once it was sent to everybody."""
        note = self._notes.read(target)
        if note is None:
            return None
        return RemoteState(target=target, state=note.state, ref=note.ref, key=note.permit)

    def metrics(self, query: MetricsQuery) -> Sequence[Reading]:
        """Deliveries by target. Opens and clicks come as events, not from an SMTP server."""
        return [reading for target in query.targets for reading in self._counts(target, query)]

    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        raise EventRefused("a plain mail server sends no events")

    def _apply(self, action: Action, key: str) -> Receipt:
        if action.kind != "email.schedule_send" or action.after is None:
            raise ConnectorError(ErrorKind.BAD_REQUEST, f"mail cannot do {action.kind}")
        try:
            send = Send.model_validate(action.after)
            people = self._audience(send)
        except (ValueError, BadContacts) as error:
            raise ConnectorError(ErrorKind.BAD_REQUEST, str(error)) from error
        told = self._send_all(send, people, action.target, key)
        self._notes.write(Note(action.target, key, key, action.after), self._now())
        detail = ", ".join(f"{count:,} {what}" for what, count in sorted(told.items()))
        return Receipt(outcome=Outcome.DONE, ref=key, detail=detail or "nobody to write to")

    def _send_all(
        self, send: Send, people: Sequence[Contact], target: str, key: str
    ) -> Counter[str]:
        """Every contact once. Raises ConnectorError when the server goes away in between: what
        was claimed stays claimed, the rest is sent by the next attempt."""
        told: Counter[str] = Counter()
        broken = 0
        with self._server.session() as server:
            for person in people:
                said = self._send_one(server, send, person, target, key)
                told[said] += 1
                broken = broken + 1 if said in (Handed.UNCLEAR, Handed.LATER) else 0
                if broken >= _BROKEN_LINES:
                    message = "the mail server stopped taking mail; the rest will follow"
                    raise ConnectorError(ErrorKind.RETRY_AFTER, message, 300.0)
        if told[Handed.LATER]:
            message = f"{told[Handed.LATER]} mails were put off by the server"
            raise ConnectorError(ErrorKind.RETRY_AFTER, message, 900.0)
        return told

    def _send_one(
        self, server: smtplib.SMTP, send: Send, person: Contact, target: str, key: str
    ) -> str:
        contact = contact_hash(person.address, self._key)
        variant = variant_for(send, contact, self._salt)
        if variant is None:
            return "held out"
        claim = self._book.claim(key, contact, target, variant.name, self._now())
        if claim is not Claim.YOURS:
            return str(claim)
        try:
            mail = self._compose(send, variant.name, person, key)
        except (MergeError, ValueError) as error:
            self._book.finish(key, contact, "refused", str(error), self._now())
            return "refused"
        handed, said = hand_over(server, mail)
        if handed is Handed.LATER:
            self._book.release(key, contact)
        else:
            self._book.finish(key, contact, handed, said, self._now())
        return handed

    def _compose(self, send: Send, variant: str, person: Contact, key: str) -> EmailMessage:
        chosen = next(v for v in send.variants if v.name == variant)
        token = token_for(contact_hash(person.address, self._key), self._key)
        envelope = Envelope(self._list_id, f"{self._link}/{token}")
        return compose(send, chosen, person, envelope, permit=key, at=self._now())

    def _audience(self, send: Send) -> tuple[Contact, ...]:
        return audience(read_contacts(self._contacts), send.segments, send.exclude)

    def _counts(self, target: str, query: MetricsQuery) -> list[Reading]:
        counts = self._book.counts(target)
        values = {
            "sent": sum(counts.get(s, 0) for s in ("sent", "unclear", "refused")),
            "delivered": counts.get("sent", 0),
            "bounces": counts.get("refused", 0),
        }
        note = self._notes.read(target)
        if note is None:
            return []
        since = Send.model_validate(note.state).send_at
        return [
            Reading(
                metric=metric,
                target=target,
                since=since,
                until=since + _LIFETIME,
                as_of=query.as_of,
                value=value,
                source=self.connection,
            )
            for metric, value in values.items()
        ]
