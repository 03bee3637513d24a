"""Over a corpus of injections, look-alikes and naughty strings: no disguise survives, no
look-alike is taken for anything worse than it is, and nothing raises."""

import json
from pathlib import Path
from typing import Any

import pytest

from drumbeat.core.untrusted.invisible import has_invisible
from drumbeat.core.untrusted.label import Label, label
from drumbeat.core.untrusted.leak import leaks
from drumbeat.core.untrusted.tainted import Tainted

CORPUS = Path(__file__).parents[4] / "shared" / "data" / "untrusted" / "corpus.jsonl"
pytestmark = pytest.mark.skipif(
    not CORPUS.exists(), reason="the corpus of untrusted texts is not beside this checkout"
)
_HIDDEN = {"html_hidden", "comment_html", "tags"}


def rows(kind: str = "") -> list[dict[str, Any]]:
    every = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    return [row for row in every if kind in ("", row["kind"])]


def tainted(row: dict[str, Any]) -> Tainted:
    return Tainted(row["text"], row["id"])


def test_the_corpus_has_all_three_kinds() -> None:
    assert {row["kind"] for row in rows()} == {"injection", "benign", "naughty"}


def test_no_invisible_character_reaches_a_model() -> None:
    assert [r["id"] for r in rows() if has_invisible(tainted(r).plain)] == []


def test_the_original_is_kept_for_evidence() -> None:
    assert all(tainted(row).original == row["text"] for row in rows())


def test_what_was_hidden_from_people_is_hidden_from_models() -> None:
    hidden = [row for row in rows("injection") if row["template"] in _HIDDEN]
    assert len(hidden) == 60
    assert [row["id"] for row in hidden if row["goal"] in tainted(row).plain] == []


def test_an_injection_can_become_nothing_but_a_label() -> None:
    labels = {label(tainted(row)) for row in rows()}
    assert labels <= {*Label, None}


def test_no_live_link_is_shown() -> None:
    assert [row["id"] for row in rows() if "http://" in tainted(row).inert()] == []
    assert [row["id"] for row in rows() if "https://" in tainted(row).inert()] == []


def test_no_markup_is_shown() -> None:
    assert [row["id"] for row in rows() if "<" in tainted(row).inert_html()] == []


def test_benign_look_alikes_may_go_out() -> None:
    assert [row["id"] for row in rows("benign") if leaks(row["text"])] == []


def test_benign_look_alikes_raise_no_alarm() -> None:
    alarming = {Label.CRISIS, Label.LEGAL, Label.SPAM}
    found = [row["text"] for row in rows("benign") if label(tainted(row)) in alarming]
    assert found == []


def test_benign_words_stay_readable() -> None:
    ours = [row for row in rows("benign") if row["source"] == "ours-marketing"]
    assert [row["text"] for row in ours if tainted(row).plain != row["text"]] == []
