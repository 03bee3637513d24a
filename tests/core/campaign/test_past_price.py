"""The lowest price of the thirty days before an offer, or nothing where a day is not on record."""

from datetime import date

import pytest
from pydantic import ValidationError

from drumbeat.core.campaign.past_price import PastPrice, lowest_before

DAY = date(2026, 9, 1)


def past(price: str, first: str, last: str) -> PastPrice:
    return PastPrice.model_validate({"price": price, "from": first, "to": last})


@pytest.mark.parametrize(
    ("prices", "wanted"),
    [
        ([], None),
        ([("EUR 29", "2026-01-01", "2026-08-31")], "EUR 29.00"),
        ([("EUR 29", "2026-08-02", "2026-08-31")], "EUR 29.00"),
        ([("EUR 29", "2026-08-03", "2026-08-31")], None),
        ([("EUR 29", "2026-01-01", "2026-08-30")], None),
        (
            [("EUR 29", "2026-01-01", "2026-08-14"), ("EUR 25", "2026-08-15", "2026-08-31")],
            "EUR 25.00",
        ),
        (
            [("EUR 29", "2026-08-15", "2026-12-31"), ("EUR 25", "2026-01-01", "2026-08-14")],
            "EUR 25.00",
        ),
        ([("EUR 29", "2026-01-01", "2026-08-13"), ("EUR 25", "2026-08-15", "2026-08-31")], None),
        (
            [("EUR 19", "2026-01-01", "2026-08-01"), ("EUR 29", "2026-08-02", "2026-08-31")],
            "EUR 29.00",
        ),
        (
            [("EUR 29", "2026-01-01", "2026-08-31"), ("EUR 9", "2026-09-01", "2026-09-30")],
            "EUR 29.00",
        ),
        (
            [("EUR 29", "2026-01-01", "2026-08-31"), ("EUR 19", "2026-08-10", "2026-08-11")],
            "EUR 19.00",
        ),
        ([("EUR 29", "2026-01-01", "2026-08-14"), ("USD 29", "2026-08-15", "2026-08-31")], None),
    ],
)
def test_the_low_needs_every_one_of_the_thirty_days(
    prices: list[tuple[str, str, str]], wanted: str | None
) -> None:
    found = lowest_before([past(*one) for one in prices], DAY)
    assert (found and str(found)) == wanted


def test_a_price_ends_after_it_starts() -> None:
    with pytest.raises(ValidationError, match="before it starts"):
        past("EUR 29", "2026-08-02", "2026-08-01")
