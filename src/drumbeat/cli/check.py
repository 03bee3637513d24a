"""`drumbeat check`: every mistake of a workspace with its place, and each campaign's checklist."""

from dataclasses import replace
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from drumbeat.cli.exits import Exit, Failure
from drumbeat.cli.output import say

if TYPE_CHECKING:
    from drumbeat.files.problem import Problem


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How mistakes are printed.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def check_command(path: Path, form: Literal["text", "json", "github"], as_json: bool) -> int:
    """Validate a workspace, or one file of it. Exit code 2 when something is wrong."""
    from drumbeat.files.check import check
    from drumbeat.files.problem import render

    form = "json" if as_json else form
    if not path.exists():
        raise Failure(f"{path}: there is no such file or folder", Exit.NOT_FOUND)
    result = check(path)
    shown = render((_from_here(one, result.root) for one in result.problems), form)
    if shown:
        click.echo(shown)
    if form == "text":
        for checklist in result.checklists:
            if not checklist.is_complete or not result.problems:
                click.echo(str(checklist))
    say(_verdict(len(result.errors), len(result.problems) - len(result.errors), result.is_ok))
    return Exit.OK if result.is_ok else Exit.INVALID


def _from_here(problem: "Problem", root: Path | None) -> "Problem":
    """With a path that leads there from where the person stands, as editors follow it."""
    if root is None:
        return problem
    path = relpath(root / problem.path)
    return replace(problem, path=str(root / problem.path) if path.startswith("..") else path)


def _verdict(errors: int, warnings: int, is_ok: bool) -> str:
    if not is_ok:
        return f"{errors} mistake{'s' * (errors != 1)}; nothing runs until they are mended"
    return f"all good, {warnings} warning{'s' * (warnings != 1)}" if warnings else "all good"
