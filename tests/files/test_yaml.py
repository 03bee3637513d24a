"""YAML as people write it: 1.2 rules, positions, and nothing that could blow up."""

import os
from typing import Any

import pytest

from drumbeat.files.source import from_text, read_source, show_path
from drumbeat.files.tree import Spot
from drumbeat.files.yaml import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("on", "on", id="on is text"),
        pytest.param("NO", "NO", id="norway is text"),
        pytest.param("yes", "yes", id="yes is text"),
        pytest.param("12:30", "12:30", id="a clock time is text"),
        pytest.param("2026-11-23", "2026-11-23", id="a date is text"),
        pytest.param("1_000", "1_000", id="an underscore is text"),
        pytest.param("true", True, id="true"),
        pytest.param("False", False, id="False"),
        pytest.param("null", None, id="null"),
        pytest.param("~", None, id="tilde"),
        pytest.param("", None, id="nothing"),
        pytest.param("42", 42, id="int"),
        pytest.param("-7", -7, id="negative"),
        pytest.param("010", 10, id="a leading zero is no octal"),
        pytest.param("0o17", 15, id="octal"),
        pytest.param("0xff", 255, id="hex"),
        pytest.param("3.5", 3.5, id="float"),
        pytest.param(".5e1", 5.0, id="exponent"),
        pytest.param("+", "+", id="a sign alone"),
        pytest.param("1.2.3", "1.2.3", id="a version is text"),
        pytest.param('"42"', "42", id="quoted is text"),
        pytest.param("'true'", "true", id="quoted truth is text"),
        pytest.param("!!str 42", "42", id="tagged text"),
    ],
)
def test_scalars_follow_the_core_rules(text: str, expected: Any) -> None:
    tree, mistakes = parse(f"key: {text}\n")
    assert mistakes == ()
    assert tree.data == {"key": expected}
    assert type(tree.data["key"]) is type(expected)


def test_keys_are_the_text_they_are_written_as() -> None:
    tree, _ = parse("on: 1\n2026: 2\ntrue: 3\n")
    assert tree.data == {"on": 1, "2026": 2, "true": 3}


TEXT = """\
brand:
  name: Northbean
people:
  - {id: ana, roles: [operator, "manager"]}
  - id: jön
"""


@pytest.mark.parametrize(
    ("path", "is_key", "spot"),
    [
        pytest.param(("brand",), True, Spot(1, 1, 5), id="a key"),
        pytest.param(("brand", "name"), False, Spot(2, 9, 9), id="a value"),
        pytest.param(("brand", "name"), True, Spot(2, 3, 4), id="a nested key"),
        pytest.param(("people", 0, "roles", 1), False, Spot(4, 33, 9), id="in a flow list"),
        pytest.param(("people", 1, "id"), False, Spot(5, 9, 3), id="counted in characters"),
        pytest.param(("people", 1, "name"), False, Spot(5, 5, 1), id="what is missing, nearby"),
        pytest.param(("nowhere",), False, Spot(1, 1, 1), id="nothing near: the file"),
    ],
)
def test_everything_has_a_place(path: tuple[str | int, ...], is_key: bool, spot: Spot) -> None:
    tree, _ = parse(TEXT)
    assert tree.spot(path, is_key=is_key) == spot


def test_an_anchor_is_written_once_and_used_twice() -> None:
    tree, _ = parse("a: &x {k: [1, 2]}\nb: *x\nc: &y 3\nd: *y\n")
    assert tree.data == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}, "c": 3, "d": 3}
    assert tree.spot(("b", "k", 1)) == Spot(2, 4, 2)


