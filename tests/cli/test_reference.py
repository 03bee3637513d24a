"""The reference page is made from the commands' help, and is as new as they are."""

from pathlib import Path

from drumbeat.cli.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run: python -m drumbeat.cli.reference > docs/reference/cli.md"
    )


def test_every_command_and_sub_command_has_a_section() -> None:
    page = reference()
    assert "\n### drumbeat check\n" in page
    assert "\n#### drumbeat experiment register\n" in page
    assert "\n#### drumbeat import history\n" in page


def test_every_exit_code_is_explained() -> None:
    codes = [line.split("|")[1].strip() for line in reference().splitlines() if line[:2] == "| "]
    assert codes[1:] == ["0", "1", "2", "3", "4", "5", "6", "10", "130"]
