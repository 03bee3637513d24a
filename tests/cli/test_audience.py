"""`drumbeat import audience` counts an export of recipients; what it prints can be pasted."""

from pathlib import Path

import pytest

from drumbeat.files.check import check_folder
from tests.cli.conftest import Drumbeat

RECIPIENTS = """channel,visit,conversion
Web,1,1
Web,0,0
Phone,0,0
Web,1,0
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "recipients.csv"
    file.write_text(RECIPIENTS, encoding="utf-8")
    return file


def test_each_value_is_a_segment_with_its_size(drumbeat: Drumbeat, export: Path) -> None:
    told = drumbeat("import", "audience", export, "--by", "channel", "--json")
    assert told.code == 0
    sizes = {one["id"]: one["size"] for one in told.json["segments"]}
    assert sizes == {"channel-web": 3, "channel-phone": 1}
    assert told.json["segments"][0]["rule"] == [{"field": "channel", "is": "Web"}]


def test_what_is_printed_can_be_pasted(drumbeat: Drumbeat, export: Path, workspace: Path) -> None:
    told = drumbeat("import", "audience", export, "--by", "channel", "--stage", "customer")
    file = workspace / "data" / "segments.yaml"
    file.write_text(file.read_text(encoding="utf-8") + told.out, encoding="utf-8")
    assert check_folder(workspace).errors == ()


def test_a_column_that_is_none_is_told(drumbeat: Drumbeat, export: Path) -> None:
    told = drumbeat("import", "audience", export, "--by", "chanel")
    assert (told.code, "did you mean 'channel'?" in told.err) == (2, True), told.err
    renamed = ("--map", "channel=dim:way", "--by", "channel")
    told = drumbeat("import", "audience", export, *renamed)
    assert (told.code, "--by channel: no such label" in told.err) == (2, True), told.err


def test_a_number_is_nothing_to_address_people_by(drumbeat: Drumbeat, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    rows = "".join(f"{number},1\n" for number in range(50))
    file.write_text(f"history,visit\n{rows}", encoding="utf-8")
    told = drumbeat("import", "audience", file, "--by", "history")
    assert (told.code, "50 values are too many" in told.err) == (2, True), told.err
