"""What goes wrong in front of a person: a clear message, the right exit code, nothing half done."""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from drumbeat.app.demo import prepare
from drumbeat.core.governance.entry import Intact, verify
from drumbeat.files.scaffold import init
from drumbeat.store import history
from tests.road.command import drumbeat, running
from tests.road.record import Record, doubled, lost

NEWS = "campaigns/weekly-newsletter.yaml"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    init(tmp_path / "northbean", date(2026, 9, 7))
    return tmp_path / "northbean"


def change(file: Path, pattern: str, by: str) -> None:
    """Edit a file by a pattern that must be there."""
    text, count = re.subn(pattern, by, file.read_text(encoding="utf-8"), count=1, flags=re.M)
    assert count == 1
    file.write_text(text, encoding="utf-8")


BROKEN = [
    pytest.param(
        NEWS, r"\Z", "name: [broken\n", r"newsletter.yaml:54:7: .*never closed", id="yaml"
    ),
    pytest.param(NEWS, r"^owner: .*\n", "", r"newsletter.yaml:2:1: owner is missing", id="owner"),
    pytest.param(
        NEWS,
        "metric: click_rate",
        "metric: clik_rate",
        r"newsletter.yaml:33:14: guardrails\[1\].metric: .*did you mean 'click_rate'",
        id="metric",
    ),
    pytest.param(
        "policy/naming.yaml",
        "{type}",
        "{tpye}",
        r"naming.yaml:6:13: rules.standard: {tpye} is not in the taxonomy",
        id="naming-rule",
    ),
    pytest.param(
        NEWS, "region: eu}", "region: mars}", r"newsletter.yaml:53:34: naming.region", id="naming"
    ),
]


@pytest.mark.parametrize(("name", "pattern", "by", "message"), BROKEN)
def test_a_mistake_in_a_file_is_shown_where_it_is(
    workspace: Path, name: str, pattern: str, by: str, message: str
) -> None:
    change(workspace / name, pattern, by)
    found = drumbeat("check", workspace)
    assert found.code == 2
    assert re.search(message, found.out)
    assert "^" in found.out


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("up", "--port", "1"), id="up"),
        pytest.param(("approve", "prop-1", "--as", "jon"), id="approve"),
    ],
)
def test_nothing_runs_on_files_with_mistakes(workspace: Path, command: tuple[str, ...]) -> None:
    change(workspace / NEWS, r"^owner: .*\n", "")
    found = drumbeat(*command, "-C", workspace)
    assert found.code == 2
    assert "owner is missing" in found.err
    assert not (workspace / "drumbeat.db").exists()


def test_one_bad_row_and_nothing_of_the_export_is_imported(workspace: Path, tmp_path: Path) -> None:
    export = tmp_path / "mail.csv"
    rows = ["date,theme,sent,clicks", "2026-08-04,brewing,4100,130", "2026-08-11,origins,x,120"]
    export.write_text("\n".join([*rows, ""]), encoding="utf-8")
    found = drumbeat("import", "history", export, "--kind", "email", "-C", workspace)
    assert found.code == 2
    assert re.search(r"mail.csv:3", found.err)
    record = Record(workspace)
    assert record.entries("imported") == []
    with record.database.read() as connection:
        assert history.sources(connection) == {}
    record.close()


