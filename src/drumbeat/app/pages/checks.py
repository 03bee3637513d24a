"""Checks: why a person is asked, and what every check said, in words."""

from collections.abc import Callable, Iterator

from drumbeat.app.pages.naming import kind_title
from drumbeat.app.pages.words import role_words, sentence
from drumbeat.core.campaign.finding import ReviewFinding, Severity
from drumbeat.core.governance.verdict import Ask, Weight
from drumbeat.gate.parts import PART
from drumbeat.store.proposals import Judged
from drumbeat.web.views.decision import CheckLine, CheckState

# What each of the gate's checks means when it found nothing to say, in the order they run.
_SILENT = {
    "stale": "The target still is as it was when this was proposed",
    "held": "Nothing of it is frozen or only observed",
    "connection": "The connection may write",
    "matrix": "The action matrix lets this agent propose it",
    "pace": "The change is within its size, cool-down and daily limits",
    "budget": "It fits under every budget cap",
    "data": "The data it rests on is declared and in order",
    "under_test": "No running experiment is touched",
    "constraint": "No earlier rejection speaks against it",
}
_STATES = {
    Weight.NOTE: CheckState.PASSED,
    Weight.ASK: CheckState.WARNING,
    Weight.OBSERVE: CheckState.WARNING,
    Weight.FORBID: CheckState.FAILED,
}
_SEVERITIES = {
    Severity.BLOCK: CheckState.FAILED,
    Severity.APPROVAL: CheckState.WARNING,
    Severity.WARN: CheckState.WARNING,
}


def rule_of(judged: Judged, names: Callable[[str], str]) -> str:
    """The rules that ask for a person, and whom they ask for; ``names`` of accounts."""
    asked = [_said(judged, f.text) for f in judged.verdict.findings if f.weight >= Weight.ASK]
    because = sentence("; ".join(asked)) if asked else ""
    if not isinstance(judged.verdict, Ask):
        return because or "No rule asked for a person."
    named = judged.verdict.need.people
    among = f"; among them {' and '.join(map(names, named))}, who answer for it" if named else ""
    return f"{because} It takes {role_words(*judged.verdict.need.roles)}{among}."


def checks_of(judged: Judged, reviewed: tuple[ReviewFinding, ...] | None) -> tuple[CheckLine, ...]:
    """The gate's checks as they were when it was judged, then what the reviewer found, if any."""
    found = {one.check: one for one in judged.verdict.findings}
    spoke = (
        CheckLine(_STATES[one.weight], sentence(_said(judged, one.text)), one.fix)
        for one in found.values()
    )
    # Of a change that is made of others, what is silent of the whole says nothing of the parts.
    stopped = "parts" in found and found["parts"].weight is Weight.FORBID
    silent = {} if stopped else _SILENT
    quiet = (CheckLine(CheckState.PASSED, t) for name, t in silent.items() if name not in found)
    return (*spoke, *_reviewed(reviewed), *quiet)


def _reviewed(reviewed: tuple[ReviewFinding, ...] | None) -> Iterator[CheckLine]:
    if reviewed is None:
        return
    if not reviewed:
        text = "Brand voice, claims, links, offers and naming were reviewed: nothing was found"
        yield CheckLine(CheckState.PASSED, text)
    for one in reviewed:
        yield CheckLine(_SEVERITIES[one.severity], sentence(f"{one.subject}: {one.text}"), one.fix)


def _said(judged: Judged, text: str) -> str:
    """A finding with the title of an action in the place of its name: its own, or its parts'."""
    for kind in (judged.proposal.action.kind, PART):
        text = text.replace(kind, f"“{kind_title(kind)}”")
    return text
