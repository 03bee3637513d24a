"""Money between campaigns: weighed on Mondays, asked, and checked afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drumbeat.app.compose import App, open_app
from drumbeat.core.campaign.expected_gain import Checked
from drumbeat.core.governance.entry import Entry
from drumbeat.core.operations.reading import Reading
from drumbeat.cycle import moves, portfolio
from drumbeat.engine.clock import VirtualClock
from drumbeat.files.scaffold import init
from drumbeat.gate import internal
from drumbeat.store import ledger, proposals, readings, settings
from drumbeat.store.proposals import Status

MONDAY = datetime(2026, 9, 7, 6, tzinfo=UTC)
DAY = timedelta(days=1)
STRONG, WEAK = "retargeting-evergreen", "prospecting"
PAST = 120


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a second ads campaign."""
    init(tmp_path / "shop", MONDAY.date(), "default")
    campaigns = tmp_path / "shop" / "campaigns"
    text = (campaigns / f"{STRONG}.yaml").read_text(encoding="utf-8")
    (campaigns / f"{WEAK}.yaml").write_text(text.replace(STRONG, WEAK), encoding="utf-8")
    return tmp_path / "shop"


@pytest.fixture
def app(folder: Path) -> Iterator[App]:
    opened = open_app(folder, clock=VirtualClock(MONDAY), durable=False)
    yield opened
    opened.close()


def days(app: App, campaign: str, strength: float, since: int, until: int, level: float) -> None:
    """Days of a campaign: spend changed at random, conversions by the square root of it."""
    chance = np.random.default_rng(len(campaign) + abs(since))
    swings = np.repeat(chance.uniform(0.65, 1.35, PAST), 3)
    found = []
    for n in range(since, until):
        spend = round(level * swings[n - since])
        conversions = float(chance.poisson(strength * sqrt(spend)))
        found += [a_reading(campaign, n, "spend", spend), a_reading(campaign, n, "conversions",
                                                                   conversions)]  # fmt: skip
    with app.database.write() as transaction:
        readings.save(transaction, {f"line_item:{campaign}/a": campaign}, found)


def a_reading(campaign: str, day: int, metric: str, value: float) -> Reading:
    since = (MONDAY + day * DAY).replace(hour=0)
    return Reading(metric=metric, target=f"line_item:{campaign}/a", since=since,
                   until=since + DAY, as_of=since + 9 * DAY, value=value, source="test",
                   currency="EUR")  # fmt: skip


def weighed(app: App, days_later: int = 0) -> list[Entry]:
    """What the ledger says about the portfolio after it was weighed on that day."""
    app.clock.reach(MONDAY + days_later * DAY)  # type: ignore[attr-defined]
    portfolio.weigh_weekly(app.office)
    with app.database.read() as connection:
        return [e for e in ledger.latest(connection, limit=200) if e.subject == "portfolio"]


def asked(app: App) -> dict[str, Any]:
    with app.database.read() as connection:
        waiting = proposals.waiting(connection)
    return {one.proposal.action.campaign: one for one in waiting}


def test_what_a_person_said_no_to_is_not_asked_again_and_the_hold_says_so(app: App) -> None:
    days(app, STRONG, 0.40, -PAST, 0, 8_000)
    days(app, WEAK, 0.08, -PAST, 0, 8_000)
    assert weighed(app) == []
    no = asked(app)[STRONG].proposal.id
    app.gate.reject(no, "dana", "the season is over", "budget")
    app.gate.reject(asked(app)[WEAK].proposal.id, "dana", "nor this", "budget")
    for _ in range(2):
        (held,) = weighed(app, 7)
    assert held.kind == "held_steady"
    assert str(held.body["code"]).startswith("lesson ledger#")
    assert "a person said before:" in str(held.body["text"])
    assert asked(app) == {}
    with app.database.read() as connection:
        read = [e for e in ledger.entries(connection, kinds=("read",)) if e.campaign == ""]
    assert [e.body["scopes"] for e in read] == [["lessons"]]


def test_a_move_worth_making_is_asked_made_and_held_against_what_came(app: App) -> None:
    days(app, STRONG, 0.40, -PAST, 0, 8_000)
    days(app, WEAK, 0.08, -PAST, 0, 8_000)
    assert weighed(app) == []
    found = asked(app)
    by = {name: one.proposal.action.spend_delta.minor for name, one in found.items()}
    assert by[STRONG] > 0 > by[WEAK]
    assert abs(sum(by.values())) <= 2
    assert max(map(abs, by.values())) <= 0.2 * 8_000 * 1.1
    for one in found.values():
        assert one.status is Status.WAITING
        assert one.verdict.need.count == 2
        assert "a week expected" in one.proposal.evidence[0].text
        assert one.proposal.confidence.standard_error > 0
        for person in ("dana", "tomas"):
            app.gate.approve(
                one.proposal.id, person, one.proposal.fingerprint, via="test", is_fresh=True
            )
    app.clock.reach(MONDAY + timedelta(hours=2))  # type: ignore[attr-defined]
    app.gate.pump()
    with app.database.read() as connection:
        total = settings.get(connection, internal.chosen_by(STRONG), {})["daily_total"]
        (kept,) = moves.of(connection, "portfolio").open
    assert int(total) > 8_000
    # Plans go by it within a week; what it brought is read when its conversions are in.
    days(app, STRONG, 0.40, 0, 35, int(total))
    days(app, WEAK, 0.08, 0, 35, 16_000 - int(total))
    entries = weighed(app, 35)
    (checked,) = [e for e in entries if e.kind == moves.CHECKED]
    told = dict(checked.body)
    assert told["proposals"] == list(kept.proposals)
    assert told["expected"] == kept.expected.model_dump(mode="json")
    assert Checked.model_validate(told["measured"]).verdict == told["verdict"]
    with app.database.read() as connection:
        open_ones = moves.of(connection, "portfolio").open
    assert kept not in open_ones


def test_noise_moves_nothing(app: App) -> None:
    days(app, STRONG, 0.2, -PAST, 0, 8_000)
    days(app, WEAK, 0.2, -PAST, 0, 8_000)
    (held,) = weighed(app)
    assert held.kind == "held_steady"
    assert asked(app) == {}
    assert weighed(app) == [held]  # told once a day


def test_a_move_nobody_allowed_is_closed_as_unknown(app: App) -> None:
    days(app, STRONG, 0.40, -PAST, 0, 8_000)
    days(app, WEAK, 0.08, -PAST, 0, 8_000)
    weighed(app)
    (checked, *_) = [e for e in weighed(app, 14) if e.kind == moves.CHECKED]
    told = dict(checked.body)
    assert told["measured"] is None
    assert "unknown" in str(told["verdict"])
