"""Trace: the ledger's lines about one cycle as steps of rules, tools and people, by stage."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, zip_longest
from typing import Any

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import kind_title
from drumbeat.app.pages.stages import ENDS, made_of
from drumbeat.app.pages.tools import proposers_of, tools_called, tools_proposed, tools_read
from drumbeat.app.pages.words import label
from drumbeat.core.campaign.model_call import ModelCall, ModelCalls, cost_of
from drumbeat.core.governance.entry import Entry
from drumbeat.core.money import Money
from drumbeat.core.untrusted.leak import nameless
from drumbeat.cycle.cycle import NAMES
from drumbeat.web.views.campaign import TraceKind, TraceRow
from drumbeat.web.views.cycle import TraceGroup

_OUTCOMES = frozenset({"applied", "refused", "unknown", "pending", "postponed"})
_TOOLS = _OUTCOMES | {"attempted"}
_CHOSEN = _TOOLS | {"judged"}
_PEOPLE = frozenset({"approved", "rejected", "froze", "lifted", "delegated", "edited"})
# What is said elsewhere on the row, or is only there for machines.
_DULL = frozenset({"fingerprint", "number", "policy", "why", "text", "reason", "left"})
_CUT = 6000
MODEL = "called_model"


def groups_of(
    ground: Ground, entries: list[Entry], kept: ModelCalls, most: int | None = None
) -> tuple[TraceGroup, ...]:
    """The steps by stage, in order, the newest ``most`` of each. Scripted writers are rules: no
    model took part in them. ``kept`` holds what models were asked, in the order of their entries.
    """
    deciding, asked = _deciding(entries), dict(_asked(entries, kept))
    proposers = proposers_of(entries)
    staged = groupby(_with_stages(entries), key=lambda pair: pair[0])
    found: dict[str, list[Entry]] = {}
    for stage, pairs in staged:
        found.setdefault(stage, []).extend(entry for _, entry in pairs)

    def row(one: Entry) -> TraceRow:
        if one.kind == MODEL:
            return model_row(one, asked.get(one.seq))
        row = row_of(ground, one, is_deciding=one.seq == deciding)
        agent = proposers.get(one.subject, "") if one.kind in _CHOSEN else ""
        return replace(row, tools=tools_read(one) or tools_proposed(ground, one, agent))

    def group(stage: str) -> TraceGroup:
        steps = list(_steps(found[stage]))
        newest = steps if most is None else steps[-most:]
        return TraceGroup(
            stage.capitalize(),
            tuple(map(row, newest)),
            attempts=1 + sum(one.kind == "stuck" for one in found[stage]),
            earlier=len(steps) - len(newest),
        )

    return tuple(group(stage) for stage in NAMES if stage in found)


def _steps(entries: list[Entry]) -> Iterator[Entry]:
    """An attempt and what came of it at once are one step, told by its outcome."""
    for one, following in zip_longest(entries, entries[1:]):
        ended = following.subject if following and following.kind in _OUTCOMES else ""
        if one.kind != "attempted" or ended != one.subject:
            yield one


def row_of(ground: Ground, entry: Entry, *, is_deciding: bool = False) -> TraceRow:
    """One entry as a step: what it was given and what it gave, addresses masked, long texts cut."""
    return TraceRow(
        at=entry.at,
        kind=_kind(entry),
        text=_text(ground, entry),
        given=_shown(entry.body, ("change", "evidence", "cites", "findings", "brief", "plan")),
        gave=_shown({k: v for k, v in entry.body.items() if k not in _DULL}, ()),
        is_deciding=is_deciding,
    )


def model_row(entry: Entry, call: ModelCall | None) -> TraceRow:
    """One call of a model: its figures from the ledger, its texts where they are still kept."""
    body, agent = entry.body, entry.actor.removeprefix("agent:")
    told = ModelCall.model_validate(
        {key: body[key] for key in ModelCall.model_fields if key in body} | {"agent": agent}
    )
    return TraceRow(
        at=entry.at,
        kind=TraceKind.MODEL,
        text=f"{agent} · asked {told.model} for: {told.purpose}",
        seconds=told.seconds,
        tokens=told.tokens,
        cost=cost_of(told.cost_micros, told.currency),
        given=nameless(call.given) if call else "",
        gave=nameless(call.gave) if call else "",
        tools=tools_called(told),
    )


def spent_of(entries: list[Entry]) -> tuple[int, Money | None]:
    """The tokens of all calls, and what they cost together, rounded once."""
    bodies = [one.body for one in entries if one.kind == MODEL]
    if not bodies:
        return 0, None
    tokens = sum(int(str(one["tokens_in"])) + int(str(one["tokens_out"])) for one in bodies)
    micros = sum(int(str(one["cost_micros"])) for one in bodies)
    return tokens, cost_of(micros, str(bodies[0]["currency"]))


def _asked(entries: list[Entry], kept: ModelCalls) -> Iterator[tuple[int, ModelCall]]:
    """The texts of each call by its entry's number; the oldest may be gone."""
    numbers = [one.seq for one in entries if one.kind == MODEL]
    yield from zip(numbers[kept.dropped :], kept.calls, strict=False)


