"""The words of a built mail's body change in both of its parts, and nothing but words does."""

import html
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from drumbeat.core.campaign.assets import Assets
from drumbeat.core.campaign.merge import problems
from drumbeat.core.campaign.rewording import BadWording, Wording, reword, words_of
from tests.agents.desk import building_case, built

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "untrusted" / "corpus.jsonl"
HOSTILE = (
    '</p><script>alert(1)</script><p title="',
    "<img src=x onerror=alert(1)>",
    "a > b & c \" '",
    "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd",
)


class Shape(HTMLParser):
    """The tags of a page with their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


@pytest.fixture(scope="module")
def assets() -> Assets:
    return built(building_case())


def body(assets: Assets) -> list[Wording]:
    return [one for one in words_of(assets) if one.is_body]


def test_a_body_is_cut_at_its_texts_and_the_footer_is_no_one_of_them(assets: Assets) -> None:
    parts = [(one.part, one.text) for one in body(assets)]
    assert ("paragraph 1 for readers whose first name is known", "Dear {{first_name}},") in parts
    assert (
        "paragraph 5 for warm leads",
        "Still making up your mind? Take your time. This should help.",
    ) in parts
    assert ("heading 1", "A short look at kettle care") in parts
    assert ("link text 1", "Have a look") in parts
    said = " ".join(text for _, text in parts)
    assert not any(word in said for word in ("Unsubscribe", "28199", "You get this mail", "{{#"))


def test_both_parts_say_the_new_words_and_everything_else_stays(assets: Assets) -> None:
    made = reword(assets, {one.name: f"{one.text} Anew" for one in body(assets)}).assets
    for old, new in zip(assets.sends[0].variants, made.sends[0].variants, strict=True):
        assert new.html.replace(" Anew", "") == old.html
        assert new.text.replace(" Anew", "").replace(" ANEW", "") == old.text
        assert new.html.count(" Anew") == new.text.casefold().count(" anew") == len(body(assets))
        assert Shape(new.html).tags == Shape(old.html).tags
    assert made.blocks[0].fallback == f"{assets.blocks[0].fallback} Anew"
    assert [one.text.removesuffix(" Anew") for one in body(made)] == [
        one.text for one in body(assets)
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words(assets: Assets, text: str) -> None:
    _says_as_written(assets, text)


@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpus of hostile texts is not here")
def test_the_corpus_of_hostile_texts_is_words(assets: Assets) -> None:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()[::40]
    kept = 0
    for line in lines:
        try:
            _says_as_written(assets, json.loads(line)["text"])
        except BadWording:
            continue
        kept += 1
    assert kept > len(lines) // 4


def _says_as_written(assets: Assets, text: str) -> None:
    """The page has the same tags as before, and shows the very words."""
    opening = next(one for one in body(assets) if one.text.startswith("We picked one thing"))
    made = reword(assets, {opening.name: text}).assets
    new, old = made.sends[0].variants[0], assets.sends[0].variants[0]
    assert Shape(new.html).tags == Shape(old.html).tags
    said = " ".join(text.split())
    assert html.escape(said) in new.html
    assert said in new.text
    assert (problems(new.html), problems(new.text)) == ((), ())
