"""SMTP: sends a mail to each contact of an audience, at most once each, through any mail server.

An SMTP server cannot schedule or list what it sent, so the delivery book in our own database is
the memory: each contact is claimed at the moment the server is ready for the mail. A crash
before that leaves nothing behind, and the next attempt mails them; a crash while the server takes
the mail leaves a claim, and nobody can tell. Those are counted as in doubt, never sent again by
themselves, and mailed once more only where people say so: a send ``in_doubt_of`` another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from drumbeat.connectors.smtp.contacts import (
    BadContacts,
    Contact,
    audience,
    columns_of,
    read_contacts,
    read_list,
)
from drumbeat.connectors.smtp.endpoint import try_endpoint
from drumbeat.connectors.smtp.facts import TOLD_BY_COLUMN, Recipients, headers_of
from drumbeat.connectors.smtp.mime import Envelope, compose
from drumbeat.connectors.smtp.records import NoAnswer, ask_dns, look_up
from drumbeat.connectors.smtp.round import SAMPLE, Round, check_mail
from drumbeat.connectors.smtp.server import connect
from drumbeat.connectors.smtp.settings import read_settings
from drumbeat.connectors.unsubscribe import token_for
from drumbeat.core.campaign.frequency import Mailing
from drumbeat.core.campaign.objects import Send, Variant
from drumbeat.core.compliance.facts import MailHeaders, OptOuts, UnsubscribeEndpoint
from drumbeat.core.compliance.mail_facts import MailFacts
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.receipt import Outcome, Receipt
from drumbeat.core.operations.reading import Reading
from drumbeat.store.deliveries import DeliveryBook
from drumbeat.store.notebook import Note, Notebook

# The book holds totals, so each reading covers a send's whole life and replaces the one before.
_LIFETIME = timedelta(days=30)
# A mail may leave this long before its moment: clocks differ.
_EARLY = timedelta(minutes=1)
# So long a server may put mails off or stay away in the middle of a send; after that the send is
# over, with the contacts it reached. Shorter than the gate's own patience, so that a send that
# reached some is never called refused.
_PATIENCE = timedelta(hours=1)


def create(wiring: Wiring) -> "SmtpConnector":
    """Called by the registry with the connection's settings. Raises BadSetting."""
    return SmtpConnector(wiring)


