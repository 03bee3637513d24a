"""The demo's colleagues answer what its one person may not, and nothing else."""

from datetime import timedelta

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.rewording import words_of
from drumbeat.store import cycles
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Done
from tests.app.pages.world import LAUNCH, World


def edited_by(world: World, account: str) -> Judged:
    """The launch that is asked anew after this person changed a text of it."""
    asked = world.waiting(LAUNCH)[0].proposal
    with world.demo.app.database.read() as connection:
        assets = Assets.model_validate(cycles.read(connection, asked.action.cycle, "assets"))
    first = words_of(assets)[0]
    words = {first.name: f"Six steps, no scales. {first.text}"}
    person = world.person(account)
    done = world.services.verbs.edit(asked.id, asked.fingerprint, person, words, "clearer")
    assert isinstance(done, Done), done
    world.advance(timedelta(minutes=5))
    return next(one for one in world.waiting(LAUNCH) if one.proposal.edits == asked.id)


def test_a_colleague_approves_what_the_person_edited_and_it_goes_out(world: World) -> None:
    mine = edited_by(world, "dana").proposal
    page = world.browser().text(f"/inbox/{mine.id}")
    assert "somebody else has to approve it" in page
    assert "The demo plays your colleagues: Mei Tanaka answers this" in page
    colleagues = world.live.colleagues
    colleagues(world.now)
    assert world.judged(mine.id).status is Status.WAITING
    colleagues(world.now + timedelta(minutes=20))
    assert world.judged(mine.id).status is Status.AGREED
    (told,) = [one for one in world.entries("approved") if one.subject == mine.id]
    assert (told.actor, told.body["via"]) == ("person:mei", "script")
    page = world.browser().get(f"/inbox/{mine.id}").text
    assert "played by the demo" in page
    # It was not this person's yes, so it is not theirs to take back.
    assert "takes effect in" in page
    assert 'form="undo-answer"' not in page
    assert 'form="undo-answer"' in world.browser("mei").get(f"/inbox/{mine.id}").text
    world.advance(timedelta(hours=6))
    assert [one for one in world.entries("launched") if one.cycle == mine.action.cycle]


def test_they_leave_to_the_person_what_the_person_may_answer(world: World) -> None:
    asked = world.waiting(LAUNCH)[0].proposal
    colleagues = world.live.colleagues
    for days in range(3):
        colleagues(world.now + timedelta(days=days))
    assert world.judged(asked.id).status is Status.WAITING
    assert "plays your colleagues" not in world.browser().text(f"/inbox/{asked.id}")


def test_what_was_handed_over_is_answered_though_the_clock_is_slow(world: World) -> None:
    asked, verbs = world.waiting(LAUNCH)[0].proposal, world.services.verbs
    assert isinstance(verbs.delegate(asked.id, world.person("dana"), "sara", "you know it"), Done)
    colleagues, seconds = world.live.colleagues, 0.0
    colleagues.monotonic = lambda: seconds
    colleagues(world.now)
    assert world.judged(asked.id).status is Status.WAITING
    seconds = 12.0
    colleagues(world.now)
    assert world.judged(asked.id).decided_by == "person:sara"
