"""Screenshots: every screen in both themes, and the ones people open on a phone.

Run: python -m tests.web.screenshots FOLDER [SHOWN_FOLDER]. What the README and the documents show
goes to SHOWN_FOLDER: not the world of the tests, but what a person gets who runs the demo.
"""

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from drumbeat.app.pages.ground import Ground
from drumbeat.app.pages.identity import LocalAccounts
from drumbeat.engine.clock import SystemClock
from drumbeat.testing.web_doors import services
from drumbeat.testing.web_world import SETTINGS, WebWorld
from drumbeat.web.application import create_app
from tests.web.browser.conftest import CHROMIUM, FLAGS
from tests.web.browser.house import open_house
from tests.web.demo_site import ADS, MAIL, demo_site
from tests.web.serving import serving

SCREENS = {
    "today": "/today",
    "inbox": "/inbox/prop-raise-retargeting",
    "inbox-mail": "/inbox/prop-send-42",
    "campaigns": "/campaigns",
    "campaign": "/campaigns/brand-search",
    "cycle": "/cycles/brand-search-2026-w48",
    "calendar": "/calendar",
    "asset": "/assets/issue-42",
    "experiments": "/experiments",
    "experiment": "/experiments/H-07",
    "changes": "/changes",
    "change": "/changes/e-1047",
    "review": "/review",
    "autonomy": "/autonomy",
    "connections": "/connections",
    "escalation": "/escalations/esc-spend-pace",
    "welcome": "/welcome",
    "tour": "/inbox/prop-raise-retargeting?tour=2",
    "freeze": "/freeze",
    "by-link": "/by-link/decide",
}
ON_PHONES = ("today", "inbox", "campaign", "calendar")
# The launch that waits, the theme, whether on a phone, and the screens.
SHOWN = (
    (ADS, "light", False, ("today", "inbox", "campaign", "calendar", "experiment", "review")),
    (ADS, "dark", False, ("today", "autonomy")),
    (ADS, "light", True, ("today", "inbox")),
    (MAIL, "light", False, ("inbox-mail",)),
)
# Text stays crisp and a picture small.
_QUALITY = 82


def main(folder: Path) -> None:
    """Write one WebP a screen, theme and size."""
    if not CHROMIUM.exists():
        sys.exit(f"no Chromium at {CHROMIUM}; install it with: apt-get install -y chromium")
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(services(WebWorld()), SETTINGS)
    with serving(app) as port, sync_playwright() as playwright:
        site = f"http://127.0.0.1:{port}"
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for theme in ("light", "dark"):
            _shoot(browser, site, folder, theme, SCREENS, is_phone=False)
            on_phones = {name: SCREENS[name] for name in ON_PHONES}
            _shoot(browser, site, folder, theme, on_phones, is_phone=True)
        _shoot_signing_in(browser, folder)
        browser.close()


def _shoot(
    browser: Browser, site: str, folder: Path, theme: str, paths: dict[str, str], *, is_phone: bool
) -> None:
    context = _context(browser, theme, is_phone=is_phone)
    page = context.new_page()
    for name, path in paths.items():
        page.goto(site + path)
        look = f"phone-{theme}" if is_phone else theme
        _take(page, folder / f"{name}-{look}.webp")
    context.close()


def _shoot_signing_in(browser: Browser, folder: Path) -> None:
    """The pages of a workspace with accounts: sign in, one's own access, and the confirmation."""
    with tempfile.TemporaryDirectory() as home, open_house(Path(home), "dana") as house:
        accounts = LocalAccounts(Ground(house.app), SystemClock().now)
        # A session that has not proven anything lately is asked to.
        secret = accounts.open_for("dana", "127.0.0.1", "link", "Firefox on Linux").secret
        for theme in ("light", "dark"):
            context = _context(browser, theme, is_phone=False)
            page = context.new_page()
            page.goto(f"{house.site}/sign-in")
            _take(page, folder / f"sign-in-{theme}.webp")
            context.add_cookies([{"name": "drumbeat-session", "value": secret, "url": house.site}])
            page.goto(f"{house.site}/access")
            _take(page, folder / f"access-{theme}.webp")
            page.locator('form[action="/access/confirm"] button').click()
            _take(page, folder / f"confirm-{theme}.webp")
            context.close()


def _context(browser: Browser, theme: str, *, is_phone: bool) -> BrowserContext:
    size = {"width": 390, "height": 844} if is_phone else {"width": 1440, "height": 1080}
    return browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=2 if is_phone else 1,
        reduced_motion="reduce",
    )


def _take(page: Page, file: Path) -> None:
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    wanted = {"format": "webp", "quality": _QUALITY}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", wanted)
    file.write_bytes(base64.b64decode(taken["data"]))


def show(shown: Path) -> None:
    """Write the pictures that documents show where they look for them."""
    shown.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        demo_site(Path(home) / "demo") as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for campaign, theme, is_phone, names in SHOWN:
            site.until_asked(campaign)
            paths = site.paths()
            chosen = {name: paths[name] for name in names}
            _shoot(browser, site.address, shown, theme, chosen, is_phone=is_phone)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    if len(sys.argv) > 2:
        show(Path(sys.argv[2]))
