"""Round: one attempt at a send; it mails those of the audience that nobody has claimed yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
# A reader there is none of.
SAMPLE = Contact("reader@example.invalid", frozenset(), {})
_DIED = "the process ended while the server was taking the mail"


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
        # This round has claimed nobody yet: whoever is claimed, a process died over.
        orphans = self.book.left_claimed(self.target)
        if orphans:
            self.book.give_up(self.target, orphans, _DIED, self.now())
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
        variant = variant_for(
            self.send, contact, self.campaign, is_pressed=self._is_pressed(contact)
        )
        if variant is None or person.segments & set(variant.leaves_out):
            return None
        claim = _Claim(self, contact, variant.name)
        standing = self.book.standing(contact, self.target)
        if standing is not Claim.YOURS:
            if standing is Claim.SUPPRESSED:
                claim()  # written down, so that the receipt counts them
            return None
        try:
            mail = letter(self.send, self.compose(variant, person), person)
            answer = line.hand_over(mail, claim)
        except ConnectorError:
            # There was no line to be had: this mail certainly stayed here.
            claim.release()
            raise
        except ValueError as error:
            answer = Answer(Handed.REFUSED, str(error))
        self._write_down(claim, answer)
        return answer

    def _is_pressed(self, contact: str) -> bool:
        if not self.send.calm:
            return False
        since = self.now() - timedelta(days=self.send.calm_days)
        return self.book.was_pressed(contact, since, but=self.target)

    def _write_down(self, claim: "_Claim", answer: Answer) -> None:
        match answer.handed:
            case Handed.SENT | Handed.REFUSED | Handed.UNCLEAR as status:
                claim.finish(status, answer)
            case Handed.LATER if self.is_last:
                claim.finish("put off", answer)
            case Handed.LATER | Handed.CLOSED:
                claim.release()
            case Handed.NOT_OURS:
                pass
            case Handed.UNWELCOME:
                claim.release()
                raise self._unwelcome(answer)
            case _:
                assert_never(answer.handed)

    def _unwelcome(self, answer: Answer) -> ConnectorError:
        """A sender that was welcome a moment ago has used up what it may send for now."""
        message = f"the server takes no mail from {self.send.from_address}: {answer.said}"
        if self._has_sent():
            return ConnectorError(ErrorKind.QUOTA, message, _PUT_OFF_SECONDS)
        return ConnectorError(ErrorKind.BAD_REQUEST, message)

    def _has_sent(self) -> bool:
        return self.book.counts(self.target).get("sent", 0) > 0


@dataclass
class _Claim:
    """One contact's mail, claimed when the server is ready for it and not before."""

    work: Round
    contact: str
    variant: str
    is_held: bool = False

    def __call__(self) -> bool:
        """Claim it, or find that somebody else has it or may not be written to any more."""
        if not self.is_held:
            work = self.work
            got = work.book.claim(
                work.permit,
                self.contact,
                work.target,
                self.variant,
                work.now(),
                presses=work.send.presses(self.variant),
            )
            self.is_held = got is Claim.YOURS
        return self.is_held

    def finish(self, status: str, answer: Answer) -> None:
        """Write down what came of it, also where it never came to handing over."""
        if self():
            self.work.book.finish(
                self.work.permit, self.contact, status, answer.said, self.work.now()
            )

    def release(self) -> None:
        """It certainly stayed here, and may be tried again."""
        if self.is_held:
            self.work.book.release(self.work.permit, self.contact)
            self.is_held = False


def check_mail(send: Send, compose: Compose) -> None:
    """Raises ValueError for a mail some reader could not get, before anybody has."""
    for variant in send.variants:
        for template in (variant.subject, variant.html, variant.text):
            if found := problems(template):
                raise ValueError(f"variant {variant.name}: {found[0]}")
        compose(variant, SAMPLE)
