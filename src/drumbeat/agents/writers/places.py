"""Places: what a phrase may speak of, taken from the order's own records and nothing else."""

import re
from datetime import date
from decimal import Decimal

from drumbeat.agents.writers.phrases.book import Book
from drumbeat.agents.writers.port import CopyOrder
from drumbeat.core.campaign.offer import Offer
from drumbeat.core.money import Money

_SENTENCE = re.compile(r"(.+?[.!?…])(?:\s|$)", re.DOTALL)


def places(order: CopyOrder, book: Book) -> dict[str, str]:
    """Every place that can be filled: what is not known has no entry, so no phrase uses it."""
    piece = order.piece
    told = sentences(piece.summary)
    found = {
        "brand": order.brand,
        "title": piece.title.rstrip("."),
        "topic": _words(order.topic),
        "first_sentence": told[0],
        "weekday": book.weekdays[order.day.weekday()],
    }
    found |= {"last_sentence": told[-1]} if len(told) > 1 else {}
    found |= {"action": piece.call_to_action} if piece.call_to_action else {}
    points = _turned(piece.points, order.turn)
    found |= {"point": points[0]} if points else {}
    found |= {"second_point": points[1]} if len(points) > 1 else {}
    if piece.quote is not None:
        found |= {"quote": piece.quote.text.strip("“”\"'"), "quote_by": piece.quote.by}
    return found | (offer_places(order.offer, book) if order.offer else {})


def offer_places(offer: Offer, book: Book) -> dict[str, str]:
    """What may be said of an offer: its own words, figures and dates."""
    found = {
        "offer": offer.headline.rstrip("."),
        "terms": offer.terms,
        "ends": spoken_date(offer.valid_to, book),
    }
    found |= {"product": _start(_words(offer.product))} if offer.product else {}
    found |= {"price": spoken_money(offer.price)} if offer.price else {}
    found |= {"saves": _saves(offer)} if offer.discount is not None else {}
    return found | ({"code": offer.code} if offer.code else {})


def _saves(offer: Offer) -> str:
    if isinstance(offer.discount, Money):
        return spoken_money(offer.discount)
    return offer.saves or ""


def in_amount(offer: Offer) -> str:
    """The offer's headline with the discount as an amount instead of a share; empty where it
    cannot be said so: no price, no share, or a headline that does not name it."""
    share, price = offer.discount, offer.price
    if not isinstance(share, float) or price is None or (offer.saves or "?") not in offer.headline:
        return ""
    saved = spoken_money(price.times(Decimal(str(share))))
    return offer.headline.replace(offer.saves or "", saved, 1).rstrip(".")


def spoken_money(money: Money) -> str:
    """``EUR 49``, or ``EUR 16.50`` where there are cents."""
    whole = money.major == money.major.to_integral_value()
    return f"{money.currency} {money.major:,.0f}" if whole else str(money)


def spoken_date(day: date, book: Book) -> str:
    """``Sunday, 15 March``."""
    return book.date_form.format(
        weekday=book.weekdays[day.weekday()], day=day.day, month=book.months[day.month - 1]
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    joined = " ".join(text.split())
    return _SENTENCE.findall(joined) or [joined]


def _words(name: str) -> str:
    return name.replace("-", " ").replace("_", " ")


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _turned(points: tuple[str, ...], turn: int) -> tuple[str, ...]:
    """The points, each turn starting with another."""
    start = turn % len(points) if points else 0
    return points[start:] + points[:start]