class SmtpConnector(Connector):
    """One mail server and one list of contacts."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(wiring.connection, wiring.desk)
        self._settings = read_settings(wiring.settings, wiring.home)
        self._key = wiring.contact_key
        self._now = wiring.clock.now
        self._book = DeliveryBook(wiring.database)
        self._notes = Notebook(wiring.database, wiring.connection)

    def capabilities(self) -> frozenset[Capability]:
        return frozenset(
            {
                Capability.PREVIEW,
                Capability.LOOK_UP,
                Capability.METRICS,
                Capability.DEALT_SENDS,
                Capability.PRESSURE,
                Capability.SUPPRESSIONS,
            }
        )

    def check(self) -> Health:
        try:
            contacts = read_contacts(self._settings.contacts)
            with connect(self._settings.server):
                pass
        except (ConnectorError, BadContacts, OSError) as error:
            return Health(is_well=False, detail=str(error))
        return Health(is_well=True, detail=f"{len(contacts):,} contacts")

    def preview(self, action: Action) -> Preview:
        """The first contact's mail as it would leave, for each variant."""
        try:
            send = _send(action)
            people = self._audience(send)
            shown = [
                self._compose(send, v, p, "preview") for p in people[:1] for v in send.variants
            ]
        except (ConnectorError, ValueError) as error:
            return Preview(accepted=False, detail=str(error))
        if not people:
            return Preview(accepted=False, detail="nobody is in the audience")
        detail = f"{len(people):,} contacts"
        return Preview(accepted=True, detail=detail, rendered=[str(mail) for mail in shown])

    def read(self, target: str) -> RemoteState | None:
        """What was sent, once it was sent to everybody."""
        note = self._notes.read(target)
        if note is None:
            return None
        return RemoteState(target=target, state=note.state, ref=note.ref, key=note.permit)

    def tells(self) -> frozenset[str]:
        """Its own mails and what the list has columns for; a list that cannot be read is a source
        that stays silent."""
        told = {"headers", "opt_outs", "suppressed_in_audience", "frequency"}
        told |= {"endpoint"} if self._settings.tries_link else set()
        told |= {"dns"} if self._settings.selector else set()
        try:
            columns = columns_of(self._settings.contacts)
        except BadContacts:
            columns = frozenset(TOLD_BY_COLUMN)
        return frozenset(told | {TOLD_BY_COLUMN[one] for one in columns & set(TOLD_BY_COLUMN)})

    def mail_facts(self, own: Mailing, others: Sequence[Mailing], cap: int) -> MailFacts:
        """Counts of people are left out where the list cannot be read."""
        known = MailFacts(
            headers=self._headers(own.send),
            endpoint=self._tried() if self._settings.tries_link else None,
            opt_outs=OptOuts(self._book.READS_OPT_OUTS_AT_DISPATCH, self._book.OPT_OUT_HOURS),
        )
        if self._settings.selector:
            known = self._published(known, own.send)
        try:
            read = read_list(self._settings.contacts)
        except BadContacts as error:
            return replace(known, silence=known.silence or str(error))
        reached = Recipients(own, read.people, self._book, self._name)
        told = {TOLD_BY_COLUMN.get(one) for one in read.columns}
        return replace(
            known,
            suppressed_in_audience=reached.respelt(),
            consent=reached.consent(self._now().date()) if "consent" in told else None,
            zones=reached.zones() if "zones" in told else None,
            frequency=reached.frequency(others, cap) if cap else None,
        )

    def _headers(self, send: Send) -> MailHeaders | None:
        """Read from a mail composed as it would leave; None where none can be."""
        try:
            mail = self._compose(send, send.variants[0], SAMPLE, "check")
        except ValueError:
            return None
        return headers_of(mail, self._settings.signed)

    def _published(self, known: MailFacts, send: Send) -> MailFacts:
        """With what the sending domain publishes, or why nobody could be asked."""
        domain = send.from_address.rpartition("@")[2]
        try:
            found = look_up(domain, self._settings.selector, ask_dns(), self._now())
        except NoAnswer as error:
            return replace(known, silence=str(error))
        return replace(known, dns={domain: found})

    def _tried(self) -> UnsubscribeEndpoint:
        def opted_out(contact: str) -> bool:
            return contact in self._book.suppressed((contact,))

        return try_endpoint(self._settings.link, self._key, opted_out)

    def metrics(self, query: MetricsQuery) -> Sequence[Reading]:
        """Deliveries by target, each over the send's whole life. Opens and clicks come as events,
        not from an SMTP server."""
        return [reading for target in query.targets for reading in self._counts(target)]

    def parse_event(
        self, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Sequence[PlatformEvent]:
        raise EventRefused("a plain mail server sends no events")

    def _apply(self, action: Action, key: str) -> Receipt:
        send = _send(action)
        if (sent := self._notes.read(action.target)) is not None and sent.permit == key:
            return self._receipt(action.target, key, "sent before")
        self._wait_for(send)
        people = self._audience(send)
        began = self._began(action.target, key)
        work = Round(
            send=send,
            server=self._settings.server,
            book=self._book,
            target=action.target,
            permit=key,
            campaign=action.campaign,
            key=self._key,
            now=self._now,
            compose=lambda variant, person: self._compose(send, variant, person, key),
            is_last=self._now() - began >= _PATIENCE,
            go_on=lambda: self.stop_if_frozen(key),
        )
        work.run(people)
        self._notes.write(Note(action.target, key, key, action.after), self._now())
        return self._receipt(action.target, key)

    def _wait_for(self, send: Send) -> None:
        """An SMTP server cannot hold a mail back, so what comes too early is put off."""
        early = send.send_at - self._now()
        if early > _EARLY:
            message = f"not before {send.send_at:%Y-%m-%d %H:%M %Z}"
            raise ConnectorError(ErrorKind.RETRY_AFTER, message, early.total_seconds())

    def _began(self, target: str, key: str) -> datetime:
        """When this send was first tried."""
        name = f"began/{target}"
        note = self._notes.read(name)
        if note is not None and note.permit == key:
            return datetime.fromisoformat(str(note.state))
        now = self._now()
        self._notes.write(Note(name, key, "", now.isoformat()), now)
        return now

    def _compose(self, send: Send, variant: Variant, person: Contact, key: str) -> EmailMessage:
        token = token_for(self._name(person), self._key)
        envelope = Envelope(self._settings.list_id, f"{self._settings.link}/{token}")
        return compose(send, variant, person, envelope, permit=key, at=self._now())

    def _name(self, person: Contact) -> str:
        """What the book calls a contact."""
        return contact_hash(person.address, self._key)

    def _audience(self, send: Send) -> tuple[Contact, ...]:
        """Whom the send is for. Raises ConnectorError for a list or a mail nobody could use."""
        try:
            people = audience(read_contacts(self._settings.contacts), send.segments, send.exclude)
            if send.in_doubt_of:
                unclear = self._book.unclear(send.in_doubt_of)
                people = tuple(p for p in people if self._name(p) in unclear)
            check_mail(send, lambda v, person: self._compose(send, v, person, "check"))
        except ValueError as error:
            raise ConnectorError(ErrorKind.BAD_REQUEST, str(error)) from error
        return people

    def _receipt(self, target: str, key: str, before: str = "") -> Receipt:
        counts = self._book.counts(target)
        detail = ", ".join(f"{count:,} {status}" for status, count in sorted(counts.items()))
        said = f"{before}: {detail}" if before else detail
        return Receipt(
            outcome=Outcome.DONE,
            ref=key,
            detail=said or "nobody to write to",
            in_doubt=counts.get("unclear", 0),
        )

    def _counts(self, target: str) -> list[Reading]:
        note = self._notes.read(target)
        if note is None:
            return []
        counts = self._book.counts(target)
        values = {
            "sent": sum(counts.get(s, 0) for s in ("sent", "unclear", "refused")),
            "delivered": counts.get("sent", 0),
            "bounces": counts.get("refused", 0),
        }
        since = Send.model_validate(note.state).send_at
        return [
            Reading(
                metric=metric,
                target=target,
                since=since,
                until=since + _LIFETIME,
                as_of=self._now(),
                value=value,
                source=self.connection,
            )
            for metric, value in values.items()
        ]


def _send(action: Action) -> Send:
    if action.kind != "email.schedule_send" or action.after is None:
        raise ConnectorError(ErrorKind.BAD_REQUEST, f"mail cannot do {action.kind}")
    try:
        return Send.model_validate(action.after)
    except ValueError as error:
        raise ConnectorError(ErrorKind.BAD_REQUEST, f"not a send: {error}") from error
