"""Steps: the three answers a stage may give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel


@dataclass(frozen=True)
class Next:
    """The stage is finished; ``documents`` are what it made, by kind."""

    documents: Mapping[str, BaseModel] = field(default_factory=dict)


@dataclass(frozen=True)
class Wait:
    """Nothing to do before ``until``, or (None) before something wakes the cycle."""

    until: datetime | None
    reason: str
    documents: Mapping[str, BaseModel] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """The cycle ends here. ``outcome`` says how, for people."""

    outcome: str
    documents: Mapping[str, BaseModel] = field(default_factory=dict)


Step = Next | Wait | Done
