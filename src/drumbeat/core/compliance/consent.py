"""Consent: whether a record shows that somebody agreed to our mail, and what it lacks if not."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Basis(StrEnum):
    """Why somebody may be mailed. ``customer`` and ``inquiry`` are implied by what they did."""

    DOUBLE_OPT_IN = "double opt-in"
    OPT_IN = "opt-in"
    CUSTOMER = "customer"
    INQUIRY = "inquiry"


@dataclass(frozen=True)
class Consent:
    """What a list keeps of it; empty or None is not on record. ``country`` is the reader's, by
    ISO 3166 code, ``wording`` the version of the words they agreed to."""

    basis: str = ""
    on: date | None = None
    source: str = ""
    wording: str = ""
    country: str = ""


NOT_ON_RECORD = Consent()
_OPTED_IN = (Basis.DOUBLE_OPT_IN, Basis.OPT_IN)
# How long Canada takes consent as implied, in months: CASL section 10(10).
_CANADIAN_MONTHS = {Basis.CUSTOMER: 24, Basis.INQUIRY: 6}


def lacking(consent: Consent, today: date) -> str | None:
    """Why the record does not do; None where it does."""
    basis = next((one for one in Basis if one == consent.basis.strip().casefold()), None)
    if basis is None:
        return f"unknown basis “{consent.basis}”" if consent.basis.strip() else "no basis on record"
    if consent.on is None or consent.on > today:
        return "no time on record" if consent.on is None else "time on record lies ahead"
    if not consent.source:
        return "no source on record"
    if basis in _OPTED_IN and not consent.wording:
        return "no wording on record"
    return _lacking_there(basis, consent.on, consent.country.strip().upper(), today)


def _lacking_there(basis: Basis, on: date, country: str, today: date) -> str | None:
    """What the reader's country asks for beyond the record."""
    if basis is Basis.DOUBLE_OPT_IN:
        return None
    if not country:
        return "no country on record"
    if country == "DE" and basis is Basis.OPT_IN:
        return "no double opt-in (Germany)"
    months = _CANADIAN_MONTHS.get(basis)
    if country == "CA" and months is not None:
        return "implied consent expired (Canada)" if _later(on, months) < today else None
    return "an inquiry is no consent" if basis is Basis.INQUIRY else None


def _later(day: date, months: int) -> date:
    """The same day so many months on, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
