"""Areas: the sets of regions that line items are shown in, each known by a number."""

import numpy as np

from drumbeat.connectors.simulated.market.arrays import Floats, Ints


class Areas:
    """Numbered distributions of people over regions. Number 0 is everywhere."""

    def __init__(self, everywhere: Floats) -> None:
        self._numbers: dict[bytes, int] = {}
        self._edges: list[Floats] = []
        self.number(everywhere)

    def number(self, people: Floats) -> int:
        """The number of an area, from the share of people it has in each region."""
        key = people.tobytes()
        if key not in self._numbers:
            self._numbers[key] = len(self._edges)
            self._edges.append(np.cumsum(people / people.sum()))
        return self._numbers[key]

    def regions(self, areas: Ints, luck: Floats) -> Ints:
        """A region of each area, as likely as its share of the people there."""
        edges = np.array(self._edges)[areas]
        regions: Ints = np.minimum((luck[:, None] > edges).sum(axis=1), edges.shape[1] - 1)
        return regions
