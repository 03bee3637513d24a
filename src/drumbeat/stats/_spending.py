"""Spending: how much of the error an experiment may have used up by each share of its data."""

import math
from enum import StrEnum

# As other software and the papers call them, without blanks, hyphens and apostrophes.
_OTHER_NAMES = {
    "obrienfleming": "obrien-fleming",
    "obf": "obrien-fleming",
    "of": "obrien-fleming",
    "landemets": "obrien-fleming",
    "landemetsobrienfleming": "obrien-fleming",
    "landemetspocock": "pocock",
    "kimdemets": "power",
}


class Spending(StrEnum):
    """A published error-spending function (Lan and DeMets 1983; Kim and DeMets 1987)."""

    OBRIEN_FLEMING = "obrien-fleming"
    POCOCK = "pocock"
    POWER = "power"

    @classmethod
    def named(cls, text: str) -> "Spending":
        """The function people mean by the name. Raises ValueError with the list of names."""
        if not isinstance(text, str):
            raise ValueError(f"spending is the name of a function, got {text!r}")
        plain = "".join(letter for letter in text.lower() if letter.isalnum())
        try:
            return cls(_OTHER_NAMES.get(plain, plain))
        except ValueError:
            known = ", ".join(cls)
            raise ValueError(f"no spending function is named {text!r}; known: {known}") from None

    def spent(self, alpha: float, fraction: float) -> float:
        """The part of a one-sided ``alpha`` used up when ``fraction`` (0 to 1] of the data is in.

        O'Brien-Fleming-like 2 - 2Φ(z(alpha/2)/√t) saves nearly all for the end; Pocock-like
        alpha·ln(1 + (e-1)t) spends evenly; power, alpha·t⁴, waits as long as the first at the
        start but not as long at the end, which finds a little more with as many units.
        """
        match self:
            case Spending.OBRIEN_FLEMING:
                return _obrien_fleming(alpha, fraction)
            case Spending.POCOCK:
                return alpha * math.log(1 + (math.e - 1) * fraction)
            case Spending.POWER:
                return alpha * fraction**4


def _obrien_fleming(alpha: float, fraction: float) -> float:
    from scipy.special import ndtr, ndtri

    return float(2 * ndtr(ndtri(alpha / 2) / math.sqrt(fraction)))
