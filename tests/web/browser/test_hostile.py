"""Hostile text in a real browser: nothing runs, nothing breaks out, nothing pushes the page."""

import re

import pytest
from playwright.sync_api import Dialog

from drumbeat.testing.web_world import WebWorld
from tests.web.browser.conftest import OpenTab
from tests.web.hostile import OURS, bundled, corpus, fill, fill_pages

pytestmark = pytest.mark.browser

# What the script of the corpus would call the page, with our own count before it.
RUN = re.compile(r"(\(\d+\) )?owned")
# What acts only where it begins a value, or is long in itself; the last decision bears all of ours.
ALONE = (OURS.index("javascript:alert(1)"), OURS.index("W" * 600))
INSIDE = "document.querySelectorAll('bdi :not(wbr)').length"


def risky(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Those with markup, quotes or letters that could do something; plain prose is tested as
    text without a browser."""
    marked = [t for t in texts if any(sign in t for sign in '<>`"&{') or not t.isascii()]
    return tuple(dict.fromkeys((*OURS, *marked)))


def test_no_hostile_text_runs_or_breaks_the_page(tab: OpenTab, world: WebWorld) -> None:
    texts = (*bundled(risky(corpus())), " ".join(OURS))
    fill(world, texts)
    pages = fill_pages(world, texts)
    opened = tab()
    dialogs: list[str] = []

    def shut(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    opened.page.on("dialog", shut)
    broken: list[str] = []
    paths = [f"/today?after={n}" for n in range(0, len(texts), 50)]
    paths += [f"/inbox/p{n}" for n in (0, *ALONE, len(texts) - 1)]
    paths += ["/changes", "/campaigns?board=true", "/changes/e-1/roll-back"]
    paths += [*pages, "/escalations", "/calendar", "/calendar?shape=month", "/review"]
    for path in paths:
        page = opened.open(path)
        if page.evaluate(INSIDE) or opened.sideways() or RUN.fullmatch(page.title()):
            broken.append(path)
    assert broken == []
    assert dialogs == []
    assert opened.complaints == []


def test_hostile_text_fits_a_phone(tab: OpenTab, world: WebWorld) -> None:
    fill(world, OURS)
    opened = tab(phone=True)
    wide = []
    for path in ("/today", "/inbox/p11", "/campaigns/h11", "/changes", "/inbox/p10"):
        opened.open(path)
        wide.append(opened.sideways())
    assert wide == [0] * len(wide)
