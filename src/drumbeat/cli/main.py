"""The command line: every sub-command is its own file, imported only when it is called."""

import sys
from importlib import import_module

import click

# Command name to the module of this package that holds it, and its one-line help. The help is
# repeated here so that `drumbeat --help` imports nothing.
COMMANDS = {
    "init": ("init", "Scaffold a workspace"),
    "demo": ("demo", "Run three campaigns in a simulated market"),
    "check": ("check", "Validate the files of a workspace"),
    "schema": ("schema", "Print the JSON Schema of a file kind"),
    "up": ("up", "Run a workspace: worker, clocks and web page"),
    "worker": ("worker", "Run one more worker on the same Postgres database"),
    "status": ("status", "What is running"),
    "attention": ("attention", "What needs a person"),
    "changes": ("changes", "What changed, who changed it, and why"),
    "approve": ("answer", "Approve a proposal"),
    "reject": ("answer", "Reject a proposal"),
    "freeze": ("hold", "Stop everything but what lowers risk"),
    "unfreeze": ("hold", "Lift a freeze"),
    "observe": ("hold", "Record what would be done, and do nothing"),
    "rollback": ("rollback", "Take a decision back"),
    "connect": ("connect", "Say what a connection may do"),
    "ledger": ("ledger", "Verify or export the ledger"),
    "import": ("history", "Bring in history from a CSV export"),
    "doctor": ("doctor", "Check the machine, the database and every connection"),
    "detect": ("detect", "Find anomalies in a CSV series"),
    "forecast": ("forecast", "Forecast a daily CSV series"),
    "lift": ("lift", "Measure incremental lift from a CSV"),
    "allocate": ("allocate", "Split a budget by response curves"),
    "experiment": ("experiment", "Size, analyze and list experiments"),
}


class LazyGroup(click.Group):
    """Imports a sub-command when it is used, never before: `check` must not pay for the web."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"drumbeat.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.message}{_did_you_mean(args[0])}", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="drumbeat")
def cli() -> None:
    """Runs recurring marketing campaigns end to end; people stay in charge."""


def main() -> None:
    """The entry point: runs a command and turns what it raises into an exit code."""
    from drumbeat.cli.exits import run

    sys.exit(run(cli))


def _did_you_mean(wrong: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(wrong, COMMANDS, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


if __name__ == "__main__":
    main()
