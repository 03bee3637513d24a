"""Action matrix: one row an action kind, saying who may do it, when, and who must agree."""

from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from drumbeat.core.canonical import digest
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.checkpoint import SHIPPED, Checkpoint
from drumbeat.core.governance.delegation import DelegationPolicy
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.phase import Phase
from drumbeat.core.money import MoneyText
from drumbeat.core.noun import Noun
from drumbeat.core.units import Duration, Percent


class Risk(StrEnum):
    """How much harm a kind of action can do: it sets what evidence and which approval it needs."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Approvals(Noun):
    """``count`` distinct people, each with one of ``roles``. ``owners``: among them the owner of
    every campaign the change concerns."""

    roles: tuple[str, ...] = ()
    count: int = Field(default=1, ge=1, le=5)
    owners: bool = False


class Limits(Noun):
    """How large a change may be without asking: relative size, money it adds, and how many changes
    of one target. Days and months are trailing ones, so that small steps add up; money adds up over
    the whole campaign."""

    per_change: Percent | None = None
    per_day: Percent | None = None
    changes_per_day: int | None = None
    changes_per_month: int | None = None
    spend_per_change: MoneyText | None = None
    spend_per_day: MoneyText | None = None


class Row(Noun):
    """The rule for one action kind. ``phase`` is the one from which agents may do it alone."""

    agents: tuple[str, ...]
    risk: Risk
    phase: Phase
    approvals: Approvals = Approvals()
    min_confidence: float = Field(default=0.0, ge=0.0, le=1.0)
    signals: int = Field(default=0, ge=0, le=5)
    cooldown: Duration | None = None
    limits: Limits = Limits()
    # A soft approval: short of the confidence, it acts after this long unless somebody objects.
    hold: Duration | None = None
    # How long an approval can be undone before it takes effect; None: as long as any other.
    undo_hold: Duration | None = None
    # The rung agents start from; overrides take them down, evidence brings them up.
    level: Level = Level.ACT
    # Roles of people who may propose it; None: its approvers, operators and managers.
    people: tuple[str, ...] | None = None
    # True: always asks, whatever the phase; set for what no phase may do alone.
    always_ask: bool = False

    @property
    def proposers(self) -> frozenset[str]:
        """The roles of people who may propose it."""
        usual = ("operator", "manager", *self.approvals.roles)
        return frozenset(usual if self.people is None else self.people)

    @model_validator(mode="after")
    def _risk_needs_a_person(self) -> "Row":
        if self.risk is not Risk.LOW and not self.approvals.roles:
            raise ValueError(f"{self.risk} risk needs at least one approver role, or `forbidden`")
        if self.level is Level.NEVER:
            raise ValueError("level: write `forbidden` in place of the row to forbid it")
        if self.risk is Risk.HIGH and self.hold is not None:
            raise ValueError("high risk needs a person: `hold` would let it act without one")
        return self


class ActionMatrix(Noun):
    """``actions`` by kind. A kind without a row is denied."""

    version: Literal[1]
    # How long an approval can be undone before it takes effect, where no row says otherwise.
    undo_hold: Duration = timedelta(seconds=30)
    delegation: DelegationPolicy = DelegationPolicy()
    # Where work stops for people, by name; the shipped ones stay unless the file moves them.
    checkpoints: dict[str, Checkpoint] = Field(default_factory=lambda: dict(SHIPPED))
    actions: dict[str, Row | Literal["forbidden"]]

    @field_validator("actions", mode="before")
    @classmethod
    def _known_kinds(cls, value: Any) -> Any:
        for kind in value if isinstance(value, dict) else ():
            if kind not in KINDS:
                raise ValueError(f"no action kind is named {kind!r}")
        return value

    @field_validator("checkpoints")
    @classmethod
    def _shipped_ones_stay(cls, own: dict[str, Checkpoint]) -> dict[str, Checkpoint]:
        return {**SHIPPED, **own}

    def row(self, kind: str) -> Row | Literal["forbidden"] | None:
        return self.actions.get(kind)

    @property
    def digest(self) -> str:
        """Names this version of the policy; approvals are bound to it."""
        return digest(self.model_dump(mode="json"))
