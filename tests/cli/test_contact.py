"""contact erase: what a person types, and the command of its how-to page."""

import json
import shlex
from pathlib import Path

from drumbeat.cli.exits import Exit
from tests.cli.conftest import Drumbeat

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "privacy.md"


def test_every_command_of_the_page_runs(drumbeat: Drumbeat, workspace: Path) -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    commands = [shlex.split(one.removeprefix("$ drumbeat ")) for one in lines if one[:2] == "$ "]
    said = {
        "contact": "erased: 0 events, 0 deliveries\n",
        "guest": "No link was given to anybody.\n",
    }
    assert [command[0] for command in commands] == list(said)
    for command in commands:
        told = [str(workspace) if word == "my-brand" else word for word in command]
        ran = drumbeat(*told)
        assert (ran.code, ran.err) == (Exit.OK, said[command[0]])


def test_a_link_that_is_not_there_is_said(drumbeat: Drumbeat, workspace: Path) -> None:
    ran = drumbeat(
        "guest", "erase", "shr-0", "--reason", "asked", "--as", "dana", "-C", str(workspace)
    )
    assert ran.code == Exit.NOT_FOUND
    assert "there is no link shr-0" in ran.err


def test_a_list_that_still_holds_the_address_is_named(drumbeat: Drumbeat, workspace: Path) -> None:
    (workspace / "data" / "contacts.csv").write_text(
        "email,first_name\nben@mail.example,Ben\nErika@Mail.example,Erika\n", encoding="utf-8"
    )
    order = ("contact", "erase", "erika@mail.example", "--reason", "asked", "--as", "dana")
    ran = drumbeat(*order, "-C", str(workspace))
    assert ran.code == Exit.ERROR
    assert "still in data/contacts.csv:3: take the line out" in ran.err
    again = drumbeat(*order, "--json", "-C", str(workspace))
    assert json.loads(again.out)["still_in"] == ["data/contacts.csv:3"]


def test_who_may_not_is_told_so(drumbeat: Drumbeat, workspace: Path) -> None:
    order = ("contact", "erase", "erika@mail.example", "--reason", "asked", "--as", "ana")
    ran = drumbeat(*order, "-C", str(workspace))
    assert ran.code == Exit.REFUSED
    assert "it takes one of these roles: admin, manager" in ran.err
