"""Offers: what is promised, on which terms, while it lasts."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from drumbeat.core.campaign.past_price import PastPrice
from drumbeat.core.campaign.text import Line, Slug, Url
from drumbeat.core.money import Money, MoneyText
from drumbeat.core.noun import Noun
from drumbeat.core.units import parse_percent, show_percent


def _read_discount(value: Any) -> Any:
    if isinstance(value, str):
        return Money.parse(value) if value[:1].isalpha() else parse_percent(value)
    return value


def _show_discount(value: Money | float) -> str:
    return str(value) if isinstance(value, Money) else show_percent(value)


# A share of the price, or an amount off it.
Discount = Annotated[
    float | Money,
    BeforeValidator(_read_discount),
    PlainSerializer(_show_discount, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["15%", "EUR 5"]}),
]


class Offer(Noun):
    """One promise: ``price`` or ``discount`` (a share or an amount), terms, dates and stock."""

    id: Slug
    headline: Line
    terms: Line
    code: Line | None = None
    price: MoneyText | None = None
    discount: Discount | None = None
    valid_from: date
    valid_to: date
    stock: int | None = Field(default=None, ge=0, description="pieces left; none: not limited")
    conditions: tuple[Line, ...] = ()
    segments: tuple[Slug, ...] = ()
    landing_page: Url
    product: Slug | None = None
    past_prices: tuple[PastPrice, ...] = Field(
        default=(), description="what it cost before the offer; 30 days of it allow a former price"
    )

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Offer":
        if self.valid_to < self.valid_from:
            raise ValueError(f"ends on {self.valid_to}, before it starts on {self.valid_from}")
        return self

    @property
    def saves(self) -> str | None:
        """The discount as people read it: ``15%`` or ``EUR 5.00``."""
        return None if self.discount is None else _show_discount(self.discount)

    def is_open(self, day: date) -> bool:
        """Whether the offer holds on a date and something is left."""
        return self.valid_from <= day <= self.valid_to and self.stock != 0


class OffersFile(Noun):
    """``data/offers.yaml``."""

    version: Literal[1]
    offers: tuple[Offer, ...] = ()

    def offer(self, name: str) -> Offer | None:
        """The offer of this id, if the file names one."""
        return next((o for o in self.offers if o.id == name), None)
