"""Signing in with a service, against a real provider: its word counts only for people we name."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey

from drumbeat.app.compose import App, CannotOpen, open_app
from drumbeat.app.oidc import OidcService
from drumbeat.app.pages.services import services_for, web_settings
from drumbeat.core.governance.entry import Entry
from drumbeat.engine.clock import SystemClock
from drumbeat.files.scaffold import init
from drumbeat.store import ledger
from drumbeat.web.application import ControlRoom, create_app
from tests.app.oidc_provider import CLIENT, SECRET, Provider, provider

SEEN: list[Entry] = []
SITE = "http://localhost:8321"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as one:
        yield one


@pytest.fixture
def peer(running: Provider) -> Provider:
    """The provider as it is before anybody bends it."""
    running.bend, running.stranger, running.email = {}, None, "mei@northbean.example"
    running.asked.clear()
    running.keys_fetched = 0
    running.rotate()
    return running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, running: Provider) -> Path:
    folder = tmp_path_factory.mktemp("oidc") / "brand"
    init(folder, date(2026, 9, 7))
    file = folder / "drumbeat.yaml"
    more = (
        f"\nweb:\n  url: {SITE}\n  oidc:\n    name: Northbean ID\n    issuer: {running.issuer}\n"
        f"    client_id: {CLIENT}\n    secret: NORTHBEAN_OIDC\n"
    )
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def opened(home: Path) -> Iterator[App]:
    one = open_app(home, durable=False, environment={"NORTHBEAN_OIDC": SECRET})
    yield one
    one.close()


@pytest.fixture
def app(opened: App, peer: Provider) -> App:
    """The workspace, in which nobody has signed in yet."""
    SEEN.clear()
    SEEN.extend(_signed_in(opened))
    return opened


@dataclass
class Browser:
    """Follows redirects by hand, ours in the process and the provider's over HTTP."""

    page: ControlRoom
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, url: str) -> httpx.Response:
        if not url.startswith("/") and not url.startswith(SITE):
            return httpx.get(url)

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.page, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url=SITE, cookies=self.cookies
            ) as client:
                return await client.get(url)

        answer = asyncio.run(ask())
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        return answer

    def back(self, path: str = "/sign-in/oidc") -> str:
        """The address the provider sends the browser back to."""
        away = self.get(path)
        assert away.status_code == 303, away.text
        return self.get(away.headers["location"]).headers["location"]

    def sign_in(self, path: str = "/sign-in/oidc") -> httpx.Response:
        return self.get(self.back(path))


@pytest.fixture
def browser(app: App) -> Browser:
    return Browser(create_app(services_for(app, dict), web_settings(app)))


def methods(app: App) -> list[tuple[str, str]]:
    """Who has signed in during this test, and how."""
    return [(e.subject, str(e.body["method"])) for e in _signed_in(app)[len(SEEN) :]]


def _signed_in(app: App) -> list[Entry]:
    with app.database.read() as connection:
        return list(ledger.entries(connection, kinds=("signed_in",)))


def test_a_person_we_name_is_signed_in(app: App, browser: Browser, peer: Provider) -> None:
    assert "Sign in with Northbean ID" in browser.get("/sign-in").text
    done = browser.sign_in("/sign-in/oidc?next=/inbox")
    assert (done.status_code, done.headers["location"]) == (303, "/inbox")
    assert "Mei Tanaka" in browser.get("/today").text
    assert methods(app) == [("mei", "oidc")]
    [asked] = peer.asked
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"{SITE}/sign-in/oidc/done"
    assert "prompt" not in asked


def test_nobody_comes_in_by_the_services_word_alone(
    app: App, browser: Browser, peer: Provider
) -> None:
    peer.email = "eve@elsewhere.example"
    refused = browser.sign_in()
    assert refused.status_code == 403
    assert "Nobody in drumbeat.yaml has your address" in refused.text
    assert methods(app) == []


@pytest.mark.parametrize("email", ["mei", "launcher", "", "MEI"])
def test_a_name_is_no_address(app: App, browser: Browser, peer: Provider, email: str) -> None:
    peer.email = email
    assert browser.sign_in().status_code == 403
    assert methods(app) == []


