"""Launcher: asks for exactly the changes that turn what is there into what was approved."""

from collections.abc import Mapping
from dataclasses import dataclass

from drumbeat.agents.refusal import Refusal
from drumbeat.agents.role import AgentRole
from drumbeat.core.campaign.escalation_policy import FailureClass
from drumbeat.core.campaign.exposure import UnreadableState
from drumbeat.core.campaign.launch import CannotDiffer, LaunchContext, difference
from drumbeat.core.campaign.pack import LaunchPack
from drumbeat.core.governance.action import Action
from drumbeat.core.json_value import JsonValue

ROLE = AgentRole(
    name="launcher",
    reads=frozenset(),
    proposes=frozenset(
        {
            "campaign.launch",
            "email.schedule_send",
            "email.cancel_send",
            "ads.launch_line_item",
            "ads.remove_line_item",
            "ads.extend_flight",
            "ads.set_budget",
            "ads.set_creatives",
            "ads.set_audience",
            "ads.set_placements",
            "ads.set_bid",
            "ads.pause",
            "ads.enable",
            "social.schedule_post",
            "social.delete_post",
            "social.boost_post",
            "social.stop_boost",
        }
    ),
    takes="LaunchCase",
    gives="tuple[Action, ...]",
    failure_class=FailureClass.PLATFORM,
)


@dataclass(frozen=True)
class LaunchCase:
    """The pack, what was read back for each of its targets, and what actions need beside them."""

    pack: LaunchPack
    current: Mapping[str, JsonValue]
    context: LaunchContext


@dataclass(frozen=True)
class Launcher:
    """Reads no text and makes no choice."""

    role: AgentRole = ROLE

    def launch(self, case: LaunchCase) -> tuple[Action, ...] | Refusal:
        """The changes still to make, each chain in order; none when all is as approved."""
        try:
            return difference(case.pack.wanted_objects, case.current, case.context)
        except (CannotDiffer, UnreadableState) as error:
            return Refusal(
                agent=self.role.name,
                why="the difference cannot be told",
                missing=(str(error),),
                failure_class=self.role.failure_class,
            )
