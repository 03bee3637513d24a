"""Past prices: what something cost before, and the lowest of the thirty days before an offer."""

from collections.abc import Sequence
from datetime import date, timedelta

from pydantic import ConfigDict, Field, model_validator

from drumbeat.core.money import Money, MoneyText
from drumbeat.core.noun import Noun

_DAYS = 30
_DAY = timedelta(days=1)


class PastPrice(Noun):
    """``{price: EUR 29.00, from: 2026-05-01, to: 2026-06-30}``, both days included."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    price: MoneyText
    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "PastPrice":
        if self.last < self.first:
            raise ValueError(f"ends on {self.last}, before it starts on {self.first}")
        return self


def lowest_before(prices: Sequence[PastPrice], day: date) -> Money | None:
    """The lowest price of the thirty days before ``day`` (Directive 98/6/EC, article 6a); None
    where a day of them has no price on record, or where currencies mix: nobody can tell then."""
    since = day - _DAYS * _DAY
    near = sorted((one for one in prices if one.last >= since and one.first < day), key=_first)
    told = since
    for one in near:
        if one.first > told:
            return None
        told = max(told, one.last + _DAY)
    if told < day or len({one.price.currency for one in near}) != 1:
        return None
    return min((one.price for one in near), key=lambda price: price.minor)


def _first(one: PastPrice) -> date:
    return one.first
