"""Services: everything the web pages ask for, over one workspace; the only file that wires it."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from drumbeat.app.colleagues import Colleagues
from drumbeat.app.compose import App
from drumbeat.app.live_demo import LiveDemo
from drumbeat.app.oidc import OidcService
from drumbeat.app.pages.assets import Assets
from drumbeat.app.pages.autonomy import Autonomy
from drumbeat.app.pages.calendar import Calendar
from drumbeat.app.pages.campaigns import Campaigns
from drumbeat.app.pages.changes import Changes
from drumbeat.app.pages.connections import Connections
from drumbeat.app.pages.cycles import Cycles
from drumbeat.app.pages.decisions import Decisions
from drumbeat.app.pages.experiments import Experiments
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.health import Readiness
from drumbeat.app.pages.hooks import GateHooks
from drumbeat.app.pages.identity import DemoIdentity, LocalAccounts
from drumbeat.app.pages.links import GateLinks
from drumbeat.app.pages.new_campaign import NewCampaigns
from drumbeat.app.pages.orders import Orders
from drumbeat.app.pages.passkeys import Passkeys
from drumbeat.app.pages.review import Review
from drumbeat.app.pages.rows import Rows
from drumbeat.app.pages.search import Search
from drumbeat.app.pages.sharing import Sharing
from drumbeat.app.pages.shelf import Shelf
from drumbeat.app.pages.shell import Shell
from drumbeat.app.pages.steering import DemoClock
from drumbeat.app.pages.today import Looks, Today
from drumbeat.app.pages.troubles import TroubleDesk
from drumbeat.app.tokens import ApiTokens
from drumbeat.engine.clock import SystemClock
from drumbeat.web.services import Accounts, Identity, Services
from drumbeat.web.settings import WebSettings


def services_for(
    app: App,
    problems: Callable[[], Mapping[str, str]],
    accounts: LocalAccounts | None = None,
) -> Services:
    """Services of a workspace that lives in real time. ``problems`` tells what fails now, by
    name; people sign in with their accounts."""
    accounts = accounts or LocalAccounts(Ground(app), SystemClock().now)
    return _over(_Around(app, problems, accounts, accounts))


def demo_services(live: LiveDemo, host: str) -> Services:
    """Services of a running demo: its clock can be set, and on loopback the manager is signed in
    by itself, which every page says. On any other ``host`` nobody is."""
    app = live.demo.app
    accounts = LocalAccounts(Ground(app), SystemClock().now)
    identity = DemoIdentity(accounts, host)

    def problems() -> dict[str, str]:
        return {} if live.is_running else {"demo": "its clock has stopped; start it again"}

    return _over(_Around(app, problems, identity, None, DemoClock(live), live.colleagues))


def web_settings(app: App, *, is_https: bool | None = None) -> WebSettings:
    """The web's settings; form tokens are signed with a key of their own, drawn from the
    workspace's, so that every process takes every other's forms. ``is_https`` follows from where
    drumbeat.yaml says browsers find the page."""
    key = hmac.new(app.gate.door.key, b"drumbeat web forms", hashlib.sha256).digest()
    if is_https is None:
        is_https = app.gate.door.rules.site.startswith("https://")
    return WebSettings(form_key=key, is_https=is_https, site=app.gate.door.rules.site)


def _oidc(around: "_Around", now: Callable[[], datetime]) -> OidcService | None:
    app = around.app
    entry, key = app.files.workspace.web.oidc, app.gate.door.key
    return OidcService(entry, app.oidc_secret, key, app.database, now) if entry else None


@dataclass(frozen=True)
class _Around:
    """What a demo and a real workspace differ in."""

    app: App
    problems: Callable[[], Mapping[str, str]]
    identity: Identity
    accounts: Accounts | None
    clock: DemoClock | None = None
    colleagues: Colleagues | None = None


def _over(around: _Around) -> Services:
    ground = Ground(around.app)
    decisions, changes = Decisions(ground, played=around.colleagues), Changes(ground)
    rows, troubles = Rows(ground, changes), TroubleDesk(ground)
    real = SystemClock().now
    clock = around.clock
    assets = Assets(ground, decisions.packs)
    return Services(
        now=real,
        identity=around.identity,
        shell=Shell(ground, clock.view if clock else None),
        today=Today(ground, decisions, changes, rows, Looks(real), troubles),
        decisions=decisions,
        campaigns=Campaigns(ground, changes, rows),
        changes=changes,
        verbs=Orders(ground, clock.set if clock else None),
        hooks=GateHooks(around.app),
        health=Readiness(around.app, around.problems),
        assets=assets,
        sharing=Sharing(ground, assets),
        cycles=Cycles(ground),
        calendar=Calendar(ground),
        experiments=Experiments(ground),
        review=Review(ground, changes),
        autonomy=Autonomy(ground),
        connections=Connections(ground),
        search=Search(ground, decisions),
        troubles=troubles,
        views=Shelf(ground),
        accounts=around.accounts,
        beginnings=NewCampaigns(ground),
        links=GateLinks(ground),
        tokens=ApiTokens(around.app, real),
        passkeys=Passkeys(ground, real) if around.accounts else None,
        oidc=_oidc(around, real) if around.accounts else None,
    )
