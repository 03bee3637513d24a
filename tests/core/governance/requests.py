"""Random requests: one draw, told twice, as our nouns and as the oracle's plain figures."""

import math
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.facts import (
    ApprovedPack,
    Constraint,
    DailyRoom,
    Facts,
    PastChange,
    Unread,
)
from drumbeat.core.governance.freeze import Hold, HoldMode, Scope, ScopeKind
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Finding, Weight
from drumbeat.core.money import Money
from tests.core.governance import desk

_ACTORS = (
    *map(Actor.agent, ("optimizer", "launcher", "monitor", "planner", "builder")),
    Actor.person("ana"),
    Actor.system("clock"),
)
_SURE = tuple(
    Confidence(effect=effect, standard_error=0.1, sample_size=size, signals=signals)
    for effect in (0.0, 0.08, 0.3)
    for size in (0, 140, 9000)
    for signals in ((), ("cpa",), ("cpa", "orders"))
)
_HOUR = 3600
_ZERO = {"bid": 1, "daily_budget_minor": 10_000}


@dataclass(frozen=True)
class Request:
    """``kind`` groups them: the oracle's policies are written a kind."""

    kind: str
    proposal: Proposal
    facts: Facts
    told: dict[str, Any]


def draw(chance: Random, matrix: ActionMatrix) -> Request:
    """One request. Most things are in order in most requests, so that every finding gets its
    turn at being the only one."""
    kind = chance.choice((*KINDS, "ads.unheard_of"))
    channel = KINDS[kind].channel if kind in KINDS else Channel.ADS
    by = chance.choice(_ACTORS)
    told: dict[str, Any] = {"by": str(by.kind).title(), "id": by.id, "channel": str(channel)}
    told["campaign"] = _mostly(chance, "retargeting", ("",), 0.95)
    after, asked = _change(chance, told)
    proposal = Proposal(
        id="prop-1",
        action=desk.action(
            kind=kind, channel=channel, campaign=told["campaign"], before=_ZERO, **asked
        ),
        by=by,
        why="chance",
        proposed_at=desk.NOW,
        expires_at=desk.NOW + timedelta(seconds=_tell(told, "expiresIn", _mostly(chance, 9, (0,)))),
        confidence=_confidence(chance, told),
        pack=_pack_named(chance, told),
        part_of="prop-0" * _tell(told, "isPart", _rarely(chance)),
    )
    known = Facts(
        now=desk.NOW,
        policy="policy-1",
        row=matrix.row(kind),
        phase=_phase(chance, told),
        connection_mode=_mode(chance, told),
        level=_level(chance, told),
        holds=_holds(chance, told, kind),
        proposer=_proposer(chance, told, by),
        current=_current(chance, told),
        headrooms=_headrooms(chance, told),
        promised_lately=_lately(chance, told),
        daily_room=_room(chance, told),
        past_changes=_past(chance, told),
        pack=_pack(chance, told, after),
        is_evergreen=_tell(told, "evergreen", chance.random() < 0.5),
        declared_kinds=_declared(chance, told, kind),
        tightened=_tightened(chance, told, kind),
        most_change=_own_limit(chance, told),
        constraints=(*_taught(chance, told, kind), *_bound(chance, told)),
        data_problems=("no click window",) * _tell(told, "broken", chance.random() < 0.1),
        registry="another test runs there" * _tell(told, "meetsTest", _rarely(chance)),
        is_leaning=_tell(told, "leaning", _rarely(chance)),
        is_agreed=_tell(told, "agreed", _rarely(chance)),
        under_test=frozenset({desk.TARGET} if _tell(told, "underTest", _rarely(chance)) else ()),
        is_against_rule=_tell(told, "againstRule", _rarely(chance)),
        parts=_parts(chance, told),
        owners=tuple(_tell(told, "owners", _mostly(chance, ["ana"], (["ana", "tomas"], [])))),
    )
    return Request(kind, proposal, known, told)


def _tell(told: dict[str, Any], name: str, value: Any) -> Any:
    told[name] = value
    return value


def _rarely(chance: Random) -> bool:
    return chance.random() < 0.1


def _mostly(chance: Random, usual: Any, others: tuple[Any, ...], share: float = 0.85) -> Any:
    return usual if chance.random() < share else chance.choice(others)


