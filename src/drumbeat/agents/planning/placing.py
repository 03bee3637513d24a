"""Placing: how the money of ads is spread over placements, within the change limit."""

from collections.abc import Mapping

from drumbeat.agents.planning.case import PlanningCase
from drumbeat.core.campaign.citation import Citation
from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.campaign.placement_mix import placement_mix
from drumbeat.core.campaign.plan import PlacementChoice
from drumbeat.core.governance.action import Channel

# The largest relative step of a share where the campaign names none.
_STEP = 0.2


def choose(case: PlanningCase) -> PlacementChoice | None:
    """What the figures by placement say of all ads together, or that they tell nothing; where a mix
    can be set, what that makes of each line item. Ads alone have one."""
    if Channel.ADS not in case.brief.channels:
        return None
    found = placement_mix(case.dossier.placements, case.brief.currency, _step(case))
    if case.takes_mix and case.live:
        told = "; ".join(f"{item.name}: {of_line(case, item).why}" for item in case.live)
        found = found.model_copy(update={"suggested": {}, "why": told})
    own = Citation(source=case.brief.source, text=f"{case.brief.campaign}: ads")
    return found if found.citations else found.model_copy(update={"citations": (own,)})


def mix_for(case: PlanningCase, live: LineItem | None) -> Mapping[str, float]:
    """The mix a line item is to run with; empty: the platform's own."""
    if live is None:
        return {}
    return (of_line(case, live).suggested if case.takes_mix else {}) or live.placements


def of_line(case: PlanningCase, live: LineItem) -> PlacementChoice:
    """What a line item's own figures say of its mix, where nothing forbids that it changes."""
    target = f"line_item:{case.brief.campaign}/{live.name}"
    if target in case.under_test:
        return PlacementChoice(why="stays: a test measures it", now=live.placements)
    if target in case.settling:
        return PlacementChoice(why="stays: its money was moved lately", now=live.placements)
    mine = [one for one in case.dossier.placements if one.line == live.name]
    return placement_mix(mine, case.brief.currency, _step(case), live.placements)


def _step(case: PlanningCase) -> float:
    return case.brief.budget.per_change or _STEP
