"""Every screen in both themes at two sizes: no violation, no complaint, nothing sideways."""

import pytest
from playwright.sync_api import expect

from drumbeat.testing.web_world import WebWorld
from tests.web.browser.conftest import OpenTab, Tab

pytestmark = pytest.mark.browser

SCREENS = (
    "/today",
    "/inbox/prop-send-42",
    "/inbox/prop-raise-retargeting",
    "/campaigns",
    "/campaigns?board=true",
    "/campaigns/brand-search",
    "/changes",
    "/changes/e-1047",
    "/cycles/brand-search-2026-w48",
    "/calendar",
    "/calendar?shape=month",
    "/calendar?shape=list",
    "/assets/issue-42",
    "/assets/ad-starter-set",
    "/experiments",
    "/experiments/H-07",
    "/review",
    "/autonomy?kind=ads.set_budget&phase=draft&level=act",
    "/autonomy/rule?kind=ads.set_budget",
    "/new-campaign",
    "/new-campaign?kind=newsletter",
    "/shared/look",
    "/shared/ad",
    "/connections",
    "/escalations",
    "/escalations/esc-spend-pace",
    "/welcome",
    "/inbox/prop-raise-retargeting?tour=2",
    "/freeze",
    "/settings",
    "/menu",
    "/search?q=brew",
    "/nowhere",
)
EMPTY = (
    "/today",
    "/inbox",
    "/campaigns",
    "/changes",
    "/calendar",
    "/calendar?shape=list",
    "/experiments",
    "/review",
    "/autonomy",
    "/connections",
    "/escalations",
)
OPENED_ON_PHONES = ("/today", "/inbox/prop-raise-retargeting", "/calendar?shape=list")
Wrong = dict[str, list[str]]
CONTRAST = ("color-contrast", "link-in-text-block")


def looked_at(opened: Tab, screens: tuple[str, ...], frame: str | None = None) -> Wrong:
    """What is wrong with each screen: at a desk and on a phone, in light and in dark.

    A page is loaded once. Its size and its theme are changed in place: the theme changes colors
    only, so that what has been looked at in light needs only its contrast in dark. On a phone
    every page is looked at in dark, those people open there in light too. What surrounds every
    page alike is looked at on the first of them only; with ``frame`` it is left out.
    """
    found: Wrong = {}
    for screen in screens:
        main = "main" if found else frame
        opened.narrow(False)
        opened.open(screen)
        wrong = opened.audit(within=frame)
        wrong += ["sideways"] * min(opened.sideways(), 1)
        opened.darken()
        wrong += opened.audit(*CONTRAST, within=main)
        opened.narrow()
        wrong += opened.audit(within=main)
        wrong += ["sideways"] * min(opened.sideways(), 1)
        opened.lighten()
        if screen in OPENED_ON_PHONES:
            wrong += opened.audit(*CONTRAST, within=main)
        found[screen] = wrong
    return {screen: wrong for screen, wrong in found.items() if wrong}


def test_every_screen_is_accessible_and_fits(tab: OpenTab) -> None:
    opened = tab()
    assert looked_at(opened, SCREENS) == {}
    assert [c for c in opened.complaints if "404" not in c] == []


def test_empty_screens_are_accessible_and_fit(tab: OpenTab, world: WebWorld) -> None:
    world.decisions.clear()
    world.troubles.clear()
    world.campaigns.clear()
    world.changes.clear()
    world.has_plans = False
    opened = tab()
    assert looked_at(opened, EMPTY, "main") == {}
    assert opened.complaints == []


def test_open_parts_are_accessible_too(tab: OpenTab) -> None:
    opened = tab()
    page = opened.open("/today")
    page.locator(".attention summary").first.click()
    assert opened.audit() == []
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("brew")
    expect(page.locator("#found")).to_contain_text("Brew tips")
    assert opened.audit() == []
    page.keyboard.press("Escape")
    opened.open("/inbox/prop-raise-retargeting")
    page.locator("#edit summary").click()
    page.locator(".pop summary").last.click()
    assert opened.audit() == []
    page.locator('[data-key="a"]').click()
    expect(page.locator(".toast")).to_be_visible()
    assert opened.audit() == []
    opened.open("/campaigns/brand-search")
    page.get_by_text("Roll back to…").click()
    for is_phone in (False, True):
        opened.narrow(is_phone)
        box = page.locator("#to").bounding_box()
        assert box is not None
        assert box["height"] < 60 < box["width"]
        assert opened.sideways() == 0
        assert opened.audit(within="main") == []
    assert opened.complaints == []


def test_a_fingers_target_is_44_pixels_high(tab: OpenTab) -> None:
    opened = tab(phone=True)
    page = opened.open("/inbox/prop-raise-retargeting")
    heights = page.eval_on_selector_all(
        ".main-buttons > *, .tools .button, .bar a", "all => all.map(e => e.offsetHeight)"
    )
    assert min(heights) >= 44


def test_the_audit_finds_what_is_wrong(tab: OpenTab) -> None:
    opened = tab()
    page = opened.open("/today")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.querySelector('.lead').className = 'primary'")
    page.evaluate("document.querySelector('.primary').append('x'.repeat(3000))")
    assert [line.partition(":")[0] for line in opened.audit()] == ["color-contrast", "image-alt"]
    assert opened.audit("color-contrast") != []
