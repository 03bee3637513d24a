"""Places: what a phrase may speak of, taken from the order's own records and nothing else."""

import re
from datetime import date

from drumbeat.agents.writers.phrases.book import Book
from drumbeat.agents.writers.port import CopyOrder
from drumbeat.core.campaign.offer import Offer

_SENTENCE = re.compile(r"(.+?[.!?…])(?:\s|$)", re.DOTALL)


def places(order: CopyOrder, book: Book, topic: str = "") -> dict[str, str]:
    """Every place that can be filled: what is not known has no entry, so no phrase uses it."""
    piece = order.piece
    named = (topic or piece.topics[0]).replace("-", " ").replace("_", " ")
    found = {
        "brand": order.brand,
        "title": piece.title.rstrip("."),
        "topic": named,
        "Topic": _start(named),
        "topic_start": _start(named),
        "first_sentence": first_sentence(piece.summary),
        "weekday": book.weekdays[order.day.weekday()],
    }
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
    found |= {"saves": offer.saves} if offer.saves else {}
    return found | ({"code": offer.code} if offer.code else {})


def spoken_date(day: date, book: Book) -> str:
    """``Sunday, 15 March``."""
    return book.date_form.format(
        weekday=book.weekdays[day.weekday()], day=day.day, month=book.months[day.month - 1]
    )


def first_sentence(text: str) -> str:
    """The first sentence of a text, or all of it when it has no end mark."""
    joined = " ".join(text.split())
    found = _SENTENCE.match(joined)
    return found[1] if found else joined


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    joined = " ".join(text.split())
    return _SENTENCE.findall(joined) or [joined]


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _turned(points: tuple[str, ...], turn: int) -> tuple[str, ...]:
    """The points, each turn starting with another."""
    start = turn % len(points) if points else 0
    return points[start:] + points[:start]
