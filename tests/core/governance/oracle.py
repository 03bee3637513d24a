"""The oracle: the action matrix said once more, in Cedar, from the bare YAML and nothing of ours.

One policy a rule, named ``weight.check``; Cedar reports every one that fired, so a request is
compared finding by finding, not only by its outcome. Figures are whole numbers there: confidence
in billionths, sizes in ten-thousandths, money in cents, times in seconds.
"""

import json
from collections.abc import Iterable
from typing import Any

import pytest

PHASES = ("draft", "supervised", "conditional", "full")
_INTERNAL = (
    "campaign.launch",
    "campaign.set",
    "experiment.",
    "budget.",
    "autonomy.",
    "connection.",
)
_ALWAYS_LESS = (
    "ads.pause",
    "ads.remove_line_item",
    "autonomy.demote",
    "email.cancel_send",
    "experiment.stop",
    "social.delete_post",
    "social.stop_boost",
)
_GIVES = (
    "ads.enable",
    "ads.launch_line_item",
    "email.schedule_send",
    "social.boost_post",
    "social.schedule_post",
)
_TAKES = tuple(kind for kind in _ALWAYS_LESS if kind.startswith(("ads.", "email.", "social.")))
_LESS_WHEN_CHEAPER = ("ads.extend_flight", "ads.set_bid", "ads.set_budget")
_IN_PACK = "(context.packApproved && context.packHolds && context.phase >= 1)"
_COVERED = f"({_IN_PACK} || (context.agreed && context.phase >= 0))"
_SECONDS = {"m": 60, "h": 3600, "d": 86_400}
WEIGHTS = {"forbid": 4, "observe": 3, "ask": 2, "hold": 1}


def fired(kind: str, row: Any, requests: Iterable[dict[str, Any]]) -> list[dict[str, int]]:
    """For each request of one kind: which checks spoke, and how heavily (the heaviest each)."""
    cedarpy = pytest.importorskip("cedarpy", reason="the second opinion needs cedarpy")
    policies = cedarpy.PolicySet.from_str("\n".join(_policies(kind, row)))
    nothing = cedarpy.Entities.from_json_str("[]")
    asked = [
        {
            "principal": f'{request["by"]}::"{request["id"]}"',
            "action": f"Action::{json.dumps(kind)}",
            "resource": f'Campaign::"{request["campaign"]}"',
            "context": request,
        }
        for request in requests
    ]
    answers = cedarpy.is_authorized_batch(asked, policies, nothing)
    return [_heaviest(answer) for answer in answers]


def _heaviest(answer: Any) -> dict[str, int]:
    # Cedar skips a policy that fails to evaluate: an error here would be a hole in the oracle.
    assert answer.diagnostics.errors == []
    names = answer.diagnostics.id_annotations_by_reason.values()
    found: dict[str, int] = {}
    for weight, check in (name.split(".") for name in names if name != "permit"):
        found[check] = max(found.get(check, 0), WEIGHTS[weight])
    assert answer.allowed == (not found)
    return found


def _policies(kind: str, row: Any) -> Iterable[str]:
    yield '@id("permit") permit(principal, action, resource);'
    for name, when in (*_shared(kind), *_matrix(kind, row), *_row(kind, row)):
        yield f'@id("{name}") forbid(principal, action, resource) when {{ {when} }};'


def _shared(kind: str) -> Iterable[tuple[str, str]]:
    agent, less = "principal is Agent", _lowers(kind)
    internal = kind.startswith(_INTERNAL)
    passes = f'({less} && !({agent} && context.evergreen && "{kind}" == "ads.pause"))'
    yield "forbid.stale", 'context.state != "same"'
    yield "forbid.expired", "context.expiresIn <= 0"
    yield "forbid.held", f'context.hold == "freeze" && {_covers(kind)} && !{passes}'
    yield "observe.held", f'context.hold == "observe" && {_covers(kind)} && !{passes}'
    if not internal:
        yield "forbid.connection", 'context.mode == "read-only" || context.mode == "unknown"'
        yield "observe.connection", 'context.mode == "shadow"'
    free = f"principal is Agent && !{_COVERED}"
    yield "forbid.phase", f'{free} && context.campaign != "" && context.phase < 0'
    yield "ask.phase", f'{free} && context.campaign == ""'
    yield "forbid.level", f'{agent} && ["never", "unknown"].contains(context.level)'
    yield "observe.level", f'{agent} && context.level == "observe"'
    yield "ask.level", f'{agent} && context.level == "draft" && !context.agreed'
    yield "ask.level", f'{agent} && context.level == "ask" && !{_COVERED}'
    yield "forbid.proposer", f"principal is System && !{less}"
    yield "forbid.proposer", 'principal is Person && context.account != "good"'
    yield "ask.tightened", f'context.tightened == "ask" && !{_COVERED}'
    yield "forbid.tightened", '!(["none", "ask"].contains(context.tightened))'
    yield (
        "forbid.budget",
        "context.delta > 0 && (context.caps <= 0 || context.left < context.delta)",
    )
    most = "(context.running + context.daily) * context.overspend"
    raises = "context.hasCeiling && context.daily > 10000"
    yield "forbid.daily", f"{raises} && {most} > context.ceiling"
    yield "forbid.data", f'principal == Agent::"optimizer" && context.broken && !{less}'
    tested = "context.underTest && !(principal is Person) && !context.namesPack"
    yield "forbid.under_test", f"{tested} && !{less}"
    yield "forbid.registry", "context.meetsTest"
    yield "ask.registry", f"{agent} && context.leaning"
    yield "ask.registry", "!(principal is Agent) && context.againstRule"
    for weight in ("ask", "observe", "forbid"):
        yield f"{weight}.parts", f'context.parts == "{weight}"'
    yield "ask.second copy", "context.inDoubt"
    taught = "context.taught && context.taughtLeft > 0"
    yield "ask.constraint", f"{agent} && {taught} && !{_COVERED}"
    yield "forbid.constraint", f"{agent} && {_bound(kind)} && !{_COVERED}"


