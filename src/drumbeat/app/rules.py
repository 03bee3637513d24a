"""Rules: turns a workspace's files into the policy the gate works with."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from drumbeat.agents.roster import ROLES
from drumbeat.agents.router import Route, Router, RoutingCase
from drumbeat.connectors.notifiers.contract import Contact
from drumbeat.connectors.rule_files import RULE_FILES
from drumbeat.core.campaign.campaign import Campaign
from drumbeat.core.campaign.data_scope import narrowed
from drumbeat.core.campaign.escalation_policy import EscalationPolicy, FailureClass
from drumbeat.core.campaign.guardrail_rule import Severity
from drumbeat.core.campaign.link import code_of
from drumbeat.core.campaign.naming import Naming, NamingRuleBroken, utm_for
from drumbeat.core.campaign.recipient import RecipientKind, recipient
from drumbeat.core.campaign.workspace import Workspace
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Channel
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.operations.ladder import Ladder, unroll
from drumbeat.core.operations.sla_policy import SlaFile, policies_of
from drumbeat.files.load import LoadedWorkspace
from drumbeat.gate.rules import CampaignRules, Cap, Promise, Rules, SurfaceRules

# Whether names can be made does not hang on the day.
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def rules_of(files: LoadedWorkspace) -> Rules:
    """The policy in force. Its version covers the matrix, the campaigns' limits and the people."""
    workspace = files.workspace
    accounts = {account.id: account for account in _accounts(workspace)}
    campaigns = {name: _campaign(one, files) for name, one in files.campaigns.items()}
    return Rules(
        version=_version(files),
        matrix=files.actions,
        currency=workspace.currency,
        timezone=workspace.timezone,
        campaigns=campaigns,
        accounts=accounts,
        # The rules' own files are always there; the matrix says who may change them.
        connections={**_declared(workspace), RULE_FILES: ConnectionMode.LIVE},
        declared_kinds={role.name: frozenset(role.proposes) for role in ROLES},
        readable=_readable(files),
        workspace_caps=tuple(Cap(rate.money, rate.period) for rate in workspace.budget.caps),
        per_action=workspace.budget.per_action,
        owners=dict(_owners(files, accounts)),
        ladders=dict(_ladders(files)),
        people={p.id: Contact(p.id, p.name, p.email) for p in workspace.people if not p.agent},
        site=workspace.web.url or "",
        drilled=frozenset(workspace.training.people),
        drill_every=workspace.training.one_day_in,
        pre_approved=frozenset(h.id for h in files.hypotheses.values() if h.pre_approved),
    )


def _declared(workspace: Workspace) -> dict[str, ConnectionMode]:
    return {connection.id: connection.mode for connection in workspace.connections}


def _version(files: LoadedWorkspace) -> str:
    """Approvals are bound to what people agreed under: the matrix and each campaign's limits."""
    return _version_of(files, files.campaigns)


def _version_of(files: LoadedWorkspace, campaigns: Mapping[str, Campaign]) -> str:
    """The same as far as it concerns these campaigns."""
    limits = {
        name: [one.autonomy.model_dump(mode="json"), one.budget.model_dump(mode="json")]
        for name, one in campaigns.items()
    }
    shared = files.workspace.budget.model_dump(mode="json")
    return digest([files.actions.digest, limits, shared])


def _accounts(workspace: Workspace) -> Iterator[Account]:
    for person in workspace.people:
        yield Account(
            id=person.id,
            person=person.human,
            roles=frozenset(map(str, person.roles)),
            is_agent=person.agent,
        )


def _campaign(campaign: Campaign, files: LoadedWorkspace) -> CampaignRules:
    budget, owner = campaign.budget, files.workspace.person(campaign.owner)
    caps = [Cap(rate.money, rate.period) for rate in (budget.cap, *budget.caps)]
    tightened = {str(kind): str(rule) for kind, rule in campaign.autonomy.tighten.items()}
    if campaign.autonomy.human_review_required:
        # A regulatory duty: no phase and no level lowers it.
        tightened = {**dict.fromkeys(campaign.actions, "ask"), **tightened}
    return CampaignRules(
        phase=campaign.autonomy.phase,
        is_evergreen=campaign.evergreen,
        timezone=campaign.cadence.timezone or files.workspace.timezone,
        caps=tuple(caps),
        per_action=budget.per_action,
        per_day=budget.per_day,
        per_change=budget.per_change,
        tightened=tightened,
        data_problems=tuple(_data_problems(campaign, files)),
        decide_within=campaign.sla.approve,
        owner=owner.id if owner else "",
        connections=frozenset(campaign.connection.values()),
        promises=tuple(_promises(campaign, files.sla)),
        tests=SurfaceRules(
            surface=campaign.experiments.surface,
            variables=frozenset(map(str, campaign.experiments.variables)),
            concurrent=campaign.experiments.concurrent,
        ),
        readable=narrowed(files.workspace.data_permissions, campaign.data_permissions),
        version=_version_of(files, {campaign.campaign: campaign}),
    )


