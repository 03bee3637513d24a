"""Choice: which phrase is said this time, without chance: by turns, from a seeded start."""

import hashlib
import string
from collections.abc import Callable, Mapping, Sequence

from drumbeat.agents.writers.port import CannotWrite

Places = Mapping[str, str]
_FORMATTER = string.Formatter()


def by_turns(
    phrases: Sequence[str],
    places: Places,
    *,
    turn: int,
    seed: str,
    fits: Callable[[str], bool] = bool,
) -> str:
    """The first phrase, starting at this turn's, whose places can all be filled and that fits.

    Two turns in a row start at different phrases. Raises CannotWrite when none will do.
    """
    usable = said(phrases, places, turn=turn, seed=seed, fits=fits)
    if not usable:
        raise CannotWrite(f"no phrase fits; tried {len(phrases)} such as {phrases[0]!r}")
    return usable[0]


def said(
    phrases: Sequence[str],
    places: Places,
    *,
    turn: int,
    seed: str,
    fits: Callable[[str], bool] = bool,
) -> list[str]:
    """Every phrase that can be said, filled, in this turn's order, each once."""
    fitting = filled(phrases, places, fits)
    start = (_offset(seed) + turn) % len(fitting) if fitting else 0
    return fitting[start:] + fitting[:start]


def filled(phrases: Sequence[str], places: Places, fits: Callable[[str], bool] = bool) -> list[str]:
    """Every phrase whose places can all be filled and that fits, in the book's order."""
    can = [phrase for phrase in phrases if _needs(phrase) <= places.keys()]
    texts = dict.fromkeys(phrase.format_map(places) for phrase in can)
    return [text for text in texts if fits(text)]


def _needs(phrase: str) -> set[str]:
    return {name for _, name, _, _ in _FORMATTER.parse(phrase) if name}


def _offset(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])
