"""Rules: the policy in force, as the gate needs it; built from the workspace's files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from drumbeat.connectors.notifiers.contract import Contact
from drumbeat.core.canonical import digest
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.matrix import ActionMatrix
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.money import Money, Period
from drumbeat.core.operations.business_calendar import BusinessCalendar
from drumbeat.core.operations.ladder import Ladder
from drumbeat.core.operations.sla_policy import SlaPolicy


@dataclass(frozen=True)
class Cap:
    """The most a scope may promise in one calendar period."""

    amount: Money
    period: Period


@dataclass(frozen=True)
class Promise:
    """An SLA policy with the calendar it counts by."""

    policy: SlaPolicy
    calendar: BusinessCalendar


@dataclass(frozen=True)
class SurfaceRules:
    """What a campaign may test: on which surface, which variables, how many tests at once."""

    surface: str
    variables: frozenset[str]
    concurrent: int


@dataclass(frozen=True)
class CampaignRules:
    """What the gate must know of one campaign. ``decide_within`` is its approval SLA.

    ``owner`` is the account that answers for it; ``connections`` are those it works over.
    """

    phase: Phase
    is_evergreen: bool
    timezone: str
    caps: tuple[Cap, ...] = ()
    per_action: Money | None = None
    per_day: Money | None = None
    per_change: float | None = None
    tightened: Mapping[str, str] = field(default_factory=dict)
    data_problems: tuple[str, ...] = ()
    decide_within: timedelta = timedelta(hours=24)
    owner: str = ""
    connections: frozenset[str] = frozenset()
    promises: tuple[Promise, ...] = ()
    tests: SurfaceRules | None = None
    # Agent to the scopes it may read here: what the workspace grants and the campaign wants.
    readable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Names what its own changes are judged under; empty: the whole policy's version.
    version: str = ""


@dataclass(frozen=True)
class Rules:
    """``version`` names this policy; approvals given under another one are void (`bound_to`)."""

    version: str
    matrix: ActionMatrix
    currency: str
    timezone: str
    campaigns: Mapping[str, CampaignRules]
    accounts: Mapping[str, Account]
    connections: Mapping[str, ConnectionMode]
    declared_kinds: Mapping[str, frozenset[str]]
    # Agent to the data scopes it may read of what is no campaign's own.
    readable: Mapping[str, tuple[str, ...]]
    # Who answers first: (campaign, failure class) to account id; campaign "" is the default.
    owners: Mapping[tuple[str, str], str] = field(default_factory=dict)
    workspace_caps: tuple[Cap, ...] = ()
    per_action: Money | None = None
    # What happens step by step, by (campaign, failure class, severity); campaign "" as above.
    ladders: Mapping[tuple[str, str, str], Ladder] = field(default_factory=dict)
    # Where the people of drumbeat.yaml are reached, by account id.
    people: Mapping[str, Contact] = field(default_factory=dict)
    # Where browsers find the control room, without a slash at the end; empty: mails have no links.
    site: str = ""
    # The library's claims that agents may test without asking whether they are worth testing.
    pre_approved: frozenset[str] = frozenset()
    # Who asked to be shown something wrong on purpose, on one day in so many.
    drilled: frozenset[str] = frozenset()
    drill_every: int = 10

    def person(self, account: str) -> Account | None:
        """The account of somebody who may decide; None for agents, who has left, and nobody."""
        known = self.accounts.get(account)
        return known if known is not None and known.may_decide else None

    def version_for(self, campaign: str) -> str:
        """The policy as far as it concerns a campaign: another campaign's limits, or one more
        campaign, leave what was agreed about this one as it is."""
        own = self.campaigns.get(campaign)
        return (own.version if own is not None else "") or self.version

    def bound_to(self, kind: str, campaign: str) -> str:
        """What an approval of this kind is given under, and void without: the policy.

        Of a change of the rules' own files it is the row that governs such changes: the rule that
        changes is in the fingerprint, from what to what, and others may change the same day.
        """
        known = KINDS.get(kind)
        is_of_files = known is not None and known.is_for_review and not known.is_internal
        return digest(["row", self.matrix.row(kind)]) if is_of_files else self.version_for(campaign)
