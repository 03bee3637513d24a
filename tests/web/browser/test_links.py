"""Links in mails, in a browser: readable in both themes at two sizes, and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import OpenTab
from tests.web.browser.test_screens import looked_at

pytestmark = pytest.mark.browser

SCREENS = tuple(f"/by-link/{token}" for token in ("decide", "risky", "trouble", "old", "nonsense"))


def test_every_link_is_accessible_and_fits(tab: OpenTab) -> None:
    opened = tab()
    assert looked_at(opened, SCREENS) == {}
    assert [c for c in opened.complaints if "410" not in c] == []


def test_a_decision_is_made_from_a_mail_without_scripts(tab: OpenTab) -> None:
    page = tab(scripts=False).open("/by-link/decide")
    expect(page.locator("iframe")).to_have_count(0)
    page.get_by_label("Reason", exact=False).first.fill("looks right")
    page.get_by_role("button", name="Approve", exact=False).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approved.")
