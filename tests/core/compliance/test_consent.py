"""Whether a consent record does, by basis, country and age."""

from datetime import date

import pytest

from drumbeat.core.compliance.consent import Consent, lacking

TODAY = date(2026, 11, 27)
WHOLE = Consent("double opt-in", date(2025, 1, 1), "form", "v3")


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, None),
        ({"country": "DE"}, None),
        ({"basis": "Double Opt-In "}, None),
        ({"basis": ""}, "no basis on record"),
        ({"basis": "bought list"}, "unknown basis “bought list”"),
        ({"on": None}, "no time on record"),
        ({"on": date(2026, 11, 28)}, "time on record lies ahead"),
        ({"on": TODAY}, None),
        ({"source": ""}, "no source on record"),
        ({"wording": ""}, "no wording on record"),
        ({"basis": "opt-in", "country": "FR"}, None),
        ({"basis": "opt-in", "country": ""}, "no country on record"),
        ({"basis": "opt-in", "country": "de"}, "no double opt-in (Germany)"),
        ({"basis": "customer", "wording": "", "country": "DE"}, None),
        ({"basis": "customer", "country": ""}, "no country on record"),
        ({"basis": "customer", "country": "CA", "on": date(2024, 11, 27)}, None),
        (
            {"basis": "customer", "country": "CA", "on": date(2024, 11, 26)},
            "implied consent expired (Canada)",
        ),
        ({"basis": "inquiry", "country": "CA", "on": date(2026, 5, 27)}, None),
        (
            {"basis": "inquiry", "country": "CA", "on": date(2026, 5, 26)},
            "implied consent expired (Canada)",
        ),
        ({"basis": "inquiry", "country": "FR"}, "an inquiry is no consent"),
        ({"basis": "opt-in", "country": "CA", "on": date(2001, 1, 1)}, None),
    ],
)
def test_a_record_does_or_says_what_it_lacks(changes: dict[str, object], wanted: str) -> None:
    assert lacking(Consent(**{**vars(WHOLE), **changes}), TODAY) == wanted


def test_half_a_year_after_a_long_months_last_day_is_the_short_ones() -> None:
    asked = Consent("inquiry", date(2025, 8, 31), "form", country="CA")
    assert lacking(asked, date(2026, 2, 28)) is None
    assert lacking(asked, date(2026, 3, 1)) == "implied consent expired (Canada)"
