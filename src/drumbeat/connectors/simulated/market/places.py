"""Places: the placements ads are shown in, and what a mix of them makes of a line item."""

from dataclasses import dataclass

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats
from drumbeat.connectors.simulated.market.auction import KINDS
from drumbeat.connectors.simulated.market.taste import Taste
from drumbeat.core.campaign.objects import LineItem

PLACES = ("feed", "stories", "video", "display", "search")
# The platform's own mix by audience kind (in the order of KINDS), where nobody sets another.
_OWN = np.array(
    [
        [0.45, 0.25, 0.00, 0.30, 0.00],
        [0.45, 0.30, 0.25, 0.00, 0.00],
        [0.40, 0.30, 0.30, 0.00, 0.00],
        [0.00, 0.00, 0.00, 0.00, 1.00],
    ]
)
# The more of the money goes to one place, the less each part of it is answered.
_TIRING = 0.15


@dataclass(frozen=True)
class Mix:
    """``money`` are shares of the spend over PLACES; ``clicks`` what each place is clicked, as
    shares of all clicks of the platform's own mix: they add up to more than 1 for a better one."""

    money: Floats
    clicks: Floats

    @property
    def worth(self) -> float:
        """What the mix makes of the click rate, beside the platform's own: 1 for that."""
        return float(self.clicks.sum())


def places_of(kind: int) -> tuple[str, ...]:
    """The placements an audience kind can be met in."""
    return tuple(name for name, share in zip(PLACES, _OWN[kind], strict=True) if share)


def mix_of(item: LineItem, kind: int, taste: Taste) -> Mix:
    """The mix as the line item sets it, else the platform's own."""
    own = _OWN[kind]
    liked = np.array([np.exp(taste.appeal("placement", name, KINDS[kind])) for name in PLACES])
    usual = own * liked / (own * liked).sum()
    if not item.placements:
        return Mix(own, usual)
    money = np.array([item.placements.get(name, 0.0) for name in PLACES])
    beside = np.divide(money, own, out=np.zeros_like(own), where=own > 0)
    return Mix(money, usual * beside ** (1.0 - _TIRING))
