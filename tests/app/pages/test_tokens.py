"""Programs at the API: what a token may do, what it never may, and when it stops counting."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
import pytest

from drumbeat.app.pages.services import services_for, web_settings
from drumbeat.app.tokens import SCOPES, Made, TokenRefused, everything, make, revoke
from drumbeat.core.governance.matrix import Risk
from drumbeat.engine.clock import SystemClock
from drumbeat.store.proposals import Status
from drumbeat.web.application import ControlRoom, create_app
from tests.app.pages.browser import ORIGIN
from tests.app.pages.world import LAUNCH, World

NOW = SystemClock().now()


def token(
    world: World,
    account: str = "mei",
    scopes: Sequence[str] = ("see", "answer"),
    lasts: timedelta = timedelta(days=1),
    now: datetime = NOW,
) -> Made:
    found = world.demo.app.files.workspace.person(account)
    assert found is not None
    return make(world.demo.app, found, "a test", scopes, lasts, now)


@pytest.fixture
def app(world: World) -> ControlRoom:
    return create_app(services_for(world.demo.app, dict), web_settings(world.demo.app))


def send(
    app: ControlRoom, secret: str, method: str, path: str, json: object = None, **headers: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if secret:
        named["authorization"] = f"Bearer {secret}"

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await client.request(method, path, json=json, headers=named)

    return asyncio.run(ask())


def place(world: World) -> str:
    return f"/api/v1/decisions/{world.waiting(LAUNCH)[0].proposal.id}"


def test_a_token_reads_and_answers_without_a_form(world: World, app: ControlRoom) -> None:
    secret, path = token(world).secret, place(world)
    seen = send(app, secret, "GET", path)
    tag = seen.headers["etag"]
    done = send(app, secret, "POST", f"{path}/approve", {"reason": "fine"}, if_match=tag)
    assert done.status_code == 200, done.text
    [entry] = [one for one in world.entries("approved") if one.subject == path.rpartition("/")[2]]
    assert (entry.actor, entry.body["via"]) == ("person:mei", "api")


@pytest.mark.parametrize(
    ("order", "tag", "status"),
    [
        pytest.param({}, "", 428, id="nothing-seen"),
        pytest.param({}, '"old"', 412, id="stale-tag"),
        pytest.param({"fingerprint": "old"}, "", 409, id="stale-fingerprint"),
    ],
)
def test_an_answer_names_what_was_seen(
    world: World, app: ControlRoom, order: dict[str, str], tag: str, status: int
) -> None:
    headers = {"if_match": tag} if tag else {}
    done = send(app, token(world).secret, "POST", f"{place(world)}/approve", order, **headers)
    assert done.status_code == status
    assert done.headers["content-type"] == "application/problem+json"
    assert world.waiting(LAUNCH)


def test_high_risk_takes_more_than_a_token(
    world: World, app: ControlRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drumbeat.gate.answer.risk_of", lambda *_: Risk.HIGH)
    asked = world.waiting(LAUNCH)[0].proposal
    order = {"fingerprint": asked.fingerprint}
    done = send(app, token(world).secret, "POST", f"{place(world)}/approve", order)
    assert (done.status_code, done.json()["type"]) == (403, "urn:drumbeat:problem:confirm")
    assert world.judged(asked.id).status is Status.WAITING


@pytest.mark.parametrize(
    ("scopes", "status"), [(("see",), 403), (("answer",), 200), (("freeze", "operate"), 403)]
)
def test_a_token_does_what_its_scopes_say(
    world: World, app: ControlRoom, scopes: tuple[str, ...], status: int
) -> None:
    asked = world.waiting(LAUNCH)[0].proposal
    secret, order = token(world, scopes=scopes).secret, {"fingerprint": asked.fingerprint}
    assert send(app, secret, "POST", f"{place(world)}/approve", order).status_code == status
    can_see = send(app, secret, "GET", "/api/v1/today").status_code == 200
    assert can_see is ("see" in scopes)


def test_no_scope_gives_more_than_the_account_has(world: World, app: ControlRoom) -> None:
    secret = token(world, "tomas", [str(one) for one in SCOPES]).secret
    refused = send(app, secret, "POST", "/api/v1/unfreeze", {"reason": "x"})
    assert refused.status_code == 403


def test_unfreezing_takes_more_than_a_token(world: World, app: ControlRoom) -> None:
    secret = token(world, "mei", ("freeze", "operate")).secret
    assert send(app, secret, "POST", "/api/v1/freeze", {"reason": "stop"}).status_code == 200
    refused = send(app, secret, "POST", "/api/v1/unfreeze", {"reason": "go"})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:drumbeat:problem:confirm")


def test_a_token_opens_no_page(world: World, app: ControlRoom) -> None:
    secret = token(world).secret
    assert send(app, secret, "GET", "/today").status_code == 303
    assert send(app, secret, "POST", "/freeze", {}).status_code == 401


@pytest.mark.parametrize("secret", ["nonsense", "drumbeat_", "x" * 5000])
def test_an_unknown_token_is_refused(app: ControlRoom, secret: str) -> None:
    refused = send(app, secret, "GET", "/api/v1/today")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.headers["content-type"] == "application/problem+json"


def test_revoked_and_lapsed_tokens_count_no_more(world: World, app: ControlRoom) -> None:
    lapsed = token(world, lasts=timedelta(hours=1), now=NOW - timedelta(hours=2))
    assert send(app, lapsed.secret, "GET", "/api/v1/today").status_code == 401
    live = token(world)
    assert send(app, live.secret, "GET", "/api/v1/today").status_code == 200
    assert revoke(world.demo.app, live.token.id, NOW)
    assert not revoke(world.demo.app, live.token.id, NOW)
    assert send(app, live.secret, "GET", "/api/v1/today").status_code == 401


def test_another_site_cannot_use_a_token_it_does_not_have(world: World, app: ControlRoom) -> None:
    order = {"reason": "stop"}
    secret = token(world, scopes=("freeze",)).secret
    refused = send(app, secret, "POST", "/api/v1/freeze", order, sec_fetch_site="cross-site")
    assert refused.status_code == 403


def test_the_secret_is_kept_nowhere(world: World) -> None:
    made = token(world)
    kept = b"".join(path.read_bytes() for path in world.demo.app.home.glob("drumbeat.db*"))
    assert made.secret.encode() not in kept
    assert [one.id for one in everything(world.demo.app)][:1] == [made.token.id]


def test_a_token_lasts_a_year_at_most_and_a_service_only_reads(world: World) -> None:
    with pytest.raises(TokenRefused, match="366 days"):
        token(world, lasts=timedelta(days=400))
    person = world.demo.app.files.workspace.person("mei")
    assert person is not None
    service = person.model_copy(update={"agent": True})
    with pytest.raises(TokenRefused, match="can only see"):
        make(world.demo.app, service, "x", ["see", "answer"], timedelta(days=1), NOW)
