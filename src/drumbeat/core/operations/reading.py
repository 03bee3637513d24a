"""Reading: a measured value with its source, window and the moment it was known."""

from pydantic import Field, JsonValue

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
