"""In shadow, what people do on a platform is read back, kept, and held against agents' wishes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from drumbeat.app.compose import App
from drumbeat.app.demo import Demo, open_demo, prepare
from drumbeat.connectors.simulated.market.order import Order
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.phase import ConnectionMode
from drumbeat.core.governance.proposal import propose
from drumbeat.core.governance.shadow import ShadowVerdict
from drumbeat.core.money import Money
from drumbeat.core.operations.reading import Reading
from drumbeat.cycle.shadow import PEOPLE, in_shadow, look
from drumbeat.cycle.shadow_cases import judge_campaign
from drumbeat.lab.mix import opening
from drumbeat.store import ledger, objects, readings, shadow, states
from drumbeat.store.proposals import Status

DAY = timedelta(days=1)
CAMPAIGN = "retargeting-evergreen"
TARGET, OTHER = f"line_item:{CAMPAIGN}/visitors", f"line_item:{CAMPAIGN}/lookalike"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo whose ads connection a person put into shadow."""
    prepare(tmp_path, 7)
    made = open_demo(tmp_path, 7)
    name = made.app.files.campaigns[CAMPAIGN].connection[Channel.ADS]
    with made.app.database.write() as transaction:
        states.set_mode(transaction, name, ConnectionMode.SHADOW, "dana", made.clock.now())
    yield made
    made.app.close()


def line(app: App, name: str, **values: Any) -> dict[str, Any]:
    made = dict(opening(app.clock.now(), 8, "EUR", ()))
    return {**made[f"line_item:evergreen/{name}"], **values}


def on_the_platform(app: App, key: str, target: str, **values: Any) -> None:
    """A person acts in the platform's own screens."""
    connection = app.files.campaigns[CAMPAIGN].connection[Channel.ADS]
    world = app.gate.door.platforms[connection].connector._world  # type: ignore[attr-defined]
    world.advance(app.clock.now())
    world.apply(Order(target, values), key, app.clock.now())


def wish(app: App, target: str, kind: str, before: Any, after: Any) -> Status:
    """What an agent would do."""
    action = Action(
        kind=kind,
        channel=Channel.ADS,
        connection=app.files.campaigns[CAMPAIGN].connection[Channel.ADS],
        campaign=CAMPAIGN,
        target=target,
        before=before,
        after=after,
        spend_delta=Money.zero("EUR"),
    )
    now = app.clock.now()
    agent = "launcher" if before is None else "optimizer"
    asked = propose(action, Actor.agent(agent), "because", now=now, expires_at=now + 2 * DAY)
    return app.gate.submit(asked).status


def measured(app: App, target: str, conversions: float) -> None:
    """A week of readings after tomorrow."""
    since = app.clock.now().replace(hour=0) + 2 * DAY
    with app.database.write() as transaction:
        for metric, value in (("conversions", conversions), ("spend", 10_000.0)):
            reading = Reading(
                target=target,
                metric=metric,
                since=since,
                until=since + DAY,
                as_of=since + DAY,
                value=value,
                currency="EUR" if metric == "spend" else "",
                source="platform",
            )
            readings.save(transaction, {target: CAMPAIGN}, [reading])


def test_only_connections_in_shadow_count(demo: Demo) -> None:
    campaigns = demo.app.files.campaigns
    assert list(in_shadow(demo.app.office, campaigns[CAMPAIGN])) == [Channel.ADS]
    assert not in_shadow(demo.app.office, campaigns["weekly-newsletter"])


def test_what_a_person_launches_and_changes_is_their_decision(demo: Demo) -> None:
    app = demo.app
    first = line(app, "visitors")
    assert wish(app, TARGET, "ads.launch_line_item", None, first) is Status.OBSERVED
    look(app.office)
    with app.database.read() as connection:
        assert shadow.decisions(connection, CAMPAIGN) == []
    on_the_platform(app, "a person/1", TARGET, **first)
    demo.clock.advance(timedelta(hours=1))
    look(app.office)
    on_the_platform(app, "a person/2", TARGET, daily_budget_minor=12_000)
    demo.clock.advance(timedelta(hours=1))
    look(app.office)
    look(app.office)  # looking again sees nothing new
    with app.database.read() as connection:
        made = shadow.decisions(connection, CAMPAIGN)
        told = list(ledger.entries(connection, campaign=CAMPAIGN, kinds=("people_acted",)))
        (live,) = objects.of_campaign(connection, CAMPAIGN)
    assert [(d.kind, d.by) for d in made] == [
        ("ads.launch_line_item", PEOPLE),
        ("ads.set_budget", PEOPLE),
    ]
    assert made[1].push == pytest.approx(1 / 3)
    assert len(told) == 2
    assert live.state["daily_budget_minor"] == 12_000


def test_the_same_launch_agrees_at_once(demo: Demo) -> None:
    app = demo.app
    wish(app, TARGET, "ads.launch_line_item", None, line(app, "visitors"))
    on_the_platform(app, "a person/1", TARGET, **line(app, "visitors"))
    demo.clock.advance(timedelta(hours=1))
    look(app.office)
    with app.database.read() as connection:
        (case,) = shadow.cases(connection, CAMPAIGN)
    assert case.verdict is ShadowVerdict.AGREED


@pytest.mark.parametrize(
    ("conversions", "verdict"),
    [
        pytest.param(60, ShadowVerdict.BETTER, id="it returned more"),
        pytest.param(8, ShadowVerdict.WORSE, id="it returned less"),
        pytest.param(22, ShadowVerdict.DIFFERENT, id="it returned about as much"),
    ],
)
def test_who_was_right_is_read_from_the_week_after(
    demo: Demo, conversions: float, verdict: ShadowVerdict
) -> None:
    app = demo.app
    for name, target in (("visitors", TARGET), ("lookalike", OTHER)):
        made = line(app, name, daily_budget_minor=5_000)
        wish(app, target, "ads.launch_line_item", None, made)
        on_the_platform(app, f"a person/{name}", target, **made)
    demo.clock.advance(timedelta(hours=1))
    look(app.office)
    with app.database.read() as connection:
        live = {one.target: one.state for one in objects.of_campaign(connection, CAMPAIGN)}
    more = {**live[TARGET], "daily_budget_minor": 6_000}
    assert wish(app, TARGET, "ads.set_budget", live[TARGET], more) is Status.OBSERVED
    measured(app, TARGET, conversions)
    measured(app, OTHER, 20)
    demo.clock.advance(5 * DAY)
    kinds = {case.kind for case in judge_campaign(app.database, CAMPAIGN, app.clock.now())}
    assert kinds == {"ads.launch_line_item"}  # a week has to pass first
    demo.clock.advance(5 * DAY)
    found = judge_campaign(app.database, CAMPAIGN, app.clock.now())
    (case,) = [case for case in found if case.kind == "ads.set_budget"]
    assert (case.verdict, case.human) == (verdict, "left alone")


def test_a_platform_that_is_away_is_left_for_the_next_look(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = demo.app
    wish(app, TARGET, "ads.launch_line_item", None, line(app, "visitors"))

    def away(*_: Any) -> None:
        raise OSError("no route to host")

    connection = app.files.campaigns[CAMPAIGN].connection[Channel.ADS]
    monkeypatch.setattr(app.gate.door.platforms[connection].connector, "read", away)
    look(app.office)
    with app.database.read() as connection_:
        assert shadow.decisions(connection_, CAMPAIGN) == []
