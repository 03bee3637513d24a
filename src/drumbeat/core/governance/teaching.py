"""Teaching: what an override says about the next proposal of that kind, in that context."""

import math
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.decision import MONEY, Decision, of_action
from drumbeat.core.governance.facts import Constraint
from drumbeat.core.governance.freeze import Scope, ScopeKind
from drumbeat.core.money import Money

# How long a reason holds: the moment passes soonest, a principle last.
_LIFE = {"timing": timedelta(days=7), "evidence": timedelta(days=14)}
_USUAL_LIFE = timedelta(days=28)
_AFTER_A_FREEZE = timedelta(days=7)
# Objects of one cycle: the next one has others, so their targets are no context. A registration is
# named by its content, and the same claim would come again under another name.
_ONE_CYCLE = frozenset(
    {"campaign.launch", "email.schedule_send", "social.schedule_post", "experiment.register"}
)
_EPSILON = 1e-9
# A share of money that is a whole number of cents but for the rounding of floats.
_WHOLE = 1e-6


def context_of(action: Action) -> str:
    """What makes two situations the same: kind, campaign, and the target with its direction, or
    the theme (of a test: its claim) where every cycle has targets of its own."""
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
        up_to=_amount(instead) if instead is not None and chosen.size is None else 0,
        choice=_choice(chosen),
        code=code,
    )


def taught_words(
    action: Action,
    words: Iterable[tuple[str, str]],
    told: tuple[str, str, str],
    now: datetime,
) -> tuple[Constraint, ...]:
    """The lessons of a launch whose ``words`` (before, after) a person changed: wherever the same
    text comes again in this campaign, it reads as they wrote it. ``told`` is the reason, its code
    and the ledger's entry."""
    reason, code, entry = told
    until = now + _LIFE.get(code, _USUAL_LIFE)
    return tuple(
        Constraint(
            action.kind, action.campaign, reason, entry, until, code=code, said=said, instead=text
        )
        for said, text in words
        if said
    )


def wordings(lessons: Iterable[Constraint]) -> dict[str, str]:
    """What people said instead of each text, by lessons in the order they were taught: the last
    word on a text counts, and one that was restored stays."""
    found: dict[str, str] = {}
    for one in lessons:
        if one.said:
            found = {
                said: one.instead if text == one.said else text for said, text in found.items()
            }
            found[one.said] = one.instead
            found.pop(one.instead, None)
    return found


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
    if taught.said:
        # Of words: whoever writes them obeys it, and an action does not say them.
        return False
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
    if chosen.size is None:
        amount = _amount(action)
        return not amount or amount > taught.up_to
    return chosen.size > taught.most + _EPSILON


@dataclass(frozen=True)
class Heeded:
    """What lessons leave of a wish: ``action`` as it may be proposed, None where it may not.

    ``lesson`` is the one that changed or ended it, or that lets people be asked; None: none does.
    """

    action: Action | None
    lesson: Constraint | None = None


def heed(action: Action, lessons: Iterable[Constraint], now: datetime) -> Heeded:
    """Obey before proposing: what a person took back is not wished for again, and what a person
    made smaller no further than they went. An unrelated wish stays as it is."""
    found = [one for one in lessons if concerns(one, action, now)]
    binding = [one for one in found if one.target]
    if not binding:
        return Heeded(action, next(iter(found), None))
    strictest = min(binding, key=lambda one: one.most)
    return Heeded(_no_further(action, strictest), strictest)


def no_further_than(
    lessons: Iterable[Constraint], action: tuple[str, str, str], share: float
) -> tuple[float, Constraint | None]:
    """A relative change (0.2: a fifth more) of a kind, campaign and target, held to what lessons
    in force leave of it, and the one that held it."""
    kind, campaign, target = action
    binding = [
        one
        for one in lessons
        if one.target == target
        and one.kind in ("", kind)
        and one.campaign in ("", campaign)
        and one.direction == (share > 0) - (share < 0) != 0
        and abs(share) > one.most + _EPSILON
    ]
    if not binding:
        return share, None
    strictest = min(binding, key=lambda one: one.most)
    return math.copysign(strictest.most, share), strictest


def said_before(lesson: Constraint) -> str:
    """The lesson as everybody reads it: who is bound reads why, and until when."""
    until = f"it holds until {lesson.until:%Y-%m-%d}"
    return f"a person said before: {lesson.reason} ({lesson.entry}); {until}"


def barred_themes(
    lessons: Iterable[Constraint], kinds: Container[str], campaign: str
) -> dict[str, Constraint]:
    """The themes that people turned down for these kinds of a campaign, by lessons in force."""
    return {
        one.theme: one
        for one in lessons
        if one.theme and one.kind in kinds and one.campaign in ("", campaign)
    }


def _no_further(action: Action, lesson: Constraint) -> Action | None:
    """The same change, as far as a person went themselves; None where that is nowhere."""
    chosen = _chosen(action)
    before, after = action.before, action.after
    if chosen.size is None and lesson.up_to:
        return _at_most(action, lesson.up_to)
    if not lesson.most or not chosen.size or not isinstance(before, dict):
        return None
    field = next((one for one in MONEY if one in before and before.get(one)), "")
    if not field or not isinstance(after, dict):
        return None
    was = before[field]
    assert isinstance(was, int)
    # Rounded towards what there is, so that it stays within what was said.
    smaller = was + chosen.direction * math.floor(was * lesson.most + _WHOLE)
    share = (smaller - was) / (int(str(after[field])) - was)
    spend = Money(
        minor=math.ceil(action.spend_delta.minor * share), currency=action.spend_delta.currency
    )
    if smaller == was:
        return None
    return action.revised(after={**after, field: smaller}, spend_delta=spend)


def _at_most(action: Action, minor: int) -> Action | None:
    """The same start of something, with no more money than this."""
    after, amount = action.after, _amount(action)
    if not isinstance(after, dict) or not amount:
        return None
    spend = Money(
        minor=math.ceil(action.spend_delta.minor * minor / amount),
        currency=action.spend_delta.currency,
    )
    field = next(one for one in MONEY if after.get(one))
    return action.revised(after={**after, field: minor}, spend_delta=spend)


def _amount(action: Action) -> int:
    """What the target gets, in minor units; 0 where the action is not about money."""
    after = action.after if isinstance(action.after, dict) else {}
    found = next((after[one] for one in MONEY if after.get(one)), 0)
    return found if isinstance(found, int) else 0


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
    claim = after.get("hypothesis")
    tested = claim.get("id") if isinstance(claim, dict) else ""
    return str(after.get("theme") or after.get("topic") or tested or "")


_NEVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
