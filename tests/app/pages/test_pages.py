"""Every page over a workspace that has lived: it answers, escapes, and lets in whom it should."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from drumbeat.app.demo import open_demo, prepare
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import LocalAccounts, is_loopback, keep_password
from drumbeat.app.pages.services import services_for, web_settings
from drumbeat.core.governance.entry import Entry, Intact, verify
from drumbeat.engine.clock import SystemClock
from drumbeat.web.application import create_app
from drumbeat.web.services import NotTaken
from tests.app.pages.browser import Browser
from tests.app.pages.world import LAUNCH, World

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\u202egnp'
PAGES = (
    "/today",
    "/inbox",
    "/campaigns",
    "/campaigns?status=running&q=cup",
    "/campaigns?board=true",
    "/campaigns/weekly-newsletter",
    "/campaigns/retargeting-evergreen",
    "/campaigns/social-calendar",
    "/changes",
    "/changes?actor=person",
    "/calendar",
    "/calendar?shape=month",
    "/calendar?shape=list",
    "/experiments",
    "/review",
    "/autonomy",
    "/autonomy?kind=social.boost_post&phase=supervised&level=act",
    "/connections",
    "/search?q=cup",
    "/welcome",
    "/settings",
    "/freeze",
)


@pytest.mark.parametrize("path", [pytest.param(path, id=path) for path in PAGES])
def test_every_page_answers(seen: World, path: str) -> None:
    assert "Dana Okafor" in seen.browser().text(path)


def test_every_page_a_page_links_to_answers(seen: World) -> None:
    cycle = seen.entries("launched")[-1].cycle
    asked = seen.waiting(LAUNCH)[0].proposal
    tested = seen.entries("experiment_registered")[0].subject
    change = seen.entries("applied")[-1].seq
    browser = seen.browser()
    paths = (f"/cycles/{cycle}", f"/inbox/{asked.id}", f"/changes/{change}", f"/assets/{cycle}.0",
             f"/experiments/{tested}")  # fmt: skip
    for path in paths:
        assert browser.text(path)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/campaigns/nobody", id="campaign"),
        pytest.param("/inbox/prop-none", id="decision"),
        pytest.param("/changes/999999", id="change"),
        pytest.param("/changes/nothing", id="no number"),
        pytest.param("/cycles/cyc-none", id="cycle"),
        pytest.param("/assets/cyc-none.0", id="asset"),
        pytest.param("/experiments/none.H-99", id="experiment"),
        pytest.param("/review?week=2031-W01", id="a week to come"),
        pytest.param("/review?week=last", id="no week"),
    ],
)
def test_what_is_not_there_is_said_to_be_missing(seen: World, path: str) -> None:
    assert seen.browser().get(path).status_code == 404


def test_the_demo_signs_its_manager_in_on_loopback_and_says_so(seen: World) -> None:
    assert "signed in by the demo" in seen.browser(host="127.0.0.1").text("/today")


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        pytest.param("127.0.0.1", True, id="IPv4"),
        pytest.param("::1", True, id="IPv6"),
        pytest.param("localhost", True, id="its name"),
        pytest.param("0.0.0.0", False, id="every address"),
        pytest.param("192.168.0.7", False, id="the local net"),
        pytest.param("example.org", False, id="a name"),
    ],
)
def test_only_this_machine_counts_as_loopback(host: str, is_ours: bool) -> None:
    assert is_loopback(host) is is_ours


def test_elsewhere_nobody_is_signed_in_by_itself(seen: World) -> None:
    answer = seen.browser(host="0.0.0.0").get("/today")
    assert answer.status_code == 401


def test_a_session_of_ones_own_comes_before_the_demos(world: World) -> None:
    assert "Mei Tanaka" in world.browser("mei").text("/today")


def test_hostile_reasons_are_shown_as_what_they_are(world: World) -> None:
    asked, dana = world.waiting(LAUNCH)[0].proposal, world.person("dana")
    verbs = world.services.verbs
    verbs.freeze("social-calendar", dana, HOSTILE)
    verbs.reject(asked.id, asked.fingerprint, dana, "other", HOSTILE)
    browser = world.browser()
    campaign = asked.action.campaign
    for path in ("/today", "/changes", f"/inbox/{asked.id}", "/campaigns/social-calendar",
                 f"/campaigns/{campaign}", f"/cycles/{asked.action.cycle}", "/review"):  # fmt: skip
        html = browser.get(path).text
        assert "<script>alert" not in html, path
        assert "<img src=x" not in html, path
        assert "\u202e" not in html, path
    assert "alert(1)" in browser.text("/changes")


def test_a_hostile_campaign_name_is_shown_as_what_it_is(tmp_path: Path) -> None:
    prepare(tmp_path / "w", 3)
    file = tmp_path / "w" / "campaigns" / "weekly-newsletter.yaml"
    name = json.dumps("<script>alert(1)</script>")
    lines = file.read_text(encoding="utf-8").splitlines()
    named = [f"name: {name}" if line.startswith("name:") else line for line in lines]
    file.write_text("\n".join(named), encoding="utf-8")
    world = World(open_demo(tmp_path / "w", 3))
    world.advance(timedelta(hours=1))
    browser = world.browser()
    for path in ("/today", "/inbox", "/campaigns", "/campaigns/weekly-newsletter"):
        html = browser.get(path).text
        assert "<script>alert" not in html, path
        assert "&lt;script&gt;alert" in html, path
    world.demo.app.close()


def test_the_exported_ledger_verifies(seen: World) -> None:
    text = seen.browser().get("/changes/export.jsonl").text
    entries = [Entry.model_validate(json.loads(line)) for line in text.splitlines()]
    found = verify(entries)
    assert isinstance(found, Intact)
    assert found.count == len(seen.entries())


def test_the_version_is_the_number_of_the_newest_entry(world: World) -> None:
    before = world.services.shell.version()
    assert before == world.entries()[-1].seq
    world.services.verbs.freeze("", world.person("dana"), "a look around")
    assert world.services.shell.version() == before + 1


def test_a_forged_platform_event_is_not_taken(seen: World) -> None:
    hooks = seen.services.hooks
    assert hooks.receive_event("no-such", b"{}", {}) == NotTaken(
        "no connection is named 'no-such'", 404
    )
    forged = hooks.receive_event("house-mail", b"{}", {"webhook-signature": "v1,forged"})
    assert isinstance(forged, NotTaken)
    assert forged.status == 401


def test_a_demo_whose_clock_stands_is_not_ready(seen: World) -> None:
    answer = seen.browser().get("/readyz")
    assert answer.status_code == 503
    assert "its clock has stopped" in answer.text


def test_a_real_workspace_asks_who_comes_and_has_no_clock(world: World) -> None:
    app = world.demo.app
    made = create_app(services_for(app, dict), web_settings(app))
    nobody = Browser(made)
    assert nobody.get("/today").status_code in (303, 401)
    assert nobody.get("/readyz").status_code == 200
    accounts = LocalAccounts(Ground(app), SystemClock().now)
    today = Browser(made, accounts.open_for("ana", "test").secret).text("/today")
    assert "Ana Duarte" in today
    assert "signed in by the demo" not in today
    assert "Simulated market" not in today


def test_a_failing_part_is_named_by_readiness(world: World) -> None:
    app = world.demo.app
    made = create_app(services_for(app, lambda: {"worker": "stopped"}), web_settings(app))
    answer = Browser(made).get("/readyz")
    assert answer.status_code == 503
    assert "worker: stopped" in answer.text


def test_the_form_key_is_the_workspaces_own_and_not_its_seal(seen: World) -> None:
    app = seen.demo.app
    settings = web_settings(app)
    assert settings == web_settings(app)
    assert settings.form_key != app.gate.door.key


def test_a_session_ends_by_itself_and_by_signing_out(world: World) -> None:
    real = [world.now]
    accounts = LocalAccounts(Ground(world.demo.app), lambda: real[0])
    first = accounts.open_for("ana", "127.0.0.1")
    cookies = {"drumbeat-session": first.secret}
    person = accounts.authenticate(cookies)
    assert person is not None
    assert person.session not in first.secret
    accounts.close_session(person)
    assert accounts.authenticate(cookies) is None
    second = {"drumbeat-session": accounts.open_for("ana", "127.0.0.1").secret}
    real[0] += timedelta(hours=13)
    assert accounts.authenticate(second) is None


def test_only_people_of_the_workspace_have_a_password(world: World) -> None:
    ground = Ground(world.demo.app)
    accounts = LocalAccounts(ground, lambda: world.now)
    assert accounts.password_hash("ana@northbean.example") is None
    keep_password(ground, "ana", "$argon2id$made-elsewhere")
    assert accounts.password_hash("ana@northbean.example") == "$argon2id$made-elsewhere"
    assert accounts.password_hash("eve@evil.example") is None
