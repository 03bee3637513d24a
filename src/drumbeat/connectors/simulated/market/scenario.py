"""Scenario: the parameters of a market and what will happen in it, as a user writes them.

A scenario file is YAML of this shape; every field has a default, so ``name: quiet`` is one::

    name: pixel break before christmas
    zone: Europe/Berlin
    subscribers: 6000
    appeals: {"style:benefit": {warm-leads: 0.3}}
    standing: [{target: "line_item:evergreen/brand", values: {...}}]
    incidents: [{kind: tracking_break, after: 3w2d, lasts: 6d, magnitude: 0.6}]
"""

from typing import Any

import numpy as np
from pydantic import Field, ValidationError, model_validator

from drumbeat.connectors.simulated.market.arrays import Floats
from drumbeat.connectors.simulated.market.incident import Incident
from drumbeat.core.json_value import JsonValue
from drumbeat.core.money import Money, MoneyText
from drumbeat.core.noun import Noun
from drumbeat.core.units import Percent, Zone


class AudiencePool(Noun):
    """People an ad platform can reach: how many, and what sort of audience they are."""

    kind: str = Field(pattern="^(retargeting|lookalike|prospecting|brand_search)$")
    size: int = Field(gt=0)


class Standing(Noun):
    """An object that is already on the platform when the market opens."""

    target: str
    values: dict[str, JsonValue]


def _regions() -> dict[str, float]:
    # Shares fall slowly from the first region to the last, as the sizes of real regions do.
    return {f"region-{n:02d}": round(1.0 / (n + 4), 6) for n in range(1, 21)}


class Scenario(Noun):
    """One market. Shares need not add up to 1; they are weighed against each other.

    ``appeals`` fixes how a label is liked, as a log-odds shift by segment or audience kind (``*``
    for all): ``style:…``, ``theme:…``, ``angle:…``, ``offer:…``, ``topic:…``, ``hook:…``,
    ``format:…``. A label that is not named gets a taste of its own from the seed.
    """

    name: str = "steady"
    about: str = ""
    zone: Zone = "Europe/Berlin"
    subscribers: int = Field(default=6_000, ge=0, le=500_000)
    list_growth_per_week: Percent = Field(default=0.004, ge=0.0, le=0.2)
    segments: dict[str, float] = Field(
        default={
            "new-subscribers": 0.12,
            "warm-leads": 0.22,
            "loyal-customers": 0.28,
            "occasional-buyers": 0.20,
            "lapsed-customers": 0.18,
        },
        min_length=1,
    )
    groups: dict[str, Percent] = Field(
        default={"open-support-ticket": 0.004, "recent-buyers": 0.1},
        description="groups across the segments, such as people to leave out, with their share",
    )
    organic_visits_per_day: int = Field(default=6_000, ge=0)
    shop_conversion_rate: Percent = Field(default=0.02, gt=0.0, lt=1.0)
    order_value: MoneyText = Money(minor=6_200, currency="EUR")
    gross_margin: Percent = Field(default=0.45, gt=0.0, le=1.0)
    lead_share: Percent = Field(default=0.012, ge=0.0, le=1.0)
    holiday_strength: float = Field(default=1.0, ge=0.0, le=3.0)
    brand_spillover: Percent = Field(default=0.25, ge=0.0, le=1.0)
    overspend: float = Field(
        default=1.0,
        ge=1.0,
        le=2.0,
        description="how many times a daily budget the ad platform spends on its busy days; the"
        " other days make up for it",
    )
    products: dict[str, float] = Field(
        default={"starter-kit": 0.45, "refill": 0.35, "gift-box": 0.20}, min_length=1
    )
    networks: dict[str, int] = Field(
        default={"mastodon": 4_000, "linkedin": 9_000, "instagram": 15_000}
    )
    audiences: dict[str, AudiencePool] = Field(default={})
    regions: dict[str, float] = Field(default_factory=_regions, min_length=1)
    appeals: dict[str, dict[str, float]] = Field(default={})
    standing: tuple[Standing, ...] = ()
    incidents: tuple[Incident, ...] = ()

    @model_validator(mode="after")
    def _weighs_something(self) -> "Scenario":
        for field in ("segments", "products", "regions"):
            shares: dict[str, float] = getattr(self, field)
            if min(shares.values()) < 0 or sum(shares.values()) <= 0:
                raise ValueError(f"{field}: shares are not negative and not all zero")
        return self

    @property
    def currency(self) -> str:
        return self.order_value.currency


def shares(weights: dict[str, float]) -> Floats:
    """The weights of a mapping as shares that add up to 1, in its order."""
    column = np.array(list(weights.values()), dtype=np.float64)
    normal: Floats = column / column.sum()
    return normal


def load(content: dict[str, Any]) -> Scenario:
    """A scenario from the mapping a YAML file holds.

    Raises ValueError with one line a mistake: where it is and what is wrong with it.
    """
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, mistake['loc'])) or 'scenario'}: {mistake['msg']}"
            for mistake in error.errors()
        ]
        raise ValueError("\n".join(lines)) from error
