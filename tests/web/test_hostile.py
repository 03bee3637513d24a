"""Hostile text on every page that shows text of strangers: it stays text."""

import re
from dataclasses import replace

import pytest

from drumbeat.testing.web_content.people import NOW
from drumbeat.testing.web_content.planning import ITEMS
from drumbeat.testing.web_world import WebWorld
from drumbeat.web.format import visible
from drumbeat.web.ics import feed
from tests.web.hostile import OURS, bundled, corpus, fill, fill_pages
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
# How our templates write a tag. A sign that opens anything else comes from a stranger: text has
# its signs escaped, and so does every value between quotes.
OURS_WRITTEN = re.compile(
    r"!doctype html>|/[a-z][a-z0-9]*>|(?P<name>[a-z][a-z0-9]*)"
    r"(?P<given>(?:\s+[a-zA-Z][\w:.-]*(?:=(?:\"[^\"<>]*\"|'\{[^'<>]*\}'))?)*)\s*/?>"
)
VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
ACTS = re.compile(r"\s(?:on\w+|srcdoc)\b", re.IGNORECASE)
RUNS = re.compile(r"\shref=\"\s*(?:javascript|data):", re.IGNORECASE)
SCRIPT_OF_OURS = re.compile(r"\ssrc=\"/static/")


def strange_tags(page: str) -> list[str]:
    """What a browser would act on and none of our templates write."""
    return [f"<{piece[:80]}" for piece in page.split("<")[1:] if _is_strange(piece)]


def _is_strange(piece: str) -> bool:
    tag = OURS_WRITTEN.match(piece)
    if tag is None:
        return True
    name, given = tag["name"] or "", tag["given"] or ""
    foreign = name == "script" and not SCRIPT_OF_OURS.search(given)
    acts = ACTS.search(VALUE.sub("", given)) or RUNS.search(given)
    return name in NEVER or foreign or acts is not None


@pytest.mark.parametrize(
    "text",
    [
        *OURS[:2],
        pytest.param('<a title="x" onfocus=alert(1) title="y">', id="a value that was left"),
        pytest.param('<a title="x" onfocus="alert(1)">', id="a handler"),
        pytest.param('<a href="JavaScript:alert(1)">', id="an address that runs"),
        pytest.param('<script src="//evil.example/x.js"></script>', id="a script from elsewhere"),
        pytest.param("<STYLE>", id="a tag nobody here writes so"),
        pytest.param('<iframe srcdoc="x"></iframe>', id="a page within"),
    ],
)
def test_the_search_for_strange_tags_finds_them(text: str) -> None:
    assert strange_tags("<p>fine</p>") == []
    assert strange_tags(f"<p>{text}</p>") != []


@pytest.mark.parametrize("path", LISTS)
def test_lists_of_hostile_names_stay_text(ana: Visitor, world: WebWorld, path: str) -> None:
    texts = bundled(corpus())
    fill(world, texts)
    joiner = "&" if "?" in path else "?"
    for start in range(0, len(texts), 50):
        answer = ana.get(f"{path}{joiner}after={start}")
        assert answer.status_code == 200
        assert strange_tags(answer.text) == []


def test_captions_comments_stories_and_steps_stay_text(ana: Visitor, world: WebWorld) -> None:
    paths = fill_pages(world, bundled(corpus()))
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
        pytest.param("\u2212\u206083", "\u2212\u206083", id="a minus kept with its figure is fine"),
        pytest.param("ad\u2060min", "ad[U+2060]min", id="letters kept together are not"),
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
