"""Teaching: what an override says about the next proposal of that kind, in that context."""

from datetime import datetime, timedelta

from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.decision import Decision, of_action
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.freeze import Scope, ScopeKind

# How long a reason holds: the moment passes soonest, a principle last.
_LIFE = {"timing": timedelta(days=7), "evidence": timedelta(days=14)}
_USUAL_LIFE = timedelta(days=28)
_AFTER_A_FREEZE = timedelta(days=7)
# Objects of one cycle: the next one has others, so their targets are no context.
_ONE_CYCLE = frozenset({"campaign.launch", "email.schedule_send", "social.schedule_post"})
_EPSILON = 1e-9


def context_of(action: Action) -> str:
    """What makes two situations the same: kind, campaign, and the target with its direction, or
    the theme where every cycle has targets of its own."""
    if action.kind in _ONE_CYCLE:
        return f"{action.kind}/{action.campaign}/{_theme(action)}"
    return f"{action.kind}/{action.campaign}/{action.target}/{_chosen(action).direction}"


def taught_by(
    action: Action,
    reason: str,
    code: str,
    entry: str,
    now: datetime,
    instead: Action | None = None,
) -> Constraint:
    """The lesson of one override. ``instead`` is what a person made of it: that far is fine."""
    until = now + _LIFE.get(code, _USUAL_LIFE)
    if action.kind in _ONE_CYCLE:
        return Constraint(
            action.kind, action.campaign, reason, entry, until, theme=_theme(action), code=code
        )
    chosen = _chosen(action)
    return Constraint(
        action.kind,
        action.campaign,
        reason,
        entry,
        until,
        target=action.target,
        direction=chosen.direction,
        most=_allowed(chosen, instead),
        choice=_choice(chosen),
        code=code,
    )


def taught_by_freeze(
    scope: Scope, reason: str, code: str, entry: str, now: datetime
) -> Constraint | None:
    """After a person's freeze of a campaign or a kind, agents ask for a while."""
    kind = scope.of if scope.kind is ScopeKind.ACTION_KIND else ""
    campaign = scope.of if scope.kind is ScopeKind.CAMPAIGN else ""
    if not kind and not campaign:
        return None
    return Constraint(kind, campaign, reason, entry, now + _AFTER_A_FREEZE, code=code)


def concerns(taught: Constraint, action: Action, now: datetime) -> bool:
    """Whether the lesson speaks of this action, and has not expired."""
    if now >= taught.until or taught.kind not in ("", action.kind):
        return False
    if taught.campaign not in ("", action.campaign) or taught.target not in ("", action.target):
        return False
    if taught.theme:
        return taught.theme == _theme(action)
    if not taught.target:
        return True
    chosen = _chosen(action)
    if chosen.direction != taught.direction:
        return False
    if not chosen.direction:
        return _choice(chosen) == taught.choice
    return chosen.size is None or chosen.size > taught.most + _EPSILON


def _allowed(chosen: Decision, instead: Action | None) -> float:
    """How far a person went themselves in the same direction."""
    theirs = _chosen(instead) if instead is not None else None
    if theirs is None or theirs.direction != chosen.direction:
        return 0.0
    return theirs.size or 0.0


def _chosen(action: Action) -> Decision:
    return of_action(action, at=_NEVER, by="", source="")


def _choice(chosen: Decision) -> str:
    return digest(chosen.sets)


def _theme(action: Action) -> str:
    after = action.after if isinstance(action.after, dict) else {}
    return str(after.get("theme") or after.get("topic") or "")


_NEVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
