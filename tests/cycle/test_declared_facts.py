"""What people declare in files reaches the rules, and what nobody wrote down stays unknown."""

from datetime import date
from html import escape
from typing import Any

import pytest

from drumbeat.core.campaign.brand import ClaimProof, ProhibitedClaims
from drumbeat.core.campaign.declarations import Declarations
from drumbeat.core.campaign.past_price import PastPrice
from drumbeat.core.compliance.case import ComplianceCase
from drumbeat.core.compliance.facts import Media
from drumbeat.core.money import Money
from drumbeat.cycle.declared_facts import lowest_prices, media, of_campaign, of_policy
from tests.core.compliance.cases import (
    VOICED,
    ad,
    facts,
    findings,
    inside,
    mail,
    post,
    said,
    the_mail,
)
from tests.core.road.shop import line_item, offer, piece

JOB = ad(description="We are hiring in Bremen")
ANYBODY = {
    "min_age": 18,
    "max_age": 65,
    "all_genders": True,
    "postcodes": False,
    "look_alikes": False,
}
BEST = {"id": "test-2026", "claim": "number one", "source": "proofs/test-2026.pdf"}


def declared(case: ComplianceCase, exclude: tuple[str, ...] = (), **said: Any) -> ComplianceCase:
    told = of_campaign(Declarations.model_validate(said), [line_item(exclude=exclude)])
    return facts(case, **told)


def ruled(case: ComplianceCase, *proofs: dict[str, Any], **voice: Any) -> ComplianceCase:
    claims = ProhibitedClaims(version=1, proofs=tuple(map(ClaimProof.model_validate, proofs)))
    return facts(case, **of_policy(VOICED.model_copy(update=voice), claims))


@pytest.mark.parametrize(
    ("rule", "case", "is_found"),
    [
        pytest.param("C08", declared(post("Tea."), paid_partnership=True), True, id="paid"),
        pytest.param("C08", declared(post("#ad Tea."), paid_partnership=True), False, id="said"),
        pytest.param("C08", declared(post("Tea.")), False, id="unpaid"),
        pytest.param("A04", declared(post("Tea."), political=True), True, id="political"),
        pytest.param("C12", declared(post("Tea."), public_interest=True), True, id="public"),
        pytest.param("A03", declared(JOB), True, id="undeclared-job"),
        pytest.param(
            "A03",
            declared(
                JOB, special_ad_categories=["EMPLOYMENT"], countries=["DE"], targeting=ANYBODY
            ),
            False,
            id="declared-job",
        ),
        pytest.param(
            "A03",
            declared(JOB, special_ad_categories=["EMPLOYMENT"], countries=["DE"]),
            True,
            id="targeting-unknown",
        ),
        pytest.param(
            "A03",
            declared(
                JOB,
                ("staff",),
                special_ad_categories=["EMPLOYMENT"],
                countries=["DE"],
                targeting=ANYBODY,
            ),
            True,
            id="an-ad-leaves-people-out",
        ),
        pytest.param("C10", ruled(said("Like Teekanne.")), False, id="no-competitors-named"),
        pytest.param(
            "C10", ruled(said("Like Teekanne."), competitors=("Teekanne",)), True, id="competitor"
        ),
        pytest.param("S04", ruled(post("With @ida.")), True, id="nobody-may-be-mentioned"),
        pytest.param("S04", ruled(post("With @ida."), mentions=("@Ida",)), False, id="mentioned"),
        pytest.param("S04", ruled(post("#tea")), False, id="any-tag"),
        pytest.param("S04", ruled(post("#tea"), hashtags=("coffee",)), True, id="another-tag"),
        pytest.param("C01", ruled(said("We are number one.")), True, id="no-proof"),
        pytest.param(
            "C01",
            ruled(said("We are number one."), {**BEST, "valid_to": "2027-01-01"}),
            False,
            id="proven",
        ),
        pytest.param(
            "C01",
            ruled(said("We are number one."), {**BEST, "valid_to": "2026-01-01"}),
            True,
            id="proof-run-out",
        ),
        pytest.param(
            "C01",
            ruled(
                said("We are number one."),
                {**BEST, "valid_to": "2027-01-01", "countries": ["AT"]},
            ),
            True,
            id="proven-elsewhere",
        ),
    ],
)
def test_a_declaration_reaches_its_rule(rule: str, case: ComplianceCase, is_found: bool) -> None:
    assert bool(findings(rule, case)) is is_found


def test_the_low_of_an_offer_is_known_where_its_past_is_on_record() -> None:
    day: date = offer("tasting-set").valid_from
    past = PastPrice(price=Money.parse("EUR 28"), first=date(2020, 1, 1), last=day)
    known = offer("tasting-set", past_prices=(past,))
    assert lowest_prices([known, offer("first-flush")]) == {"tasting-set": Money.parse("EUR 28")}
    wasnow = facts(said("Was EUR 28, now EUR 24."), lowest_prices=lowest_prices([known]))
    assert findings("C04", wasnow) == ()
    assert findings("C04", facts(wasnow, lowest_prices=lowest_prices([])))


PICTURE = "https://fernhill.example/i.jpg?a=1&b=2"


@pytest.mark.parametrize(
    ("is_synthetic", "alt", "labels"),
    [
        (False, "A hand", ()),
        (True, "A hand", ("A hand",)),
        (True, "AI-generated picture of a hand", ("AI-generated picture of a hand",)),
        (True, None, ()),
    ],
)
def test_a_made_picture_is_known_where_a_mail_shows_it(
    is_synthetic: bool, alt: str | None, labels: tuple[str, ...]
) -> None:
    shown = f'<img src="{escape(PICTURE)}" alt="{alt}">' if alt else ""
    assets = mail(html=inside(shown)).assets
    known = piece("kettle-care", image=PICTURE, image_is_synthetic=is_synthetic)
    told = tuple(media([known], assets))
    count = len(assets.sends[0].variants)
    assert told == tuple(Media(PICTURE, True, one) for one in labels) * count
    assert bool(findings("C12", facts(the_mail(), media=told))) is (labels == ("A hand",))