def _matrix(kind: str, row: Any) -> Iterable[tuple[str, str]]:
    if not isinstance(row, dict):
        yield "forbid.matrix", "true"
        return
    named = " || ".join(f'principal == Agent::"{agent}"' for agent in row["agents"]) or "false"
    yield "forbid.matrix", f"principal is Agent && !(({named}) && context.declared)"
    roles = row.get("people") or ["operator", "manager", *row.get("approvals", {}).get("roles", [])]
    yield "forbid.proposer", f"principal is Person && !{json.dumps(roles)}.contains(context.role)"
    if row.get("always_ask"):
        yield "ask.matrix", f"!{_COVERED}"


def _row(kind: str, row: Any) -> Iterable[tuple[str, str]]:
    if not isinstance(row, dict):
        return
    free = f"principal is Agent && !{_COVERED}"
    early = f"context.phase < {PHASES.index(row['phase'])}"
    yield "ask.phase", f'{free} && context.campaign != "" && {early}'
    sure, signals = round(row.get("min_confidence", 0) * 10**9), row.get("signals", 0)
    weight = "hold" if row["risk"] == "medium" and "hold" in row else "ask"
    yield "ask.confidence", f"{free} && context.signals < {signals}"
    yield f"{weight}.confidence", f"{free} && context.sure < {sure}"
    if kind == "ads.pause":
        bar = "(context.sure < 900000000 || context.signals < 2)"
        yield "ask.confidence", f"{free} && context.evergreen && {bar}"
    moving = f"{free} && !{_lowers(kind)}"
    if "cooldown" in row:
        rest = int(row["cooldown"][:-1]) * _SECONDS[row["cooldown"][-1]]
        yield from _pace(f"{moving} && context.ago >= 0 && context.ago < {rest}")
    if not kind.startswith(_INTERNAL):
        yield from _pace(f"{moving} && context.ownLimit >= 0 && context.size > context.ownLimit")
    for limit, value in row.get("limits", {}).items():
        yield from _pace(f"{moving} && {_limit(limit, value)}")


def _pace(when: str) -> Iterable[tuple[str, str]]:
    """People may be asked to hurry a change along, but no side of a move."""
    yield "ask.pace", f"{when} && !context.isPart"
    yield "forbid.pace", f"{when} && context.isPart"


def _limit(limit: str, value: Any) -> str:
    if limit in ("changes_per_day", "changes_per_month"):
        return f"context.{'today' if limit.endswith('day') else 'month'} >= {value}"
    if limit in ("spend_per_change", "spend_per_day"):
        most_cents = int(value.removeprefix("EUR ")) * 100
        lately = " + context.lately" if limit.endswith("day") else ""
        unknown = " || context.lately < 0" if lately else ""
        return f"context.delta > 0 && (context.delta{lately} > {most_cents}{unknown})"
    most = int(value.removesuffix("%")) * 100
    moved = "context.size" if limit == "per_change" else "context.size + context.movedToday"
    return f"{moved} > {most}"


def _bound(kind: str) -> str:
    up, down = "context.moved > context.boundMost", "context.moved < -context.boundMost"
    if kind in (*_GIVES, *_TAKES):
        way = 1 if kind in _GIVES else -1
        return f"(context.boundWay == {way} && (context.moved == 0 || {up} || {down}))"
    moves = f"(context.boundWay == 1 && {up}) || (context.boundWay == -1 && {down})"
    return f"({moves} || (context.boundWay == 0 && context.moved == 0 && context.fields == 0))"


def _lowers(kind: str) -> str:
    if kind in _ALWAYS_LESS:
        return "(context.delta <= 0 && !context.isPart)"
    if kind in _LESS_WHEN_CHEAPER:
        return "(context.delta < 0 && context.fields == 1 && !context.isPart)"
    return "false"


def _covers(kind: str) -> str:
    scopes = (
        'context.scope == "workspace"',
        'context.scope == "campaign" && context.of == context.campaign',
        'context.scope == "channel" && context.of == context.channel',
        f'context.scope == "action" && context.of == "{kind}"',
        'context.scope == "agent" && principal is Agent && context.of == context.id',
    )
    return f"({' || '.join(f'({scope})' for scope in scopes)})"