def _change(chance: Random, told: dict[str, Any]) -> tuple[dict[str, int], dict[str, Any]]:
    moved = chance.choice((-3000, -100, 0, 0, 500, 1200, 2000, 2001, 2500))
    also = _rarely(chance)
    after = {"bid": 2 if also else 1, "daily_budget_minor": 10_000 + moved}
    doubted = _tell(told, "inDoubt", chance.random() < 0.05)
    if doubted:
        after["in_doubt_of"] = 1
    # A bid that doubles is a change of 100 %, and so is a field that was not there.
    told["moved"] = moved
    told["daily"] = after["daily_budget_minor"]
    told["size"] = 10_000 if also or doubted else abs(moved)
    told["fields"] = int(also) + int(doubted) + int(moved != 0)
    told["delta"] = chance.choice((moved, moved, -500, 0, 500))
    return after, {"after": after, "spend_delta": Money(minor=told["delta"], currency="EUR")}


def _confidence(chance: Random, told: dict[str, Any]) -> Confidence | None:
    made: Confidence | None = _mostly(chance, chance.choice(_SURE), (None,), 0.9)
    told["sure"] = math.floor(made.value * 10**9) if made else 0
    told["signals"] = len(made.signals) if made else 0
    return made


def _pack_named(chance: Random, told: dict[str, Any]) -> str:
    return desk.PACK if _tell(told, "namesPack", chance.random() < 0.4) else ""


def _pack(chance: Random, told: dict[str, Any], after: dict[str, int]) -> ApprovedPack | None:
    right = chance.random() < 0.8
    state = after if _tell(told, "packHolds", chance.random() < 0.8) else {"other": 1}
    found = chance.random() < 0.7
    told["packApproved"] = found and right and told["namesPack"]
    held = ApprovedPack(desk.PACK if right else "another", {desk.TARGET: (digest(state),)})
    return held if found else None


def _phase(chance: Random, told: dict[str, Any]) -> Phase | None:
    found: Phase | None = _mostly(chance, chance.choice(tuple(Phase)), (None,), 0.95)
    told["phase"] = tuple(Phase).index(found) if found else -1
    return found


def _level(chance: Random, told: dict[str, Any]) -> Level | None:
    others = (Level.OBSERVE, Level.DRAFT, Level.ASK, Level.NEVER, None)
    found: Level | None = _mostly(chance, Level.ACT, others, 0.8)
    told["level"] = str(found) if found else "unknown"
    return found


def _proposer(chance: Random, told: dict[str, Any], by: Actor) -> Account | None:
    role = _tell(told, "role", chance.choice(("manager", "operator", "performance", "viewer")))
    state = _tell(told, "account", _mostly(chance, "good", ("missing", "disabled", "a machine")))
    if state == "missing" or not by.is_person:
        return None
    return Account(
        id=by.id,
        person=by.id,
        roles=frozenset({role}),
        is_active=state != "disabled",
        is_agent=state == "a machine",
    )


def _mode(chance: Random, told: dict[str, Any]) -> ConnectionMode | None:
    others = (ConnectionMode.SHADOW, ConnectionMode.READ_ONLY, None)
    found: ConnectionMode | None = _mostly(chance, ConnectionMode.LIVE, others)
    told["mode"] = str(found) if found else "unknown"
    return found


def _holds(chance: Random, told: dict[str, Any], kind: str) -> tuple[Hold, ...]:
    mode = _tell(told, "hold", _mostly(chance, "", ("freeze", "observe"), 0.75))
    scope = chance.choice(tuple(ScopeKind))
    names = {
        ScopeKind.WORKSPACE: ("",),
        ScopeKind.CAMPAIGN: ("retargeting", "social"),
        ScopeKind.CHANNEL: ("ads", "email"),
        ScopeKind.ACTION_KIND: (kind, "ads.set_bid"),
        ScopeKind.AGENT: ("optimizer", "ana"),
    }
    of = chance.choice(names[scope])
    told.update(scope=str(scope), of=of)
    if not mode:
        return ()
    where = Scope(kind=scope, of=of)
    made = Hold(id="h", mode=HoldMode(mode), scope=where, by=desk.ANA, reason="x", at=desk.NOW)
    return (made,)


def _current(chance: Random, told: dict[str, Any]) -> Any:
    state = _tell(told, "state", _mostly(chance, "same", ("moved", "gone", "unread"), 0.9))
    found = {"same": _ZERO, "moved": {"bid": 9}, "gone": None, "unread": Unread.UNREAD}
    return found[state]


