"""A launch's words are changed on its page, reviewed, and agreed to by another person."""

import re
from datetime import timedelta

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.rewording import Wording, words_of
from drumbeat.cycle.replay import Replayed, replay
from drumbeat.store import cycles
from drumbeat.store.proposals import Judged, Status
from drumbeat.web.verbs import Done, Refused
from tests.app.pages.world import LAUNCH, World

BETTER = "Six steps instead of fourteen"


def assets_of(world: World, asked: Judged) -> Assets:
    with world.demo.app.database.read() as connection:
        return Assets.model_validate(cycles.read(connection, asked.proposal.action.cycle, "assets"))


def saying(text: str, wording: Wording) -> str:
    """The text, with the link that the one before had."""
    return " ".join((text, *re.findall(r"https?://\S+", wording.text)))


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
    word, page = words_of(assets_of(world, old))[0], f"/inbox/{old.proposal.id}"
    name = word.name
    assert f'name="value.{name}"' in mei.get(page).text
    answer = mei.post(
        f"{page}/edit",
        seen_at=page,
        fingerprint=mei.fingerprint(page),
        reason="shorter",
        code="audience",
        **{f"value.{name}": saying(BETTER, word)},
    )
    assert answer.status_code == 303, answer.text[:500]
    assert world.judged(old.proposal.id).status is Status.REPLACED
    (told,) = world.entries("edited")
    assert (told.actor, told.body["code"]) == ("person:mei", "audience")
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
    assert any(BETTER in live_state(world, one) for one in assets_of(world, new).objects())


def test_words_changed_back_are_a_question_of_their_own(world: World) -> None:
    first = world.waiting(LAUNCH)[0]
    word = words_of(assets_of(world, first))[0]
    verbs, mei = world.services.verbs, world.person("mei")

    def change(judged: Judged, text: str) -> Judged:
        asked = judged.proposal
        done = verbs.edit(asked.id, asked.fingerprint, mei, {word.name: text}, "a slip")
        assert isinstance(done, Done), done
        return asked_anew(world, judged)

    last = change(change(first, saying(BETTER, word)), word.text)
    assert last.status is Status.WAITING
    assert last.proposal.id != first.proposal.id
    assert last.proposal.action.target == first.proposal.action.target


def test_what_the_review_forbids_is_told_and_kept_in_the_form(world: World) -> None:
    asked, mei = world.waiting(LAUNCH)[0], world.browser("mei")
    word, page = words_of(assets_of(world, asked))[0], f"/inbox/{asked.proposal.id}"
    name = word.name
    answer = mei.post(
        f"{page}/edit",
        seen_at=page,
        fingerprint=mei.fingerprint(page),
        reason="bolder",
        **{f"value.{name}": saying("A detox that cures", word)},
    )
    assert answer.status_code == 422
    assert "The review does not let it through" in answer.text
    assert ">A detox that cures " in answer.text
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
        answer = verbs.edit(asked.id, asked.fingerprint, world.person(who), texts, "a reason")
        assert isinstance(answer, Refused)
        assert why in answer.reason
    assert world.judged(asked.id).status is Status.WAITING


def test_the_body_of_a_mail_is_shown_as_it_would_be_and_changed_in_both_parts(
    world: World,
) -> None:
    while not (mails := [one for one in world.waiting(LAUNCH) if assets_of(world, one).sends]):
        world.advance(timedelta(hours=12))
    asked = mails[0]
    body = [one for one in words_of(assets_of(world, asked)) if one.is_body]
    opening = next(one for one in body if re.fullmatch("paragraph [0-9]+", one.part))
    mei, page = world.browser("mei"), f"/inbox/{asked.proposal.id}"
    text = "A <b>plain</b> word"
    fields = {f"value.{opening.name}": text}
    shown = mei.post(f"{page}/edit/preview", seen_at=page, **fields)
    assert shown.status_code == 200, shown.text
    assert "A &lt;b&gt;plain&lt;/b&gt; word" in shown.text
    assert shown.headers["content-security-policy"].startswith("sandbox")
    bad = mei.post(f"{page}/edit/preview", seen_at=page, **{f"value.{opening.name}": "{{#x}}"})
    assert bad.status_code == 422
    assert not world.entries("edited")
    mei.post(
        f"{page}/edit",
        seen_at=page,
        fingerprint=mei.fingerprint(page),
        reason="plainer",
        **fields,
    )
    new = asked_anew(world, asked)
    letters = [v for send in assets_of(world, new).sends for v in send.variants]
    changed = [mail for mail in letters if text in mail.text]
    assert changed
    assert all("A &lt;b&gt;plain&lt;/b&gt; word" in mail.html for mail in changed)
    assert all("{{unsubscribe_url}}" in mail.html + mail.text for mail in changed)
