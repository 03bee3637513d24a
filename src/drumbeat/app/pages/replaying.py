"""Replaying: a cycle played again in shadow, told in the words of the people who asked for it."""

import json
from typing import Any

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import target_name
from drumbeat.app.pages.words import label
from drumbeat.core.campaign.finding import ReviewFinding
from drumbeat.core.untrusted.leak import nameless
from drumbeat.cycle.replay import Differs, NotReplayed, Replayed, replay
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
    Setting("Launch", "acts on platforms, which a replay never does; the gate judged it then"),
    Setting(
        "Monitoring, Optimization, Learning",
        "went by readings as platforms gave them at that hour, which have been corrected since; "
        "a connection in shadow compares what agents would do with what people do, as it happens",
    ),
)


def played_again(ground: Ground, cycle_id: str, person: Person) -> ReplayView | Refused:
    played = replay(ground.app.office, cycle_id, person.id)
    if isinstance(played, NotReplayed):
        return Refused(f"It cannot be replayed: {played.why}.")
    added = (CheckLine(CheckState.WARNING, f"New today: {_said(one)}") for one in played.added)
    gone = (CheckLine(CheckState.PASSED, f"No longer said: {_said(one)}") for one in played.gone)
    return ReplayView(
        said=_sentence(played),
        diff=tuple(_row(one) for one in played.differs[:_FIELDS]),
        more=max(0, len(played.differs) - _FIELDS),
        findings=(*added, *gone),
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
    return f"From the same plan {built}; today’s {played.rules} rules {ruled}."


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
