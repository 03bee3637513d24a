"""A campaign that people agreed to is written, begins in its draft phase and plans at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from drumbeat.app.compose import App, open_app
from drumbeat.app.new_campaign import Draft, ask_for, drafted, fields_of
from drumbeat.app.pages.ground import Ground
from drumbeat.app.rule_change import RuleRefused
from drumbeat.app.rule_watch import RuleWatch
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.phase import Phase
from drumbeat.engine.clock import SystemClock, VirtualClock
from drumbeat.engine.inline import Inline
from drumbeat.files.check import check
from drumbeat.files.scaffold import init
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.store import cycles, dues, proposals
from drumbeat.store.proposals import Judged, Status

ANA, DANA, SARA = Actor.person("ana"), "dana", "sara"
SAID = {
    "owner": "ana",
    "goal.metric": "conversions",
    "goal.target": "25/week",
    "budget.range": "EUR 0-100/month",
    "budget.cap": "EUR 100/month",
}
NAME, FILE = "spring-mail", "campaigns/spring-mail.yaml"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    init(tmp_path, date(2026, 9, 7), "demo")
    clock = VirtualClock(SystemClock().now().replace(microsecond=0))
    opened = open_app(tmp_path, clock=clock, durable=False)
    yield opened
    opened.close()


def wanted(app: App, name: str = NAME, **said: Any) -> Draft:
    return drafted(app, fields_of(app, "newsletter", name, {**SAID, **said}))


def asked(app: App, by: Actor = ANA) -> Judged:
    return ask_for(app, wanted(app), by, "spring is coming")


def approve(app: App, judged: Judged, by: str = DANA) -> Answered | NotAnswered:
    made = judged.proposal
    answer = app.gate.approve(made.id, by, made.fingerprint, is_fresh=True)
    assert isinstance(app.clock, VirtualClock)
    app.clock.advance(timedelta(minutes=2))
    app.gate.pump()
    return answer


def test_agreed_to_it_is_written_and_plans_its_first_cycle_without_a_restart(app: App) -> None:
    app.work.start()
    ground = Ground(app)
    judged = asked(app, Actor.person(DANA))
    assert judged.status is Status.WAITING
    assert not (app.home / FILE).exists()
    assert isinstance(approve(app, judged), NotAnswered), "the proposer"
    assert isinstance(approve(app, judged, SARA), Answered)
    assert (app.home / FILE).read_text(encoding="utf-8") == wanted_text(app, judged)
    assert check(app.home).is_ok
    assert app.gate.door.rules.campaigns[NAME].phase is Phase.DRAFT
    assert ground.owner(NAME) == "ana"
    with app.database.read() as connection:
        assert dues.load(connection, f"campaign:{NAME}") is not None
    assert isinstance(app.clock, VirtualClock)
    Inline(app.work, app.clock).run_until(app.clock.now() + timedelta(days=7))
    with app.database.read() as connection:
        assert cycles.of_campaign(connection, NAME, 5)


def wanted_text(app: App, judged: Judged) -> str:
    """The text people saw, made again from what the ledger keeps of the proposal."""
    with app.database.read() as connection:
        kept = proposals.load(connection, judged.proposal.id)
    assert kept is not None
    assert isinstance(kept.proposal.action.after, dict)
    said = {name: one for name, one in kept.proposal.action.after.items() if name != "digest"}
    return drafted(app, said).text


def test_another_process_takes_it_up_and_what_else_was_agreed_stays_agreed(app: App) -> None:
    other = open_app(app.home, clock=app.clock, durable=False)
    try:
        watch = RuleWatch(other)
        before = other.gate.door.rules
        assert isinstance(approve(app, asked(app)), Answered)
        assert watch.look()
        after = other.gate.door.rules
        assert NAME in other.files.campaigns
        assert after.version != before.version
        kept = ("weekly-newsletter", "retargeting-evergreen")
        assert all(after.version_for(one) == before.version_for(one) for one in kept)
    finally:
        other.close()


def test_nothing_is_written_over_and_no_name_leads_elsewhere(app: App) -> None:
    judged = asked(app)
    (app.home / FILE).write_text("version: 1\n", encoding="utf-8")
    approve(app, judged)
    assert (app.home / FILE).read_text(encoding="utf-8") == "version: 1\n"
    for name in ("weekly-newsletter", "../x", "a/b", "", "Spring", "x" * 70, "a.b", "é"):
        draft = wanted(app, name)
        assert [one.where for one in draft.problems] == ["campaign"], name
        with pytest.raises(RuleRefused):
            ask_for(app, draft, ANA, "a test")


def test_a_hand_edited_file_it_rests_on_is_not_put_in_force_unseen(app: App) -> None:
    segments = app.home / "data/segments.yaml"
    segments.write_text(segments.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    with pytest.raises(RuleRefused, match="edited by hand"):
        asked(app)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"budget.cap": None}, "budget"),
        ({"owner": "nobody"}, "owner"),
        ({"goal.target": "2%"}, "goal.target"),
        ({"budget.range": "EUR 0-200/month"}, "budget"),
        ({"audience.include": ["no-such-people"]}, "audience.include[0]"),
    ],
)
def test_mistakes_are_told_as_the_check_tells_them(app: App, said: Any, where: str) -> None:
    draft = wanted(app, **said)
    assert not draft.is_good
    assert any(one.where.startswith(where) for one in draft.problems)


def test_an_unknown_type_names_those_there_are(app: App) -> None:
    with pytest.raises(RuleRefused, match="social_calendar"):
        fields_of(app, "no-such-type", NAME, {})
