"""Policy examples: what a user expects the gate to say, judged by the very checks in force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import NormalDist
from typing import Literal

from pydantic import Field, field_validator

from drumbeat.core.canonical import digest
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.budget import Headroom
from drumbeat.core.governance.confidence import Confidence
from drumbeat.core.governance.facts import ApprovedPack, Facts, PastChange
from drumbeat.core.governance.freeze import Hold, HoldMode, Scope, ScopeKind
from drumbeat.core.governance.judge import Check, decide
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.matrix import ActionMatrix, Row
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.governance.proposal import Proposal
from drumbeat.core.governance.verdict import Verdict, Weight
from drumbeat.core.money import Money, MoneyText
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration, Percent

PERSON = "person"
_TARGET, _PACK, _CAMPAIGN = "example", "approved pack", "example"
# So many observations that the sample shrinks nothing.
_MANY = 10**12


class Expected(StrEnum):
    """The four answers of the gate."""

    ALLOW = "allow"
    ASK = "ask"
    OBSERVE = "observe"
    DENY = "deny"


class Example(Noun):
    """One expectation. Whatever is not said is in order: a live connection, no freeze, money left.

    ``by`` is an agent's name, or ``person``. ``change`` is the relative size, ``spends`` the money
    it adds, ``left`` what the tightest cap still has. ``because`` names a check that must object.
    """

    name: str = Field(min_length=1)
    action: str
    by: str = "optimizer"
    phase: Phase
    confidence: float = Field(default=0.0, ge=0.0, le=1.0)
    signals: int = Field(default=0, ge=0, le=5)
    change: Percent = 0.0
    spends: MoneyText | None = None
    left: MoneyText | None = None
    connection: ConnectionMode = ConnectionMode.LIVE
    evergreen: bool = False
    in_approved_pack: bool = False
    frozen: bool = False
    campaign_says: Literal["ask", "never"] | None = None
    last_change: Duration | None = None
    expect: Expected
    because: str = ""

    @field_validator("action")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        if value not in KINDS:
            raise ValueError(f"no action kind is named {value!r}")
        return value


class PolicyExamples(Noun):
    """``policy/examples.yaml``: what must stay true of the policy, whoever edits it."""

    version: Literal[1]
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Tried:
    """An example beside what the gate says of it."""

    example: Example
    verdict: Verdict

    @property
    def is_met(self) -> bool:
        same = self.verdict.verdict == self.example.expect
        return same and (not self.example.because or self.example.because in self.objectors)

    @property
    def objectors(self) -> tuple[str, ...]:
        """The checks that said more than a note."""
        return tuple(f.check for f in self.verdict.findings if f.weight > Weight.NOTE)


def tried(
    example: Example,
    matrix: ActionMatrix,
    checks: Sequence[Check],
    now: datetime,
    currency: str,
    declared: Collection[str] | None,
) -> Tried:
    """Judge the example as if it were proposed now. ``declared`` are the agent's own kinds."""
    asked = _proposal(example, now, currency)
    return Tried(example, decide(asked, checks, _facts(example, asked, matrix, now, declared)))


def confidence_of(value: float, signals: int) -> Confidence:
    """A measurement whose confidence is ``value``: the inverse of how it is computed.

    One signal alone stays capped, as it is in earnest.
    """
    certain = NormalDist().inv_cdf((1 + min(value, 1 - 1e-12)) / 2)
    names = tuple(f"signal {number}" for number in range(1, signals + 1))
    # The hair's breadth keeps 0.6 from coming back as 0.5999…
    return Confidence(
        effect=certain * (1 + 1e-9), standard_error=1.0, sample_size=_MANY, signals=names
    )


def _proposal(example: Example, now: datetime, currency: str) -> Proposal:
    kind = KINDS[example.action]
    action = Action(
        kind=kind.name,
        channel=Channel(kind.channel),
        connection="example",
        campaign=_CAMPAIGN,
        target=_TARGET,
        before={"value": 10_000},
        after={"value": round(10_000 * (1 + example.change))},
        spend_delta=example.spends or Money.zero(currency),
    )
    return Proposal(
        id="example",
        action=action,
        by=Actor.person("example") if example.by == PERSON else Actor.agent(example.by),
        why=example.name,
        proposed_at=now,
        expires_at=now + timedelta(days=1),
        confidence=confidence_of(example.confidence, example.signals),
        pack=_PACK if example.in_approved_pack else "",
    )


def _facts(
    example: Example,
    asked: Proposal,
    matrix: ActionMatrix,
    now: datetime,
    declared: Collection[str] | None,
) -> Facts:
    action = asked.action
    wanted: dict[str, tuple[str, ...]] = {_TARGET: (digest(action.after),)}
    spends = action.spend_delta
    cap = example.left or Money(minor=max(spends.minor, 0), currency=spends.currency)
    row = matrix.row(example.action)
    last = (PastChange(now - example.last_change, 0.0),) if example.last_change else ()
    return Facts(
        now=now,
        policy="example",
        row=row,
        proposer=_proposer(row) if example.by == PERSON else None,
        phase=example.phase,
        level=row.level if isinstance(row, Row) else Level.ACT,
        connection_mode=example.connection,
        holds=(_freeze(now),) if example.frozen else (),
        current=action.before,
        promised_lately=Money.zero(cap.currency),
        headrooms=(Headroom(scope="example", cap=cap, committed=Money.zero(cap.currency)),),
        past_changes=last,
        pack=ApprovedPack(_PACK, wanted) if example.in_approved_pack else None,
        is_evergreen=example.evergreen,
        declared_kinds=None if declared is None else frozenset(declared),
        tightened={example.action: example.campaign_says} if example.campaign_says else {},
    )


def _proposer(row: object) -> Account:
    """Somebody whose role lets them propose it."""
    roles = row.proposers if isinstance(row, Row) else frozenset({"manager"})
    return Account(id="example", person="example", roles=roles)


def _freeze(now: datetime) -> Hold:
    scope, by = Scope(kind=ScopeKind.WORKSPACE), Actor.person("example")
    return Hold(id="example", mode=HoldMode.FREEZE, scope=scope, by=by, reason="example", at=now)
