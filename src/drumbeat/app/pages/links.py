"""Links: what a mail's link shows, and the answer given by it, carried to the gate."""

from dataclasses import dataclass

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import person_of
from drumbeat.app.pages.words import sentence
from drumbeat.core.canonical import digest
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.by_link import Opened, Spoilt, Word
from drumbeat.gate.in_hand import Handled, NotHandled
from drumbeat.gate.link import Link
from drumbeat.web.services import DecisionLink, EscalationLink, MailLink, SpoiltLink
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import Person


@dataclass(frozen=True)
class GateLinks:
    """The token is all a person shows: who they are, what it is about and whether it still counts
    is the gate's to say, at every call. A refusal gives its reason."""

    ground: Ground

    def look(self, token: str) -> MailLink:
        """Every refusal of the gate, or what it is about; nothing is written."""
        match self.ground.app.gate.open_link(token):
            case Spoilt(why, link):
                return SpoiltLink(sentence(why), self._person(link) if link else None)
            case Opened(link, needs_proof, escalation):
                person = self._person(link)
                if person is None:
                    return SpoiltLink("The person it was sent to is no longer here.")
                if escalation is None:
                    return DecisionLink(person, link.subject, needs_proof)
                return EscalationLink(
                    person,
                    escalation.id,
                    escalation.text,
                    self.ground.title(escalation.campaign),
                    escalation.severity,
                    escalation.opened_at,
                )

    def approve(self, token: str, reason: str) -> Answer:
        return self._say(token, Word.APPROVE, reason)

    def reject(self, token: str, code: str, reason: str) -> Answer:
        return self._say(token, Word.REJECT, reason, code or "other")

    def acknowledge(self, token: str) -> Answer:
        return self._say(token, Word.ACKNOWLEDGE, "")

    def _say(self, token: str, word: Word, reason: str, code: str = "other") -> Answer:
        match self.ground.app.gate.answer_link(token, word, reason, code):
            case Answered(complete=complete):
                if word is Word.REJECT:
                    return Done("Rejected. The agents learn from your reason.")
                return Done("Approved." if complete else "Noted. Another person must agree too.")
            case Handled():
                return Done("It is in your hands; nobody else is called.")
            case NotAnswered(why) | NotHandled(why):
                return Refused(sentence(why))

    def _person(self, link: Link) -> Person | None:
        # The session that forms are bound to is the link itself.
        return person_of(self.ground, link.account, f"link:{digest(link.key)[:16]}")
