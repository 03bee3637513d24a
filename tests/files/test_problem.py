"""How problems are shown: to people, to programs, to a pull request."""

import json

from drumbeat.files.problem import Gravity, Problem, render
from drumbeat.files.suggest import did_you_mean

TYPO = Problem(
    path="campaigns/weekly-newsletter.yaml",
    line=10,
    column=1,
    message="unknown key",
    where="gaurdrails",
    hint="did you mean 'guardrails'?",
    source="gaurdrails:",
    length=10,
)
WHOLE_FILE = Problem("policy/naming.yaml", 0, 0, "is missing")
WARNING = Problem("a.yaml", 2, 3, "50% off\nsoon", gravity=Gravity.WARNING, source="  x: 1")


def test_people_see_the_line_and_a_caret_under_the_mistake() -> None:
    assert render([TYPO]) == (
        "campaigns/weekly-newsletter.yaml:10:1: gaurdrails: unknown key"
        " — did you mean 'guardrails'?\n"
        "    10 | gaurdrails:\n"
        "       | ^^^^^^^^^^"
    )


def test_a_problem_of_the_whole_file_has_no_line() -> None:
    assert render([WHOLE_FILE]) == "policy/naming.yaml: is missing"


def test_a_warning_says_that_it_is_one() -> None:
    assert render([WARNING]).startswith("a.yaml:2:3: warning: 50% off")


def test_the_caret_never_runs_past_the_line() -> None:
    long = Problem("a.yaml", 1, 4, "no", source="a: [b", length=99)
    assert render([long]).splitlines()[-1] == "       |    ^^"


def test_problems_come_in_the_order_of_the_files() -> None:
    shown = render([TYPO, WARNING, WHOLE_FILE])
    assert [shown.index("a.yaml"), shown.index("campaigns"), shown.index("policy")] == sorted(
        [shown.index("a.yaml"), shown.index("campaigns"), shown.index("policy")]
    )


def test_programs_get_one_document_with_a_version() -> None:
    read = json.loads(render([TYPO, WARNING], "json"))
    assert read["format_version"] == 1
    assert [item["gravity"] for item in read["problems"]] == ["warning", "error"]
    assert read["problems"][1]["line"] == 10


def test_a_pull_request_gets_workflow_commands_with_escapes() -> None:
    assert render([WARNING, TYPO], "github").splitlines() == [
        "::warning file=a.yaml,line=2,col=3::50%25 off%0Asoon",
        "::error file=campaigns/weekly-newsletter.yaml,line=10,col=1::gaurdrails: unknown key"
        " — did you mean 'guardrails'?",
    ]


def test_nothing_wrong_shows_nothing() -> None:
    assert render([]) == ""


def test_a_close_word_is_suggested_a_short_list_is_shown_a_long_one_is_not() -> None:
    assert did_you_mean("opne_rate", ["open_rate", "click_rate"]) == "did you mean 'open_rate'?"
    assert did_you_mean("zzz", ["b", "a"]) == "known: a, b"
    assert did_you_mean("zzz", [f"name{n:03}" for n in range(40)]) == ""
    assert did_you_mean("zzz", []) == ""


def test_of_a_long_line_what_stands_around_the_mistake_is_shown() -> None:
    source = f"{'x' * 5000}wrong{'y' * 5000}"
    shown = render([Problem("a.yaml", 1, 5001, "is wrong", source=source, length=5)]).splitlines()
    assert len(shown[1]) < 300
    start = shown[2].index("^")
    assert shown[1][start : start + 5] == "wrong"
