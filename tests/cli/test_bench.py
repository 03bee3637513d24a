"""`drumbeat bench` runs a person's scenario, and names what is wrong with one."""

from pathlib import Path

from tests.cli.conftest import Drumbeat

TINY = "name: tiny\nabout: a week in which nothing happens\nweeks: 1\n"


def test_a_scenario_of_ones_own_is_reported_as_json(drumbeat: Drumbeat, tmp_path: Path) -> None:
    file = tmp_path / "tiny.yaml"
    file.write_text(TINY, encoding="utf-8")
    told = drumbeat("bench", "--scenario", file, "--json", "--jobs", 1)
    assert told.code == 0
    assert [one["policy"] for one in told.json["standings"]] == [
        "agent",
        "do nothing",
        "rules",
        "oracle",
    ]
    assert drumbeat("bench", "--scenario", file, "--json", "--jobs", 2).out == told.out


def test_a_bad_scenario_is_named_with_its_place(drumbeat: Drumbeat, tmp_path: Path) -> None:
    file = tmp_path / "tiny.yaml"
    file.write_text(f"{TINY}protects: []\n", encoding="utf-8")
    told = drumbeat("bench", "--scenario", file)
    assert told.code == 2
    assert "tiny.yaml:4:1: protects: unknown key" in told.err
    market = tmp_path / "odd.yaml"
    market.write_text(f"{TINY}market: {{gross_margin: 7}}\n", encoding="utf-8")
    told = drumbeat("bench", "--scenario", market)
    assert (told.code, "gross_margin" in told.err) == (2, True)


def test_the_schema_of_a_scenario_is_printed(drumbeat: Drumbeat) -> None:
    told = drumbeat("schema", "scenario")
    assert told.code == 0
    assert {"market", "expect", "protect", "people"} <= told.json["properties"].keys()