def _promises(campaign: Campaign, own: SlaFile | None) -> Iterator[Promise]:
    """What is promised for the campaign, each with the calendar it counts by."""
    file = own or SlaFile(version=1)
    for policy in policies_of(campaign, own):
        yield Promise(policy, file.calendar(policy.calendar))


def _data_problems(campaign: Campaign, files: LoadedWorkspace) -> Iterator[str]:
    """What makes the numbers untrustworthy, so that nothing may be optimized on them."""
    attribution = files.attribution
    channels = [one for one in campaign.channels if one is not Channel.WORKSPACE]
    if attribution is None and channels:
        yield "data/attribution.yaml is missing, so no result can be credited"
    for channel in channels:
        if attribution is not None and attribution.rule(channel).click_window is None:
            yield f"data/attribution.yaml declares no click window for {channel}"
        if trouble := _misnamed(campaign, channel, files.naming):
            yield f"policy/naming.yaml: {trouble}, so results cannot be told apart"


def _misnamed(campaign: Campaign, channel: Channel, naming: Naming) -> str:
    """Why what the campaign does on a channel cannot be named; empty where it can, on any day."""
    try:
        code = code_of(
            naming, campaign.naming, campaign.campaign, campaign.type, channel, _SOME_DAY
        )
    except NamingRuleBroken as error:
        return str(error)
    is_tagged = utm_for(naming, channel, code) is not None
    return "" if is_tagged else f"there is no utm source and medium of {channel}"


def _readable(files: LoadedWorkspace) -> Mapping[str, tuple[str, ...]]:
    """What each agent may read of what is no campaign's own: what the workspace grants, and
    where it grants nothing to anybody, what any of its campaigns does."""
    if files.workspace.data_permissions:
        return dict(files.workspace.data_permissions)
    wanted = [one.data_permissions for one in files.campaigns.values()]
    agents = sorted({agent for one in wanted for agent in one})
    return {
        agent: tuple(dict.fromkeys(scope for one in wanted for scope in one.get(agent, ())))
        for agent in agents
    }


def _owners(
    files: LoadedWorkspace, accounts: Mapping[str, Account]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Who answers first for each class of failure, campaign by campaign."""
    for name, campaign in files.campaigns.items():
        policy = files.escalation.policies[campaign.escalation]
        owner = files.workspace.person(campaign.owner)
        for failure in FailureClass:
            first = _first_person(policy, failure, owner.id if owner else "", accounts)
            yield (name, str(failure)), first
            yield ("", str(failure)), first


def _ladders(files: LoadedWorkspace) -> Iterator[tuple[tuple[str, str, str], Ladder]]:
    """The steps of each failure, campaign by campaign, as the router reads the policy in force;
    what is no campaign's own goes the router's shipped way."""
    policies = files.escalation.policies
    chosen = {name: policies[campaign.escalation] for name, campaign in files.campaigns.items()}
    for name, policy in (*chosen.items(), ("", None)):
        for failure in FailureClass:
            for severity in Severity:
                route = Router().route(RoutingCase(failure, severity, policy))
                if isinstance(route, Route):
                    yield (name, str(failure), str(severity)), _ladder(route, policy)


def _ladder(route: Route, policy: EscalationPolicy | None) -> Ladder:
    return unroll(
        ((tier.to, tier.after) for tier in route.tiers),
        repeat=route.repeat,
        severity=route.severity,
        quiet=policy.quiet if policy else None,
        version=digest(policy)[:12] if policy else "shipped",
    )


def _first_person(
    policy: EscalationPolicy, failure: FailureClass, owner: str, accounts: Mapping[str, Account]
) -> str:
    for level in policy.classes[failure]:
        match recipient(level.to):
            case RecipientKind.OWNER, _:
                return owner
            case RecipientKind.PERSON, person:
                return person
            case RecipientKind.ROLE, role:
                return next((a.id for a in accounts.values() if role in a.roles), owner)
            case _:
                continue  # an agent's own repair comes first; then a person
    return owner
