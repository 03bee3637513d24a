"""Lengths as the networks count them; X's over its own conformance cases."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from drumbeat.core.compliance.count.grapheme import graphemes, is_emoji
from drumbeat.core.compliance.count.platform import PLATFORMS, count, most
from drumbeat.core.compliance.count.top_level_domain import is_top_level
from drumbeat.core.compliance.count.weighted import V2, V3, Weighing, weighted_length

CASES = Path(__file__).parents[4] / "shared" / "data" / "twitter-text" / "validate.yml"
WEIGHED = {
    "WeightedTweetsCounterTest": V2,
    "WeightedTweetsWithDiscountedEmojiCounterTest": V3,
    "UnicodeDirectionalMarkerCounterTest": V3,
}


def conformance() -> list[Any]:
    if not CASES.exists():
        reason = "the conformance cases for weighted length are not beside this checkout"
        return [pytest.param("", 0, V3, marks=pytest.mark.skip(reason=reason))]
    tests = yaml.safe_load(CASES.read_text("utf-8"))["tests"]
    return [
        pytest.param(
            case["text"],
            case["expected"]["weightedLength"],
            weighing,
            id=f"{group[:14]} {case['description']}",
        )
        for group, weighing in WEIGHED.items()
        for case in tests[group]
    ]


@pytest.mark.parametrize(("text", "expected", "weighing"), conformance())
def test_a_post_weighs_what_x_says_it_weighs(text: str, expected: int, weighing: Weighing) -> None:
    assert weighted_length(text, weighing) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("tea", 3, id="letters"),
        pytest.param("茶", 2, id="a wide character"),
        pytest.param("©®™", 4, id="marks are letters, one of them outside Latin"),
        pytest.param("see https://a.com", 27, id="an address"),
        pytest.param("see https://a.com.", 28, id="an address at the end of a sentence"),
        pytest.param("see (https://a.com/b)", 29, id="an address in brackets"),
        pytest.param("a@b.com", 7, id="no address in a mail address"),
        pytest.param("1.5 or 2.75", 11, id="figures are no hosts"),
        pytest.param("northbean.example", 17, id="no such top-level domain"),
        pytest.param("see tea.com", 27, id="a host without a protocol"),
        pytest.param("end.Then", 8, id="a missing space makes no host"),
        pytest.param("https://xn--p1ai.xn--p1ai/", 23, id="punycode"),
        pytest.param("https://пример.рф", 23, id="letters of another script"),
    ],
)
def test_a_post_is_weighed(text: str, expected: int) -> None:
    assert weighted_length(text) == expected


@pytest.mark.parametrize(
    ("text", "clusters"),
    [("e\u0301", 1), ("🇩🇪🇫🇷", 2), ("👨\u200d👩\u200d👧", 1), ("नमस्ते", 3), ("각", 1), ("a\r\nb", 3)],
)
def test_graphemes_are_what_people_count(text: str, clusters: int) -> None:
    assert len(graphemes(text)) == clusters


@pytest.mark.parametrize(
    ("cluster", "drawn"),
    [
        ("🍵", True),
        ("1\ufe0f\u20e3", True),
        ("🇩🇪", True),
        ("☺", True),
        ("1", False),
        ("©", False),
        ("a", False),
    ],
)
def test_an_emoji_is_told_from_a_letter(cluster: str, drawn: bool) -> None:
    assert is_emoji(cluster) is drawn


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("bluesky", "👨\u200d👩\u200d👧", 1),
        ("linkedin", "🍵", 2),
        ("instagram", "ä", 1),
        ("mastodon", "see https://a.com/" + "b" * 90, 27),
        ("mastodon", "see a.com", 9),
        ("threads", "see https://a.com", 17),
        ("x", "see https://a.com", 27),
    ],
)
def test_each_network_counts_in_its_own_unit(name: str, text: str, expected: int) -> None:
    assert count(PLATFORMS[name], text) == expected


def test_an_indic_script_keeps_a_margin_where_graphemes_count() -> None:
    assert most(PLATFORMS["bluesky"], "नमस्ते") == 294
    assert most(PLATFORMS["bluesky"], "hello") == 300
    assert most(PLATFORMS["mastodon"], "नमस्ते") == 500


def test_every_network_says_where_its_limit_comes_from() -> None:
    assert all(one.source and one.checked.year >= 2026 for one in PLATFORMS.values())


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("com", True),
        ("COM", True),
        ("рф", True),
        ("xn--p1ai", True),
        ("example", False),
        ("5", False),
    ],
)
def test_top_level_domains_are_those_of_the_root_zone(label: str, known: bool) -> None:
    assert is_top_level(label) is known
