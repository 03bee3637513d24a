"""A platform that spends twice a daily budget on busy days stays under the campaign's ceiling."""

from datetime import datetime, timedelta
from pathlib import Path

from drumbeat.app.demo import open_demo, prepare, run_headless
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.store import ledger, readings

CAMPAIGN = "retargeting-evergreen"
CEILING = 200_00


def test_what_is_planned_and_spent_stays_under_a_ceiling_the_platform_could_pass(
    tmp_path: Path,
) -> None:
    prepare(tmp_path, 7)
    for other in ("weekly-newsletter", "social-calendar"):
        (tmp_path / "campaigns" / f"{other}.yaml").unlink()
    _edit(tmp_path / "campaigns" / f"{CAMPAIGN}.yaml", "per_day: EUR 360", "per_day: EUR 200")
    scenario = tmp_path / "scenarios" / "demo.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8") + "\noverspend: 2\n", encoding="utf-8")
    demo = open_demo(tmp_path, 7)
    began = demo.clock.now()
    run_headless(demo, 2)
    with demo.app.database.read() as connection:
        spent = readings.daily(connection, CAMPAIGN, began)["spend"]
        kinds = [entry.kind for entry in ledger.entries(connection)]
    assert "launched" in kinds
    # Half the ceiling is all that may be asked for, and on busy days nearly all of it is spent.
    assert CEILING * 0.7 < max(spent.values()) <= CEILING
    # One more line item would let the platform pass it, and the gate says so.
    asked = demo.app.gate.submit(_one_more(demo.clock.now(), 60_00))
    assert "the platform may spend 2 times a daily budget" in str(asked.verdict)
    demo.app.close()


def _one_more(now: datetime, daily_minor: int) -> Proposal:
    after = {"daily_budget_minor": daily_minor, "currency": "EUR", "status": "active"}
    action = Action(
        kind="ads.launch_line_item",
        channel=Channel.ADS,
        connection="ads-account",
        campaign=CAMPAIGN,
        target=f"line_item:{CAMPAIGN}/one-more",
        before=None,
        after=after,
        spend_delta=Money(minor=daily_minor, currency="EUR"),
    )
    return propose(
        action, Actor.agent("launcher"), "more", now=now, expires_at=now + timedelta(days=1)
    )


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
