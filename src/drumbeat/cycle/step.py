"""Steps: the three answers a stage may give, with what is to be kept and told of them.

``calls`` are what models were asked for it: each is told of in the ledger and kept with the cycle.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from drumbeat.core.campaign.model_call import ModelCall


@dataclass(frozen=True)
class Note:
    """A ledger line about the cycle, written in the same transaction as its next place: a stage
    that died before it moved on has told nothing. A document of the kind ``cited_by`` gets the
    line's number as its ``entry``."""

    kind: str
    actor: str
    body: Mapping[str, Any]
    cited_by: str = ""


@dataclass(frozen=True)
class Next:
    """The stage is finished; ``documents`` are what it made, by kind."""

    documents: Mapping[str, BaseModel] = field(default_factory=dict)
    note: Note | None = None
    calls: tuple[ModelCall, ...] = ()


@dataclass(frozen=True)
class Wait:
    """Nothing to do before ``until``, or (None) before something wakes the cycle."""

    until: datetime | None
    reason: str
    documents: Mapping[str, BaseModel] = field(default_factory=dict)
    note: Note | None = None
    calls: tuple[ModelCall, ...] = ()


@dataclass(frozen=True)
class Done:
    """The cycle ends here. ``outcome`` says how, for people."""

    outcome: str
    documents: Mapping[str, BaseModel] = field(default_factory=dict)
    note: Note | None = None
    calls: tuple[ModelCall, ...] = ()


Step = Next | Wait | Done
