"""A mangled workspace is told about, never crashed on."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drumbeat.files.check import check
from drumbeat.files.folder import Folder
from drumbeat.files.kinds import KINDS, kind_of
from drumbeat.files.problem import Problem, render
from drumbeat.files.source import from_text

# What people, merges and editors do to files: drop, repeat, swap, cut, and type odd things.
_ODD = (
    "", ":", "- ", "[", "]", "{", "}", "\t", '"', "'", "&x ", "*x", "!", "|\n", "null", "~", "-1",
    "1e9", "true", "99999999999999999999", "2026-13-45", "a: b", "#", "\u0000", "\u202e", "é", "[]",
    "{}", "EUR", "%", "? ", "---\n", "<<: ", "\r", "\ufeff", "0x", ".", "\\",
)  # fmt: skip


@pytest.fixture(scope="module")
def mangled(scaffold: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of which one file at a time is broken, and mended again."""
    folder = tmp_path_factory.mktemp("mangled") / "northbean"
    shutil.copytree(scaffold, folder)
    return folder


@st.composite
def manglings(draw: st.DrawFn, text: str) -> str:
    """One text with one to four things done to it."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 60)))
        odd = draw(st.sampled_from(_ODD))
        text = (
            text[:start] + draw(st.sampled_from([odd, text[start:end] * 2, odd * 3])) + text[end:]
        )
    return text


def yaml_files(folder: Path) -> list[str]:
    return sorted(name for name in Folder(folder).files if kind_of(name))


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_mangled_file_makes_a_check_raise(
    scaffold: Path, mangled: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(yaml_files(scaffold)))
    text = (scaffold / name).read_text(encoding="utf-8")
    (mangled / name).write_text(data.draw(manglings(text)), encoding="utf-8")
    result = check(mangled)
    (mangled / name).write_text(text, encoding="utf-8")
    shown = render(result.problems)
    assert shown or result.is_ok
    assert all(problem.message for problem in result.problems)
    assert render(result.problems, "json")
    assert render(result.problems, "github").count("\n") <= max(0, len(result.problems) - 1)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False)
    | st.sampled_from(_ODD),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "version", "metric", "a", "is"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_value_of_the_wrong_shape_makes_a_check_raise(
    scaffold: Path, mangled: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(yaml_files(scaffold)))
    whole = Folder(scaffold).source(name).data
    key = data.draw(st.sampled_from(sorted(whole)))
    # JSON is YAML, so a value of any shape can be put in any place.
    written = json.dumps(whole | {key: data.draw(JUNK)}, ensure_ascii=False)
    (mangled / name).write_text(written, encoding="utf-8")
    problems: tuple[Problem, ...] = check(mangled).problems
    shutil.copy(scaffold / name, mangled / name)
    assert all(problem.path for problem in problems)
    assert "Traceback" not in render(problems)


@given(st.text("ab:-[]{}\"'&*!|> \n\t#?,0.e~%é\u2028", max_size=60))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    source = from_text("f.yaml", text)
    assert source.tree is not None or source.problems
    for problem in source.problems:
        assert problem.line <= len(text.splitlines()) + 1
        render([problem])


def test_every_kind_of_file_is_mangled(scaffold: Path) -> None:
    assert {kind_of(name) for name in yaml_files(scaffold)} == set(KINDS)