def test_every_duplicate_key_is_named_with_both_places() -> None:
    source = from_text("f.yaml", "a: 1\nb: {c: 1, c: 2}\na: 2\n")
    assert [(p.line, p.column, p.message) for p in source.problems] == [
        (2, 11, "'c' is written twice; first in line 2, column 5"),
        (3, 1, "'a' is written twice; first in line 1, column 1"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        pytest.param("a: 1\n\tb: 2\n", (2, 1), "a tab — indent with spaces", id="tab"),
        pytest.param('a: "x\n', (1, 4), "this quote is never closed", id="open quote"),
        pytest.param("a: {b: c\n", (1, 4), "this { is never closed", id="open brace"),
        pytest.param("a: [b, c\n", (1, 4), "this [ is never closed", id="open bracket"),
        pytest.param("a: 1\nb 2\n", (2, 1), "expected a key and a colon here", id="no colon"),
        pytest.param("a: x: y\n", (1, 5), "a colon too many — put the text", id="two colons"),
        pytest.param("a: @x\n", (1, 4), "text cannot start with '@'", id="at sign"),
        pytest.param("- a\nb: 1\n", (2, 1), "expected a list item starting with -", id="mixed"),
        pytest.param("a: 1\n b: 2\n", (2, 3), "a colon too many", id="bad indent"),
        pytest.param("a: *x\n", (1, 4), "*x refers to nothing", id="unknown alias"),
        pytest.param("a: &x [*x]\n", (1, 8), "*x refers to nothing", id="an alias of itself"),
        pytest.param("a: !!python/object:os.system x\n", (1, 4), "the tag", id="python tag"),
        pytest.param("a: !foo b\n", (1, 4), "the tag !foo is not used", id="own tag"),
        pytest.param("a: 1\n---\nb: 2\n", (2, 1), "a second document", id="two documents"),
        pytest.param("? [a]\n: b\n", (1, 3), "a key must be a word", id="a list as key"),
        pytest.param("a: .nan\n", (1, 4), ".nan is no figure", id="not a number"),
        pytest.param("a: 1e999\n", (1, 4), "1e999 is too large", id="too large"),
        pytest.param("a: " + "9" * 5000 + "\n", (1, 4), "5000 digits", id="absurdly long"),
        pytest.param("a: \x07\n", (1, 4), "a character no text file holds", id="bell"),
        pytest.param("a: " + "[" * 500, (1, 35), "nested more than 32", id="deep"),
        pytest.param('a: "\\q"\n', (1, 5), "unknown escape", id="escape"),
        pytest.param("a: 1\nb: [c\n", (2, 4), "this [ is never closed", id="open at the end"),
    ],
)
def test_broken_text_is_refused_where_a_person_would_look(
    text: str, place: tuple[int, int], message: str
) -> None:
    problem = from_text("f.yaml", text).problems[0]
    assert (problem.line, problem.column) == place
    assert message in problem.text


def test_a_billion_laughs_are_not_laughed() -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    problem = from_text("f.yaml", "\n".join(lines)).problems[0]
    assert "holds more than 100,000 values" in problem.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "is empty — write at least version: 1", id="empty"),
        pytest.param(b"# only a comment\n", "is empty", id="only a comment"),
        pytest.param(b"a: 1\nb: \xff\n", "the byte 0xff is not UTF-8", id="not utf-8"),
        pytest.param(b"a: " + b"x" * 2_000_001, "is larger than 2 MB", id="too large"),
    ],
)
def test_a_file_that_is_no_text_of_ours_is_refused(
    content: bytes, message: str, tmp_path: Any
) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(content)
    source = read_source(file, "f.yaml")
    assert source.tree is None
    assert message in source.problems[0].text


def test_a_byte_order_mark_is_no_mistake(tmp_path: Any) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_source(file, "f.yaml").data == {"a": 1}


def test_a_folder_in_a_file_s_place_is_refused(tmp_path: Any) -> None:
    assert "is a folder" in read_source(tmp_path, "f.yaml").problems[0].text


def test_what_is_no_plain_file_is_refused_without_waiting_for_it(tmp_path: Any) -> None:
    os.mkfifo(tmp_path / "f.yaml")
    assert "is no plain file" in read_source(tmp_path / "f.yaml", "f.yaml").problems[0].text


def test_the_first_byte_that_is_no_text_is_shown_at_its_place(tmp_path: Any) -> None:
    (tmp_path / "f.yaml").write_bytes("a: ü\nb: ä".encode() + b"\xff\n")
    problem = read_source(tmp_path / "f.yaml", "f.yaml").problems[0]
    assert (problem.line, problem.column) == (2, 5)


def test_a_path_is_shown_as_people_write_it() -> None:
    assert show_path(("guardrails", 1, "metric")) == "guardrails[1].metric"
    assert show_path(()) == ""