NOW = int(SystemClock().now().timestamp())
BENT = [
    pytest.param({"iss": "https://evil.example"}, id="another-issuer"),
    pytest.param({"aud": "somebody-else"}, id="another-audience"),
    pytest.param({"aud": ["drumbeat", "x"], "azp": "x"}, id="another-party"),
    pytest.param({"nonce": "made up"}, id="another-nonce"),
    pytest.param({"nonce": None}, id="no-nonce"),
    pytest.param({"exp": NOW - 3600, "iat": NOW - 7200}, id="expired"),
    pytest.param({"exp": None}, id="never-expires"),
    pytest.param({"sub": None}, id="nobody"),
    pytest.param({"email_verified": False}, id="unverified"),
    pytest.param({"email_verified": None}, id="not-said-to-be-verified"),
    pytest.param({"email_verified": "true"}, id="a-word-is-no-truth"),
]


@pytest.mark.parametrize("bend", BENT)
def test_a_token_that_does_not_hold_signs_nobody_in(
    app: App, browser: Browser, peer: Provider, bend: dict[str, object]
) -> None:
    peer.bend = bend
    assert browser.sign_in().status_code == 403
    assert methods(app) == []


def test_another_signature_under_a_known_name_does_not_hold(
    app: App, browser: Browser, peer: Provider
) -> None:
    peer.stranger = ECKey.generate_key("P-256", private=True)
    assert browser.sign_in().status_code == 403
    assert methods(app) == []


def test_the_service_may_rotate_its_keys(
    app: App, browser: Browser, peer: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browser.sign_in().status_code == 303
    assert browser.sign_in().status_code == 303
    assert peer.keys_fetched == 1, "known keys are not asked for again"
    peer.rotate()
    monkeypatch.setattr("drumbeat.app.oidc._KEYS_AT_MOST_EVERY", timedelta())
    assert browser.sign_in().status_code == 303
    assert peer.keys_fetched == 2


def test_made_up_key_names_do_not_flood_the_service(browser: Browser, peer: Provider) -> None:
    browser.sign_in()
    for _ in range(3):
        peer.keys[0] = ECKey.generate_key("P-256", {"kid": "new"}, private=True)
        assert browser.sign_in().status_code == 403
    assert peer.keys_fetched == 1


def test_an_answer_counts_once_and_in_the_browser_it_began_in(app: App, browser: Browser) -> None:
    back = browser.back()
    stranger = Browser(browser.page)
    assert stranger.get(back).status_code == 400
    ticket = dict(browser.cookies)
    assert browser.get(back).status_code == 303
    browser.cookies = ticket
    assert browser.get(back).status_code == 400
    assert len(methods(app)) == 1


@pytest.mark.parametrize("change", [{"state": "made-up"}, {"iss": "https://evil.example"}])
def test_a_bent_way_back_leads_nowhere(app: App, browser: Browser, change: dict[str, str]) -> None:
    query = {k: v[0] for k, v in parse_qs(urlsplit(browser.back()).query).items()}
    told = str(httpx.QueryParams({**query, **change}))
    assert browser.get(f"/sign-in/oidc/done?{told}").status_code in (400, 403)
    assert methods(app) == []


def test_a_fresh_proof_is_what_the_service_just_asked_for(
    app: App, browser: Browser, peer: Provider
) -> None:
    peer.bend = {"auth_time": NOW - 3600}
    browser.sign_in()
    peer.bend = {"auth_time": int(SystemClock().now().timestamp())}
    browser.sign_in("/sign-in/oidc?fresh=true")
    assert [method for _, method in methods(app)] == ["oidc", "oidc-fresh"]
    assert (peer.asked[-1]["prompt"], peer.asked[-1]["max_age"]) == ("login", "0")


def test_a_service_that_is_away_is_told_so(browser: Browser, peer: Provider) -> None:
    service: OidcService = browser.page.state.services.oidc
    service.entry = service.entry.model_copy(update={"issuer": "http://127.0.0.1:9"})
    answer = browser.get("/sign-in/oidc")
    assert answer.status_code == 502
    assert "cannot be reached" in answer.text


def test_a_service_without_https_is_not_believed(browser: Browser) -> None:
    service: OidcService = browser.page.state.services.oidc
    service.entry = service.entry.model_copy(update={"issuer": "http://id.example"})
    assert browser.get("/sign-in/oidc").status_code == 502


def test_a_missing_secret_is_named(home: Path) -> None:
    with pytest.raises(CannotOpen, match="NORTHBEAN_OIDC"):
        open_app(home, durable=False, environment={"HOME": "x"})
