"""A placement mix goes from figures into the plan, past the gate, onto the platform and back."""

import re
from pathlib import Path
from typing import Any

from drumbeat.app.demo import run_headless
from drumbeat.core.campaign.plan import Plan
from drumbeat.store import cycles, ledger
from tests.road.small_worlds import CAMPAIGN, ads_world

_ITEM = f"line_item:{CAMPAIGN}/cart-abandoners"


def test_what_placements_brought_changes_the_mix_that_runs(tmp_path: Path) -> None:
    demo = ads_world(tmp_path, scenario="appeals: {'placement:display': {'*': -1.2}}")
    try:
        run_headless(demo, 3)
        with demo.app.database.read() as connection:
            known = cycles.of_campaign(connection, CAMPAIGN)
            plans = cycles.read_many(connection, [one.id for one in known], "plan")
            done = [one for one in ledger.latest(connection, limit=2_000) if one.kind == "applied"]
        platform = demo.app.gate.door.platforms["ads-account"].connector
        found = platform.read(_ITEM)
    finally:
        demo.app.close()
    assert found is not None
    assert isinstance(found.state, dict)
    mixes = [
        line.placements
        for one in sorted(known, key=lambda row: row.occurrence_at)
        if one.id in plans
        for line in Plan.model_validate(plans[one.id]).lines
        if line.name == "cart-abandoners"
    ]
    assert mixes[0] == {}
    assert found.state["placements"] == mixes[-1]
    assert mixes[-1]["display"] < 0.3 < mixes[-1]["feed"]
    changes = [one.body for one in done if one.body["action"] == "ads.set_placements"]
    assert {body["target"] for body in changes} >= {_ITEM}
    told: Any = next(body["change"] for body in reversed(changes))
    before, after = told["placements"]
    assert before == "its own"
    assert re.fullmatch(r"display \d+%, feed \d+%, stories \d+%", after)
