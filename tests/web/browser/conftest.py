"""One Chromium for the folder, one small server a test, and pages that may not complain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from drumbeat.testing.web_doors import services
from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web.application import ControlRoom, create_app
from drumbeat.web.live import LiveFeed
from tests.web.serving import serving

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# A machine that does many things at once is slow, not wrong; benchmarks.live has the figure.
expect.set_options(timeout=15_000)
DESK, PHONE = {"width": 1440, "height": 1080}, {"width": 390, "height": 844}
AUDIT = """async ([rules, without, within]) => (await axe.run(within || document, {
  resultTypes: ['violations'], iframes: false, preload: false,
  ...(rules.length ? {runOnly: {type: 'rule', values: rules}} : {}),
  rules: Object.fromEntries(without.map(rule => [rule, {enabled: false}]))})).violations
  .map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary))"""


# A package, not a session: while Playwright runs, no other test of this process could start an
# event loop of its own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; install it with: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def world() -> WebWorld:
    return WebWorld()


@pytest.fixture(scope="package")
def served() -> Iterator[tuple[ControlRoom, str]]:
    """One application and its address, on this machine only: each test brings its own world."""
    app = create_app(services(WebWorld()), SETTINGS)
    with serving(app) as port:
        yield app, f"http://127.0.0.1:{port}"


@pytest.fixture
def site(served: tuple[ControlRoom, str], world: WebWorld) -> str:
    """The address of a server over the test's world."""
    app, address = served
    fresh = services(world)
    app.state.services = fresh
    app.state.live = LiveFeed(fresh.shell.version)
    return address


@dataclass
class Tab:
    """A page that remembers everything its console and its scripts complained about."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def audit(
        self, *rules: str, without: tuple[str, ...] = (), within: str | None = None
    ) -> list[str]:
        """axe-core's violations of these rules, or of all, each with where and why; ``within``
        narrows it to one element."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE.read_text())
        found: list[str] = self.page.evaluate(AUDIT, [rules, without, within])
        return found

    def narrow(self, phone: bool = True) -> None:
        """The same page at the size of a phone, or at a desk again."""
        self.page.set_viewport_size(PHONE if phone else DESK)  # type: ignore[arg-type]

    def lighten(self) -> None:
        self.page.evaluate("delete document.documentElement.dataset.theme")

    def darken(self) -> None:
        """The same page in the other theme, as the toggle in the corner does it."""
        self.page.evaluate("document.documentElement.dataset.theme = 'dark'")

    def sideways(self) -> int:
        """Pixels the page is wider than its window."""
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width


OpenTab = Callable[..., Tab]


@pytest.fixture
def tab(chromium: Browser, site: str) -> Iterator[OpenTab]:
    """Opens tabs: ``tab()``, ``tab(phone=True, dark=True, scripts=False)``."""
    contexts: list[BrowserContext] = []

    def open_tab(*, phone: bool = False, dark: bool = False, scripts: bool = True) -> Tab:
        context = chromium.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        opened = Tab(context.new_page(), site)
        opened.page.on("console", lambda m: _note(opened, m.type, m.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        return opened

    yield open_tab
    for context in contexts:
        context.close()


def _note(opened: Tab, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        opened.complaints.append(text)
