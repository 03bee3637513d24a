"""Amounts: money and dates as texts name them, in English, German and Spanish habit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from drumbeat.core.campaign.offer import Offer
from drumbeat.core.compliance.lexicon.words import number
from drumbeat.core.money import CODES, Money

_DIGIT = re.compile(r"[0-9]")
_FIGURE = r"[0-9](?:[0-9.,]*[0-9])?"
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "euro": "EUR", "euros": "EUR"}
_SIGN = r"[€$£¥]"
_BEFORE = re.compile(rf"(?:\b([A-Z]{{3}})\s?|({_SIGN})\s?)({_FIGURE})")
_AFTER = re.compile(
    rf"(?<![\w.,])({_FIGURE})\s?(?:([A-Z]{{3}})\b|({_SIGN})|(euros?)\b)", re.IGNORECASE
)
_MONTHS = (
    ("january", "januar", "enero", "jan", "jänner"),
    ("february", "februar", "febrero", "feb"),
    ("march", "märz", "marzo", "mar"),
    ("april", "abril", "apr"),
    ("may", "mai", "mayo"),
    ("june", "juni", "junio", "jun"),
    ("july", "juli", "julio", "jul"),
    ("august", "agosto", "aug"),
    ("september", "septiembre", "sep", "sept"),
    ("october", "oktober", "octubre", "oct", "okt"),
    ("november", "noviembre", "nov"),
    ("december", "dezember", "diciembre", "dec", "dez", "dic"),
)
_MONTH = {name: at for at, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"\b([0-3]?[0-9])(?:st|nd|rd|th)?\.?(?: de)? ({_NAMES})\b(?:(?: de)? ([0-9]{{4}}))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b({_NAMES})\.? ([0-3]?[0-9])(?:st|nd|rd|th)?\b(?:,? ([0-9]{{4}}))?", re.IGNORECASE
)
_NUMBERS = re.compile(r"\b([0-3]?[0-9])[./]([01]?[0-9])[./]([0-9]{4})?")
_ISO = re.compile(r"\b([0-9]{4})-([01][0-9])-([0-3][0-9])\b")


@dataclass(frozen=True)
class Amount:
    """Money as it stands in a text."""

    money: Money
    said: str
    start: int


@lru_cache(maxsize=4096)
def amounts(text: str) -> tuple[Amount, ...]:
    """Every amount a text names: ``EUR 49``, ``€49``, ``49,00 €`` and ``49 Euro``."""
    return tuple(_amounts(text)) if _DIGIT.search(text) else ()


def _amounts(text: str) -> Iterator[Amount]:
    taken: set[int] = set()
    for pattern, places in ((_BEFORE, (1, 2, 3)), (_AFTER, (2, 3, 1))):
        for hit in pattern.finditer(text):
            named = hit[places[0]] or hit[places[1]] or (hit[4] if hit.re is _AFTER else "")
            figures = range(*hit.span(places[2]))
            currency = _SIGNS.get(named.lower(), named)
            if currency in CODES and taken.isdisjoint(figures):
                taken.update(figures)
                yield Amount(_money(hit[places[2]], currency), hit[0].strip(), hit.start())


def prices_of(offer: Offer) -> frozenset[Money]:
    """Every amount that is true of an offer: its own, those its words name, and the price less
    the discount."""
    said = " ".join((offer.headline, offer.terms, *offer.conditions))
    known = {amount.money for amount in amounts(said)}
    if offer.price:
        known.add(offer.price)
    if isinstance(offer.discount, Money):
        known.add(offer.discount)
        if offer.price and offer.price.currency == offer.discount.currency:
            known.add(offer.price - offer.discount)
    elif offer.discount is not None and offer.price:
        known.add(offer.price.times(Decimal(1) - Decimal(str(offer.discount))))
        known.add(offer.price.times(Decimal(str(offer.discount))))
    return frozenset(known)


def days(text: str, year: int) -> Iterator[date]:
    """Every date a text names; one without a year is in ``year``. What is no date is skipped."""
    for hit in _ISO.finditer(text):
        yield from _day(int(hit[1]), int(hit[2]), int(hit[3]))
    for hit in _DAY_FIRST.finditer(text):
        yield from _day(int(hit[3] or year), _MONTH[hit[2].lower()], int(hit[1]))
    for hit in _MONTH_FIRST.finditer(text):
        yield from _day(int(hit[3] or year), _MONTH[hit[1].lower()], int(hit[2]))
    for hit in _NUMBERS.finditer(text):
        yield from _day(int(hit[3] or year), int(hit[2]), int(hit[1]))


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _money(figure: str, currency: str) -> Money:
    return Money.of(number(figure), currency)