def test_a_server_nobody_answers_at_is_named(workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = (
        f"{{host: 127.0.0.1, port: {port}, security: none, list_id: letters.northbean.example, "
        "unsubscribe_url: 'https://northbean.example/u'}"
    )
    change(workspace / "drumbeat.yaml", r"connector: simulated\n", "connector: smtp\n")
    change(workspace / "drumbeat.yaml", r"settings: \{channel: email\}", f"settings: {settings}")
    contacts = "email,first_name,segments\nann@example.org,Ann,warm-leads\n"
    (workspace / "data" / "contacts.csv").write_text(contacts, encoding="utf-8")
    found = drumbeat("doctor", "-C", workspace)
    assert found.code == 6
    assert re.search(rf"FAILS\s+connection house-mail .*{port}", found.out)
    assert re.search(r"ok\s+connection ads-account", found.out)


def test_without_an_attribution_window_doctor_says_what_is_missing(workspace: Path) -> None:
    change(workspace / "data" / "attribution.yaml", "^default: {click_window: 7d, ", "default: {")
    found = drumbeat("doctor", "-C", workspace)
    assert found.code == 1
    assert "declares no click window for email" in found.out


def test_where_names_cannot_be_made_doctor_says_what_is_missing(workspace: Path) -> None:
    change(workspace / "policy" / "naming.yaml", r"brand: \[nb\]", "brand: [nb, north]")
    found = drumbeat("doctor", "-C", workspace)
    assert found.code == 1
    assert "needs brand, so results cannot be told apart" in found.out


def test_a_demo_goes_nowhere_near_what_is_not_its_own(workspace: Path, tmp_path: Path) -> None:
    """It plays people, and keeps a time of its own."""
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.txt").write_text("miau", encoding="utf-8")
    for folder in (workspace, other):
        before = sorted(folder.rglob("*"))
        found = drumbeat("demo", folder, "--headless", "--weeks", "1")
        assert found.code == 2
        assert "give the demo a folder of its own" in found.err
        assert sorted(folder.rglob("*")) == before
    prepare(tmp_path / "demo", 3)
    found = drumbeat("demo", tmp_path / "demo", "--headless", "--weeks", "1", "--seed", "7")
    assert found.code == 2
    assert "has seed 3" in found.err
    assert drumbeat("demo", "--json").code == 2


def test_a_second_process_is_turned_away(tmp_path: Path) -> None:
    prepare(tmp_path, 7)
    with running("demo", tmp_path, "--headless", "--weeks", "40", until="") as first:
        wait_for(tmp_path / "drumbeat.db.lock")
        second = drumbeat("demo", tmp_path, "--headless", "--weeks", "1")
        third = drumbeat("up", "-C", tmp_path)
        assert first.poll() is None
    for refused in (second, third):
        assert refused.code == 1
        assert re.search(rf"already being run by another process \(pid {first.pid}\)", refused.err)


def wait_for(file: Path) -> None:
    """Until the first process has written its number down."""
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text(encoding="ascii").strip()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_that_run_the_same_workspace_for_real_do_not_meet(workspace: Path) -> None:
    with running("up", "-C", workspace, until="Drumbeat runs at") as first:
        second = drumbeat("up", "-C", workspace)
        assert first.poll() is None
        first.terminate()
        assert first.wait(60) == 0, "told to end, it puts its work away first"
    assert second.code == 1
    assert f"pid {first.pid}" in second.err


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 8 MB, where one may be mounted; not below pytest's own folders, which it clears."""
    folder = Path(tempfile.mkdtemp(prefix="drumbeat-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def fill(disk: Path, left: int) -> Path:
    """Leave that many bytes free."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(b"0" * (shutil.disk_usage(disk).free - left))
    return filler


def test_on_a_full_disk_nothing_is_half_written(small_disk: Path) -> None:
    home = small_disk / "demo"
    prepare(home, 7)
    filler = fill(small_disk, 1_200_000)
    stopped = drumbeat("demo", home, "--headless", "--weeks", "1")
    assert stopped.code == 1
    assert "full" in stopped.err
    assert "nothing is half-written" in stopped.err.lower()
    filler.unlink()
    record = Record(home)
    before = record.entries()
    assert isinstance(verify(before), Intact)
    assert drumbeat("demo", home, "--headless", "--weeks", "1").code == 0
    assert record.entries()[: len(before)] == before
    assert (doubled(record), lost(record)) == ([], [])
    record.close()


def test_a_workspace_that_does_not_fit_is_not_begun(small_disk: Path) -> None:
    fill(small_disk, 50_000)
    for command in (("init", small_disk / "new"), ("demo", small_disk / "new", "--headless")):
        found = drumbeat(*command)
        assert found.code == 1
        assert "the disk is full" in found.err
        assert not (small_disk / "new").exists()


def test_an_import_that_does_not_fit_leaves_nothing(small_disk: Path, tmp_path: Path) -> None:
    home = small_disk / "northbean"
    init(home, date(2026, 9, 7))
    assert drumbeat("status", "-C", home).code == 0
    export = tmp_path / "ads.csv"
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 9) for day in range(1, 29)]
    rows = [f"{day},line-{n},{n},1,0,0.5" for day in days for n in range(40)]
    header = "date,line_item,impressions,clicks,conversions,spend"
    export.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    arguments = ("import", "history", export, "--kind", "ads", "--currency", "EUR", "-C", home,
                 "--campaign", "past")  # fmt: skip
    filler = fill(small_disk, 300_000)
    refused = drumbeat(*arguments)
    assert refused.code == 1
    assert "full" in refused.err
    filler.unlink()
    record = Record(home)
    assert record.entries("imported") == []
    with record.database.read() as connection:
        assert history.sources(connection) == {}
    record.close()


def test_a_file_that_may_not_grow_is_a_failure_like_any_other(workspace: Path) -> None:
    """The same where no small disk can be mounted: the system refuses to write on."""
    assert drumbeat("status", "-C", workspace).code == 0
    told = subprocess.run(
        ["bash", "-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "limited",
         *_freeze(workspace)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert re.search("I/O error|full", told.stderr)
    record = Record(workspace)
    assert record.entries() == []
    record.close()


def _freeze(workspace: Path) -> list[str]:
    words = ["freeze", "--all", "--reason", "stop", "--as", "jon", "-C", str(workspace)]
    return [sys.executable, "-m", "drumbeat.cli.main", *words]
