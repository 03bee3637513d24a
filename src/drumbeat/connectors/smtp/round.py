"""Round: one attempt at a send; it mails those of the audience that nobody has claimed yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import assert_never

from drumbeat.connectors.contact_hash import contact_hash
from drumbeat.connectors.contract import ConnectorError, ErrorKind
from drumbeat.connectors.smtp.contacts import Contact
from drumbeat.connectors.smtp.mime import letter
from drumbeat.connectors.smtp.server import Answer, Handed, Line, Server
from drumbeat.core.campaign.merge import problems
from drumbeat.core.campaign.objects import Send, Variant
from drumbeat.core.experiments.dealing import variant_for
from drumbeat.store.deliveries import Claim, DeliveryBook

Compose = Callable[[Variant, Contact], EmailMessage]

# After this many contacts in a row on lines that broke, the server is away and the rest waits.
_BROKEN_LINES = 3
_AWAY_SECONDS = 300.0
_PUT_OFF_SECONDS = 900.0


@dataclass(frozen=True)
class Round:
    """``is_last``: what is put off now is put off for good. ``key`` hashes contacts."""

    send: Send
    server: Server
    book: DeliveryBook
    target: str
    permit: str
    campaign: str
    key: bytes
    now: Callable[[], datetime]
    compose: Compose
    is_last: bool
    # Asked before every mail. Raises ConnectorError once the send is frozen.
    go_on: Callable[[], None]

    def run(self, people: Sequence[Contact]) -> None:
        """Mail everybody once. Raises ConnectorError when another round has to mail the rest."""
        try:
            put_off = self._mail_all(people)
        except ConnectorError as error:
            if error.kind is not ErrorKind.FROZEN and self.is_last and self._has_sent():
                return
            raise
        if put_off and not self.is_last:
            message = f"{put_off:,} mails were put off by the server"
            raise ConnectorError(ErrorKind.RETRY_AFTER, message, _PUT_OFF_SECONDS)

    def _mail_all(self, people: Sequence[Contact]) -> int:
        """How many mails were put off."""
        put_off = broken = 0
        with Line(self.server) as line:
            for person in people:
                self.go_on()
                answer = self._mail(line, person)
                if answer is None:
                    continue
                put_off += answer.handed is Handed.LATER
                is_broken = answer.handed in (Handed.CLOSED, Handed.UNCLEAR)
                broken = broken + 1 if is_broken else 0
                if broken >= _BROKEN_LINES:
                    message = f"the mail server keeps hanging up; the rest follows ({answer.said})"
                    raise ConnectorError(ErrorKind.RETRY_AFTER, message, _AWAY_SECONDS)
        return put_off

    def _mail(self, line: Line, person: Contact) -> Answer | None:
        """What the server said; None where there was nothing to send."""
        contact = contact_hash(person.address, self.key)
        variant = variant_for(self.send, contact, self.campaign)
        if variant is None:
            return None
        claim = self.book.claim(self.permit, contact, self.target, variant.name, self.now())
        if claim is not Claim.YOURS:
            return None
        try:
            mail = letter(self.send, self.compose(variant, person), person)
            answer = line.hand_over(mail)
        except ConnectorError:
            # There was no line to be had: this mail certainly stayed here.
            self.book.release(self.permit, contact)
            raise
        except ValueError as error:
            answer = Answer(Handed.REFUSED, str(error))
        self._write_down(contact, answer)
        return answer

    def _write_down(self, contact: str, answer: Answer) -> None:
        match answer.handed:
            case Handed.SENT | Handed.REFUSED | Handed.UNCLEAR as status:
                self._finish(contact, status, answer)
            case Handed.LATER if self.is_last:
                self._finish(contact, "put off", answer)
            case Handed.LATER | Handed.CLOSED:
                self.book.release(self.permit, contact)
            case Handed.UNWELCOME:
                self.book.release(self.permit, contact)
                raise self._unwelcome(answer)
            case _:
                assert_never(answer.handed)

    def _finish(self, contact: str, status: str, answer: Answer) -> None:
        self.book.finish(self.permit, contact, status, answer.said, self.now())

    def _unwelcome(self, answer: Answer) -> ConnectorError:
        """A sender that was welcome a moment ago has used up what it may send for now."""
        message = f"the server takes no mail from {self.send.from_address}: {answer.said}"
        if self._has_sent():
            return ConnectorError(ErrorKind.QUOTA, message, _PUT_OFF_SECONDS)
        return ConnectorError(ErrorKind.BAD_REQUEST, message)

    def _has_sent(self) -> bool:
        return self.book.counts(self.target).get("sent", 0) > 0


def check_mail(send: Send, compose: Compose) -> None:
    """Raises ValueError for a mail some reader could not get, before anybody has."""
    for variant in send.variants:
        for template in (variant.subject, variant.html, variant.text):
            if found := problems(template):
                raise ValueError(f"variant {variant.name}: {found[0]}")
        compose(variant, Contact("reader@example.invalid", frozenset(), {}))
