"""Sessions: how long they last, where they end, and what takes showing once more who one is."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import LocalAccounts, keep_password
from drumbeat.app.pages.services import services_for, web_settings
from drumbeat.core.governance.matrix import Risk
from drumbeat.engine.clock import SystemClock
from drumbeat.store.proposals import Status
from drumbeat.web.application import ControlRoom, create_app
from drumbeat.web.passwords import hash_password
from tests.app.pages.browser import Browser
from tests.app.pages.world import LAUNCH, World

PASSWORD = "nine quiet cups at dawn"
HASH = hash_password(PASSWORD)


@dataclass
class Hand:
    """A clock moved by hand, beginning with the real time."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class House:
    """A workspace with accounts, whose sessions age as the hand says."""

    world: World
    hand: Hand
    accounts: LocalAccounts
    app: ControlRoom

    def browser(self, account: str, method: str = "password") -> Browser:
        secret = self.accounts.open_for(account, "127.0.0.1", method, "Firefox").secret
        return Browser(self.app, secret)


@pytest.fixture
def house(world: World) -> House:
    hand = Hand(SystemClock().now())
    accounts = LocalAccounts(Ground(world.demo.app), hand)
    services = services_for(world.demo.app, dict, accounts)
    app = create_app(services, web_settings(world.demo.app))
    return House(world, hand, accounts, app)


def status(browser: Browser, path: str = "/today", **headers: str) -> int:
    sent = asyncio.run(browser._send("GET", path, {"headers": headers}))
    return sent.status_code


def post(browser: Browser, path: str, seen_at: str, **fields: str) -> httpx.Response:
    return browser.post(path, seen_at=seen_at, **fields)


def test_who_decides_is_signed_out_after_half_an_idle_hour(house: House) -> None:
    mei, lena = house.browser("mei"), house.browser("lena")
    for _ in range(4):
        house.hand.now += timedelta(minutes=29)
        assert status(mei) == 200
    house.hand.now += timedelta(minutes=31)
    assert status(mei) == 303
    assert status(lena) == 303  # approver:legal decides, too


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(house: House) -> None:
    mei = house.browser("mei")
    for _ in range(3):
        house.hand.now += timedelta(minutes=11)
        last = status(mei, **{"hx-request": "true"})
    assert last == 401


def test_after_twelve_hours_every_session_is_over(house: House) -> None:
    mei = house.browser("mei")
    for _ in range(12 * 3 - 1):
        house.hand.now += timedelta(minutes=20)
        assert status(mei) == 200
    house.hand.now += timedelta(minutes=20)
    assert status(mei) == 303


def test_another_password_ends_the_sessions_of_the_old_one(house: House) -> None:
    mei, jon = house.browser("mei"), house.browser("jon")
    keep_password(Ground(house.world.demo.app), "mei", HASH)
    assert (status(mei), status(jon)) == (303, 200)


@pytest.fixture
def risky(house: House, monkeypatch: pytest.MonkeyPatch) -> str:
    """A waiting launch that counts as of high risk; its path in the inbox."""
    monkeypatch.setattr("drumbeat.gate.answer.risk_of", lambda *_: Risk.HIGH)
    keep_password(Ground(house.world.demo.app), "mei", HASH)
    return f"/inbox/{house.world.waiting(LAUNCH)[0].proposal.id}"


def launch(house: House, path: str) -> Status:
    return house.world.judged(path.rpartition("/")[2]).status


def test_high_risk_asks_again_and_loses_nothing(house: House, risky: str) -> None:
    mei = house.browser("mei")
    house.hand.now += timedelta(minutes=6)
    fingerprint = mei.fingerprint(risky)
    asked = post(
        mei, f"{risky}/approve", risky, fingerprint=fingerprint, reason="I read every page"
    )
    assert asked.status_code == 403
    assert "Is it you, Mei Tanaka?" in asked.text
    assert 'name="reason" value="I read every page"' in asked.text
    assert launch(house, risky) is Status.WAITING
    wrong = {"fingerprint": fingerprint, "reason": "r", "confirm-password": "not this one at all"}
    refused = post(mei, f"{risky}/approve", risky, **wrong)
    assert "That is not your password." in refused.text
    assert "not this one at all" not in refused.text
    done = post(mei, f"{risky}/approve", risky, **{**wrong, "confirm-password": PASSWORD})
    assert done.status_code == 303
    assert launch(house, risky) in (Status.AGREED, Status.APPROVED)


def test_confirming_gives_the_session_another_secret(house: House, risky: str) -> None:
    mei = house.browser("mei")
    house.hand.now += timedelta(minutes=6)
    fields = {"fingerprint": mei.fingerprint(risky), "confirm-password": PASSWORD}
    done = post(mei, f"{risky}/approve", risky, **fields)
    cookie = done.headers["set-cookie"]
    assert mei.secret not in cookie
    assert status(mei) == 303, "the old secret is worth nothing any more"
    fresh = Browser(house.app, cookie.split("=", 1)[1].partition(";")[0])
    assert status(fresh) == 200


def test_just_signed_in_counts_as_confirmed(house: House, risky: str) -> None:
    mei = house.browser("mei")
    done = post(mei, f"{risky}/approve", risky, fingerprint=mei.fingerprint(risky))
    assert done.status_code == 303


def test_the_word_of_a_sign_in_service_alone_does_not(house: House, risky: str) -> None:
    mei = house.browser("mei", method="oidc")
    asked = post(mei, f"{risky}/approve", risky, fingerprint=mei.fingerprint(risky))
    assert asked.status_code == 403
    assert launch(house, risky) is Status.WAITING


def test_to_guess_the_password_in_a_stolen_session_ends_soon(house: House, risky: str) -> None:
    mei = house.browser("mei", method="oidc")
    fields = {"fingerprint": mei.fingerprint(risky), "confirm-password": "guess number one two"}
    said = [post(mei, f"{risky}/approve", risky, **fields).text for _ in range(6)]
    assert "Too many tries" in said[-1]
    right = {**fields, "confirm-password": PASSWORD}
    assert "Too many tries" in post(mei, f"{risky}/approve", risky, **right).text


def test_to_unfreeze_asks_too_and_to_freeze_never_does(house: House) -> None:
    keep_password(Ground(house.world.demo.app), "mei", HASH)
    mei = house.browser("mei", method="oidc")
    assert post(mei, "/freeze", "/freeze", reason="stop").status_code == 303
    asked = post(mei, "/unfreeze", "/freeze", reason="it is safe")
    assert asked.status_code == 403
    assert "it is safe" in asked.text
    fields = {"reason": "it is safe", "confirm-password": PASSWORD}
    assert post(mei, "/unfreeze", "/freeze", **fields).status_code == 303


def test_the_demos_own_person_counts_as_confirmed(world: World) -> None:
    person = world.services.identity.authenticate({})
    assert person is not None
    assert (person.by_itself, person.is_fresh) == (True, True)
    assert "counts as confirmed" in world.browser().text("/settings")
