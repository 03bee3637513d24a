"""Deciding in a browser: by keyboard, without scripts, in two tabs, and taking it back."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from drumbeat.testing.web_world import WebWorld
from tests.web.browser.conftest import OpenTab

pytestmark = pytest.mark.browser


def test_by_keyboard_from_today_to_done(tab: OpenTab, world: WebWorld) -> None:
    opened = tab()
    page = opened.open("/today")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox")
    page.keyboard.press("j")
    page.wait_for_url("**/inbox/prop-raise-retargeting")
    page.keyboard.press("a")
    expect(page.locator(".toast")).to_contain_text("Approved: Raise daily budget by 12%")
    assert world.decisions["prop-raise-retargeting"].answered is not None
    expect(page.locator("#decision-title")).to_be_focused()
    expect(page).to_have_title("(2) Inbox · Drumbeat")
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("Taken back")
    expect(page).to_have_title("(3) Inbox · Drumbeat")
    assert opened.complaints == []


def test_a_rejection_by_keyboard_goes_through_its_reason(tab: OpenTab, world: WebWorld) -> None:
    page = tab().open("/inbox/prop-raise-retargeting")
    page.keyboard.press("r")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("a sale starts")
    page.locator("[data-reject]").click()
    expect(page.locator(".toast")).to_contain_text("Rejected")
    answered = world.decisions["prop-raise-retargeting"].answered
    assert answered is not None
    assert answered.reason == "a sale starts"


def test_single_keys_do_nothing_while_typing_or_when_they_are_off(
    tab: OpenTab, world: WebWorld
) -> None:
    page = tab().open("/inbox/prop-raise-retargeting")
    page.locator("#reason").fill("")
    page.locator("#reason").press_sequentially("a big ask, frankly")
    page.goto(page.url.partition("/inbox")[0] + "/settings")
    page.get_by_label(re.compile("Off: for speech")).check()
    page.get_by_role("button", name="Save").click()
    page.goto(page.url.partition("/settings")[0] + "/inbox/prop-raise-retargeting")
    page.keyboard.press("a")
    page.keyboard.press("?")
    expect(page.locator("#help")).not_to_be_visible()
    assert world.decisions["prop-raise-retargeting"].answered is None


def test_without_scripts_everything_can_be_answered(tab: OpenTab, world: WebWorld) -> None:
    page = tab(scripts=False).open("/today")
    page.get_by_text("Raise daily budget by 12%").click()
    page.get_by_role("button", name="Approve").locator("visible=true").click()
    expect(page.locator(".toast")).to_contain_text("Approved: Raise daily budget by 12%")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    page.goto(page.url.partition("/inbox")[0] + "/inbox/prop-send-42")
    page.get_by_role("button", name=re.compile("^Reject")).click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    page.locator("#reason").fill("the recipe is not tested")
    page.get_by_role("button", name=re.compile("^Reject")).click()
    page.get_by_role("link", name="Freeze all").click()
    page.locator("#why").fill("fire drill")
    page.get_by_role("button", name="Freeze now").click()
    expect(page.get_by_role("note")).to_contain_text("Everything is frozen")
    page.goto(page.url.partition("/today")[0] + "/changes/e-1047/roll-back")
    page.locator("#why").fill("complaints")
    page.get_by_role("button", name="Roll back").click()
    assert world.frozen is not None
    assert world.changes[0].why == "complaints"


def _listens(page: Page) -> None:
    """The page's stream of events is open."""
    expect(page.locator("html")).to_have_attribute("data-live", "on")


def test_another_tab_shows_a_decision_at_once(tab: OpenTab, world: WebWorld) -> None:
    watching, deciding = tab(), tab()
    page = watching.open("/today")
    badge = page.locator(".side .badge")
    expect(badge).to_contain_text("3")
    acting = deciding.open("/inbox/prop-raise-retargeting")
    _listens(page)
    acting.locator('[data-key="a"]').click()
    began = time.monotonic()
    expect(badge).to_contain_text("2")
    assert time.monotonic() - began < 3
    expect(page).to_have_title("(2) Today · Drumbeat")
    assert watching.complaints == []


def test_a_page_whose_scripts_load_slowly_catches_up_when_it_listens(
    tab: OpenTab, world: WebWorld
) -> None:
    watching = tab()
    held: list[Route] = []
    watching.page.route("**/hx-sse*.js*", lambda route: held.append(route))
    watching.page.goto(watching.site + "/today", wait_until="commit")
    badge = watching.page.locator(".side .badge")
    expect(badge).to_contain_text("3")
    world.decisions.pop("prop-send-42")
    world.happen("Monitor", "brew-tips", "Post", "liked", "")
    watching.page.wait_for_timeout(200)
    held[0].continue_()
    _listens(watching.page)
    expect(badge).to_contain_text("2")


def test_a_refresh_keeps_what_is_being_typed_and_what_is_open(
    tab: OpenTab, world: WebWorld
) -> None:
    page = tab().open("/inbox/prop-raise-retargeting")
    page.locator("#edit summary").click()
    page.locator("#edit-amount").fill("EUR 430")
    page.locator("#reason").fill("half a thought")
    page.wait_for_timeout(400)
    world.decisions.pop("prop-send-42")
    world.happen("Monitor", "brew-tips", "Post", "liked", "")
    expect(page.locator(".side .badge")).to_contain_text("2")
    expect(page.locator("#reason")).to_have_value("half a thought")
    expect(page.locator("#edit-amount")).to_have_value("EUR 430")


def test_the_palette_finds_pages_and_the_help_closes(tab: OpenTab) -> None:
    page = tab().open("/today")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).not_to_be_visible()


def test_the_theme_is_switched_at_once_and_kept(tab: OpenTab) -> None:
    opened = tab()
    page = opened.open("/today")
    page.get_by_role("button", name="Theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_slow_page_shows_rows_to_come_and_a_quick_one_nothing(tab: OpenTab) -> None:
    page = tab().open("/today")
    quick = page.evaluate(
        """new Promise(done => { dispatchEvent(new Event('beforeunload'));
        setTimeout(() => done(document.documentElement.dataset.loading ?? 'not yet'), 100); })"""
    )
    assert quick == "not yet"
    expect(page.locator(".skeleton")).to_be_visible()
    expect(page.locator("main")).not_to_be_visible()
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    expect(page.locator("main")).to_be_visible()
    expect(page.locator(".skeleton")).not_to_be_visible()


def test_a_dragged_tile_asks_for_its_new_day(tab: OpenTab, world: WebWorld) -> None:
    page = tab().open("/calendar")
    page.locator("#item-c7").drag_to(page.locator('[data-day="2026-11-28"]'))
    expect(page.locator(".toast")).to_contain_text("Asked for")
    assert world.orders[0][:2] == ("move", "c7")
    assert world.orders[0][2].startswith("2026-11-28T")


def test_a_mail_is_shown_with_the_words_typed_so_far(tab: OpenTab, world: WebWorld) -> None:
    opened = tab()
    page = opened.open("/inbox/prop-send-42")
    page.keyboard.press("e")
    page.locator("#edit summary", has_text="The body of the mail").click()
    page.get_by_label("Paragraph 1").fill("Five steps, <b>no</b> more.")
    assert opened.audit(within="#edit") == []
    page.get_by_role("button", name="Preview").click()
    frame = page.frame_locator("iframe[name=edit-preview]")
    expect(frame.locator("p")).to_contain_text("Five steps, <b>no</b> more.")
    expect(page.get_by_label("Paragraph 1")).to_have_value("Five steps, <b>no</b> more.")
    assert opened.complaints == []
    assert world.orders == []
