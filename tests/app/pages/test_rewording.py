"""A launch's words are changed on its page, reviewed, and agreed to by another person."""

import re
from datetime import timedelta

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.rewording import words_of
from drumbeat.cycle.replay import Replayed, replay
from drumbeat.store import cycles
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Done, Refused
from tests.app.pages.world import LAUNCH, World

BETTER = "Six steps instead of fourteen"


def assets_of(world: World, asked: Judged) -> Assets:
    with world.demo.app.database.read() as connection:
        return Assets.model_validate(cycles.read(connection, asked.proposal.action.cycle, "assets"))


def first_word(world: World, asked: Judged) -> str:
    """The name of a text of the launch."""
    return words_of(assets_of(world, asked))[0].name


def live_state(world: World, target: str) -> str:
    """What stands on the platforms under this target."""
    read = (one.connector.read(target) for one in world.demo.app.gate.door.platforms.values())
    return " ".join(str(found.state) for found in read if found is not None)


def asked_anew(world: World, old: Judged) -> Judged:
    world.advance(timedelta(minutes=5))
    (new,) = [
        one
        for one in world.waiting(LAUNCH)
        if one.proposal.action.cycle == old.proposal.action.cycle
    ]
    return new


def test_a_text_is_changed_on_the_page_and_goes_out_once_another_person_agrees(
    world: World,
) -> None:
    old, mei = world.waiting(LAUNCH)[0], world.browser("mei")
    name, page = first_word(world, old), f"/inbox/{old.proposal.id}"
    assert f'name="value.{name}"' in mei.get(page).text
    answer = mei.post(
        f"{page}/edit",
        seen_at=page,
        fingerprint=mei.fingerprint(page),
        reason="shorter",
        **{f"value.{name}": BETTER},
    )
    assert answer.status_code == 303, answer.text[:500]
    assert world.judged(old.proposal.id).status is Status.REPLACED
    (told,) = world.entries("edited")
    assert told.actor == "person:mei"
    assert BETTER in str(told.body["words"])
    assert BETTER in mei.text("/changes")
    # What is built from the same plan from now on says it the same way, by itself.
    again = replay(world.demo.app.office, old.proposal.action.cycle, "mei")
    assert isinstance(again, Replayed)
    assert again.differs == ()

    new = asked_anew(world, old)
    assert new.proposal.fingerprint != old.proposal.fingerprint
    assert new.proposal.edits == old.proposal.id
    assert "words changed by mei: shorter" in new.proposal.why
    verbs, asked = world.services.verbs, new.proposal
    own = verbs.approve(asked.id, asked.fingerprint, world.person("mei"), "")
    assert isinstance(own, Refused)
    given = verbs.approve(asked.id, asked.fingerprint, world.person("dana"), "")
    assert isinstance(given, Done)
    world.advance(timedelta(hours=6))
    cycle = asked.action.cycle
    assert [one for one in world.entries("launched") if one.cycle == cycle]
    assert BETTER in live_state(world, next(iter(assets_of(world, new).objects())))


def test_words_changed_back_are_a_question_of_their_own(world: World) -> None:
    first = world.waiting(LAUNCH)[0]
    word = words_of(assets_of(world, first))[0]
    verbs, mei = world.services.verbs, world.person("mei")

    def change(judged: Judged, text: str) -> Judged:
        asked = judged.proposal
        done = verbs.edit_and_approve(asked.id, asked.fingerprint, mei, {word.name: text}, "a slip")
        assert isinstance(done, Done), done
        return asked_anew(world, judged)

    last = change(change(first, BETTER), word.text)
    assert last.status is Status.WAITING
    assert last.proposal.id != first.proposal.id
    assert last.proposal.action.target == first.proposal.action.target


def test_what_the_review_forbids_is_told_and_kept_in_the_form(world: World) -> None:
    asked, mei = world.waiting(LAUNCH)[0], world.browser("mei")
    name, page = first_word(world, asked), f"/inbox/{asked.proposal.id}"
    answer = mei.post(
        f"{page}/edit",
        seen_at=page,
        fingerprint=mei.fingerprint(page),
        reason="bolder",
        **{f"value.{name}": "A detox that cures"},
    )
    assert answer.status_code == 422
    assert "The review does not let it through" in answer.text
    assert re.search(r">A detox that cures<|value=\"A detox that cures\"", answer.text)
    assert world.judged(asked.proposal.id).status is Status.WAITING
    assert not world.entries("edited")


def test_who_may_not_change_a_launch_and_what_is_no_change(world: World) -> None:
    asked = world.waiting(LAUNCH)[0].proposal
    word = words_of(assets_of(world, world.waiting(LAUNCH)[0]))[0]
    verbs = world.services.verbs
    cases = (
        ("tomas", {word.name: BETTER}, "may neither propose nor approve"),
        ("mei", {word.name: word.text}, "Nothing was changed"),
        ("mei", {word.name: " "}, "cannot be empty"),
        ("mei", {"send.9.z.subject": "x"}, "no text named"),
    )
    for who, texts, why in cases:
        answer = verbs.edit_and_approve(
            asked.id, asked.fingerprint, world.person(who), texts, "a reason"
        )
        assert isinstance(answer, Refused)
        assert why in answer.reason
    assert world.judged(asked.id).status is Status.WAITING
