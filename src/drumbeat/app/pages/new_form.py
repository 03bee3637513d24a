"""New form: what a person types to begin a campaign, as fields of its file and back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from drumbeat.app.granting import can_change
from drumbeat.app.pages.ground import Ground
from drumbeat.core.campaign.cadence import Every
from drumbeat.core.campaign.metric import METRICS, channels
from drumbeat.files.defaults import defaults_for
from drumbeat.files.entry import LONGEST_NAME
from drumbeat.web.views.new_campaign import NewField

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
# The keys under which a cadence says its step: at set times, as a review, after an event.
_STEPS = ("every", "review", "window")
_LISTS = ("audience.include", "audience.exclude", "offers", "themes")
_TEXTS = ("name", "owner", "goal.metric", "goal.target", "budget.range", "budget.cap",
          "escalation", "runbook", "rollback")  # fmt: skip
# Where a mistake stands in the file, and the field that is about it.
_ABOUT = {
    "campaign": "campaign",
    "cadence": "cadence.on",
    "cadence.weekday": "cadence.on",
    "cadence.day": "cadence.on",
    "cadence.every": "cadence.step",
    "cadence.review": "cadence.step",
    "cadence.window": "cadence.step",
    "goal": "goal.target",
    "budget": "budget.cap",
    "audience": "audience.include",
}


def name_of(typed: Mapping[str, str]) -> str:
    """The campaign's id: as typed, else made of its name."""
    given = typed.get("campaign", "").strip()
    if given:
        return given
    made = _NOT_A_NAME.sub("-", typed.get("name", "").casefold()).strip("-")
    return made[:LONGEST_NAME].rstrip("-")


def said(empty: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, by dotted name, as the file would hold it; None takes a field away."""
    made: dict[str, Any] = {}
    for name in _TEXTS:
        if name in typed:
            made[name] = typed[name].strip() or None
    for name in _LISTS:
        if name in typed:
            made[name] = _words(typed[name]) or None
    for name, text in typed.items():
        if name.startswith("connection.") and name.partition(".")[2] in empty["channels"]:
            made[name] = text.strip() or None
    if any(name.startswith("cadence.") for name in typed):
        made["cadence"] = _cadence(empty["cadence"], typed)
    return made


def shown(
    ground: Ground, kind: str, fields: Mapping[str, Any], typed: Mapping[str, str] | None
) -> tuple[NewField, ...]:
    """The form: as typed, else as the type and the example fill it in."""
    now = {**_as_text(fields), **(typed or {})}
    if typed is None:
        now = {**now, "campaign": ""}

    def field(
        name: str, label: str, hint: str = "", choices: Sequence[tuple[str, str]] = ()
    ) -> NewField:
        return NewField(name, label, hint, now.get(name, ""), tuple(choices))

    files = ground.app.files
    people = [(one.id, one.name) for one in files.workspace.people if not one.agent]
    able = (one for one in files.workspace.connections if can_change(ground.app, one.id))
    used = [(one.id, f"{one.id} ({one.mode})") for one in able]
    measured = _metrics(defaults_for(kind))
    segments = ", ".join(one.id for one in files.segments.segments)
    pages = [(one, one) for one in sorted(files.runbooks)]
    steps = [(str(one), f"Every {one}") for one in Every]
    event = [field("cadence.event", "After what", "an event of policy/lifecycle.yaml")]
    return (
        field("name", "Name", "as people read it"),
        field("campaign", "File name", "made of the name where it is left empty"),
        field("owner", "Owner", "answers for it", people),
        *(field(f"connection.{c}", f"Connection for {c}", "", used) for c in fields["channels"]),
        field("goal.metric", "Goal", "what should move", measured),
        field("goal.target", "Target", "such as 25/week, 2% or EUR 20"),
        field("budget.range", "Plans may spend", "such as EUR 0-200/month"),
        field("budget.cap", "Never more than", "such as EUR 200/month"),
        *(event if "event" in fields["cadence"] else ()),
        field("cadence.step", "How often", "", steps),
        field("cadence.on", "On", "weekdays such as tue, or a day of the month"),
        field("cadence.at", "At", "24 hours, such as 09:00"),
        field("audience.include", "Audience", f"with commas: {segments}"),
        field("audience.exclude", "Left out", "with commas"),
        field("offers", "Offers", "of data/offers.yaml, with commas"),
        field("themes", "Themes", "topics of data/content.yaml, with commas"),
        field("escalation", "Escalation", "", [(n, n) for n in files.escalation.policies]),
        field("runbook", "Runbook", "what people do when it goes wrong", pages),
        field("rollback", "Rollback", "what it goes back to"),
    )


def field_for(where: str, names: Sequence[str]) -> str:
    """The field a mistake at this place of the file is about; empty for none."""
    place = where.partition("[")[0]
    while place:
        for name in (place, _ABOUT.get(place, "")):
            if name in names:
                return name
        place = place.rpartition(".")[0]
    return ""


def _cadence(given: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    made = {name: one for name, one in given.items() if name not in ("weekday", "day")}
    key = next((name for name in _STEPS if name in given), _STEPS[0])
    step = typed.get("cadence.step", "").strip() or str(given.get(key, ""))
    on = typed.get("cadence.on", "").strip()
    made[key] = step
    for name in ("event", "at"):
        if f"cadence.{name}" in typed:
            made[name] = typed[f"cadence.{name}"].strip() or None
    if on and step == Every.MONTH:
        made["day"] = int(on) if on.isdecimal() and len(on) < 4 else on
    elif on:
        days = _words(on.casefold())
        made["weekday"] = days[0] if len(days) == 1 else days
    return {name: one for name, one in made.items() if one is not None}


def _as_text(fields: Mapping[str, Any]) -> dict[str, str]:
    """The fields as the inputs show them, by dotted name."""
    found: dict[str, str] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": _text(one) for inner, one in value.items()}
        else:
            found[name] = _text(value)
    cadence = fields.get("cadence", {})
    found["cadence.step"] = next((str(cadence[n]) for n in _STEPS if n in cadence), "")
    found["cadence.on"] = _text(cadence.get("weekday", cadence.get("day", "")))
    return found


def _metrics(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the type is measured by first, then whatever its channels measure."""
    used = set(given.get("channels", ()))
    first = list(given.get("success_metrics", ()))
    rest = sorted(name for name in METRICS if used & set(channels(name)) and name not in first)
    return [(name, name.replace("_", " ").capitalize()) for name in (*first, *rest)]


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
