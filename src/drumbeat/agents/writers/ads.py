"""Ad copy: short lines inside a placement's limits, without a shout."""

from dataclasses import dataclass

from drumbeat.agents.writers.choice import Places, filled, said
from drumbeat.agents.writers.phrases.book import Book, Phrases
from drumbeat.agents.writers.places import places
from drumbeat.agents.writers.port import AdDraft, AdOrder, CannotWrite

HEADLINE_MOST = 30
DESCRIPTION_MOST = 90
_HEADLINES = (3, 5)
_DESCRIPTIONS = (2, 4)


def write(order: AdOrder, book: Book, seed: str) -> AdDraft:
    """Three to five headlines and two to four descriptions, none too long, none alike.

    The most telling lines come first, fillers by turns. Raises CannotWrite when the inventory
    and the book have too few short lines.
    """
    copy = order.copy
    desk = _Desk(places(copy, book), copy.turn, f"{seed}/{copy.angle}/{copy.piece.id}")
    headlines = desk.lines(book.headlines, book.headline_fillers, HEADLINE_MOST)
    telling = book.descriptions.get(copy.angle, book.descriptions["product"])
    descriptions = desk.lines(telling, book.description_fillers, DESCRIPTION_MOST)
    if len(headlines) < _HEADLINES[0] or len(descriptions) < _DESCRIPTIONS[0]:
        raise CannotWrite(f"too few short lines for an ad about {copy.piece.id}")
    actions = said(book.ad_actions, desk.places, turn=copy.turn, seed=desk.seed)
    return AdDraft(
        headlines=tuple(headlines[: _HEADLINES[1]]),
        descriptions=tuple(descriptions[: _DESCRIPTIONS[1]]),
        call_to_action=actions[0],
    )


@dataclass(frozen=True)
class _Desk:
    places: Places
    turn: int
    seed: str

    def lines(self, telling: Phrases, fillers: Phrases, most: int) -> list[str]:
        """The telling lines in their order, then fillers by turns, each at most so long."""

        def fits(text: str) -> bool:
            return 0 < len(text.rstrip(".")) <= most and "!" not in text

        first = filled(telling, self.places, fits)
        rest = said(fillers, self.places, turn=self.turn, seed=f"{self.seed}/{most}", fits=fits)
        return _alike([_short(text, most) for text in first + rest])


def _short(text: str, most: int) -> str:
    """A headline ends without a full stop; so does a line the full stop makes too long."""
    return text.rstrip(".") if most <= HEADLINE_MOST or len(text) > most else text


def _alike(texts: list[str]) -> list[str]:
    """The texts without those that say again what an earlier one says."""
    kept: dict[str, str] = {}
    for text in texts:
        kept.setdefault(text.casefold().rstrip("."), text)
    return list(kept.values())
