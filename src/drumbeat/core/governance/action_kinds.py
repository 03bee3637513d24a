"""Action kinds: every change Drumbeat can speak of, its inverse and when it lowers risk."""

from dataclasses import dataclass
from enum import StrEnum

from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.budget_move import KIND as BUDGET_MOVE
from drumbeat.core.governance.proposal import Proposal


class Reduces(StrEnum):
    """When a kind lowers risk, so that it passes even under a freeze."""

    NEVER = "never"
    ALWAYS = "always"
    WHEN_SPEND_FALLS = "when spend falls"


@dataclass(frozen=True)
class ActionKind:
    """``inverse`` names the kind that undoes this one (itself: swap before and after)."""

    name: str
    channel: Channel
    title: str
    inverse: str | None
    reduces: Reduces = Reduces.NEVER
    # Internal kinds change Drumbeat's own state; no platform is called.
    is_internal: bool = False
    # A change of the workspace's own rules: people decide it at the review, not within hours.
    # Those in files are no internal ones: files are changed like a platform.
    is_for_review: bool = False

    @property
    def is_reversible(self) -> bool:
        return self.inverse is not None


_EMAIL, _ADS, _SOCIAL, _OWN = Channel.EMAIL, Channel.ADS, Channel.SOCIAL, Channel.WORKSPACE
_FALLS = Reduces.WHEN_SPEND_FALLS
_ALWAYS = Reduces.ALWAYS

_TABLE = (
    ActionKind("email.schedule_send", _EMAIL, "Schedule a send", "email.cancel_send"),
    ActionKind("email.cancel_send", _EMAIL, "Cancel a send", "email.schedule_send", _ALWAYS),
    ActionKind("ads.launch_line_item", _ADS, "Launch a line item", "ads.remove_line_item"),
    ActionKind("ads.remove_line_item", _ADS, "Remove a line item", "ads.launch_line_item", _ALWAYS),
    ActionKind("ads.extend_flight", _ADS, "Extend a flight", "ads.extend_flight", _FALLS),
    ActionKind("ads.set_budget", _ADS, "Change a daily budget", "ads.set_budget", _FALLS),
    ActionKind("ads.set_creatives", _ADS, "Rotate creatives", "ads.set_creatives"),
    ActionKind("ads.set_audience", _ADS, "Change targeting", "ads.set_audience"),
    ActionKind("ads.set_placements", _ADS, "Change the placement mix", "ads.set_placements"),
    ActionKind("ads.set_bid", _ADS, "Change a bid", "ads.set_bid", _FALLS),
    ActionKind("ads.pause", _ADS, "Pause a line item", "ads.enable", _ALWAYS),
    ActionKind("ads.enable", _ADS, "Enable a line item", "ads.pause"),
    ActionKind("social.schedule_post", _SOCIAL, "Schedule a post", "social.delete_post"),
    ActionKind("social.delete_post", _SOCIAL, "Delete a post", None, _ALWAYS),
    ActionKind("social.boost_post", _SOCIAL, "Amplify a post", "social.stop_boost"),
    ActionKind("social.stop_boost", _SOCIAL, "Stop amplifying", "social.boost_post", _ALWAYS),
    ActionKind("social.reply", _SOCIAL, "Reply in public", None),
    ActionKind("campaign.launch", _OWN, "Launch a cycle", None, is_internal=True),
    ActionKind("campaign.set", _OWN, "Change a setting", "campaign.set", is_internal=True),
    ActionKind(
        "experiment.register", _OWN, "Start an experiment", "experiment.stop", is_internal=True
    ),
    ActionKind("experiment.stop", _OWN, "Stop an experiment", None, _ALWAYS, is_internal=True),
    ActionKind("experiment.roll_out", _OWN, "Roll out a winner", "campaign.set", is_internal=True),
    ActionKind(
        "budget.allocate", _OWN, "Change the allocation", "budget.allocate", is_internal=True
    ),
    # Its line items change on their platforms, each as a change of its own that follows from it.
    ActionKind(BUDGET_MOVE, _OWN, "Move a budget between campaigns", BUDGET_MOVE, is_internal=True),
    ActionKind(
        "autonomy.promote",
        _OWN,
        "Raise autonomy",
        "autonomy.demote",
        is_internal=True,
        is_for_review=True,
    ),
    ActionKind(
        "autonomy.demote", _OWN, "Lower autonomy", "autonomy.promote", _ALWAYS, is_internal=True
    ),
    ActionKind(
        "connection.set_mode",
        _OWN,
        "Change what a connection may do",
        "connection.set_mode",
        is_internal=True,
    ),
    ActionKind("policy.change", _OWN, "Change a policy", "policy.change", is_for_review=True),
    ActionKind(
        "hypothesis.change", _OWN, "Change the library", "hypothesis.change", is_for_review=True
    ),
    # A campaign that runs is ended by its people, not by taking its file away.
    ActionKind("campaign.create", _OWN, "Start a campaign", None, is_for_review=True),
)

KINDS = {kind.name: kind for kind in _TABLE}


def is_for_review(kind: str) -> bool:
    """Whether a kind changes the workspace's own rules."""
    return kind in KINDS and KINDS[kind].is_for_review


def inverse(action: Action) -> Action | None:
    """The action that takes this one back, or None where that is impossible."""
    kind = KINDS[action.kind]
    if kind.inverse is None:
        return None
    return action.revised(
        kind=kind.inverse,
        before=action.after,
        after=action.before,
        spend_delta=-action.spend_delta,
    )


def lowers_risk(action: Action) -> bool:
    """Whether the change only takes away: less spend, less reach, nothing new said.

    A change that lowers spend but touches anything else as well is mixed, and does not count.
    """
    kind = KINDS.get(action.kind)
    if kind is None or action.spend_delta.minor > 0:
        return False
    match kind.reduces:
        case Reduces.ALWAYS:
            return True
        case Reduces.WHEN_SPEND_FALLS:
            return action.spend_delta.minor < 0 and len(changed_fields(action)) == 1
        case Reduces.NEVER:
            return False


def only_takes_away(proposal: Proposal) -> bool:
    """Whether nothing but risk is taken away. One side of a move of money is no change by itself:
    what it takes away is to be given to another."""
    return not proposal.part_of and lowers_risk(proposal.action)


def changed_fields(action: Action) -> tuple[str, ...]:
    """The names of the fields that differ between before and after, in order."""
    before = action.before if isinstance(action.before, dict) else {}
    after = action.after if isinstance(action.after, dict) else {}
    return tuple(sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k)))
