"""Implementation checklist: what a campaign must have before it may run, and what it lacks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drumbeat.core.campaign.shelf import Shelf

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One line of the list. ``lack`` says what is missing; empty when the item is met."""

    name: str
    lack: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the campaign has what the line asks for."""
        return not self.lack


@dataclass(frozen=True)
class Checklist:
    """One campaign's list, every item in a fixed order."""

    campaign: str
    items: tuple[Item, ...]

    @property
    def missing(self) -> tuple[Item, ...]:
        """The items that are not met; a campaign with any is refused."""
        return tuple(item for item in self.items if not item.is_met)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def __str__(self) -> str:
        met = len(self.items) - len(self.missing)
        lines = [f"{self.campaign}: {met} of {len(self.items)} met"]
        lines += [f"  missing: {item.name} ({item.lack})" for item in self.missing]
        return "\n".join(lines)


def assess(raw: Raw, shelf: Shelf) -> Checklist:
    """The checklist of a campaign as its file and its type's defaults declare it.

    Works on the plain mapping, so that a file with other mistakes still gets its list.
    """
    items = tuple(Item(name, test(raw, shelf)) for name, test in _ITEMS)
    return Checklist(campaign=str(raw.get("campaign") or "campaign"), items=items)


def _has(key: str, ask: str) -> Callable[[Raw, Shelf], str]:
    return lambda raw, shelf: "" if raw.get(key) else ask


def _owner(raw: Raw, shelf: Shelf) -> str:
    owner = raw.get("owner")
    if not isinstance(owner, str) or not owner:
        return "name a person under owner"
    return "" if owner.casefold() in shelf.people else f"{owner} is not in drumbeat.yaml"


def _goal(raw: Raw, shelf: Shelf) -> str:
    goal = raw.get("goal")
    whole = isinstance(goal, dict) and goal.get("metric") and goal.get("target") is not None
    return "" if whole else "say which metric should reach which target under goal"


def _escalation(raw: Raw, shelf: Shelf) -> str:
    name = raw.get("escalation")
    if not isinstance(name, str) or not name:
        return "name a policy of policy/escalation.yaml under escalation"
    return "" if name in shelf.escalations else f"{name} is not in policy/escalation.yaml"


def _runbook(raw: Raw, shelf: Shelf) -> str:
    page = raw.get("runbook")
    if not isinstance(page, str) or not page:
        return "name a page of runbooks/ under runbook"
    return "" if page in shelf.files else f"there is no file {page}"


def _naming(raw: Raw, shelf: Shelf) -> str:
    choice = raw.get("naming")
    if not isinstance(choice, dict) or not choice:
        return "say which rule of policy/naming.yaml names its objects under naming"
    rule = choice.get("rule", "standard")
    return "" if rule in shelf.naming_rules else f"{rule} is not in policy/naming.yaml"


def _matrix(raw: Raw, shelf: Shelf) -> str:
    used = raw.get("actions")
    kinds = [kind for kind in used if isinstance(kind, str)] if isinstance(used, list) else []
    if not kinds:
        return "list the action kinds it uses under actions"
    bare = [kind for kind in kinds if kind not in shelf.ruled_actions]
    return f"no row in policy/actions.yaml for {', '.join(bare)}" if bare else ""


def _sla(stage: str, meaning: str) -> Callable[[Raw, Shelf], str]:
    def test(raw: Raw, shelf: Shelf) -> str:
        levels = raw.get("sla")
        found = levels.get(stage) if isinstance(levels, dict) else None
        return "" if found else f"say how long {meaning} may take under sla.{stage}"

    return test


_ITEMS: tuple[tuple[str, Callable[[Raw, Shelf], str]], ...] = (
    ("type", _has("type", "say what kind of programme it is under type")),
    ("owner", _owner),
    ("goal", _goal),
    ("success metric", _has("success_metrics", "list at least one under success_metrics")),
    (
        "alert threshold",
        _has("guardrails", "write at least one under guardrails"),
    ),
    ("escalation path", _escalation),
    ("rollback", _has("rollback", "say what it goes back to under rollback")),
    ("runbook", _runbook),
    ("data sources", _has("data_sources", "list what its decisions rest on under data_sources")),
    ("data permissions", _has("data_permissions", "say which agent may read what")),
    ("naming rule", _naming),
    ("action-matrix coverage", _matrix),
    ("planning threshold", _sla("plan", "planning")),
    ("launch threshold", _sla("launch", "launching")),
    ("monitoring threshold", _sla("detect", "noticing an anomaly")),
    ("recovery threshold", _sla("recover", "recovering")),
    ("experiment registry entry point", _has("experiments", "name a surface under experiments")),
)