def _headrooms(chance: Random, told: dict[str, Any]) -> Any:
    lefts = _mostly(chance, (50_000, 40_000), (None, (), (500, 50_000), (50_000, 499)), 0.8)
    told["caps"] = len(lefts) if lefts else 0
    told["left"] = min(lefts) if lefts else 0
    if lefts is None:
        return None
    return tuple(
        desk.headroom(0).model_copy(
            update={
                "cap": Money(minor=left, currency="EUR"),
                "committed": Money(minor=0, currency="EUR"),
            }
        )
        for left in lefts
    )


def _lately(chance: Random, told: dict[str, Any]) -> Money | None:
    minor = _tell(told, "lately", _mostly(chance, chance.choice((0, 1500, 2000)), (-1,)))
    return None if minor < 0 else Money(minor=minor, currency="EUR")


def _room(chance: Random, told: dict[str, Any]) -> DailyRoom | None:
    has = _tell(told, "hasCeiling", chance.random() < 0.3)
    running = _tell(told, "running", chance.choice((0, 10_000)))
    overspend = _tell(told, "overspend", chance.choice((1, 2)))
    ceiling = _tell(told, "ceiling", chance.choice((12_000, 22_000, 50_000)))
    if not has:
        return None
    most, now = Money(minor=ceiling, currency="EUR"), Money(minor=running, currency="EUR")
    return DailyRoom(most, now, overspend)


def _past(chance: Random, told: dict[str, Any]) -> tuple[PastChange, ...]:
    agos = _mostly(chance, (), ((2,), (24,), (30,), (49, 5), (3, 4, 80), (50,) * 10), 0.6)
    sizes = [chance.choice((0, 300, 1100)) for _ in agos]
    today = [size for size, ago in zip(sizes, agos, strict=True) if ago < 24]
    told.update(
        ago=min(agos) * _HOUR if agos else -1,
        today=len(today),
        month=len(agos),
        movedToday=sum(today),
    )
    pairs = zip(agos, sizes, strict=True)
    return tuple(PastChange(desk.NOW - timedelta(hours=a), size / 10_000) for a, size in pairs)


def _declared(chance: Random, told: dict[str, Any], kind: str) -> frozenset[str] | None:
    found = _mostly(chance, frozenset({kind}), (None, frozenset({"other"})))
    told["declared"] = bool(found and kind in found)
    return found  # type: ignore[no-any-return]


def _tightened(chance: Random, told: dict[str, Any], kind: str) -> dict[str, str]:
    rule = _tell(told, "tightened", _mostly(chance, "none", ("ask", "never", "hm")))
    return {"other.kind": "never"} | ({} if rule == "none" else {kind: rule})


def _parts(chance: Random, told: dict[str, Any]) -> tuple[Finding, ...]:
    """What checks say of the changes it is made of: the strictest of them, beside a softer one."""
    weight = _tell(told, "parts", _mostly(chance, "none", ("ask", "observe", "forbid")))
    if weight == "none":
        return ()
    soft = Finding(check="phase", weight=Weight.NOTE, text="of one")
    return soft, Finding(check="held", weight=Weight[weight.upper()], text="of another")


def _taught(chance: Random, told: dict[str, Any], kind: str) -> tuple[Constraint, ...]:
    campaign = chance.choice(("retargeting", "social"))
    about = chance.choice((kind, kind, "other.kind"))
    left = chance.choice((0, 60))
    told.update(taught=campaign == told["campaign"] and about == kind, taughtLeft=left)
    until = desk.NOW + timedelta(seconds=left)
    made = Constraint(about, campaign, "too early", "ledger#7", until)
    if _tell(told, "taught", told["taught"] and chance.random() < 0.4):
        return (made,)
    return (made,) if not (campaign == told["campaign"] and about == kind) else ()


def _own_limit(chance: Random, told: dict[str, Any]) -> float | None:
    most = _tell(told, "ownLimit", _mostly(chance, -1, (400, 1500)))
    return None if most < 0 else most / 10_000


def _bound(chance: Random, told: dict[str, Any]) -> tuple[Constraint, ...]:
    """A lesson about the very target: not that way, not by more; or (way 0) not this again."""
    way = _tell(told, "boundWay", _mostly(chance, 2, (-1, 0, 1)))
    most = _tell(told, "boundMost", chance.choice((0, 800, 2200)))
    elsewhere = _rarely(chance)
    if way == 2:
        return ()
    target = "line_item:retargeting/other" if elsewhere else desk.TARGET
    told["boundWay"] = 2 if elsewhere else way
    until = desk.NOW + timedelta(seconds=1)
    again = digest({})  # the choice of what changes nothing
    made = Constraint("", "", "no", "ledger#8", until, target, way, most / 10_000, again)
    return (made,)
