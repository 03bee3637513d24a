"""The links of two made-up mails, and one that has lapsed."""

from dataclasses import dataclass, replace

from drumbeat.testing.web_content.people import ANA, at
from drumbeat.web.services import DecisionLink, EscalationLink, MailLink, SpoiltLink
from drumbeat.web.verbs import Answer, Done

_PERSON = replace(ANA, session="link:test", by_itself=False)

_LINKS: dict[str, MailLink] = {
    "decide": DecisionLink(_PERSON, "prop-raise-retargeting", needs_proof=False),
    "risky": DecisionLink(_PERSON, "prop-raise-retargeting", needs_proof=True),
    "trouble": EscalationLink(
        _PERSON,
        "esc-1",
        "cost per order of Brand search is 212% above what was expected",
        "Brand search",
        "critical",
        at("12:10"),
    ),
    "old": SpoiltLink("It has lapsed.", _PERSON),
}


@dataclass(frozen=True)
class MadeUpLinks:
    """``decide`` and ``risky`` ask about decisions, ``trouble`` about an escalation."""

    def look(self, token: str) -> MailLink:
        return _LINKS.get(token, SpoiltLink("It was not made here."))

    def approve(self, token: str, reason: str) -> Answer:
        return Done("Approved.")

    def reject(self, token: str, code: str, reason: str) -> Answer:
        return Done("Rejected.")

    def acknowledge(self, token: str) -> Answer:
        return Done("It is in your hands; nobody else is called.")
