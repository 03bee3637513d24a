"""Running: how other processes learn what time it is in a demo's workspace."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from drumbeat.engine.clock import SystemClock, VirtualClock
from drumbeat.files.atomic import write_text

_FILE = Path(".drumbeat") / "clock.json"


class ClockUnreadable(Exception):
    """The demo's time was noted in a way nobody can read; the message says what to do."""


def publish_clock(home: Path, clock: VirtualClock) -> None:
    """Note the virtual time, its speed and the real moment of noting, replacing the file whole."""
    noted = {
        "virtual": clock.now().isoformat(),
        "real": SystemClock().now().isoformat(),
        "speed": clock.speed,
    }
    write_text(home / _FILE, json.dumps(noted))


def demo_clock(home: Path) -> VirtualClock | None:
    """The demo's clock as it stands now; None for a workspace that lives in real time. Raises
    ClockUnreadable."""
    try:
        noted = json.loads((home / _FILE).read_text(encoding="utf-8"))
        clock = VirtualClock(datetime.fromisoformat(noted["virtual"]), float(noted["speed"]))
        passed = SystemClock().now() - datetime.fromisoformat(noted["real"])
        clock.advance(max(passed, timedelta()) * float(noted["speed"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        text = f"{home / _FILE} cannot be read; start the demo again to have it written anew"
        raise ClockUnreadable(text) from error
    return clock
