"""Facts: what this connection knows of a mailing before anybody has it: its headers, its way out,
and the people of its list as they stand today, counted and never named."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from functools import cached_property

from drumbeat.connectors.smtp.contacts import Contact, audience
from drumbeat.core.campaign.frequency import WEEK, Mailing, is_too_many
from drumbeat.core.compliance.consent import lacking
from drumbeat.core.compliance.facts import ConsentTally, FrequencyTally, MailHeaders
from drumbeat.store.deliveries import DeliveryBook

_DOTLESS = frozenset({"gmail.com", "googlemail.com"})
# What only some lists tell, by the column that tells it.
TOLD_BY_COLUMN = {"consent": "consent", "timezone": "zones"}


def headers_of(mail: EmailMessage, signed: frozenset[str] | None) -> MailHeaders:
    """What the mail as it leaves says about leaving."""
    said = str(mail["List-Unsubscribe"] or ""), str(mail["List-Unsubscribe-Post"] or "")
    return MailHeaders(*said, signed)


@dataclass(frozen=True)
class Recipients:
    """Whom a mailing would reach now: its audience without those who opted out.

    ``contacts`` is the whole list; ``name`` is what the book calls a contact.
    """

    own: Mailing
    contacts: tuple[Contact, ...]
    book: DeliveryBook
    name: Callable[[Contact], str]

    @cached_property
    def people(self) -> dict[str, Contact]:
        """By the book's name of each."""
        chosen = {self.name(one): one for one in _chosen(self.own, self.contacts)}
        return {name: one for name, one in chosen.items() if name not in self._gone}

    def respelt(self) -> int:
        """How many would be mailed at another spelling of an address that opted out."""
        gone = {_plain(one.address) for one in self.contacts if self.name(one) in self._gone}
        return sum(_plain(one.address) in gone for one in self.people.values())

    def consent(self, today: date) -> ConsentTally:
        """Those without a record that does, by what it lacks."""
        found = (lacking(one.consent, today) for one in self.people.values())
        return ConsentTally(len(self.people), dict(Counter(why for why in found if why)))

    def zones(self) -> dict[str, int]:
        """By time zone; those of whom none is known under the empty name."""
        return dict(Counter(one.zone for one in self.people.values()))

    def frequency(self, others: Sequence[Mailing], cap: int) -> FrequencyTally:
        """Those who would get more than ``cap`` in seven days: what the book holds of each, and
        what is queued for them. Who is kept from another mailing as a hold-out counts as mailed."""
        mailed = self.book.mailed(self.own.at - WEEK)
        begun = {target for mails in mailed.values() for target, _ in mails}
        times = {
            name: [at for target, at in mailed.get(name, ()) if target not in self.own.targets]
            for name in self.people
        }
        for other in (one for one in others if not one.targets & begun):
            for contact in _chosen(other, self.contacts):
                times.get(self.name(contact), []).append(other.at)
        return FrequencyTally(
            cap, sum(is_too_many(each, self.own.at, cap) for each in times.values())
        )

    @cached_property
    def _gone(self) -> frozenset[str]:
        return self.book.suppressed({self.name(one) for one in self.contacts})


def _chosen(mailing: Mailing, contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return audience(contacts, mailing.send.segments, mailing.send.exclude)


def _plain(address: str) -> str:
    """An address as its provider reads it: some do not look at dots."""
    name, _, host = address.casefold().rpartition("@")
    return f"{name.replace('.', '') if host in _DOTLESS else name}@{host}"