def _with_stages(entries: list[Entry]) -> list[tuple[str, Entry]]:
    """Each entry with the stage it happened in: the one that the next ending entry ends."""
    stage, told = NAMES[0], []
    for entry in entries:
        told.append((stage, entry))
        ended = "approval" if _is_answer(entry) else ENDS.get(entry.kind)
        if ended in NAMES[:-1]:
            stage = NAMES[NAMES.index(ended) + 1]
    return told


def _is_answer(entry: Entry) -> bool:
    return entry.kind == "approved" and entry.body.get("action") == "campaign.launch"


def _deciding(entries: list[Entry]) -> int:
    """The entry that settled what this cycle did: a person's answer, else the gate's last word."""
    answers = [one.seq for one in entries if one.kind in ("approved", "rejected")]
    judged = [one.seq for one in entries if one.kind == "judged"]
    return (answers or judged or [0])[-1]


def _kind(entry: Entry) -> TraceKind:
    if entry.kind in _PEOPLE:
        return TraceKind.PERSON
    return TraceKind.TOOL if entry.kind in _TOOLS else TraceKind.RULE


def _text(ground: Ground, entry: Entry) -> str:
    body, who = entry.body, ground.actor(entry.actor).name
    tell = _DID.get(entry.kind)
    if did := tell(body) if tell else "":
        return f"{who} · {did}"
    said = next((str(body[k]) for k in ("text", "why", "reason", "detail") if body.get(k)), "")
    about = f": {kind_title(str(body['action']))}" if body.get("action") else ""
    verdict = (
        f" → {_VERDICTS.get(str(body['verdict']), body['verdict'])}" if "verdict" in body else ""
    )
    return f"{who} · {label(entry.kind).lower()}{about}{verdict}" + (f" ({said})" if said else "")


def _read(body: Mapping[str, Any]) -> str:
    scopes = [str(one).replace("_", " ") for one in body.get("scopes") or ()]
    return f"read {', '.join(scopes)}" if scopes else ""


def _briefed(body: Mapping[str, Any]) -> str:
    count = len(body.get("lessons") or [])
    return f"wrote the brief, with {count} lesson{'s' if count != 1 else ''} of earlier cycles"


def _built(body: Mapping[str, Any]) -> str:
    subjects = "; ".join(f"“{one}”" for one in body.get("subjects") or ())
    return f"built {made_of(body)}" + (f": {subjects}" if subjects else "")


def _reviewed(body: Mapping[str, Any]) -> str:
    count = len(body.get("findings") or [])
    return f"asked {body.get('rules')} rules: {count} finding{'s' if count != 1 else ''}"


def _planned(body: Mapping[str, Any]) -> str:
    return f"chose {body.get('theme')}, {body.get('angle')}: {body.get('why')}"


def _launched(body: Mapping[str, Any]) -> str:
    live, missing = len(body.get("live") or []), len(body.get("missing") or [])
    return f"launched: {live} live, {missing} missing"


def _measured(body: Mapping[str, Any]) -> str:
    totals = {k: v for k, v in (body.get("total") or {}).items() if v}
    told = (f"{label(name).lower()} {value:,.0f}" for name, value in totals.items())
    return f"measured in all: {', '.join(told)}" if totals else ""


# What steps did, where their name alone says little.
_DID: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "read": _read,
    "briefed": _briefed,
    "planned": _planned,
    "built": _built,
    "reviewed": _reviewed,
    "launched": _launched,
    "measured": _measured,
}
_VERDICTS = {
    "allow": "may go ahead",
    "ask": "a person is asked",
    "observe": "only recorded",
    "deny": "not allowed",
}


def _shown(body: dict[str, Any], only: tuple[str, ...]) -> str:
    """JSON for people, addresses masked and long texts cut."""
    kept = {
        k: v for k, v in body.items() if v not in (None, "", [], {}) and (not only or k in only)
    }
    text = json.dumps(kept, indent=1, ensure_ascii=False) if kept else ""
    return nameless(text)[:_CUT]
