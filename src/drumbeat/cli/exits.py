"""Exit codes, one meaning each, and the one place that turns errors into them."""

from enum import IntEnum

import click


class Exit(IntEnum):
    """What the shell learns of a command."""

    OK = 0
    ERROR = 1
    INVALID = 2
    NOT_FOUND = 3
    REFUSED = 4
    NEEDS_APPROVAL = 5
    CONNECTOR = 6
    OVERDUE = 10
    INTERRUPTED = 130


class Failure(Exception):
    """A command cannot go on: what happened, where, and what to do; with the exit code."""

    def __init__(self, message: str, code: Exit = Exit.ERROR) -> None:
        super().__init__(message)
        self.code = code


def run(command: click.Command) -> int:
    """Run it; prose goes to stderr, the code says how it went. Nothing unexpected hides."""
    try:
        code = command.main(standalone_mode=False)
    except Failure as failure:
        click.echo(f"drumbeat: {failure}", err=True)
        return failure.code
    except click.exceptions.Abort:
        click.echo("drumbeat: interrupted", err=True)
        return Exit.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        return Exit.OK
    except OSError as error:
        click.echo(f"drumbeat: {_os_advice(error)}", err=True)
        return Exit.ERROR
    return code if isinstance(code, int) else Exit.OK


def _os_advice(error: OSError) -> str:
    import errno

    where = f": {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"the disk is full{where}; free some space and run it again, nothing is half-written"
    return f"{error.strerror or error}{where}"
