"""New campaigns: the form over the types there are, and the wish carried to the gate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from drumbeat.app.new_campaign import Draft, ask_for, drafted, fields_of
from drumbeat.app.pages import new_form
from drumbeat.app.pages.ground import Ground
from drumbeat.app.rule_change import RuleRefused
from drumbeat.core.governance.actor import Actor
from drumbeat.files.defaults import about, defaults_for, type_names
from drumbeat.files.new_campaign import with_said
from drumbeat.files.problem import Problem
from drumbeat.store.proposals import Status
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.new_campaign import CampaignKind, NewCampaign, NewField
from drumbeat.web.views.shell import Person

_TITLES = {"re_engagement": "Re-engagement"}


@dataclass(frozen=True)
class NewCampaigns:
    """Writes no file: ``ask`` proposes it, and another person must approve.

    ``form`` answers None for a type there is not; ``ask`` refuses that, and a draft with mistakes,
    with 422.
    """

    ground: Ground

    def kinds(self) -> tuple[CampaignKind, ...]:
        return tuple(map(_kind, type_names()))

    def form(self, kind: str, typed: Mapping[str, str] | None) -> NewCampaign | None:
        if kind not in type_names():
            return None
        draft = self._draft(kind, typed or {})
        fields = new_form.shown(self.ground, kind, draft.fields, typed)
        told, rest = _placed(fields, draft.problems) if typed is not None else (fields, ())
        items = draft.checklist.items if draft.checklist else ()
        missing = tuple((item.name, item.lack) for item in items if not item.is_met)
        return NewCampaign(
            _kind(kind), told, draft.path, draft.text, missing, len(items), rest, draft.is_good
        )

    def ask(self, kind: str, typed: Mapping[str, str], person: Person, reason: str) -> Answer:
        if kind not in type_names():
            return Refused("There is no such type.", 422)
        try:
            judged = ask_for(
                self.ground.app, self._draft(kind, typed), Actor.person(person.id), reason
            )
        except RuleRefused as error:
            return Refused(f"{str(error)[:1].upper()}{str(error)[1:]}", 422)
        if judged.status is Status.WAITING:
            return Done("Asked for: it begins as soon as somebody else approves it")
        why = "; ".join(f.text for f in judged.verdict.findings if f.weight > 0)
        return Refused(f"The gate does not let it through: {why}.")

    def _draft(self, kind: str, typed: Mapping[str, str]) -> Draft:
        app, name = self.ground.app, new_form.name_of(typed)
        empty = fields_of(app, kind, name or "new-campaign", {})
        draft = drafted(app, with_said(empty, new_form.said(empty, typed)))
        if name or not typed:
            return draft
        lack = Problem(draft.path, 0, 0, "is missing", where="name")
        return replace(draft, problems=(*draft.problems, lack))


def _kind(name: str) -> CampaignKind:
    title = _TITLES.get(name) or name.replace("_", " ").capitalize()
    return CampaignKind(name, title, about(name), tuple(defaults_for(name).get("channels", ())))


def _placed(
    fields: tuple[NewField, ...], problems: tuple[Problem, ...]
) -> tuple[tuple[NewField, ...], tuple[str, ...]]:
    """Each mistake beside the field it speaks of; the others, in words with their place."""
    names = [field.name for field in fields]
    by_field: dict[str, list[str]] = {}
    rest: list[str] = []
    for one in problems:
        # What is not there stands nowhere: its name is in the words.
        where = one.where or one.message.removesuffix(" is missing")
        field = new_form.field_for(where, names)
        words = one.message + (f" — {one.hint}" if one.hint else "")
        if field:
            by_field.setdefault(field, []).append(words)
        else:
            rest.append(one.text)
    told = (replace(f, error="; ".join(by_field.get(f.name, ()))) for f in fields)
    return tuple(told), tuple(dict.fromkeys(rest))
