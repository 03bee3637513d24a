"""Offers: what they save and how long they hold."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from drumbeat.core.campaign.offer import Offer
from drumbeat.core.money import Money


def offer(**written: Any) -> Offer:
    base = {
        "id": "first-refill",
        "headline": "15% off",
        "terms": "Once a household.",
        "valid_from": "2026-09-07",
        "valid_to": "2026-09-20",
        "landing_page": "https://northbean.example/refill",
    }
    return Offer.model_validate(base | written)


@pytest.mark.parametrize(
    ("written", "saves"),
    [
        pytest.param({"discount": "15%"}, "15%", id="a share"),
        pytest.param({"discount": "EUR 5"}, "EUR 5.00", id="an amount"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_a_discount_is_a_share_or_an_amount(written: dict[str, Any], saves: str | None) -> None:
    found = offer(**written)
    assert found.saves == saves
    assert Offer.model_validate_json(found.model_dump_json()) == found


def test_a_price_is_money() -> None:
    assert offer(price="EUR 27").price == Money(minor=2700, currency="EUR")


@pytest.mark.parametrize(
    ("day", "stock", "expected"),
    [
        pytest.param("2026-09-06", None, False, id="before"),
        pytest.param("2026-09-07", None, True, id="first day"),
        pytest.param("2026-09-20", 3, True, id="last day"),
        pytest.param("2026-09-21", None, False, id="after"),
        pytest.param("2026-09-10", 0, False, id="sold out"),
    ],
)
def test_an_offer_holds_on_its_days_while_something_is_left(
    day: str, stock: int | None, expected: bool
) -> None:
    assert offer(stock=stock).is_open(date.fromisoformat(day)) is expected


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param({"valid_to": "2026-09-01"}, "before it starts", id="ends first"),
        pytest.param({"discount": "a lot"}, "expected money", id="no discount"),
        pytest.param({"discount": "15"}, "percentage", id="fifteen what"),
        pytest.param({"landing_page": "refill"}, "web address", id="no address"),
        pytest.param({"stock": -1}, "greater than", id="negative stock"),
        pytest.param({"headline": "  "}, "empty", id="no headline"),
    ],
)
def test_an_offer_nobody_could_keep_is_refused(written: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        offer(**written)
