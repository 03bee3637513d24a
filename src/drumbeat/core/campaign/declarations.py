"""Declarations: what only its people can know of a campaign, and the rules of review ask."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from drumbeat.core.noun import Noun

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
SpecialCategory = Literal[
    "HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES", "ISSUES_ELECTIONS_POLITICS"
]


class DeclaredTargeting(Noun):
    """Whom the ads account aims at beside our segments; nothing of it is taken for granted."""

    min_age: int = Field(ge=13)
    max_age: int = Field(description="65 stands for 65 and over")
    all_genders: bool
    postcodes: bool
    look_alikes: bool
    radius_km: float | None = Field(default=None, gt=0)


class Declarations(Noun):
    """``declares`` of a campaign's file. ``countries`` are those its audience lives in, by ISO
    3166 code; ``targeting`` is only asked of ads of a special category."""

    paid_partnership: bool = False
    political: bool = False
    public_interest: bool = False
    countries: tuple[Country, ...] = ()
    special_ad_categories: tuple[SpecialCategory, ...] = ()
    targeting: DeclaredTargeting | None = None
