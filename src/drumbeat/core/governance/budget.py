"""Budgets: caps by scope, and whether a change still fits under every one of them."""

from drumbeat.core.money import Money
from drumbeat.core.noun import Noun


class Headroom(Noun):
    """What one scope may spend in one window, and what is already promised.

    ``scope`` names both, such as ``campaign:retargeting/month:2026-03``.
    """

    scope: str
    cap: Money
    committed: Money

    @property
    def left(self) -> Money:
        return self.cap - self.committed


def first_overrun(delta: Money, headrooms: tuple[Headroom, ...]) -> Headroom | None:
    """The first scope that ``delta`` more would overrun; None when it fits, or adds nothing."""
    if delta.minor <= 0:
        return None
    return next((h for h in headrooms if h.left < delta), None)
