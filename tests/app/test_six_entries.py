"""Six ways in, one function that decides: whatever is tried at any of them, nothing is approved.

Web page, interface, command line, signed link, chat and bulk, each against every way of getting an
approval through that one may not give; and once in earnest, so that a refusal means something.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count

import httpx
import pytest

from drumbeat.app.compose import App, open_app
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import LocalAccounts
from drumbeat.app.pages.services import services_for, web_settings
from drumbeat.cli import options
from drumbeat.cli.exits import run
from drumbeat.cli.main import cli
from drumbeat.connectors.notifiers.webhook import signature
from drumbeat.connectors.rule_files import RULE_FILES
from drumbeat.core.governance.action import Action, Channel
from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.person import Account
from drumbeat.core.governance.proposal import Proposal, propose
from drumbeat.core.money import Money
from drumbeat.engine.clock import SystemClock, VirtualClock
from drumbeat.files.entry import place_of, state_of
from drumbeat.files.scaffold import init
from drumbeat.gate.by_link import Word
from drumbeat.gate.door import Chat
from drumbeat.gate.link import Link, LinkKind, seal
from drumbeat.store import ledger, proposals
from drumbeat.store.proposals import Status
from drumbeat.web.application import ControlRoom, create_app

_SECRET = b"a chat's secret of some length"
_PEOPLE = """
  - id: mei-two
    name: Mei Tanaka
    email: mei.two@northbean.example
    roles: [operator, approver:brand]
    person: mei
  - id: bot
    name: Robot
    email: bot@northbean.example
    roles: [operator]
    agent: true
"""
_ORIGIN = "http://drumbeat.test"
_NUMBERS = count(1)


@dataclass
class House:
    """A workspace with its page, and people who try their luck."""

    app: App
    room: ControlRoom
    sessions: dict[str, str] = field(default_factory=dict)

    def ask(self, by: Actor) -> Proposal:
        """A change that any manager or brand approver but its proposer may approve."""
        now = self.app.clock.now()
        place = place_of("hypotheses/ads.yaml#H-06")
        text = (self.app.home / place.path).read_text(encoding="utf-8")
        before = state_of(text, place)
        action = Action(
            kind="hypothesis.change",
            channel=Channel.WORKSPACE,
            connection=RULE_FILES,
            campaign="weekly-newsletter",
            target=place.target,
            before=before,
            after={**before, "min_weeks": next(_NUMBERS) + 10},
            spend_delta=Money.zero("EUR"),
        )
        made = propose(action, by, "a test", now=now, expires_at=now + timedelta(hours=1))
        assert self.app.gate.submit(made).status is Status.WAITING
        return made

    def approvals(self, asked: Proposal) -> int:
        """How often the ledger says that somebody approved it."""
        with self.app.database.read() as connection:
            kinds = [e.kind for e in ledger.entries(connection) if e.subject == asked.id]
        return kinds.count("approved")

    def status(self, asked: Proposal) -> Status:
        with self.app.database.read() as connection:
            judged = proposals.load(connection, asked.id)
        assert judged is not None
        return judged.status

    def request(
        self, account: str, method: str, path: str, token: str = "", **given: object
    ) -> httpx.Response:
        if account not in self.sessions:
            accounts = LocalAccounts(Ground(self.app), SystemClock().now)
            self.sessions[account] = accounts.open_for(account, "test").secret
        secret = self.sessions[account]

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.room, raise_app_exceptions=False)
            cookies = {"drumbeat-session": secret}
            async with httpx.AsyncClient(
                transport=transport, base_url=_ORIGIN, cookies=cookies
            ) as client:
                headers = {"sec-fetch-site": "same-origin", "x-drumbeat-token": token}
                return await client.request(method, path, headers=headers, **given)  # type: ignore[arg-type]

        return asyncio.run(send())

    def token(self, account: str) -> str:
        """A form's token, from any page this person may see; empty for whom no page is shown."""
        found = re.search(
            r'name="token" value="([^"]+)"', self.request(account, "GET", "/today").text
        )
        return found[1] if found else ""


Enter = Callable[[House, Proposal, str, str], None]


def by_page(house: House, asked: Proposal, account: str, fingerprint: str) -> None:
    fields = {"fingerprint": fingerprint, "reason": "fine"}
    token = house.token(account)
    house.request(account, "POST", f"/inbox/{asked.id}/approve", token, data=fields)


def in_bulk(house: House, asked: Proposal, account: str, fingerprint: str) -> None:
    fields = {"chosen": f"{asked.id}:{fingerprint}", "reason": "fine"}
    token = house.token(account)
    house.request(account, "POST", f"/inbox/{asked.id}/approve-alike", token, data=fields)


def by_interface(house: House, asked: Proposal, account: str, fingerprint: str) -> None:
    order = {"fingerprint": fingerprint, "reason": "fine"}
    path, token = f"/api/v1/decisions/{asked.id}/approve", house.token(account)
    house.request(account, "POST", path, token, json=order)


def by_command(house: House, asked: Proposal, account: str, fingerprint: str) -> None:
    words = ["approve", asked.id, "--as", account, "--fingerprint", fingerprint]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(options, "find_workspace", lambda start: start)
        patch.setattr(options, "_open", lambda home, database: replace(house.app, lock=None))
        patch.setattr(App, "close", lambda app: None)
        patch.setattr(sys, "argv", ["drumbeat", *words])
        run(cli)


def by_link(house: House, asked: Proposal, account: str, fingerprint: str) -> None:
    door = house.app.gate.door
    # The address in the mail: the same mail gives the same one.
    until = asked.proposed_at + timedelta(days=7)
    link = Link(LinkKind.DECISION, asked.id, fingerprint, account, until, f"mail {asked.id}")
    house.app.gate.answer_link(seal(link, door.key), Word.APPROVE, "fine")


