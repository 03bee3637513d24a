"""Signing in: right pairs get a cookie that nothing can read; wrong ones learn nothing."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from drumbeat.testing.web_content.people import ANA, NOW
from drumbeat.testing.web_doors import services
from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web import session_cookie
from drumbeat.web.application import create_app
from drumbeat.web.browser_name import browser_name
from drumbeat.web.limiter import Limiter
from drumbeat.web.passwords import hash_password, is_right, problem_with
from drumbeat.web.services import SessionView, SignedIn, Stranger
from drumbeat.web.settings import WebSettings
from drumbeat.web.views.shell import Person
from tests.web.visitor import Visitor

PASSWORD = "six careful steps to coffee"
KEPT = hash_password(PASSWORD)


@dataclass
class FakeAccounts:
    """One account, ana@northbean.example."""

    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    is_new: bool = False

    def anybody(self) -> bool:
        return not self.is_new

    def password_hash(self, email: str) -> str | None:
        return KEPT if email == "ana@northbean.example" else None

    def open_session(self, email: str, method: str, stranger: Stranger) -> SignedIn:
        self.opened.append(email)
        return SignedIn("s3cret", NOW + timedelta(hours=12))

    def prove(self, person: Person) -> SignedIn | None:
        return None

    def close_session(self, person: Person) -> None:
        self.closed.append(person.id)

    def sessions_of(self, person: Person) -> tuple[SessionView, ...]:
        return ()

    def end_session(self, person: Person, session_id: str) -> bool:
        return False

    def end_other_sessions(self, person: Person) -> int:
        return 0


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts()


@pytest.fixture
def stranger(world: WebWorld, accounts: FakeAccounts) -> Visitor:
    return Visitor(create_app(replace(services(world), accounts=accounts), SETTINGS), None)


def test_a_page_leads_a_stranger_to_the_door_and_back(stranger: Visitor) -> None:
    sent = stranger.get("/inbox/prop-send-42")
    assert sent.headers["location"] == "/sign-in?next=/inbox/prop-send-42"
    assert 'value="/inbox/prop-send-42"' in stranger.get(sent.headers["location"]).text


def test_a_new_workspace_says_how_anybody_gets_in(
    stranger: Visitor, accounts: FakeAccounts
) -> None:
    assert "Nobody can sign in yet" not in stranger.get("/sign-in").text
    accounts.is_new = True
    assert "drumbeat password EMAIL" in stranger.get("/sign-in").text


def test_the_right_pair_gets_a_session(stranger: Visitor, accounts: FakeAccounts) -> None:
    done = stranger.post(
        "/sign-in", email=" Ana@Northbean.example ", password=PASSWORD, next="/inbox"
    )
    assert (done.status_code, done.headers["location"]) == (303, "/inbox")
    assert accounts.opened == ["ana@northbean.example"]
    cookie = done.headers["set-cookie"]
    assert cookie.startswith("drumbeat-session=s3cret;")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_over_https_the_cookie_is_bound_to_host_and_https(
    world: WebWorld, accounts: FakeAccounts
) -> None:
    secure = WebSettings(SETTINGS.form_key, is_https=True)
    app = create_app(replace(services(world), accounts=accounts), secure)
    done = Visitor(app, None).post("/sign-in", email="ana@northbean.example", password=PASSWORD)
    cookie = done.headers["set-cookie"]
    assert cookie.startswith("__Host-drumbeat=s3cret;")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("email", "password"),
    [
        pytest.param("ana@northbean.example", "not the password", id="wrong password"),
        pytest.param("eve@northbean.example", PASSWORD, id="no such account"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_wrong_pairs_look_alike(stranger: Visitor, email: str, password: str) -> None:
    refused = stranger.post("/sign-in", email=email, password=password)
    assert refused.status_code == 422
    assert "Email and password do not belong together." in refused.text
    assert "set-cookie" not in refused.headers
    assert password not in refused.text or not password


def test_after_five_tries_an_account_waits(stranger: Visitor, world: WebWorld) -> None:
    pair = {"email": "ana@northbean.example", "password": "wrong wrong wrong"}
    statuses = [stranger.post("/sign-in", **pair).status_code for _ in range(6)]
    assert statuses == [422, 422, 422, 422, 422, 429]
    right = {**pair, "password": PASSWORD}
    assert "Too many tries. Wait 15 min." in stranger.post("/sign-in", **right).text
    world.now += timedelta(minutes=16)
    assert stranger.post("/sign-in", **right).status_code == 303


def test_after_thirty_tries_an_address_waits_whatever_the_account(
    stranger: Visitor, world: WebWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drumbeat.web.pages.sign_in.is_right", lambda *_: False)
    tries = [
        stranger.post("/sign-in", email=f"{n}@x.example", password="x").status_code
        for n in range(31)
    ]
    assert tries == [422] * 30 + [429]


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil", "/a\nb", ""])
def test_nobody_is_sent_elsewhere_after_signing_in(stranger: Visitor, path: str) -> None:
    done = stranger.post("/sign-in", email="ana@northbean.example", password=PASSWORD, next=path)
    assert done.headers["location"] == "/today"


def test_another_site_cannot_sign_a_person_in(stranger: Visitor) -> None:
    pair = {"email": "ana@northbean.example", "password": PASSWORD}
    refused = stranger.send("POST", "/sign-in", data=pair, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403


def test_signing_out_closes_the_session(
    stranger: Visitor, world: WebWorld, accounts: FakeAccounts
) -> None:
    world.people[ANA.session] = replace(ANA, by_itself=False)
    ana = Visitor(stranger.app, ANA)
    assert "Sign out" in ana.get("/today").text
    gone = ana.post("/sign-out")
    assert gone.headers["location"] == "/sign-in"
    assert 'drumbeat-session=""' in gone.headers["set-cookie"]
    assert accounts.closed == ["ana"]


def test_without_accounts_there_is_no_door(nobody: Visitor) -> None:
    assert nobody.get("/sign-in").status_code == 404
    assert nobody.get("/today").status_code == 401


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("short", False),
        ("a" * 20, False),
        ("passwordpassword", False),
        ("drumbeat 2026 2026", False),
        ("x" * 300, False),
        ("six careful steps to coffee", True),
        ("пятнадцать чашек кофе", True),
    ],
)
def test_a_new_password_is_long_and_not_everybodys_first(password: str, is_good: bool) -> None:
    assert (problem_with(password) == "") is is_good


def test_a_bad_password_is_not_hashed() -> None:
    with pytest.raises(ValueError, match="at least 15"):
        hash_password("short")


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$broken"])
def test_no_hash_is_never_right(kept: str | None) -> None:
    assert not is_right(PASSWORD, kept)
    assert not is_right("an account that does not exist", kept)


def test_the_hash_is_argon2id_with_46_mib() -> None:
    assert KEPT.startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_a_limiter_counts_each_key_by_itself_and_forgets() -> None:
    limiter, start = Limiter(2, timedelta(minutes=15)), datetime(2026, 1, 1, tzinfo=NOW.tzinfo)
    assert [limiter.wait("a", start) for _ in range(2)] == [None, None]
    assert limiter.wait("a", start + timedelta(minutes=5)) == timedelta(minutes=10)
    assert limiter.wait("b", start) is None
    assert limiter.wait("a", start + timedelta(minutes=15)) is None
    limiter.forget("a")
    assert limiter.wait("a", start + timedelta(minutes=16)) is None


def test_the_secret_is_read_from_either_cookie() -> None:
    assert session_cookie.secret_in({"__Host-drumbeat": "a"}) == "a"
    assert session_cookie.secret_in({"drumbeat-session": "b"}) == "b"
    assert session_cookie.secret_in({}) == ""


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux; rv:140.0) Gecko Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) … Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) … Safari/604.1", "Safari on iPhone"),
        ("curl/8.5", "curl/8.5"),
        ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_is_called_what_people_call_it(agent: str, name: str) -> None:
    assert browser_name(agent) == name
