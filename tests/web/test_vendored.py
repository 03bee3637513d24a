"""Vendored files: each is the one its page of origins names, and has its licence beside it."""

import re
from hashlib import sha256

import pytest

from drumbeat.web.static_folder import STATIC

OURS = {"access.css", "app.css", "app.js", "fonts.css", "passkey.js", "mark.svg", "VENDORED.md"}
TABLE = dict(
    re.findall(r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", (STATIC / "VENDORED.md").read_text(), re.M)
)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_vendored_file_is_the_one_that_was_written_down(name: str) -> None:
    assert sha256((STATIC / name).read_bytes()).hexdigest() == TABLE[name]


def test_every_file_is_ours_or_written_down() -> None:
    files = {path.name for path in STATIC.iterdir() if path.is_file()}
    assert files == OURS | set(TABLE)


def test_every_licence_is_there() -> None:
    names = {path.name for path in (STATIC / "licences").iterdir()}
    assert names == {"htmx-0BSD.txt", "inter-OFL.txt", "lucide-ISC.txt"}
