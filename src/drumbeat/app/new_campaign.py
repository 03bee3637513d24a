"""New campaign: a wish for one more campaign file, seen in full before anybody is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drumbeat.app.compose import App
from drumbeat.app.granting import can_change
from drumbeat.app.rule_change import RuleRefused, path_of, propose_rule
from drumbeat.core.campaign.checklist import Checklist
from drumbeat.core.governance.actor import Actor
from drumbeat.files.check import check_folder
from drumbeat.files.defaults import type_names
from drumbeat.files.entry import LONGEST_NAME, UnknownEntry, place_of
from drumbeat.files.folder import Folder
from drumbeat.files.new_campaign import blank, connections_for, example_for, with_said
from drumbeat.files.problem import Problem
from drumbeat.files.whole import whole_text
from drumbeat.store.proposals import Judged


@dataclass(frozen=True)
class Draft:
    """A campaign file as it would be written, with what `drumbeat check` says of it.

    ``checklist`` is None where the text could not be read that far.
    """

    path: str
    fields: Mapping[str, Any]
    text: str
    problems: tuple[Problem, ...]
    checklist: Checklist | None

    @property
    def is_good(self) -> bool:
        """Whether it may be asked for."""
        complete = self.checklist is not None and self.checklist.is_complete
        return complete and not self.problems


def fields_of(app: App, type_name: str, name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the file would say. Raises RuleRefused for a type there is not."""
    kind = type_name.replace("-", "_")
    if kind not in type_names():
        raise RuleRefused(f"no type is called {type_name!r}; there are {', '.join(type_names())}")
    known = [one.data for one in Folder(app.home).of("campaign") if isinstance(one.data, dict)]
    declared = [one.id for one in app.files.workspace.connections if can_change(app, one.id)]
    empty = blank(kind, name, example_for(kind, known), connections_for(kind, known, declared))
    return with_said(empty, said)


def drafted(app: App, fields: Mapping[str, Any]) -> Draft:
    """The file, checked beside all others as `drumbeat check` would; nothing is written."""
    name, text = str(fields.get("campaign", "")), whole_text(fields)
    path = path_of(name)
    try:
        place_of(path)
    except UnknownEntry:
        why = (
            "a campaign's file needs a lower-case name such as spring-newsletter, of at most "
            f"{LONGEST_NAME} characters"
        )
        return Draft(path, fields, text, (Problem(path, 0, 0, why, where="campaign"),), None)
    if (app.home / path).exists():
        why = f"{path} is there already; choose another name"
        return Draft(path, fields, text, (Problem(path, 0, 0, why, where="campaign"),), None)
    found = check_folder(app.home, {path: text})
    mistakes = tuple(one for one in found.errors if one.path == path)
    checklist = next((one for one in found.checklists if one.campaign == name), None)
    return Draft(path, fields, text, mistakes, checklist)


def ask_for(app: App, draft: Draft, by: Actor, why: str) -> Judged:
    """Propose that the file be written. Raises RuleRefused where it could not be."""
    if not draft.is_good:
        told = [one.text for one in draft.problems]
        told += [str(draft.checklist)] if draft.checklist and not told else []
        raise RuleRefused("; ".join(told) or f"{draft.path} cannot be read")
    return propose_rule(app, draft.path, dict(draft.fields), by, why)
