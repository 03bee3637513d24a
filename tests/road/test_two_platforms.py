"""Money moves from one ad platform to another: proposed, asked, made at both, and checked."""

from datetime import timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drumbeat.app.compose import App
from drumbeat.app.demo import START, Demo, open_demo, run_headless
from drumbeat.core.campaign.expected_gain import SPAN
from drumbeat.core.operations.reading import Reading
from drumbeat.cycle import moves
from drumbeat.gate import internal
from drumbeat.gate.rollback import Undo
from drumbeat.store import ledger, readings, settings
from tests.road.small_worlds import CAMPAIGN, alone, rewrite

DAY = timedelta(days=1)
OTHER, SECOND = "search-evergreen", "search-account"
PAST = 120
# What each campaign spent a day before the market opened, in minor units.
_BEFORE = 11_000


def _world(home: Path, seed: int, *, is_past_known: bool = True) -> Demo:
    """The same campaign twice, on two platforms of one market, one of them four times as strong
    in the past; of the second another person answers."""
    alone(home, CAMPAIGN, "", seed)
    mine = home / f"campaigns/{CAMPAIGN}.yaml"
    rewrite(mine, {}, hypotheses="[]")
    twin = mine.read_text(encoding="utf-8").replace(CAMPAIGN, OTHER)
    twin = twin.replace("ads: ads-account", f"ads: {SECOND}").replace(
        "owner: jon@", "owner: tomas@"
    )
    assert "owner: tomas@" in twin
    (home / f"campaigns/{OTHER}.yaml").write_text(
        twin.replace("source: ads-account", f"source: {SECOND}"), encoding="utf-8"
    )
    root = home / "drumbeat.yaml"
    text = root.read_text(encoding="utf-8")
    begin, end = text.index("  - id: ads-account"), text.index("  - id: social-accounts")
    second = text[begin:end].replace("ads-account", SECOND)
    root.write_text(text[:end] + second + text[end:], encoding="utf-8")
    demo = open_demo(home, seed)
    for campaign, strength in ((CAMPAIGN, 0.40), (OTHER, 0.08)) if is_past_known else ():
        _past(demo.app, campaign, strength)
    return demo


def _past(app: App, campaign: str, strength: float) -> None:
    """Days before the market opened: spend at random, conversions by the square root of it."""
    chance = np.random.default_rng(len(campaign))
    swings = np.repeat(chance.uniform(0.65, 1.35, PAST), 3)
    first, target = START.replace(hour=0) - PAST * DAY, f"line_item:{campaign}/before"
    found = []
    for day in range(PAST):
        spend = round(_BEFORE * swings[day])
        conversions = int(chance.poisson(strength * sqrt(spend)))
        since = first + day * DAY
        found += [
            Reading(metric=metric, target=target, since=since, until=since + DAY,
                    as_of=since + 9 * DAY, value=value, source="before", currency=currency)
            for metric, value, currency in (
                ("spend", spend, "EUR"), ("conversions", conversions, ""))
        ]  # fmt: skip
    with app.database.write() as transaction:
        readings.save(transaction, {target: campaign}, found)


def _budgets(demo: Demo) -> dict[str, int]:
    """What the line items on each platform may spend a day, read back from it."""
    found: dict[str, int] = {}
    for campaign, connection in ((CAMPAIGN, "ads-account"), (OTHER, SECOND)):
        platform = demo.app.gate.door.platforms[connection].connector
        states: list[Any] = [
            read.state
            for segment in ("site-visitors", "cart-abandoners")
            if (read := platform.read(f"line_item:{campaign}/{segment}")) is not None
        ]
        found[campaign] = sum(one["daily_budget_minor"] for one in states)
    return found


@pytest.mark.slow
def test_a_move_between_platforms_goes_from_the_question_to_what_it_brought(tmp_path: Path) -> None:
    demo = _world(tmp_path, 8)
    try:
        run_headless(demo, 2)
        there = _budgets(demo)
        run_headless(demo, 8)
        with demo.app.database.read() as connection:
            told = list(reversed(ledger.latest(connection, limit=5_000)))
            decided = {
                name: int(settings.get(connection, internal.chosen_by(name), {})["daily_total"])
                for name in (CAMPAIGN, OTHER)
            }
    finally:
        demo.app.close()

    asked = [one for one in told if one.body.get("action") == "budget.allocate"]
    judged = [one for one in asked if one.kind == "judged"]
    assert {(one.campaign, one.body["verdict"]) for one in judged} == {
        (CAMPAIGN, "ask"),
        (OTHER, "ask"),
    }
    given = [one for one in asked if one.kind == "approved"]
    assert len({(one.subject, one.actor) for one in given}) == 4, "two people for each side"

    # Both had EUR 110 a day: within the change limit one has more of it now, the other less.
    assert _BEFORE < decided[CAMPAIGN] <= 1.2 * _BEFORE
    assert 0.8 * _BEFORE <= decided[OTHER] < _BEFORE
    assert sum(decided.values()) == pytest.approx(2 * _BEFORE, rel=0.02)
    assert there == {name: pytest.approx(total, abs=3) for name, total in decided.items()}

    (checked,) = [one for one in told if one.kind == moves.CHECKED and one.subject == "portfolio"]
    assert checked.at > max(one.at for one in given) + SPAN
    measured: Any = checked.body["measured"]
    assert measured["low"] <= measured["mean"] <= measured["high"]
    assert checked.body["verdict"] == measured["verdict"]


def test_what_runs_moves_between_two_plans_from_one_platform_to_the_other(tmp_path: Path) -> None:
    demo = _world(tmp_path, 9, is_past_known=False)
    try:
        run_headless(demo, 1)
        began = _budgets(demo)
        # What their past was becomes known while both run.
        for campaign, strength in ((CAMPAIGN, 0.8), (OTHER, 0.2)):
            _past(demo.app, campaign, strength)
        run_headless(demo, 2)
        ended = _budgets(demo)
        with demo.app.database.read() as connection:
            told = list(reversed(ledger.latest(connection, limit=5_000)))
            (kept,) = moves.of(connection, "portfolio").open
        (back,) = [demo.app.gate.plan_rollback(one) for one in kept.proposals]
    finally:
        demo.app.close()

    # One question, to the owners of both, with what it is to bring.
    (asked,) = [one for one in told if one.kind == "judged" and one.body["action"] == "budget.move"]
    assert asked.body["verdict"] == "ask"
    assert "conversions a week expected" in str(asked.body["why"])
    given = {one.actor for one in told if one.kind == "approved" and one.subject == asked.subject}
    assert given == {"person:jon", "person:tomas"}

    # Lowered first: at no moment do both have more than they had.
    made = [one for one in told if one.kind == "applied" and one.seq > asked.seq]
    parts: list[Any] = [one.body["change"] for one in made if one.subject != asked.subject]
    assert [now < was for was, now in (one["daily_budget_minor"] for one in parts)] == [
        True,
        True,
        False,
        False,
    ]
    assert asked.subject in {one.subject for one in made}, "the last part makes the move"
    assert began[CAMPAIGN] < ended[CAMPAIGN] <= 1.2 * began[CAMPAIGN]
    assert ended[OTHER] < began[OTHER]
    assert sum(ended.values()) <= sum(began.values())
    assert kept.expected.targets == tuple(sorted((CAMPAIGN, OTHER)))
    assert kept.expected.low > 0
    assert isinstance(back, Undo)
    assert back.action.kind == "budget.move"
