"""Passkeys in a real browser with a virtual authenticator: made, used, confirmed with, removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from drumbeat.core.governance.actor import Actor
from drumbeat.core.governance.freeze import HoldMode
from drumbeat.gate.hold import scope_named
from drumbeat.store import ledger, passkeys
from tests.web.browser.conftest import DESK, Tab, _note
from tests.web.browser.house import PASSWORD, House, open_house

pytestmark = pytest.mark.browser


@dataclass
class Device:
    """A browser whose device can verify its person, or refuses to."""

    tab: Tab
    line: CDPSession
    id: str

    @property
    def page(self) -> Page:
        return self.tab.page

    def verifies(self, does: bool) -> None:
        self.line.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": does}
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One workspace; each test signs in a person of its own."""
    folder = tmp_path_factory.mktemp("house") / "brand"
    with open_house(folder, "ana", "dana", "jon", "lena", "mei") as opened:
        yield opened


@pytest.fixture
def device(chromium: Browser, house: House) -> Iterator[Device]:
    context = chromium.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    tab = Tab(context.new_page(), house.site)
    tab.page.on("console", lambda m: _note(tab, m.type, m.text))
    line = context.new_cdp_session(tab.page)
    line.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield Device(tab, line, made["authenticatorId"])
    context.close()


def sign_in(page: Page, house: House, account: str) -> None:
    page.goto(f"{house.site}/sign-in")
    page.get_by_label("Email").fill(f"{account}@northbean.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")


def add_passkey(page: Page, house: House) -> None:
    page.goto(f"{house.site}/access")
    page.get_by_label("Name of the device").fill("Mei's laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".toast")).to_contain_text("Added: Mei's laptop")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_is_made_and_signs_its_person_in(device: Device, house: House) -> None:
    page = device.page
    sign_in(page, house, "ana")
    add_passkey(page, house)
    assert device.tab.audit() == []
    page.goto(f"{house.site}/settings")
    sign_out(page)
    assert device.tab.audit() == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    page.goto(f"{house.site}/access")
    expect(page.locator(".access")).to_contain_text("by passkey")
    with house.app.database.read() as connection:
        [key] = passkeys.of_account(connection, "ana")
        entries = ledger.entries(connection, kinds=("signed_in",))
    methods = [entry.body["method"] for entry in entries if entry.actor == "person:ana"]
    assert methods == ["password", "passkey"]
    assert key.sign_count >= 1
    assert device.tab.complaints == []


def test_a_device_that_does_not_verify_its_person_opens_nothing(
    device: Device, house: House
) -> None:
    page = device.page
    sign_in(page, house, "lena")
    add_passkey(page, house)
    page.goto(f"{house.site}/settings")
    sign_out(page)
    device.verifies(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[role=status]")).to_contain_text("Nothing was chosen")


def test_a_passkey_confirms_what_takes_a_fresh_proof(device: Device, house: House) -> None:
    page = device.page
    sign_in(page, house, "mei")
    add_passkey(page, house)
    with house.app.database.write() as transaction:
        transaction.exec_driver_sql("UPDATE session SET proven_at = NULL")
    house.app.gate.hold(HoldMode.FREEZE, scope_named(None), Actor.person("mei"), "stop")
    page.goto(f"{house.site}/freeze")
    page.locator("form[action='/unfreeze'] [name=reason]").fill("it is safe again")
    page.locator("form[action='/unfreeze'] button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Is it you, Mei Tanaka?")
    assert device.tab.audit() == []
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page.locator(".toast")).to_contain_text("acts again")
    with house.app.database.read() as connection:
        [lifted] = ledger.entries(connection, kinds=("lifted",))
    assert lifted.body["reason"] == "it is safe again"


def test_a_removed_passkey_opens_nothing_any_more(device: Device, house: House) -> None:
    page = device.page
    sign_in(page, house, "jon")
    add_passkey(page, house)
    page.get_by_role("button", name="Remove Mei's laptop").click()
    expect(page.locator(".toast")).to_contain_text("Removed")
    page.goto(f"{house.site}/settings")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("was not recognized")


def test_a_session_is_ended_from_another_browser(device: Device, house: House) -> None:
    sign_in(device.page, house, "dana")
    context = device.page.context.browser.new_context()  # type: ignore[union-attr]
    other = context.new_page()
    sign_in(other, house, "dana")
    device.page.goto(f"{house.site}/access")
    device.page.get_by_role("button", name="End all others").click()
    expect(device.page.locator(".toast")).to_contain_text("Ended 1 other session")
    # The other browser still shows a page; it learns of it with the next thing that happens.
    house.app.gate.hold(HoldMode.FREEZE, scope_named(None), Actor.person("jon"), "stop")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()
