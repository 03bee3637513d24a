"""Declared facts: what people wrote into the workspace's files that a review has to know."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.brand import BrandVoice, ClaimProof, ProhibitedClaims
from drumbeat.core.campaign.content import Piece
from drumbeat.core.campaign.declarations import Declarations
from drumbeat.core.campaign.objects import LineItem
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.campaign.past_price import lowest_before
from drumbeat.core.compliance.facts import AdTargeting, Media, Proof
from drumbeat.core.compliance.mail.reader import read_page
from drumbeat.core.money import Money


def of_campaign(said: Declarations, lines: Iterable[LineItem]) -> dict[str, Any]:
    """What its file declares, by field; whom its ads leave out is read from the ads themselves."""
    return {
        "is_paid_partnership": said.paid_partnership,
        "is_political": said.political,
        "is_public_interest": said.public_interest,
        "countries": frozenset(said.countries),
        "special_categories": frozenset(said.special_ad_categories),
        "targeting": _targeting(said, any(one.exclude for one in lines)),
    }


def of_policy(voice: BrandVoice, claims: ProhibitedClaims) -> dict[str, Any]:
    """Names that are not ours, names and tags the brand agreed to, and proofs of claims."""
    return {
        "voice": voice,
        "competitors": voice.competitors,
        "handles": None if voice.mentions is None else frozenset(voice.mentions),
        "tags": None if voice.hashtags is None else frozenset(voice.hashtags),
        "proofs": tuple(map(_proof, claims.proofs)),
    }


def lowest_prices(offers: Iterable[Offer]) -> Mapping[str, Money]:
    """The thirty-day low before each offer, of those whose past prices tell it."""
    found = {one.id: lowest_before(one.past_prices, one.valid_from) for one in offers}
    return {name: price for name, price in found.items() if price is not None}


def media(pieces: Iterable[Piece], assets: Assets) -> Iterator[Media]:
    """The inventory's made pictures that the mails show, with the words each mail has for them."""
    made = {one.image for one in pieces if one.image_is_synthetic}
    for send in assets.sends if made else ():
        for variant in send.variants:
            for shown in read_page(variant.html).pictures:
                if shown.src in made:
                    yield Media(shown.src, is_synthetic=True, label=shown.alt or "")


def _proof(one: ClaimProof) -> Proof:
    return Proof(one.id, one.claim, one.valid_to, frozenset(one.countries))


def _targeting(said: Declarations, leaves_out: bool) -> AdTargeting | None:
    """None where nobody wrote it down."""
    own = said.targeting
    if own is None:
        return None
    countries = frozenset(said.countries)
    return AdTargeting(**own.model_dump(), exclusions=leaves_out, countries=countries)
