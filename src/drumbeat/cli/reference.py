"""Reference: every command's help as one Markdown page, so that the page cannot be out of date.

python -m drumbeat.cli.reference > docs/reference/cli.md
"""

import sys
from collections.abc import Iterator

import click

from drumbeat.cli.exits import PROGRAM, Exit
from drumbeat.cli.main import cli

_WIDTH = 88
_MEANINGS = {
    Exit.OK: "it worked",
    Exit.ERROR: "it did not, and the message says why",
    Exit.INVALID: "the command or a file is not valid",
    Exit.NOT_FOUND: "what was named is not there",
    Exit.REFUSED: "the gate or a rule refused",
    Exit.NEEDS_APPROVAL: "it is filed and waits for another person",
    Exit.CONNECTOR: "a connection does not work",
    Exit.OVERDUE: "something waits for a person past its time",
    Exit.INTERRUPTED: "it was interrupted",
}
_HEAD = """# Command line

This page is made from the commands' own help by `python -m drumbeat.cli.reference`.

Data goes to stdout and prose to stderr, so that `drumbeat status --json | jq` works. Every `--json`
document carries `format_version` and `kind`; what is unknown is `null`, times are ISO 8601. Away
from a terminal, tables are plain text with one whole line a row. `NO_COLOR` is honored.

`-C DIR` names the workspace (default: the nearest folder above with a `drumbeat.yaml`). `--as` and
`--database` may be set once, as `DRUMBEAT_PERSON` and `DRUMBEAT_DATABASE`.
"""


def reference() -> str:
    """The whole page."""
    codes = "\n".join(f"| {code.value} | {text} |" for code, text in _MEANINGS.items())
    table = f"## Exit codes\n\n| Code | Meaning |\n|---|---|\n{codes}\n"
    commands = (_section(names, command) for names, command in _walk((PROGRAM,), cli))
    return "\n".join([_HEAD, table, *commands])


def _walk(
    names: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=names[-1])
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _walk((*names, name), inner)


def _section(names: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(
        command,
        info_name=" ".join(names),
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    level = "#" * min(len(names) + 1, 4)
    return f"{level} {' '.join(names)}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
