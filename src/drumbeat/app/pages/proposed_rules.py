"""Proposed rules: what would change in the workspace's own rules, as diffs a person can read."""

from collections.abc import Iterator

import sqlalchemy as sa

from drumbeat.app.autonomy import standing
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.naming import kind_title
from drumbeat.app.rule_diff import diff_of
from drumbeat.core.governance.proposal import Proposal
from drumbeat.store import proposals
from drumbeat.web.views.review import RuleChange

_KINDS = (
    "autonomy.promote",
    "autonomy.demote",
    "hypothesis.change",
    "policy.change",
    "campaign.create",
    "campaign.set",
)
# Evidence is read from the whole ledger, campaign by campaign.
_LOOKED_AT = 50


def proposed_rules(ground: Ground, connection: sa.Connection) -> Iterator[RuleChange]:
    """What waits for an answer, then what has been earned and nobody has asked for."""
    waiting = [one.proposal for one in proposals.waiting(connection)]
    wanted = [one for one in waiting if one.action.kind in _KINDS]
    for proposal in wanted:
        yield _waiting(ground, proposal)
    asked = {one.action.campaign for one in wanted if one.action.kind == "autonomy.promote"}
    for name in list(ground.campaigns)[:_LOOKED_AT]:
        if name not in asked and (earned := _earned(ground, name)) is not None:
            yield earned


def _waiting(ground: Ground, proposal: Proposal) -> RuleChange:
    action = proposal.action
    title = kind_title(action.kind)
    named = f"{title}: {ground.title(action.campaign)}" if action.campaign else title
    return RuleChange(
        proposal.id, named, _file(action.campaign, action.target), diff_of(action), proposal.why
    )


def _earned(ground: Ground, name: str) -> RuleChange | None:
    """A phase that people's agreement has earned."""
    now = standing(ground.app, name)
    if not now["ready"]:
        return None
    diff = f" autonomy:\n-  phase: {now['phase']}\n+  phase: {now['next']}"
    opens = ", ".join(map(kind_title, now["opens"])) or "nothing new"
    why = f"People agreed often enough. What it opens: {opens}."
    title = f"Raise {ground.title(name)} to {now['next']}"
    return RuleChange("", title, f"campaigns/{name}.yaml", diff, why, name)


def _file(campaign: str, target: str) -> str:
    return f"campaigns/{campaign}.yaml" if campaign else target
