"""Worlds: one market a journal file, shared by all the connections of a process that name it."""

import threading
from datetime import datetime
from pathlib import Path
from weakref import WeakValueDictionary

from drumbeat.connectors.simulated.market.scenario import Scenario
from drumbeat.connectors.simulated.market.world import World

# Replaying a market costs seconds, so mail, ads and social of one workspace share theirs. Other
# processes have their own on the same file, and follow it.
_open: WeakValueDictionary[Path, World] = WeakValueDictionary()
_lock = threading.Lock()


def shared(path: Path, scenario: Scenario, start: datetime, seed: int) -> World:
    """The world of a file, opened at most once in a process. Raises OtherMarket."""
    with _lock:
        world = _open.get(path)
        if world is None or not path.exists():
            world = World.open(path, scenario, start, seed)
            _open[path] = world
        else:
            world.check_same(scenario, seed)
        return world
