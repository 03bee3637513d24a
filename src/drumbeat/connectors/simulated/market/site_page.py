"""Site pages: how the shop's own pages answer a visitor, at a moment."""

from dataclasses import dataclass

from drumbeat.connectors.simulated.market.ground import Ground
from drumbeat.connectors.simulated.market.incident import IncidentKind
from drumbeat.connectors.simulated.market.shop import LOAD_SECONDS

_WELL = 200


@dataclass(frozen=True)
class SitePage:
    """``status`` and how long the page took to load."""

    status: int
    seconds: float


def site_page(ground: Ground, address: str, hour: float) -> SitePage:
    """Every page is there and answers, unless an incident has its way with it."""
    effects = ground.effects
    slow = effects.now(IncidentKind.SLOW_LANDING_PAGE, hour)
    broken = [
        incident
        for incident in effects.of(IncidentKind.BROKEN_LANDING_PAGE, address)
        if effects.window(incident)[0] <= hour < effects.window(incident)[1]
    ]
    status = max((int(one.size) for one in broken), default=_WELL)
    return SitePage(status, LOAD_SECONDS + slow)
