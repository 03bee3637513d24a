"""Settled: a guardrail freezes on what is new, not on what a person has looked into."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from drumbeat.agents.monitor import WatchCase
from drumbeat.core.campaign.guardrail_rule import Consequence
from drumbeat.core.governance.freeze import HoldMode, ScopeKind
from drumbeat.core.operations.guardrail import counted_from
from drumbeat.core.operations.watch_finding import WatchFinding
from drumbeat.store import holds

_LOOKED_INTO = "a person ended the freeze since, and what came in after that does not cross it"


def thaws(connection: sa.Connection) -> dict[str, datetime]:
    """When people last ended a freeze of each campaign."""
    return holds.last_lifted(connection, HoldMode.FREEZE, ScopeKind.CAMPAIGN)


def unless_settled(
    standing: Iterable[WatchFinding],
    case: WatchCase,
    watch: Callable[[WatchCase], Iterable[WatchFinding]],
    thawed: datetime | None,
) -> tuple[WatchFinding, ...]:
    """The findings; one that would freeze again on what was looked into is only told.

    ``watch`` says what stands in a case; it is asked of what came in after the thaw alone.
    """
    found = tuple(standing)
    if thawed is None or not any(_freezes(one) for one in found):
        return found
    fresh = replace(case, snapshots=counted_from(case.snapshots, thawed), told={})
    still = {one.key for one in watch(fresh) if _freezes(one)}
    return tuple(one if one.key in still or not _freezes(one) else _told(one) for one in found)


def is_again(found: WatchFinding, case: WatchCase, thawed: datetime | None) -> bool:
    """Whether it would freeze, and was last told before the thaw: no quiet period covers that."""
    last = case.told.get(found.key)
    return _freezes(found) and thawed is not None and last is not None and last < thawed


def _freezes(found: WatchFinding) -> bool:
    return found.consequence is Consequence.FREEZE


def _told(found: WatchFinding) -> WatchFinding:
    text = f"{found.text} ({_LOOKED_INTO})"
    return found.model_copy(update={"consequence": Consequence.ESCALATE, "text": text})
