"""Hostile text on every page that shows text of strangers: it stays text."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from drumbeat.testing.web_content.people import NOW
from drumbeat.testing.web_content.planning import ITEMS
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.format import visible
from drumbeat.web.ics import feed
from tests.web.hostile import OURS, corpus, fill, fill_pages
from tests.web.visitor import Visitor

LISTS = (
    "/today",
    "/inbox",
    "/campaigns",
    "/campaigns?board=true",
    "/changes",
    "/escalations",
    "/calendar?shape=list",
)
ONES = (
    "/inbox/p{}",
    "/campaigns/h{}",
    "/changes/e-{}",
    "/changes/e-{}/roll-back",
    "/freeze?scope=h{}",
    "/escalations/t{}",
)
NEVER = {"style", "object", "embed", "base", "applet", "marquee"}


class Tags(HTMLParser):
    """Collects what a browser would act on and none of our templates write."""

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        handlers = [name for name in given if name.startswith("on") or name == "srcdoc"]
        scheme = given.get("href", "").strip().lower().startswith(("javascript:", "data:"))
        foreign = tag == "script" and not given.get("src", "").startswith("/static/")
        if tag in NEVER or handlers or scheme or foreign:
            self.strange.append(self.get_starttag_text() or tag)


def strange_tags(page: str) -> list[str]:
    tags = Tags()
    tags.feed(page)
    return tags.strange


def test_the_search_for_strange_tags_finds_them() -> None:
    for text in OURS[:2]:
        assert strange_tags(f"<p>{text}</p>") != []


@pytest.mark.parametrize("path", LISTS)
def test_lists_of_hostile_names_stay_text(ana: Visitor, world: WebWorld, path: str) -> None:
    texts = corpus()
    fill(world, texts)
    joiner = "&" if "?" in path else "?"
    for start in range(0, len(texts), 50):
        answer = ana.get(f"{path}{joiner}after={start}")
        assert answer.status_code == 200
        assert strange_tags(answer.text) == []


def test_captions_comments_stories_and_steps_stay_text(ana: Visitor, world: WebWorld) -> None:
    paths = fill_pages(world, corpus())
    for path in (*paths, "/review", "/calendar?shape=month"):
        answer = ana.get(path)
        assert answer.status_code == 200, path
        assert strange_tags(answer.text) == [], path


@pytest.mark.parametrize("path", ONES)
@pytest.mark.parametrize("number", range(len(OURS)))
def test_one_page_about_a_hostile_thing_stays_text(
    ana: Visitor, world: WebWorld, path: str, number: int
) -> None:
    fill(world, OURS)
    answer = ana.get(path.format(number))
    assert answer.status_code == 200
    assert strange_tags(answer.text) == []


@pytest.mark.parametrize("text", OURS)
def test_a_hostile_reason_comes_back_as_typed_and_as_text(
    ana: Visitor, world: WebWorld, text: str
) -> None:
    refused = ana.post("/inbox/prop-raise-retargeting/approve", fingerprint="old", reason=text)
    assert refused.status_code == 409
    assert strange_tags(refused.text) == []


@pytest.mark.parametrize("text", OURS)
def test_a_hostile_comment_is_kept_and_shown_as_text(
    ana: Visitor, world: WebWorld, text: str
) -> None:
    said = ana.post("/assets/post-v60/comments", version="v2", text=text)
    assert said.status_code in (303, 409)
    version = world.assets["post-v60"].version
    assert ana.post("/assets/post-v60/comments", version=version, text=text).status_code == 303
    assert world.assets["post-v60"].comments.items[0].text == text
    assert strange_tags(ana.get("/assets/post-v60").text) == []
    refused = ana.post("/assets/post-v60/comments", version="v0", text=text)
    assert refused.status_code == 409
    assert strange_tags(refused.text) == []


@pytest.mark.parametrize("text", [*OURS, "../../etc/passwd", "a" * 5000, "%00", "☃"])
def test_hostile_searches_are_answered(ana: Visitor, text: str) -> None:
    answer = ana.send("GET", "/search", params={"q": text})
    assert answer.status_code in (200, 422)
    assert strange_tags(answer.text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("pay\u202egnp.exe", "pay[U+202E]gnp.exe", id="reordered"),
        pytest.param("ad\u200bmin", "ad[U+200B]min", id="zero width"),
        pytest.param("x\U000e0041", "x[U+E0041]", id="tag character"),
        pytest.param("👩\u200d🌾", "👩\u200d🌾", id="a joiner inside an emoji is left alone"),
        pytest.param("a\u200db", "a[U+200D]b", id="a joiner between letters is not"),
        pytest.param("Inês\nSá", "Inês\nSá", id="ordinary text"),
    ],
)
def test_hidden_characters_are_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_calendar_feed_cannot_be_made_to_say_other_lines(ana: Visitor) -> None:
    evil = replace(ITEMS[0], title="x\r\nEND:VEVENT\r\nATTACH:http://evil.example; a,b\\")
    lines = feed((evil,), "W", NOW).replace("\r\n ", "").split("\r\n")
    assert [line for line in lines if line.startswith("ATTACH")] == []
    assert lines.count("END:VEVENT") == 1
