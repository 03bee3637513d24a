"""A process of its own that carries out one change over SMTP, to be killed while it does.

``python -m tests.connectors.smtp.sender HOME`` reads ``job.json`` there.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

from drumbeat.connectors.registry import Wiring
from drumbeat.connectors.smtp.connector import create
from drumbeat.core.governance.action import Action
from drumbeat.core.governance.permit import Permit
from drumbeat.engine.clock import VirtualClock
from drumbeat.gate.desk import StoreDesk
from drumbeat.store.database import Database, sqlite_url
from drumbeat.testing.harness import CONNECTION, CONTACT_KEY, KEY


def run(home: Path) -> None:
    job = json.loads((home / "job.json").read_text(encoding="utf-8"))
    clock = VirtualClock(datetime.fromisoformat(job["now"]))
    database = Database(sqlite_url(home / "drumbeat.db"))
    desk = StoreDesk(database, KEY, clock.now)
    wiring = Wiring(CONNECTION, job["settings"], desk, clock, database, CONTACT_KEY, home)
    action = Action.model_validate(job["action"])
    receipt = create(wiring).apply(action, Permit.model_validate(job["permit"]))
    print(receipt.detail)


if __name__ == "__main__":
    run(Path(sys.argv[1]))
