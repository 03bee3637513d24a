"""Exit codes, one meaning each, and the one place that turns errors into them."""

import os
import sys
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


PROGRAM = "drumbeat"
# Set by the shell while it completes a word; click answers and exits by itself.
COMPLETION = "_DRUMBEAT_COMPLETE"


class Failure(Exception):
    """A command cannot go on: what happened, where, and what to do; with the exit code."""

    def __init__(self, message: str, code: Exit = Exit.ERROR) -> None:
        super().__init__(message)
        self.code = code


class FileInvalid(Failure):
    """A file cannot be read: every line of the message is ``file:line: what is wrong``."""

    def __init__(self, message: str) -> None:
        super().__init__(message, Exit.INVALID)


def run(command: click.Command) -> int:
    """Run it; prose goes to stderr, the code says how it went. Nothing unexpected hides."""
    if COMPLETION in os.environ:
        command.main(prog_name=PROGRAM)
    try:
        return _code_of(command)
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted. What is left unwritten must not complain
        # when the interpreter closes stdout.
        _write_to_nowhere()
        return Exit.OK
    except OSError as error:
        _tell(_os_advice(error))
        _write_to_nowhere()
        return Exit.ERROR


def _code_of(command: click.Command) -> int:
    try:
        code = _result_of(command)
        sys.stdout.flush()
    except FileInvalid as invalid:
        # Bare, so that editors and other tools find file and line at the start.
        click.echo(str(invalid), err=True)
        return invalid.code
    except Failure as failure:
        _tell(str(failure))
        return failure.code
    except (KeyboardInterrupt, EOFError, click.exceptions.Abort):
        _tell("interrupted")
        return Exit.INTERRUPTED
    except click.NoSuchOption as error:
        error.show()
        if error.ctx is not None and isinstance(error.ctx.command, click.Group):
            click.echo("Options of a command stand after it: drumbeat status -C DIR", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except UnicodeEncodeError as error:
        _tell(f"the output cannot be written as {error.encoding}; set PYTHONUTF8=1")
        return Exit.ERROR
    return code if isinstance(code, int) else Exit.OK


def _result_of(command: click.Command) -> object:
    # Not command.main(): that ends the process with code 1 when the reader of a pipe is gone.
    try:
        with command.make_context(PROGRAM, sys.argv[1:]) as context:
            return command.invoke(context)
    except click.exceptions.Exit as early:
        return early.exit_code


def _tell(text: str) -> None:
    click.echo(f"drumbeat: {text}", err=True)


def _write_to_nowhere() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _os_advice(error: OSError) -> str:
    import errno

    where = f": {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full{where}; free some space and run it again, nothing is half-written"
    return f"{error.strerror or error}{where}"
