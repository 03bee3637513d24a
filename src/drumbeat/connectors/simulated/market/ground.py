"""Ground: what a market stands on and no order can change."""

from dataclasses import dataclass

from drumbeat.connectors.simulated.market import contacts as people
from drumbeat.connectors.simulated.market.chance import Chance
from drumbeat.connectors.simulated.market.contacts import Contacts
from drumbeat.connectors.simulated.market.hours import Almanac
from drumbeat.connectors.simulated.market.incident import Effects
from drumbeat.connectors.simulated.market.scenario import Scenario
from drumbeat.connectors.simulated.market.season import Season
from drumbeat.connectors.simulated.market.taste import Taste


@dataclass(frozen=True)
class Ground:
    """``start`` is the market's first hour, in hours since the epoch."""

    scenario: Scenario
    start: int
    chance: Chance
    almanac: Almanac
    effects: Effects
    season: Season
    taste: Taste
    contacts: Contacts


def lay(scenario: Scenario, seed: int, start: int, *, contacts_from: int | None = None) -> Ground:
    """The ground of a market; ``contacts_from`` dates its contact list, when not by ``start``."""
    chance = Chance(seed)
    almanac = Almanac(scenario.zone)
    effects = Effects(scenario.incidents, start)
    since = start if contacts_from is None else contacts_from
    return Ground(
        scenario=scenario,
        start=start,
        chance=chance,
        almanac=almanac,
        effects=effects,
        season=Season(chance, almanac, effects, scenario.holiday_strength),
        taste=Taste(chance, scenario.appeals),
        contacts=people.draw(scenario, chance, since),
    )
