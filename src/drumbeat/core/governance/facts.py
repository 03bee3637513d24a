"""Facts: the frozen snapshot a judgement looks at. Nothing in it is asked for later."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import NoneType
from typing import Literal

from drumbeat.core.governance.budget import Headroom
from drumbeat.core.governance.freeze import Hold
from drumbeat.core.governance.level import Level
from drumbeat.core.governance.matrix import Row
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.phase import ConnectionMode, Phase
from drumbeat.core.governance.verdict import Finding
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money


class Unread(Enum):
    """The target's present state could not be read: not the same as its absence."""

    UNREAD = "unread"


@dataclass(frozen=True)
class PastChange:
    """A change of the same kind and target that went through: when, and how much of the whole."""

    at: datetime
    relative_size: float


@dataclass(frozen=True)
class ApprovedPack:
    """A LaunchPack with a live approval: for each target, the digests of the states approved.

    One target may pass through several states on its way, one action each.
    """

    digest: str
    wanted: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class DailyRoom:
    """What a campaign's running line items may cost on one day.

    ``ceiling`` is what its file allows, ``running`` the daily budgets of its other line items.
    ``overspend`` is how many times a daily budget the platform may spend on one day.
    """

    ceiling: Money
    running: Money
    overspend: float = 1.0


@dataclass(frozen=True)
class Constraint:
    """What a person's override taught, until it expires; ``entry`` is where it is written down.

    ``kind`` and ``campaign`` empty: any. With a ``target`` it binds: changes of it in this
    ``direction`` (1 more, -1 less, 0 neither) by more than ``most`` of what it has (where it had
    nothing: to more than ``up_to`` minor units), or (direction 0) to exactly ``choice``, are not
    to be proposed. Without one, it only asks.
    """

    kind: str
    campaign: str
    reason: str
    entry: str
    until: datetime
    target: str = ""
    direction: int = 0
    most: float = 0.0
    choice: str = ""
    theme: str = ""
    code: str = "other"
    # A text that a person replaced, and what they said instead: whoever writes obeys it.
    said: str = ""
    instead: str = ""
    up_to: int = 0


@dataclass(frozen=True)
class Facts:
    """Everything the checks may look at. ``row`` None: the matrix does not know the kind."""

    now: datetime
    policy: str
    row: Row | Literal["forbidden"] | None
    phase: Phase | None
    connection_mode: ConnectionMode | None
    # What agents have earned for this kind on this channel; None: nobody knows.
    level: Level | None = None
    holds: tuple[Hold, ...] = ()
    current: JsonValue | Unread = Unread.UNREAD
    # Who proposes, when it is a person; None: nobody of drumbeat.yaml.
    proposer: Account | None = None
    headrooms: tuple[Headroom, ...] | None = None
    # What the campaign promised in the last 24 hours, whatever became of it; None: not counted.
    promised_lately: Money | None = None
    daily_room: DailyRoom | None = None
    # The largest relative change at once that the campaign's file allows.
    most_change: float | None = None
    past_changes: tuple[PastChange, ...] = ()
    pack: ApprovedPack | None = None
    # People agreed to this very change under today's rules, and only a freeze took it back.
    is_agreed: bool = False
    is_evergreen: bool = False
    # Kinds the proposing agent declares it may propose; None when nobody says.
    declared_kinds: frozenset[str] | None = None
    # What the campaign file tightens: kind -> "ask" or "never".
    tightened: dict[str, str] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    # Problems with the data decisions rest on: attribution missing, naming rule broken.
    data_problems: tuple[str, ...] = ()
    # Targets inside a running experiment, which nobody else may change.
    under_test: frozenset[str] = frozenset()
    # Accounts that answer for the campaigns concerned, whoever proposes and edits left out.
    owners: tuple[str, ...] = ()
    # What the checks say of the changes that this one is made of, and what is wrong with those.
    parts: tuple[Finding, ...] = ()
    # Why the registry of tests does not take this change; empty where it does or has no say.
    registry: str = ""
    # Whether the change rests on a test that only leans, so that a person must believe it.
    is_leaning: bool = False
    # Whether it keeps a test's treatment, or ends the test, and its registered rule says otherwise.
    is_against_rule: bool = False


# What each fact may be. A target's present state may be any JSON, and is compared, not read.
_SHAPES: dict[str, tuple[type, ...]] = {
    "now": (datetime,),
    "policy": (str,),
    "row": (Row, str, NoneType),
    "phase": (Phase, NoneType),
    "connection_mode": (ConnectionMode, NoneType),
    "level": (Level, NoneType),
    "holds": (tuple,),
    "proposer": (Account, NoneType),
    "headrooms": (tuple, NoneType),
    "promised_lately": (Money, NoneType),
    "daily_room": (DailyRoom, NoneType),
    "most_change": (int, float, NoneType),
    "past_changes": (tuple,),
    "pack": (ApprovedPack, NoneType),
    "is_agreed": (bool,),
    "is_evergreen": (bool,),
    "declared_kinds": (frozenset, NoneType),
    "tightened": (dict,),
    "constraints": (tuple,),
    "data_problems": (tuple,),
    "under_test": (frozenset,),
    "owners": (tuple,),
    "parts": (tuple,),
    "registry": (str,),
    "is_leaning": (bool,),
    "is_against_rule": (bool,),
}


def misshapen(facts: Facts) -> tuple[str, ...]:
    """The facts that are missing where something must be said, or of another kind than they may
    be: on those nothing is judged, for a check that finds nothing in them would let it pass."""
    found = vars(facts)
    return tuple(name for name, kinds in _SHAPES.items() if not isinstance(found[name], kinds))
