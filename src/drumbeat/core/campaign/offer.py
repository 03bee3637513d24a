"""Offers: what is promised, on which terms, while it lasts."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from drumbeat.core.campaign.text import Line, Slug, Url
from drumbeat.core.money import Money, MoneyText
from drumbeat.core.noun import Noun
from drumbeat.core.units import Percent


class Offer(Noun):
    """One promise: ``price`` or ``discount`` (a share or an amount), terms, dates and stock."""

    id: Slug
    headline: Line
    terms: Line
    code: Line | None = None
    price: MoneyText | None = None
    discount: Percent | MoneyText | None = Field(default=None, union_mode="left_to_right")
    valid_from: date
    valid_to: date
    stock: int | None = Field(default=None, ge=0, description="pieces left; none: not limited")
    conditions: tuple[Line, ...] = ()
    segments: tuple[Slug, ...] = ()
    landing_page: Url
    product: Slug | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Offer":
        if self.valid_to < self.valid_from:
            raise ValueError(f"ends on {self.valid_to}, before it starts on {self.valid_from}")
        return self

    @property
    def saves(self) -> str | None:
        """The discount as people read it: ``15%`` or ``EUR 5.00``."""
        if isinstance(self.discount, Money):
            return str(self.discount)
        return None if self.discount is None else f"{self.discount * 100:.6g}%"

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
