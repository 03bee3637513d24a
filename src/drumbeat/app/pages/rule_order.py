"""Rule order: a person asks from a page for another row of the matrix, promise or claim."""

from collections.abc import Mapping
from typing import Any

from drumbeat.app.pages import entry_form, rule_form
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import kind_title
from drumbeat.app.rule_change import FORBIDDEN, RuleRefused, propose_rule, rule_now
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.phase import Phase
from drumbeat.files.entry import Place, UnknownEntry, place_of
from drumbeat.store.proposals import Status
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.autonomy import Level, RuleForm
from drumbeat.web.views.shell import Person

_GONE = Refused("There is no such action.", 422)
_PROMISES = (
    ("policy/sla.yaml#policies/", "Promise about time"),
    ("policy/sla.yaml#conditions/", "Promise about figures"),
)


def form_of(ground: Ground, kind: str, typed: Mapping[str, str] | None) -> RuleForm | None:
    """The row as it is, or as it was typed; None for a kind, or a place, there is not.

    A promise or a claim goes by its place, such as ``policy/sla.yaml#policies/approve-email``.
    """
    if kind not in KINDS:
        place = _place(ground, kind)
        if place is None:
            return None
        now = rule_now(ground.app, kind)
        inputs = entry_form.fields_of(place, now, typed)
        title, is_new = f"{place.section}: {place.key}".capitalize(), now is None
        is_gone = (typed or {}).get(entry_form.GONE) == "yes"
        return RuleForm(kind, title, inputs, is_gone, place.path, entry_form.GONE, is_new)
    shown = typed if typed is not None else rule_form.typed_of(_now(ground, kind))
    fields = rule_form.fields_of(shown)
    is_forbidden = shown.get(FORBIDDEN) == "yes"
    return RuleForm(kind, kind_title(kind), fields, is_forbidden)


def change_rule(
    ground: Ground, kind: str, typed: Mapping[str, str], person: Person, reason: str
) -> Answer:
    """Propose the row, promise or claim as it was typed."""
    if kind not in KINDS:
        place = _place(ground, kind)
        if place is None:
            return _GONE
        wanted = entry_form.entry_of(place, rule_now(ground.app, kind), typed)
        return _asked(ground, kind, wanted, person, reason)
    try:
        wanted = rule_form.entry_of(_now(ground, kind), typed)
    except rule_form.BadField as error:
        return Refused(str(error), 422)
    return _asked(ground, _target(kind), wanted, person, reason)


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
    return _asked(ground, _target(kind), wanted, person, reason)


def addable(ground: Ground) -> tuple[tuple[str, str], ...]:
    """Where a new entry may be written: the start of its place, and what that is."""
    files = sorted({*ground.app.files.hypotheses_in.values()})
    claims = ((f"{path}#", f"Claim in {path}") for path in files)
    return (*_PROMISES, *claims)


def _place(ground: Ground, target: str) -> Place | None:
    """The place of a promise or a claim, in a file there is."""
    try:
        place = place_of(target)
    except UnknownEntry:
        return None
    return place if place.is_list and (ground.app.home / place.path).is_file() else None


def _now(ground: Ground, kind: str) -> Any:
    return rule_now(ground.app, _target(kind))


def _target(kind: str) -> str:
    return f"policy/actions.yaml#{kind}"


def _asked(ground: Ground, target: str, wanted: Any, person: Person, reason: str) -> Answer:
    try:
        judged = propose_rule(ground.app, target, wanted, Actor.person(person.id), reason)
    except RuleRefused as error:
        return Refused(f"{str(error)[:1].upper()}{str(error)[1:]}", 422)
    if judged.status is Status.WAITING:
        what = target.partition("#")[2]
        named = kind_title(what).lower() if what in KINDS else what
        return Done(f"Asked for: somebody else decides about {named}")
    why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
    return Refused(f"The gate does not let it through: {why}.")
