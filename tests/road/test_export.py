"""An exported ledger, checked by an outsider: the stand-alone script and nothing else."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drumbeat.app.anchor import stand_alone_verifier
from tests.road.record import Record

Lines = list[dict[str, Any]]
Exported = tuple[Path, Lines]


@pytest.fixture(scope="module")
def exported(finished: Record, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The export as the command writes it, with the script it puts beside."""
    folder = tmp_path_factory.mktemp("export")
    command = [sys.executable, "-m", "drumbeat.cli.main", "ledger", "export"]
    subprocess.run(
        [*command, str(folder / "ledger.jsonl"), "-C", str(finished.folder)],
        check=True,
        capture_output=True,
        timeout=100,
    )
    text = (folder / "ledger.jsonl").read_text(encoding="utf-8")
    return folder, [json.loads(line) for line in text.splitlines()]


def check(folder: Path, lines: Lines, anchor: str = "") -> tuple[int, str]:
    """What the script says, run without site packages and without our environment."""
    file = folder / "given.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in lines), encoding="utf-8")
    return run_script(folder, file, anchor)


def run_script(folder: Path, file: Path, anchor: str = "") -> tuple[int, str]:
    script = folder / "verify_ledger.py"
    arguments = [sys.executable, "-S", "-I", str(script), str(file), *([anchor] if anchor else [])]
    ran = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in ran.stderr
    return ran.returncode, ran.stdout.strip()


def hash_of(entry: dict[str, Any]) -> str:
    """The rule of the format, written once more: SHA-256 of the sorted JSON of the rest."""
    rest = {name: value for name, value in entry.items() if name != "hash"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def relinked(lines: Lines) -> Lines:
    """The chain made anew by somebody who knows how it is made."""
    made: Lines = []
    for number, line in enumerate(lines, 1):
        fresh = {**line, "seq": number, "prev": made[-1]["hash"] if made else "0" * 64}
        made.append({**fresh, "hash": hash_of(fresh)})
    return made


def head(lines: Lines) -> str:
    return f"{lines[-1]['seq']}:{lines[-1]['hash']}"


def test_the_export_is_every_entry(exported: Exported, finished: Record) -> None:
    assert exported[1] == [entry.model_dump(mode="json") for entry in finished.entries()]


def test_an_untouched_export_is_intact(exported: Exported) -> None:
    folder, lines = exported
    assert check(folder, lines) == (0, "intact")
    assert check(folder, lines, head(lines)) == (0, "intact")


def test_the_script_needs_nothing_but_the_standard_library() -> None:
    text = stand_alone_verifier()
    assert len(text.splitlines()) <= 150
    assert "drumbeat" not in [
        line.split()[1] for line in text.splitlines() if line.startswith(("import", "from"))
    ]


def _modified(lines: Lines, at: int) -> Lines:
    changed = {**lines[at], "body": {**lines[at]["body"], "why": "somebody else said so"}}
    return [*lines[:at], changed, *lines[at + 1 :]]


def _deleted(lines: Lines, at: int) -> Lines:
    return lines[:at] + lines[at + 1 :]


def _reordered(lines: Lines, at: int) -> Lines:
    return [*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]]


def _inserted(lines: Lines, at: int) -> Lines:
    extra = {**lines[at], "prev": lines[at - 1]["hash"]}
    return [*lines[:at], {**extra, "hash": hash_of(extra)}, *lines[at:]]


@pytest.mark.parametrize("tamper", [_modified, _deleted, _reordered, _inserted])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.95])
def test_what_was_tampered_with_is_named(
    exported: Exported, tamper: Callable[[Lines, int], Lines], share: float
) -> None:
    folder, lines = exported
    at = max(1, int(len(lines) * share))
    code, said = check(folder, tamper(lines, at))
    assert code == 1
    assert said.startswith("broken at entry ")
    assert abs(int(said.split()[3].rstrip(":")) - (at + 1)) <= 1


def _truncated(lines: Lines) -> Lines:
    return lines[:-3]


def _rewritten(lines: Lines) -> Lines:
    return relinked(_modified(lines, len(lines) // 2))


@pytest.mark.parametrize("tamper", [_truncated, _rewritten])
def test_only_a_head_noted_elsewhere_shows_a_cut_tail_or_a_rewritten_chain(
    exported: Exported, tamper: Callable[[Lines], Lines]
) -> None:
    folder, lines = exported
    assert check(folder, tamper(lines)) == (0, "intact")
    code, said = check(folder, tamper(lines), head(lines))
    assert code == 1
    assert said.startswith("broken")


def test_a_file_cut_off_in_the_middle_of_a_line_is_broken_not_a_crash(exported: Exported) -> None:
    folder, lines = exported
    whole = "".join(f"{json.dumps(one)}\n" for one in lines)
    cut = folder / "cut.jsonl"
    cut.write_text(whole[:-40], encoding="utf-8")
    code, said = run_script(folder, cut)
    assert code == 1
    assert said.startswith(f"broken at entry {len(lines)}")
