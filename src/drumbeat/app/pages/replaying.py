"""Replaying: a cycle played again in shadow, told in the words of the people who asked for it."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import kind_title, target_name
from drumbeat.app.pages.words import label
from drumbeat.core.campaign.finding import ReviewFinding
from drumbeat.core.untrusted.leak import nameless
from drumbeat.cycle.reasked import Reasked
from drumbeat.cycle.replay import Differs, NotReplayed, Replayed, replay
from drumbeat.cycle.rewatch import Rewatched
from drumbeat.gate.rejudge import Rejudged
from drumbeat.web.verbs import Refused
from drumbeat.web.views.campaign import Setting
from drumbeat.web.views.cycle import ReplayView
from drumbeat.web.views.decision import CheckLine, CheckState, DiffRow
from drumbeat.web.views.shell import Person

# More fields than this nobody compares by eye.
_FIELDS = 20
_CUT = 280
# The cycle keeps what was decided, and of what was read only where from: figures, lessons and stock
# are those of today by now. Another answer would be theirs, not the agent's.
_LEFT_OUT = (
    Setting(
        "Intake, Planning",
        "went by the figures, lessons and offers of their day, of which the cycle keeps the brief "
        "and the plan; today’s would make another plan whoever the planner is",
    ),
    Setting("Approval", "people answered: their answers are theirs, and are not played"),
    Setting(
        "Launch",
        "acts on platforms, which a replay never does; of the gate, the rules are asked again, not "
        "what rests on that moment: holds, budgets, pace and what stood on the platforms",
    ),
    Setting(
        "Monitoring",
        "of the looks the last ones are kept, in totals: guardrails and forecasts are asked again; "
        "segments, comments, surprises and earlier looks are not, for nothing of them is left",
    ),
    Setting(
        "Diagnosis",
        "went by whole days as platforms told them then and have corrected since: it is made again "
        "with the figures of today, so that another cause may be theirs, not the agent’s",
    ),
    Setting(
        "Optimization",
        "of the reviews the cases of the last ones are kept, and asked again as they were; of "
        "earlier ones the answer and its evidence are left; what people said since is not heeded",
    ),
    Setting(
        "Learning",
        "went by results that have come in since; a connection in shadow compares what agents "
        "would do with what people do, as it happens",
    ),
)


def played_again(ground: Ground, cycle_id: str, person: Person) -> ReplayView | Refused:
    """Play the cycle again; up to 20 of the fields that would differ. The ledger says who asked.

    Refused, with the reason, for a cycle that cannot be replayed.
    """
    played = replay(ground.app.office, cycle_id, person.id)
    if isinstance(played, NotReplayed):
        return Refused(f"It cannot be replayed: {played.why}.")
    added = (CheckLine(CheckState.WARNING, f"New today: {_said(one)}") for one in played.added)
    gone = (CheckLine(CheckState.PASSED, f"No longer said: {_said(one)}") for one in played.gone)
    watched = (*_watched(played.watched, ground), *_reasked(played.reasked, ground))
    return ReplayView(
        said=_sentence(played),
        diff=tuple(_row(one) for one in played.differs[:_FIELDS]),
        more=max(0, len(played.differs) - _FIELDS),
        findings=(*added, *gone, *_answered(played.answered), *watched),
        left_out=_LEFT_OUT,
    )


def _sentence(played: Replayed) -> str:
    fields = len(played.differs)
    built = (
        f"today’s builder would make the same {played.made} objects, word for word"
        if not fields
        else f"{fields} field{'s' if fields != 1 else ''} would read otherwise today"
    )
    same = not played.added and not played.gone
    ruled = "say the same of it" if same else "say something else of it"
    told = f"From the same plan {built}; today’s {played.rules} rules {ruled}."
    told += _looked(played.watched) + _asked(played.reasked)
    others = len(played.answered)
    if not played.judged:
        return told
    many = f"Of {played.judged} proposal{'s' if played.judged != 1 else ''}, the gate’s rules would"
    return f"{told} {many} answer {others or 'none'} otherwise today."


def _looked(found: Rewatched) -> str:
    """What the looks and causes of then come to by today's rules and figures."""
    said = ""
    if found.looks:
        other = len(found.added) + len(found.gone)
        same = (
            "notice the same"
            if not other
            else f"notice {other} thing{'s' * (other != 1)} otherwise"
        )
        looks = f"{found.looks} look{'s' * (found.looks != 1)}"
        said = f" In the last {looks} the guardrails and forecasts of today {same}."
    if found.diagnosed:
        many = f"{found.diagnosed} cause{'s' * (found.diagnosed != 1)} named then"
        otherwise = len(found.named) or "none"
        said += (
            f" Of {many}, {otherwise} would be named otherwise by the figures as corrected since."
        )
    return said


def _asked(found: Reasked) -> str:
    """What today's optimizer makes of the cases of then."""
    if not found.cases:
        return ""
    many = f"{found.cases} review{'s' * (found.cases != 1)} kept"
    return f" Of {many}, today’s optimizer would answer {len(found.otherwise) or 'none'} otherwise."


def _reasked(found: Reasked, ground: Ground) -> Iterator[CheckLine]:
    for one in found.otherwise:
        day = one.at.astimezone(ground.zone)
        where = "Money between campaigns" if one.between else "Review"
        text = f"{where} of {day:%b} {day.day}: then {one.was.told}; today {one.would_be.told}"
        yield CheckLine(CheckState.WARNING, text)


def _watched(found: Rewatched, ground: Ground) -> Iterator[CheckLine]:
    for one in found.added:
        yield CheckLine(CheckState.WARNING, f"Noticed today: {one.text}")
    for text in found.gone:
        yield CheckLine(CheckState.PASSED, f"No longer noticed: {text}")
    for named in found.named:
        day = named.at.astimezone(ground.zone)
        was, would_be = named.was.replace("_", " "), named.would_be.replace("_", " ")
        text = f"{label(named.metric)} of {day:%b} {day.day}: then {was}, by today’s figures"
        yield CheckLine(CheckState.WARNING, f"{text} {would_be or 'no cause'}")


def _answered(found: tuple[Rejudged, ...]) -> Iterator[CheckLine]:
    """What would be answered otherwise, with the rule that says so; alike ones are one line."""
    told = Counter(map(_otherwise, found))
    for (is_stricter, kind, said), many in told.items():
        state = CheckState.WARNING if is_stricter else CheckState.PASSED
        word = "Stricter today" if is_stricter else "Freer today; then it was said"
        times = f", {many} times" if many > 1 else ""
        yield CheckLine(state, f"{word}: {kind_title(kind)}{times}: {said}")


def _otherwise(one: Rejudged) -> tuple[bool, str, str]:
    said = max(one.would_be if one.is_stricter else one.was, key=lambda found: found.weight)
    return one.is_stricter, one.proposal.action.kind, said.text


def _row(one: Differs) -> DiffRow:
    return DiffRow(
        f"{target_name(one.target)}: {label(one.field)}", _text(one.was), _text(one.would_be)
    )


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    short = nameless(text)
    return f"{short[:_CUT]}…" if len(short) > _CUT else short


def _said(one: ReviewFinding) -> str:
    return f"{one.subject}: {one.text}"
