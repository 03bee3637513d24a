"""The brake is down exactly while somebody stands on it."""

import subprocess
import sys
from pathlib import Path

import pytest

from drumbeat.engine.brake import is_pressed, pressed

STANDS_ON_IT = """
import sys, time
from pathlib import Path
from drumbeat.engine.brake import pressed
with pressed(Path(sys.argv[1])):
    print("down", flush=True)
    time.sleep(60)
"""


def test_it_lets_go_at_the_end_even_when_that_is_a_mistake(tmp_path: Path) -> None:
    assert not is_pressed(tmp_path)

    def order() -> None:
        with pressed(tmp_path):
            assert is_pressed(tmp_path)
            raise ValueError("no such person")

    with pytest.raises(ValueError, match="no such person"):
        order()
    assert not is_pressed(tmp_path)


def test_two_orders_at_once_are_no_mistake(tmp_path: Path) -> None:
    with pressed(tmp_path), pressed(tmp_path):
        assert is_pressed(tmp_path)
    assert not is_pressed(tmp_path)


def test_a_file_that_was_left_behind_is_nobodys_foot(tmp_path: Path) -> None:
    place = tmp_path / ".drumbeat"
    place.mkdir()
    (place / "brake").touch()
    assert not is_pressed(tmp_path)
    with pressed(tmp_path):
        assert is_pressed(tmp_path)


def test_a_disk_that_refuses_keeps_no_order_from_being_given(tmp_path: Path) -> None:
    (tmp_path / ".drumbeat").touch()
    with pressed(tmp_path):
        assert not is_pressed(tmp_path)


def test_a_command_that_is_killed_lets_go(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STANDS_ON_IT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "down\n"
        assert is_pressed(tmp_path)
        other.kill()
    assert not is_pressed(tmp_path)
