"""Exits: what the shell learns, also when a pipe breaks, a disk is full or somebody interrupts."""

import errno
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from drumbeat.cli.exits import Exit, Failure, FileInvalid, run
from tests.cli.conftest import Drumbeat, Sheet, process

FULL = Path("/dev/full")
REFUSED = """
import os, sys, click
from drumbeat.cli.exits import run

@click.command()
def fails():
    raise OSError({number}, os.strerror({number}), "data.db")

sys.argv = ["drumbeat"]
sys.exit(run(fails))
"""


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        pytest.param(
            Failure("no such thing", Exit.NOT_FOUND), 3, "drumbeat: no such", id="failure"
        ),
        pytest.param(FileInvalid("a.csv:3: bad"), 2, "a.csv:3: bad\n", id="file"),
        pytest.param(KeyboardInterrupt(), 130, "drumbeat: interrupted", id="interrupt"),
        pytest.param(click.Abort(), 130, "drumbeat: interrupted", id="abort"),
        pytest.param(EOFError(), 130, "drumbeat: interrupted", id="end of input"),
        pytest.param(click.UsageError("what?"), 2, "Error: what?", id="usage"),
    ],
)
def test_every_ending_has_its_code(
    raised: BaseException,
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @click.command()
    def fails() -> None:
        raise raised

    monkeypatch.setattr(sys, "argv", ["drumbeat"])
    assert run(fails) == code
    assert said in capsys.readouterr().err


def test_what_is_unexpected_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def fails() -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(sys, "argv", ["drumbeat"])
    with pytest.raises(RuntimeError, match="a bug"):
        run(fails)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(errno.ENOSPC, "the disk is full: data.db; free some space", id="full disk"),
        pytest.param(errno.EACCES, "Permission denied: data.db", id="unreadable"),
    ],
)
def test_a_file_system_that_refuses_is_told_in_one_line(number: int, said: str) -> None:
    program = REFUSED.format(number=number)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"drumbeat: {said}")
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_leaves_early_is_no_error(sheet: Sheet) -> None:
    rows = (f"2026-01-01 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},{n % 7}" for n in range(9000))
    file = sheet("timestamp,value", *rows)
    with process("detect", file, "--threshold", "0.0001") as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.readline()
        command.stdout.close()
        said = command.stderr.read()
    assert command.returncode == 0
    assert "Traceback" not in said
    assert "Exception ignored" not in said


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_the_output_is_told() -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "drumbeat.cli.main", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("drumbeat: the disk is full")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&- <&-"])
def test_a_stream_the_shell_closed_leads_nowhere(closed: str) -> None:
    command = f"{sys.executable} -m drumbeat.cli.main --version {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""


def test_an_option_before_its_command_is_explained(drumbeat: Drumbeat) -> None:
    found = drumbeat("-C", "shop", "status")
    assert found.code == 2
    assert "Options of a command stand after it" in found.err


def test_ctrl_c_ends_with_130(tmp_path: Path) -> None:
    with process("demo", tmp_path / "demo", "--headless", "--weeks", "500") as command:
        waited = 0.0
        while not (tmp_path / "demo" / "drumbeat.db").exists() and waited < 60:
            time.sleep(0.05)
            waited += 0.05
        command.send_signal(signal.SIGINT)
        _, said = command.communicate(timeout=60)
    assert command.returncode == 130
    assert "drumbeat: interrupted" in said
    assert "Traceback" not in said


def test_an_unknown_command_gets_a_suggestion(drumbeat: Drumbeat) -> None:
    found = drumbeat("stauts")
    assert found.code == 2
    assert "No such command 'stauts'. Did you mean 'status'?" in found.err


def test_an_unknown_sub_command_gets_a_suggestion(drumbeat: Drumbeat) -> None:
    assert "Did you mean 'analyze'?" in drumbeat("experiment", "analyse").err


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_data_and_succeeds(drumbeat: Drumbeat, flag: str) -> None:
    found = drumbeat(flag)
    assert (found.code, found.err) == (0, "")
    assert "attention   What needs a person" in found.out


def test_every_command_of_the_table_can_be_called(drumbeat: Drumbeat) -> None:
    from drumbeat.cli.main import COMMANDS

    ended = {name: drumbeat(name, "--help").code for name in COMMANDS}
    assert ended == dict.fromkeys(COMMANDS, 0)
