"""World: a demo with a past and something waiting, its services, and people signed in to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from drumbeat.app.demo import Demo
from drumbeat.app.live_demo import LiveDemo
from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import LocalAccounts, person_of
from drumbeat.app.pages.services import demo_services, web_settings
from drumbeat.core.governance.entry import Entry
from drumbeat.engine.clock import SystemClock
from drumbeat.engine.inline import Inline
from drumbeat.store import ledger, proposals
from drumbeat.store.proposals import Judged
from drumbeat.web.application import create_app
from drumbeat.web.services import Services
from drumbeat.web.views.shell import Person
from tests.app.pages.browser import Browser

LAUNCH = "campaign.launch"


@dataclass(frozen=True)
class World:
    demo: Demo

    @cached_property
    def live(self) -> LiveDemo:
        """Never started: time passes only through ``advance``."""
        return LiveDemo(self.demo)

    @cached_property
    def services(self) -> Services:
        return demo_services(self.live, "127.0.0.1")

    @property
    def now(self) -> datetime:
        return self.demo.clock.now()

    def advance(self, span: timedelta) -> None:
        """Let the demo work for a while; nobody answers anything meanwhile."""
        Inline(self.demo.app.work, self.demo.clock, strict=True).run_until(self.now + span)

    def browser(self, account: str = "", host: str = "127.0.0.1") -> Browser:
        """A browser of the person with a session of their own, or of whoever comes by."""
        app = create_app(demo_services(self.live, host), web_settings(self.demo.app))
        if not account:
            return Browser(app)
        accounts = LocalAccounts(Ground(self.demo.app), SystemClock().now)
        return Browser(app, accounts.open_for(account, "test").secret)

    def person(self, account: str) -> Person:
        found = person_of(Ground(self.demo.app), account, "test")
        assert found is not None
        return found

    def waiting(self, kind: str = "") -> list[Judged]:
        with self.demo.app.database.read() as connection:
            found = proposals.waiting(connection)
        return [one for one in found if kind in ("", one.proposal.action.kind)]

    def judged(self, proposal_id: str) -> Judged:
        with self.demo.app.database.read() as connection:
            found = proposals.load(connection, proposal_id)
        assert found is not None
        return found

    def entries(self, *kinds: str) -> list[Entry]:
        with self.demo.app.database.read() as connection:
            return list(ledger.entries(connection, kinds=kinds))
