"""Lines: ledger entries as people read them: who, what, from, to, why, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drumbeat.agents.improving.heeding import LESSON
from drumbeat.app.pages.ground import Actor, Ground
from drumbeat.app.pages.naming import kind_title, thing, title_of
from drumbeat.app.pages.undoing import way_back
from drumbeat.app.pages.words import HIDDEN, label, typed
from drumbeat.core.governance import budget_move
from drumbeat.core.governance.entry import Entry
from drumbeat.web.views.change import ChangeRow, Way, WayBack
from drumbeat.web.views.value import Value

# Entries about a proposal; their subject is its id.
_ABOUT_PROPOSALS = frozenset(
    {
        "applied",
        "approved",
        "blocked",
        "edited",
        "expired",
        "held_back",
        "refused",
        "rejected",
        "rolled_back",
        "unresolved",
        "move_begun",
        "move_fell_short",
    }
)
_ENDS = {
    "approved": ("waiting", "approved"),
    "rejected": ("waiting", "rejected"),
    "edited": ("waiting", "changed, to be asked anew"),
    "expired": ("waiting", "expired unanswered"),
    "blocked": ("approved", "stopped by a check"),
    "held_back": ("approved", "held by a freeze"),
    "refused": ("sent", "refused by the platform"),
    "unresolved": ("sent", "unclear: a person must look"),
    "move_begun": ("approved", "under way"),
    "move_fell_short": ("under way", "fell short"),
}
_OF_TESTS = {
    "experiment.register": (None, "registered"),
    "experiment.stop": ("running", "ended"),
}
_HELD = {"freeze": "frozen", "observe": "observing"}
_NO_WAY = WayBack(Way.NONE)
_CUT = 300
# As much of a text as says which one it is.
_LINE = 120


@dataclass(frozen=True)
class Told:
    """What an entry says: the field, its values and the reason."""

    field: str
    before: Value = None
    after: Value = None
    why: str = ""
    back: WayBack = _NO_WAY


@dataclass(frozen=True)
class Lines:
    """Reads entries; ``wishes`` are the JSON of the proposals they are about, by id, and ``held``
    those whose approval has not taken effect yet."""

    ground: Ground
    wishes: Mapping[str, Mapping[str, Any]]
    held: frozenset[str] = frozenset()

    def row(self, entry: Entry) -> ChangeRow:
        told, actor = self._told(entry), self._actor(entry)
        return ChangeRow(
            id=str(entry.seq),
            at=entry.at,
            actor=actor.name,
            actor_kind=actor.kind,
            campaign_id=entry.campaign,
            campaign=self.ground.title(entry.campaign),
            field=told.field,
            before=told.before,
            after=told.after,
            why=_short(told.why, _CUT),
            back=told.back,
            is_held=entry.kind == "held_steady",
            is_lesson=str(entry.body.get("code", "")).startswith(f"{LESSON} "),
            kind=kind_title(str(entry.body["action"])) if entry.body.get("action") else "",
        )

    def _actor(self, entry: Entry) -> Actor:
        """Who wanted it: of what the gate carried out, the one who proposed it."""
        wish = self.wishes.get(entry.subject) if entry.actor == "system:gate" else None
        if wish:
            return self.ground.actor(f"{wish['by']['kind']}:{wish['by']['id']}")
        return self.ground.actor(entry.actor)

    def _told(self, entry: Entry) -> Told:
        if entry.kind in ("applied", "rolled_back"):
            return self._applied(entry)
        if entry.kind == "edited" and entry.body.get("words"):
            return _reworded(entry.body)
        if entry.kind in _ENDS:
            before, after = _ENDS[entry.kind]
            is_held = entry.kind == "approved" and entry.subject in self.held
            back = WayBack(Way.UNDO, entry.subject) if is_held else _NO_WAY
            return Told(self._what(entry), before, after, _why(entry.body), back)
        return self._other(entry)

    def _applied(self, entry: Entry) -> Told:
        body, wish = entry.body, self.wishes.get(entry.subject, {})
        change: Any = body.get("change") or {}
        kind = str(body.get("action", ""))
        why = str(wish.get("why") or "") if entry.kind == "applied" else str(body.get("reason"))
        back = _NO_WAY
        if entry.kind == "applied":
            back = way_back(kind, change, str(entry.seq), self.ground.now)
        field, before, after = self._main(entry, kind, change)
        return Told(field, before, after, why, back)

    def _main(self, entry: Entry, kind: str, change: dict[str, Any]) -> tuple[str, Value, Value]:
        """The field a person would name first: the only one that changed, or the thing made."""
        if kind == budget_move.KIND:
            return self._what(entry), "as before", "changed"
        shown = {f: v for f, v in change.items() if f not in HIDDEN}
        if len(shown) == 1:
            ((field, (before, after)),) = shown.items()
            currency, zone = self.ground.currency, self.ground.zone
            name = f"{label(field)} of {self._thing(entry)}"
            return name, typed(field, before, currency, zone), typed(field, after, currency, zone)
        if kind in _OF_TESTS:
            return self._what(entry), *_OF_TESTS[kind]
        made = all(before is None for before, _ in change.values())
        return self._what(entry), None if made else "as before", "live" if made else "changed"

    def _thing(self, entry: Entry) -> str:
        wish = self.wishes.get(entry.subject)
        return thing(wish["action"], self.ground.zone) if wish else entry_target(entry)

    def _what(self, entry: Entry) -> str:
        wish = self.wishes.get(entry.subject)
        if wish:
            campaign = self.ground.title(entry.campaign)
            return title_of(wish["action"], campaign, self.ground.zone, self.ground.title)
        return kind_title(str(entry.body.get("action", entry.kind)))

    def _other(self, entry: Entry) -> Told:
        body, why = entry.body, _why(entry.body)
        match entry.kind:
            case "held_steady":
                return Told("", why=why)
            case "escalated":
                return Told(f"Escalated to {self.ground.name(str(body.get('owner', '')))}", why=why)
            case "froze" | "observed" | "lifted":
                return _held(entry.kind, body, why)
            case "launched" | "cycle_done" | "cycle_ended" | "learned":
                return _cycle(entry.kind, body, why)
            case "imported":
                return Told("History", None, f"{body.get('rows', 0)} rows", entry.subject)
            case _:
                return Told(label(entry.kind), why=why)


def _reworded(body: Mapping[str, Any]) -> Told:
    """The text a person changed; of several, the first, and how many more."""
    (what, before, after), *more = body["words"]
    field = f"{what[:1].upper()}{what[1:]}" + (f" and {len(more)} more" if more else "")
    return Told(field, _short(before, _LINE), _short(after, _LINE), _why(body))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _held(kind: str, body: Mapping[str, Any], why: str) -> Told:
    match kind:
        case "froze":
            return Told("Status", "running", "frozen", why)
        case "observed":
            return Told("Status", "running", "observing", why)
        case _:
            return Told("Status", _HELD.get(str(body.get("mode")), "held"), "running", why)


def _cycle(kind: str, body: Mapping[str, Any], why: str) -> Told:
    name = f"Cycle {body.get('number', '')}".strip()
    match kind:
        case "launched":
            return Told(name, "approved", "live", _launched(body))
        case "cycle_done":
            return Told(name, "live", "done", why)
        case "cycle_ended":
            return Told(name, str(body.get("stage", "open")), "ended", why)
        case _:
            return Told(f"Lessons of {name.lower()}", why=_lessons(body))


def about_proposals(entries: list[Entry]) -> frozenset[str]:
    """The ids of the proposals that the entries speak of."""
    return frozenset(one.subject for one in entries if one.kind in _ABOUT_PROPOSALS)


def entry_target(entry: Entry) -> str:
    """What the entry is about, by the last part of its name."""
    target = str(entry.body.get("target", entry.subject))
    return target.partition(":")[2].rpartition("/")[2].replace("_", " ") or target


def _why(body: Mapping[str, Any]) -> str:
    named = ("reason", "why", "text", "outcome", "detail")
    return next((str(body[one]) for one in named if body.get(one)), "")


def _lessons(body: Mapping[str, Any]) -> str:
    lessons = body.get("lessons") or []
    return "; ".join(map(str, lessons)) or "nothing clear enough to change the next cycle"


def _launched(body: Mapping[str, Any]) -> str:
    live, missing = body.get("live") or [], body.get("missing") or []
    late = f"; {len(missing)} were not launched in time" if missing else ""
    declined = len(body.get("declined") or [])
    refused = f"; people turned {declined} down" if declined else ""
    return f"{len(live)} object{'s' if len(live) != 1 else ''} live as approved{late}{refused}"
