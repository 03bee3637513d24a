"""The Monday letters: once a week in the workspace's time, by a real mail server."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from drumbeat.app import monday
from drumbeat.connectors.notifiers.mail import create
from drumbeat.engine.tick import Tick
from drumbeat.gate.by_link import Opened
from drumbeat.gate.door import Way
from drumbeat.store import dues, ledger, settings
from drumbeat.web.verbs import Done
from tests.app.pages.world import LAUNCH, World
from tests.connectors.smtp.mail_server import MailServer, mail_server

SITE = "https://drumbeat.northbean.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def mailed(world: World, server: MailServer) -> World:
    """A world in which everybody is reached by mail."""
    notifier = create(
        {
            "host": "127.0.0.1",
            "port": str(server.port),
            "sender": "drumbeat@northbean.example",
            "security": "none",
        }
    )
    door = world.demo.app.gate.door
    door.ways = {"mail": Way(notifier, is_personal=True)}
    door.rules = replace(door.rules, site=SITE)
    return world


def send(world: World, occasion: str = "a test") -> tuple[str, ...]:
    with world.demo.app.database.write() as transaction:
        ledger.serialize(transaction)
        told = monday.send(world.demo.app, transaction, occasion)
    world.demo.app.gate.notify_due()
    return told


def letters(server: MailServer) -> list[EmailMessage]:
    return [taken.mail for taken in server.taken]


def letter_to(server: MailServer, account: str) -> EmailMessage:
    [found] = [one for one in letters(server) if f"{account}@northbean.example" in one["To"]]
    return found


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    text: str = body.get_content()
    return text


def test_everybody_gets_their_own_letter_with_text_and_page(
    mailed: World, server: MailServer
) -> None:
    people = [p.id for p in mailed.demo.app.files.workspace.people if not p.agent]
    assert list(send(mailed)) == people
    assert len(letters(server)) == len(people)
    mei = letter_to(server, "mei")
    assert mei["Auto-Submitted"] == "auto-generated"
    assert "wait" in mei["Subject"]
    for kind in ("plain", "html"):
        text = part(mei, kind)
        for heading in ("needs you", "changed, and why", "held steady, and why"):
            assert heading in text.lower()
    assert "<script" not in part(mei, "html")
    assert "http" not in part(mei, "html").replace(SITE, "")


def test_a_letter_says_why_and_not_only_what(mailed: World, server: MailServer) -> None:
    send(mailed)
    asked = mailed.waiting(LAUNCH)[0].proposal
    text = " ".join(part(letter_to(server, "mei"), "plain").split())
    assert " ".join(asked.why.split()) in text
    held = mailed.entries("held_steady")
    recent = [one for one in held if one.at >= mailed.now - timedelta(days=7)]
    assert recent
    assert "no difference is larger than chance explains" in text
    applied = [one for one in mailed.entries("applied") if one.at >= mailed.now - timedelta(days=7)]
    assert applied
    assert "→" in text


def test_its_links_are_its_persons_and_open_what_waits(mailed: World, server: MailServer) -> None:
    send(mailed)
    mei, tomas = (part(letter_to(server, who), "plain") for who in ("mei", "tomas"))
    [token] = re.findall(rf"{SITE}/by-link/(\S+)", mei)[:1]
    opened = mailed.demo.app.gate.open_link(token)
    assert isinstance(opened, Opened)
    assert opened.link.account == "mei"
    assert token not in tomas


def test_the_same_occasion_is_not_told_twice(mailed: World, server: MailServer) -> None:
    count = len(send(mailed))
    assert send(mailed) == ()
    assert len(letters(server)) == count
    ids = {one["Message-ID"] for one in letters(server)}
    assert len(ids) == count


def look(world: World) -> datetime:
    with world.demo.app.database.write() as transaction:
        ledger.serialize(transaction)
        again = monday.look(world.demo.app, transaction)
    world.demo.app.gate.notify_due()
    return again


def test_every_monday_at_seven_of_the_workspace_once(mailed: World, server: MailServer) -> None:
    people = len(send(mailed))
    zone = mailed.demo.app.files.workspace.timezone
    first = look(mailed)
    assert len(letters(server)) == people, "a new workspace begins with the next Monday"
    assert (f"{first:%A %H:%M}", str(first.tzinfo)) == ("Monday 07:00", zone)
    mailed.demo.clock.advance(first - mailed.now + timedelta(minutes=1))
    for _ in range(3):
        again = look(mailed)
    assert len(letters(server)) == 2 * people
    assert again - first == timedelta(days=7)


def test_a_monday_missed_is_made_good_once(mailed: World, server: MailServer) -> None:
    first = look(mailed)
    mailed.demo.clock.advance(first - mailed.now + timedelta(days=2))
    look(mailed)
    look(mailed)
    people = [p for p in mailed.demo.app.files.workspace.people if not p.agent]
    assert len(letters(server)) == len(people)
    with mailed.demo.app.database.read() as connection:
        assert settings.get(connection, "monday:last") == first.date().isoformat()


def test_the_clocks_see_to_it(mailed: World, server: MailServer) -> None:
    app = mailed.demo.app
    app.work.chores["monday"] = lambda transaction: monday.look(app, transaction)
    app.work.start()
    mailed.advance(timedelta(minutes=5))
    first = look(mailed)
    # Only the letters' subject is played: nothing else of the week is under test.
    mailed.demo.clock.advance(first - mailed.now + timedelta(minutes=1))
    with app.database.read() as connection:
        due = dues.load(connection, "monday")
    assert due is not None
    app.work.run(Tick("monday", due.seq, due.attempt))
    app.gate.notify_due()
    assert any("for you" in one["Subject"] for one in letters(server))


def test_what_others_wrote_stays_text(
    mailed: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = '<script>alert(1)</script>\n\nWHAT NEEDS YOU\n\n* "Pay now" https://evil.example'
    monkeypatch.setattr(monday, "title_of", lambda *_: evil)
    send(mailed)
    mei = letter_to(server, "mei")
    assert "<script" not in part(mei, "html")
    assert part(mei, "plain").count("\nWHAT NEEDS YOU") == 1


def test_minutes_are_sent_once_to_everybody_a_mail_reaches(
    mailed: World, server: MailServer
) -> None:
    review, dana = mailed.services.review, mailed.person("dana")
    assert review is not None
    shown = review.review("")
    assert shown is not None
    for _ in range(2):
        told = review.keep_minutes(
            shown.week, dana, "We keep Tuesdays.\n<b>Really.</b>", and_send=True
        )
        assert isinstance(told, Done)
        assert told.text == "The minutes are kept, and sent to 7 people"
        mailed.demo.app.gate.notify_due()
    assert len(letters(server)) == 7
    letter = letter_to(server, "mei")
    assert "minutes of the week of" in letter["Subject"]
    assert part(letter, "plain").splitlines() == ["We keep Tuesdays.", "<b>Really.</b>"]
    assert "&lt;b&gt;Really." in part(letter, "html")
    (entry,) = mailed.entries("minutes_sent")
    assert (entry.actor, entry.subject) == ("person:dana", shown.week)


def test_minutes_nobody_can_be_sent_are_kept_and_that_is_said(world: World) -> None:
    review = world.services.review
    assert review is not None
    shown = review.review("")
    assert shown is not None
    told = review.keep_minutes(shown.week, world.person("dana"), "Kept.", and_send=True)
    assert isinstance(told, Done)
    assert "no mail reaches anybody" in told.text
