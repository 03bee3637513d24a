"""Rule order: a person asks from a page for another row of the action matrix."""

from collections.abc import Mapping
from typing import Any

from drumbeat.app.pages import rule_form
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import kind_title
from drumbeat.app.rule_change import FORBIDDEN, RuleRefused, propose_rule, rule_now
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.phase import Phase
from drumbeat.store.proposals import Status
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.autonomy import Level, RuleForm
from drumbeat.web.views.shell import Person

_GONE = Refused("There is no such action.", 422)


def form_of(ground: Ground, kind: str, typed: Mapping[str, str] | None) -> RuleForm | None:
    """The row as it is, or as it was typed; None for a kind there is not."""
    if kind not in KINDS:
        return None
    shown = typed if typed is not None else rule_form.typed_of(_now(ground, kind))
    fields = rule_form.fields_of(shown)
    is_forbidden = shown.get(FORBIDDEN) == "yes"
    return RuleForm(kind, kind_title(kind), fields, is_forbidden)


def change_rule(
    ground: Ground, kind: str, typed: Mapping[str, str], person: Person, reason: str
) -> Answer:
    """Propose the row as it was typed."""
    if kind not in KINDS:
        return _GONE
    try:
        wanted = rule_form.entry_of(_now(ground, kind), typed)
    except rule_form.BadField as error:
        return Refused(str(error), 422)
    return _asked(ground, kind, wanted, person, reason)


def change_cell(
    ground: Ground, kind: str, phase: str, level: str, person: Person, reason: str
) -> Answer:
    """Propose the row with one cell changed."""
    if kind not in KINDS or phase not in set(Phase) or level not in set(Level):
        return Refused("There is no such cell.", 422)
    try:
        wanted = rule_form.cell_of(_now(ground, kind), phase, level)
    except rule_form.BadField as error:
        return Refused(str(error), 422)
    return _asked(ground, kind, wanted, person, reason)


def _now(ground: Ground, kind: str) -> Any:
    return rule_now(ground.app, _target(kind))


def _target(kind: str) -> str:
    return f"policy/actions.yaml#{kind}"


def _asked(ground: Ground, kind: str, wanted: Any, person: Person, reason: str) -> Answer:
    try:
        judged = propose_rule(ground.app, _target(kind), wanted, Actor.person(person.id), reason)
    except RuleRefused as error:
        return Refused(f"{str(error)[:1].upper()}{str(error)[1:]}", 422)
    if judged.status is Status.WAITING:
        text = f"Asked for: somebody else decides about {kind_title(kind).lower()}"
        return Done(text)
    why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
    return Refused(f"The gate does not let it through: {why}.")
