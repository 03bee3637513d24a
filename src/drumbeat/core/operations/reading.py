"""Reading: a measured value with its source, window and the moment it was known."""

from datetime import datetime
from typing import NamedTuple, Protocol

from pydantic import Field

from drumbeat.core.json_value import JsonValue
from drumbeat.core.noun import Noun
from drumbeat.core.units import Moment


class Reading(Noun):
    """``metric`` of ``target`` from ``since`` to ``until``, as the source knew it at ``as_of``.

    ``value`` is a count or a sum; money is in minor units of ``currency``. Rates are computed
    from counts, never stored. ``dimensions`` narrow it: segment, creative, placement.
    """

    metric: str
    target: str
    since: Moment
    until: Moment
    as_of: Moment
    value: float
    source: str
    currency: str = ""
    dimensions: dict[str, JsonValue] = Field(default_factory=dict)


class Measured(Protocol):
    """What sums need of a reading; where it is from and how old it is does not matter to them."""

    @property
    def target(self) -> str: ...

    @property
    def metric(self) -> str: ...

    @property
    def since(self) -> datetime: ...

    @property
    def value(self) -> float: ...

    @property
    def dimensions(self) -> dict[str, JsonValue]: ...


class Value(NamedTuple):
    """A measured value as plain as it gets: sums over weeks read tens of thousands of them."""

    target: str
    metric: str
    since: datetime
    value: float
    dimensions: dict[str, JsonValue]
