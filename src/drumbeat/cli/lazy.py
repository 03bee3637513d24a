"""Lazy groups: a sub-command's file is imported when it is called, never before."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """``lazy`` maps a name to its module and its one-line help.

    The module holds a command named ``{name}_command``. The help stands in the table, so that
    listing commands imports none: `check` must not pay for the web.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.lazy:
            return None
        module = import_module(f"drumbeat.cli.{self.lazy[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = did_you_mean(args[0], self.lazy)
            raise click.UsageError(f"{error.message}{hint}", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.lazy.items()])


def did_you_mean(wrong: str, known: Mapping[str, object]) -> str:
    """A sentence with the closest known word, or nothing."""
    from difflib import get_close_matches

    close = get_close_matches(wrong, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
