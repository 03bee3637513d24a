"""Conventions of the source: small files, money as money, no foreign places."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from drumbeat.agents.roster import ROLES
from drumbeat.core.governance.action_kinds import KINDS
from drumbeat.core.governance.checks.load import load
from drumbeat.core.governance.matrix import Row
from drumbeat.files.load import load as load_workspace
from tests.architecture.source import PACKAGE, REPOSITORY, modules, tracked

TEMPLATE = PACKAGE / "files" / "template"
LONGEST = 400
# Places and machines this project must know nothing of. Written apart, so as not to match itself.
FOREIGN = ("/wo" "rk/", "/tm" "p/", "/ro" "ot/", "/ho" "me/", "py" "pi.org", "python" "hosted.org",
           "npm" "js.org", "npm" "js.com", "regis" "try.npm")  # fmt: skip
MONEY = re.compile(r"(^|_)(amount|budget|spend|cost|price|revenue|cap|bid|money)(_minor)?$")

# Sums of measured readings, which are floats; they become Money where they are shown.
MEASURED = {"core/campaign/dossier.py: spend_minor", "core/campaign/dossier.py: revenue_minor"}


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {
        name: len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) for name in modules()
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [name for name, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_package_files_stay_empty() -> None:
    full = [name for name, tree in modules().items() if name.endswith("__init__.py") and tree.body]
    assert full == []


def test_money_is_money() -> None:
    """A field named after money is never a bare float: Money, or whole minor units."""
    rooms = ("core/", "gate/", "store/", "cycle/", "agents/", "app/", "connectors/contract")
    loose = {
        f"{name}: {field}"
        for name, tree in modules().items()
        if name.startswith(rooms)
        for field in _float_money(tree)
    }
    assert loose - MEASURED == set()


def _float_money(tree: ast.Module) -> Iterator[str]:
    records = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for node in (field for record in records for field in record.body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            is_float = ast.unparse(node.annotation).split(" ")[0] == "float"
            if is_float and MONEY.search(node.target.id):
                yield node.target.id


def test_every_check_file_has_its_check() -> None:
    folder = PACKAGE / "core" / "governance" / "checks"
    files = sorted(folder.glob("c[0-9][0-9]_*.py"))
    loaded = load()
    assert len(loaded) == len(files) >= 12
    assert [check.__module__.rpartition(".")[2] for check in loaded] == [f.stem for f in files]
    assert loaded[0].__module__.endswith("c00_stale")


@cache
def _rows() -> dict[str, Row]:
    """The rows of the shipped matrix."""
    matrix = load_workspace(TEMPLATE).actions
    rows = {kind: matrix.row(kind) for kind in KINDS}
    return {kind: row for kind, row in rows.items() if isinstance(row, Row)}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_an_agent_proposes_only_what_the_matrix_lets_it(role: object) -> None:
    (declared,) = [one for one in ROLES if one is role]
    granted = {kind for kind, row in _rows().items() if declared.name in row.agents}
    assert granted <= declared.proposes
    assert declared.proposes <= KINDS.keys()


def test_the_matrix_names_no_agent_that_does_not_exist() -> None:
    files = load_workspace(TEMPLATE)
    named = {agent for row in _rows().values() for agent in row.agents}
    assert named <= {role.name for role in ROLES}
    assert set(files.workspace.data_permissions) <= {role.name for role in ROLES}


def test_every_agent_has_a_file_of_its_own() -> None:
    assert [(PACKAGE / "agents" / f"{role.name}.py").is_file() for role in ROLES] == [True] * 8


def test_no_file_keeps_both_sides_of_a_merge() -> None:
    marks = re.compile(r"^(<{7}|>{7})( |$)", re.MULTILINE)
    found = (file for file in tracked() if marks.search(_text(file)))
    assert [str(file.relative_to(REPOSITORY)) for file in found] == []


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        pytest.param(REPOSITORY / "docs" / "decisions", "[0-9]*.md", id="decision records"),
        pytest.param(PACKAGE / "core" / "governance" / "checks", "c[0-9]*.py", id="checks"),
    ],
)
def test_no_two_share_a_number(folder: Path, pattern: str) -> None:
    numbers = Counter(re.split(r"[-_]", file.name)[0] for file in folder.glob(pattern))
    assert numbers
    assert [number for number, count in numbers.items() if count > 1] == []


@pytest.mark.parametrize("word", FOREIGN)
def test_no_file_names_a_machine_or_a_registry(word: str) -> None:
    vendored = REPOSITORY / "src" / "drumbeat" / "web" / "static"
    texts = (file for file in tracked() if not file.is_relative_to(vendored))
    assert [str(file.relative_to(REPOSITORY)) for file in texts if word in _text(file)] == []


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", errors="replace")
