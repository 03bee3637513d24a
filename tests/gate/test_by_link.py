"""Links in mails: opening changes nothing, an answer counts once, for one person, for one thing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drumbeat.connectors.notifiers.contract import Contact, Message
from drumbeat.core.governance.approval import CHANGED
from drumbeat.core.operations.escalation import AlertKind
from drumbeat.gate.answer import Answered, NotAnswered
from drumbeat.gate.by_link import Opened, Spoilt, Word
from drumbeat.gate.door import Way
from drumbeat.gate.escalate import escalate
from drumbeat.gate.in_hand import Handled
from drumbeat.gate.link import Link, LinkKind, occasion_of, seal, unseal
from drumbeat.store import ledger, proposals
from drumbeat.testing.gate_world import KEY, GateWorld
from tests.gate.escalation_world import EscalationWorld, escalation_world

SITE = "https://drumbeat.northbean.example"
Change = Callable[[Link], Link]


def decision_link(world: GateWorld, *, risk: str = "medium") -> Link:
    """A link for jon to a change that waits."""
    asked = world.budget(40_00, 60_00 if risk == "medium" else 0)
    if risk == "high":
        asked = asked.model_copy(update={"action": asked.action.revised(kind="ads.pause")})
    world.gate.submit(asked)
    until = world.clock.now() + timedelta(hours=72)
    return Link(LinkKind.DECISION, asked.id, asked.fingerprint, "jon", until, "a mail")


def entries(world: GateWorld) -> list[str]:
    with world.database.read() as connection:
        return [entry.kind for entry in ledger.entries(connection)]


def test_a_link_is_read_back_as_it_was_sealed() -> None:
    link = Link(LinkKind.DECISION, "p", "f", "jon", datetime(2026, 3, 2, tzinfo=UTC), "k")
    assert unseal(seal(link, KEY), KEY) == link
    assert seal(link, KEY) == seal(link, KEY)


@pytest.mark.parametrize("token", ["", ".", "x", "x.y", "a" * 2000, "äöü.ñ", "W10.x"])
def test_what_was_not_sealed_here_is_nobodys(token: str) -> None:
    assert unseal(token, KEY) is None


def test_a_changed_letter_anywhere_spoils_it() -> None:
    link = Link(LinkKind.DECISION, "p", "f", "jon", datetime(2026, 3, 2, tzinfo=UTC), "k")
    token = seal(link, KEY)
    changed = [
        token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for at in range(len(token))
    ]
    # The last letter of a signature carries bits that base64 does not use.
    assert [unseal(one, KEY) for one in changed[:-1]] == [None] * (len(token) - 1)
    assert unseal(token, b"another key") is None


def test_opening_it_a_hundred_times_changes_nothing(world: GateWorld) -> None:
    token = seal(decision_link(world), KEY)
    before = entries(world)
    assert all(isinstance(world.gate.open_link(token), Opened) for _ in range(100))
    assert entries(world) == before


def test_an_answer_counts_as_given_by_its_person_through_the_link(world: GateWorld) -> None:
    link = decision_link(world)
    said = world.gate.answer_link(seal(link, KEY), Word.APPROVE, "go on")
    assert isinstance(said, Answered)
    with world.database.read() as connection:
        [entry] = ledger.entries(connection, kinds=("approved",))
    assert (entry.actor, entry.body["via"], entry.body["reason"]) == ("person:jon", "link", "go on")


@pytest.mark.parametrize("word", [Word.APPROVE, Word.REJECT])
def test_a_used_link_says_so_even_when_the_question_waits_again(
    world: GateWorld, word: Word
) -> None:
    link = decision_link(world)
    world.gate.answer_link(seal(link, KEY), word, "because")
    with world.database.write() as transaction:
        ledger.serialize(transaction)
        transaction.exec_driver_sql("UPDATE proposal SET status = 'waiting'")
        transaction.exec_driver_sql("DELETE FROM approval")
    again = world.gate.answer_link(seal(link, KEY), Word.APPROVE, "again")
    assert again == NotAnswered("it was used already")


REFUSED = [
    pytest.param(lambda link: replace(link, account="vic"), "needs one of", id="no-approver"),
    pytest.param(lambda link: replace(link, account="bot"), "no longer here", id="agent"),
    pytest.param(lambda link: replace(link, account="gone"), "no longer here", id="ex-approver"),
    pytest.param(lambda link: replace(link, account="eve"), "no longer here", id="nobody"),
    pytest.param(lambda link: replace(link, fingerprint="0" * 64), CHANGED, id="stale"),
    pytest.param(lambda link: replace(link, subject="prop-none"), "is gone", id="no-such"),
    pytest.param(
        lambda link: replace(link, until=link.until - timedelta(days=4)), "lapsed", id="expired"
    ),
    pytest.param(
        lambda link: replace(link, kind=LinkKind.ESCALATION), "is over", id="another-kind"
    ),
]


@pytest.mark.parametrize(("change", "why"), REFUSED)
@pytest.mark.parametrize("word", [Word.APPROVE, Word.ACKNOWLEDGE])
def test_what_does_not_fit_is_refused(
    world: GateWorld, change: Change, why: str, word: Word
) -> None:
    link = change(decision_link(world))
    said = world.gate.answer_link(seal(link, KEY), word, "x")
    assert isinstance(said, NotAnswered)
    assert word is Word.ACKNOWLEDGE or why in said.why
    assert {"approved", "rejected", "acknowledged"}.isdisjoint(entries(world))


def test_an_answer_that_does_not_count_leaves_the_link_usable(world: GateWorld) -> None:
    link = decision_link(world)
    refused = world.gate.answer_link(seal(link, KEY), Word.REJECT, "   ")
    assert isinstance(refused, NotAnswered)
    assert isinstance(world.gate.answer_link(seal(link, KEY), Word.REJECT, "too dear"), Answered)


@pytest.mark.parametrize("word", [Word.APPROVE, Word.REJECT])
def test_high_risk_takes_signing_in(world: GateWorld, word: Word) -> None:
    link = decision_link(world, risk="high")
    opened = world.gate.open_link(seal(link, KEY))
    assert isinstance(opened, Opened)
    assert opened.needs_proof
    said = world.gate.answer_link(seal(link, KEY), word, "x")
    assert isinstance(said, NotAnswered)
    assert said.needs_proof
    with world.database.read() as connection:
        assert proposals.approvals(connection, link.subject, used=None) == []


# --- in mails


class Postbox:
    """Keeps the messages that went out."""

    def __init__(self) -> None:
        self.came: list[Message] = []

    def notify(self, message: Message, key: str) -> None:
        self.came.append(message)


@pytest.fixture
def told(tmp_path: Path) -> tuple[EscalationWorld, Postbox]:
    world, box = escalation_world(tmp_path), Postbox()
    world.door.ways = {"mail": Way(box, is_personal=True)}
    people = {n: Contact(n, n, f"{n}@x.example") for n in ("tomas", "dana", "jon")}
    world.door.rules = replace(world.door.rules, people=people, site=SITE)
    return world, box


def token_of(url: str) -> str:
    assert url.startswith(f"{SITE}/by-link/")
    return url.rpartition("/")[2]


def test_an_escalation_is_taken_in_hand_by_its_mail_once(
    told: tuple[EscalationWorld, Postbox],
) -> None:
    world, box = told
    world.fail("one")
    world.gate.notify_due()
    [link] = box.came[0].links
    assert "in hand" in link.label
    assert isinstance(world.gate.open_link(token_of(link.url)), Opened)
    assert world.row("one").state == "open"
    done = world.gate.answer_link(token_of(link.url), Word.ACKNOWLEDGE, "")
    assert isinstance(done, Handled)
    assert (world.row("one").state, world.row("one").answered_by) == ("acknowledged", "tomas")
    spoilt = world.gate.open_link(token_of(link.url))
    assert isinstance(spoilt, Spoilt)
    assert spoilt.why == "it was used already"


def test_the_link_of_one_time_does_not_answer_the_next(
    told: tuple[EscalationWorld, Postbox],
) -> None:
    world, box = told
    world.fail("one")
    world.gate.notify_due()
    world.gate.resolve(world.row("one").id, "dana", "gone")
    world.clock.advance(timedelta(hours=2))
    world.fail("one")
    spoilt = world.gate.open_link(token_of(box.came[0].links[0].url))
    assert isinstance(spoilt, Spoilt)
    assert spoilt.why == "what it was about is over"


def test_a_late_decision_can_be_made_from_the_mail_that_tells_of_it(
    told: tuple[EscalationWorld, Postbox],
) -> None:
    world, box = told
    asked = world.base.budget(40_00, 60_00)
    world.gate.submit(asked)
    with world.database.write() as transaction:
        escalate(
            world.door,
            transaction,
            failure="budget",
            severity="warning",
            text="nobody has answered",
            key=asked.id,
            campaign="retargeting",
            kind=AlertKind.DECISION,
        )
    world.gate.notify_due()
    [mail] = [m for m in box.came if m.to.id == "jon"]
    decide, _ = mail.links
    assert "Change a daily budget" in decide.label
    said = world.gate.answer_link(token_of(decide.url), Word.APPROVE, "")
    assert isinstance(said, Answered)


def test_a_digest_carries_the_links_of_what_it_tells(told: tuple[EscalationWorld, Postbox]) -> None:
    world, box = told
    for text in ("one", "two", "three", "four"):
        world.fail(text)
        world.pass_time(seconds=1)
    world.pass_time(minutes=6)
    digest = box.came[-1]
    assert "more:" in digest.text
    assert len(digest.links) == len({link.url for link in digest.links}) >= 2


def test_ways_that_others_read_carry_no_links(told: tuple[EscalationWorld, Postbox]) -> None:
    world, box = told
    world.door.ways = {"room": Way(box)}
    world.fail("one")
    world.gate.notify_due()
    assert box.came[0].links == ()


def test_without_an_address_of_the_page_there_are_no_links(
    told: tuple[EscalationWorld, Postbox],
) -> None:
    world, box = told
    world.door.rules = replace(world.door.rules, site="")
    world.fail("one")
    world.gate.notify_due()
    assert box.came[0].links == ()


def test_a_message_sent_again_has_the_same_links(told: tuple[EscalationWorld, Postbox]) -> None:
    world, box = told
    world.fail("one")
    world.door.ways = {"mail": Way(Failing(box), is_personal=True)}
    world.gate.notify_due()
    world.pass_time(minutes=1)
    first, second = box.came
    assert first.links == second.links
    row = world.row("one")
    link = unseal(token_of(first.links[0].url), KEY)
    assert link is not None
    assert link.fingerprint == occasion_of(row)


class Failing:
    """Loses the answer of the first message."""

    def __init__(self, box: Postbox) -> None:
        self.box = box

    def notify(self, message: Message, key: str) -> None:
        self.box.notify(message, key)
        if len(self.box.came) == 1:
            raise ConnectionError("the answer was lost")