def by_chat(house: House, asked: Proposal, account: str, fingerprint: str) -> None:
    said = {
        "user": f"@{account}",
        "proposal": asked.id,
        "fingerprint": fingerprint,
        "answer": "approve",
    }
    body, stamp = json.dumps(said).encode(), int(house.app.gate.door.now.timestamp())
    key = f"msg-{asked.id}-{account}"
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature(_SECRET, key, stamp, body),
    }
    house.app.gate.answer_chat("team", body, headers)


# A new way in belongs here.
ENTRIES: dict[str, Enter] = {
    "web": by_page,
    "bulk": in_bulk,
    "api": by_interface,
    "cli": by_command,
    "link": by_link,
    "chat": by_chat,
}


def self_approval(house: House, enter: Enter) -> Proposal:
    asked = house.ask(Actor.person("mei"))
    enter(house, asked, "mei", asked.fingerprint)
    return asked


def second_account(house: House, enter: Enter) -> Proposal:
    asked = house.ask(Actor.person("mei"))
    enter(house, asked, "mei-two", asked.fingerprint)
    return asked


def former_approver(house: House, enter: Enter) -> Proposal:
    """The role was taken away after the question was asked."""
    asked, door = house.ask(Actor.agent("planner")), house.app.gate.door
    door.rules = replace(door.rules, accounts=_changed(house, roles=frozenset({"analyst"})))
    enter(house, asked, "mei", asked.fingerprint)
    return asked


def disabled_account(house: House, enter: Enter) -> Proposal:
    asked, door = house.ask(Actor.agent("planner")), house.app.gate.door
    door.rules = replace(door.rules, accounts=_changed(house, is_active=False))
    enter(house, asked, "mei", asked.fingerprint)
    return asked


def agent(house: House, enter: Enter) -> Proposal:
    asked = house.ask(Actor.agent("planner"))
    enter(house, asked, "bot", asked.fingerprint)
    return asked


def stale_fingerprint(house: House, enter: Enter) -> Proposal:
    asked = house.ask(Actor.agent("planner"))
    other = asked.action.revised(after={"status": "proven"})
    enter(house, asked, "mei", other.fingerprint)
    return asked


def expired(house: House, enter: Enter) -> Proposal:
    asked, door = house.ask(Actor.agent("planner")), house.app.gate.door
    door.clock = VirtualClock(door.now + timedelta(hours=2))
    enter(house, asked, "mei", asked.fingerprint)
    return asked


ATTACKS: tuple[Callable[[House, Enter], Proposal], ...] = (
    self_approval,
    second_account,
    former_approver,
    disabled_account,
    agent,
    stale_fingerprint,
    expired,
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("six") / "northbean"
    init(folder, date(2026, 11, 23))
    root = folder / "drumbeat.yaml"
    text = root.read_text(encoding="utf-8")
    root.write_text(text.replace("\n# Every connection", f"{_PEOPLE}\n# Every connection"))
    app = open_app(folder, durable=False)
    names = ("ana", "jon", "mei", "mei-two", "dana", "bot")
    app.gate.door.chats = {"team": Chat(_SECRET, {f"@{name}": name for name in names})}
    # No file gives an agent such a role; it would not help it either.
    bot = app.gate.door.rules.accounts["bot"].model_copy(
        update={"roles": frozenset({"approver:brand"})}
    )
    accounts = {**app.gate.door.rules.accounts, "bot": bot}
    app.gate.door.rules = replace(app.gate.door.rules, accounts=accounts)
    yield House(app, create_app(services_for(app, dict), web_settings(app, is_https=False)))
    app.close()


@pytest.fixture(autouse=True)
def _as_before(house: House) -> Iterator[None]:
    door = house.app.gate.door
    rules, clock = door.rules, door.clock
    yield
    door.rules, door.clock = rules, clock


def _changed(house: House, **changes: object) -> dict[str, Account]:
    accounts = house.app.gate.door.rules.accounts
    mei = accounts["mei"].model_copy(update=changes)
    return {**accounts, "mei": mei}


@pytest.mark.parametrize("enter", ENTRIES.values(), ids=ENTRIES)
def test_who_may_approve_is_let_in_by_every_way(house: House, enter: Enter) -> None:
    asked = house.ask(Actor.agent("planner"))
    enter(house, asked, "mei", asked.fingerprint)
    assert house.status(asked) is Status.AGREED
    assert house.approvals(asked) == 1


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@pytest.mark.parametrize("enter", ENTRIES.values(), ids=ENTRIES)
def test_nothing_is_approved_that_may_not_be(
    house: House, enter: Enter, attack: Callable[[House, Enter], Proposal]
) -> None:
    asked = attack(house, enter)
    assert house.approvals(asked) == 0
    assert house.status(asked) not in (Status.AGREED, Status.APPROVED, Status.ALLOWED)


@pytest.mark.parametrize("enter", ENTRIES.values(), ids=ENTRIES)
def test_the_same_answer_again_counts_once(house: House, enter: Enter) -> None:
    asked = house.ask(Actor.agent("planner"))
    for _ in range(3):
        enter(house, asked, "mei", asked.fingerprint)
    assert house.approvals(asked) == 1


@pytest.mark.parametrize("enter", [by_link, by_chat], ids=["link", "chat"])
def test_a_replay_after_an_undo_approves_nothing(house: House, enter: Enter) -> None:
    asked = house.ask(Actor.agent("planner"))
    enter(house, asked, "mei", asked.fingerprint)
    house.app.gate.undo(asked.id, "mei")
    enter(house, asked, "mei", asked.fingerprint)
    assert house.status(asked) is Status.WAITING
