"""What agents have earned is proposed by itself for the review, once, and people decide it."""

from datetime import datetime, timedelta

import pytest

from drumbeat.app import promotions
from drumbeat.app.autonomy_levels import level_lines
from drumbeat.app.reports import status
from drumbeat.app.weekly import weekly
from drumbeat.core.governance.phase import Phase
from drumbeat.core.governance.shadow import ShadowCase, ShadowVerdict
from drumbeat.gate import levels, phases
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.rungs import Loss
from drumbeat.store import ledger, shadow
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.views.campaign import CampaignFilter
from tests.app.pages.world import World

CAMPAIGN, KIND, CHANNEL = "weekly-newsletter", "ads.set_budget", "ads"
PROMOTE = "autonomy.promote"


def agree(world: World, count: int, kind: str = KIND, effect: float | None = None) -> None:
    """So many occasions on which agents would have done what people did."""
    cases = [
        ShadowCase(
            id=f"case-{world.now.isoformat()}-{number}",
            campaign=CAMPAIGN,
            kind=kind,
            channel=kind.partition(".")[0],
            target="line_item:x/y",
            at=world.now - timedelta(minutes=number),
            verdict=ShadowVerdict.AGREED,
            agent="more",
            human="more",
            reason="a test",
            effect=effect,
        )
        for number in range(count)
    ]
    with world.demo.app.database.write() as transaction:
        shadow.replace_cases(transaction, CAMPAIGN, cases)


def demoted(world: World) -> None:
    """Agents have lost a rung for budgets; what counts begins now."""
    door = world.demo.app.gate.door
    with world.demo.app.database.write() as transaction:
        levels.lower(door, transaction, KIND, CHANNEL, Loss("a test", "wrong", "ledger#1"))
    world.demo.clock.advance(timedelta(hours=2))


def ask(world: World) -> list[Judged]:
    with world.demo.app.database.write() as transaction:
        ledger.serialize(transaction)
        return list(promotions.ask(world.demo.app, transaction))


def of_level(found: list[Judged]) -> list[Judged]:
    return [one for one in found if one.proposal.action.target == levels.target_of(KIND, CHANNEL)]


@pytest.mark.parametrize(
    ("count", "effect", "asks"),
    [
        pytest.param(19, None, False, id="too few cases"),
        pytest.param(20, None, True, id="enough, and people agreed"),
        pytest.param(20, -0.1, False, id="people agreed, and it was a loss"),
        pytest.param(20, 0.1, True, id="it pays"),
    ],
)
def test_a_level_is_asked_for_when_it_was_earned(
    world: World, count: int, effect: float | None, asks: bool
) -> None:
    demoted(world)
    agree(world, count, effect=effect)
    found = of_level(ask(world))
    assert bool(found) is asks
    assert all(one.status is Status.WAITING for one in found)


def test_it_is_in_the_review_and_the_inbox_as_a_diff_and_no_agent_decides_it(world: World) -> None:
    demoted(world)
    agree(world, 30, effect=0.1)
    [asked] = of_level(ask(world))
    assert "people agreed 30 of 30 times" in asked.proposal.evidence[0].text
    assert "its measured effect is at least +10%" in asked.proposal.evidence[0].text
    diffs = [diff for diff in weekly(world.demo.app).diffs if asked.proposal.id in diff]
    assert "-level: ask\n" in diffs[0]
    assert "+level: act" in diffs[0]
    review, inbox = world.services.review, world.browser("dana").get("/inbox")
    assert review is not None
    view = review.review("")
    assert view is not None
    assert [rule for rule in view.rules if rule.proposal_id == asked.proposal.id]
    assert asked.proposal.id in inbox.text
    gate, fingerprint = world.demo.app.gate, asked.proposal.fingerprint
    for account in ("optimizer", "agent:optimizer"):
        refused = gate.approve(asked.proposal.id, account, fingerprint, is_fresh=True)
        assert isinstance(refused, NotAnswered)
    answered = gate.approve(asked.proposal.id, "dana", fingerprint, is_fresh=True)
    assert isinstance(answered, Answered)
    world.advance(timedelta(minutes=2))
    with world.demo.app.database.read() as connection:
        now = levels.level_of(gate.door, connection, KIND, CHANNEL)
    assert now == "act"
    earned_on_what_by_whom(world)


def earned_on_what_by_whom(world: World) -> None:
    """The rung says since when, who approved it and what stood in the ledger then."""
    [line] = [one for one in level_lines(world.demo.app) if (one.kind, one.level) == (KIND, "act")]
    assert line.since is not None
    assert (line.approver, line.found) == ("dana", None), "what counts for a next rung begins now"
    assert "people agreed 30 of 30 times (89% to 100%)" in line.granted_on
    text = world.browser("ana").get("/autonomy").text
    assert "approved by Dana Okafor" in text
    assert "people agreed 30 of 30 times" in text


def test_nobody_is_asked_twice_and_a_no_stands_until_there_is_new_evidence(world: World) -> None:
    demoted(world)
    agree(world, 25)
    [asked] = of_level(ask(world))
    assert of_level(ask(world)) == [], "it waits already"
    world.demo.app.gate.reject(asked.proposal.id, "dana", "let us see another month", "timing")
    world.demo.clock.advance(timedelta(days=7))
    assert of_level(ask(world)) == [], "nothing new speaks for it"
    world.demo.clock.advance(timedelta(days=1))
    agree(world, 19)
    assert of_level(ask(world)) == [], "too little that is new"
    agree(world, 20)
    assert len(of_level(ask(world))) == 1


def test_a_phase_is_asked_for_too(world: World) -> None:
    app = world.demo.app
    with app.database.read() as connection:
        before = phases.phase_of(app.gate.door, connection, CAMPAIGN)
    agree(world, 60, "email.schedule_send")
    found = [one for one in ask(world) if one.proposal.action.campaign == CAMPAIGN]
    assert [one.proposal.action.target for one in found] == [phases.target_of(CAMPAIGN)]
    assert found[0].proposal.action.before == {"phase": str(before), "declared": "supervised"}
    assert found[0].decide_by == found[0].proposal.expires_at, "the review is days away"


def test_it_looks_daily_and_asks_on_the_mondays_of_the_review(world: World) -> None:
    def look() -> datetime:
        with world.demo.app.database.write() as transaction:
            ledger.serialize(transaction)
            return promotions.look(world.demo.app, transaction)

    demoted(world)
    agree(world, 25)
    zone = promotions.zone_of(world.demo.app)
    assert look() > world.now, "a new workspace begins with the next Monday"
    asked: list[str] = []
    for _ in range(7):
        at = look()
        assert f"{at.astimezone(zone):%H:%M}" == "06:00"
        world.demo.clock.reach(at)
        look()
        asked += [f"{at:%a}"] * bool(of_level(world.waiting(PROMOTE)))
    assert asked[0] == "Mon"


def test_every_page_shows_the_phase_in_force_not_the_one_the_file_declares(world: World) -> None:
    door, page = world.demo.app.gate.door, world.browser("dana")
    with world.demo.app.database.write() as transaction:
        phases.lower(door, transaction, CAMPAIGN, Loss("person:mei", "wrong", "too many slips"))
    everyone = CampaignFilter(phase="draft")
    drafts = world.services.campaigns.campaigns(everyone, after=None, limit=9).items
    assert [(row.id, row.phase) for row in drafts] == [(CAMPAIGN, Phase.DRAFT)]
    today = world.services.today.today(world.person("dana"), mine=False, after=None, limit=9)
    assert {row.id: row.phase for row in today.running.items}[CAMPAIGN] is Phase.DRAFT
    told = page.get(f"/campaigns/{CAMPAIGN}").text
    assert "1 · Draft" in told
    assert "its file declares supervised; Mei Tanaka changed it on" in told
    assert {one["campaign"]: one["phase"] for one in status(world.demo.app)}[CAMPAIGN] == "draft"
