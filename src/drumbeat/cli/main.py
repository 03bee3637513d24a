"""The command line: every sub-command is its own file, imported only when it is called."""

import gc
import os
import sys

import click

from drumbeat.cli.lazy import LazyGroup

# Command name to the module of this package that holds it, and its one-line help.
COMMANDS = {
    "init": ("init", "Scaffold a workspace"),
    "new": ("new", "Ask for one more campaign"),
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
    "delegate": ("delegate", "Let somebody answer in your place"),
    "undo": ("undo", "Take an approval back before it takes effect"),
    "rebuild": ("rebuild", "Build a cycle that waits at its review again"),
    "freeze": ("hold", "Stop everything but what lowers risk"),
    "unfreeze": ("hold", "Lift a freeze"),
    "observe": ("hold", "Record what would be done, and do nothing"),
    "rollback": ("rollback", "Take a decision back"),
    "policy": ("policy", "Show, explain and test the action matrix"),
    "budget": ("budget", "What every cap allows, and what is promised and spent"),
    "autonomy": ("autonomy", "How far agents may go alone, and on what evidence"),
    "shadow": ("shadow", "What agents would have done beside what people did"),
    "report": ("report", "The weekly review as a document"),
    "password": ("password", "Set the password a person signs in with"),
    "token": ("token", "Tokens for programs that use the API"),
    "sla": ("sla", "Promises and how much of them is used up"),
    "escalation": ("escalation", "What went wrong: acknowledge, resolve, snooze, silence"),
    "incident": ("incident", "The story of a trouble, and what to do"),
    "connect": ("connect", "Say what a connection may do"),
    "contact": ("contact", "Erase a contact who asked to be forgotten"),
    "guest": ("guest", "Links for people without an account, and erasing what they said"),
    "ledger": ("ledger", "Verify or export the ledger"),
    "import": ("history", "Bring in history from a CSV export"),
    "doctor": ("doctor", "Check the machine, the database and every connection"),
    "detect": ("detect", "Find anomalies in a CSV series"),
    "forecast": ("forecast", "Forecast a daily CSV series"),
    "lift": ("lift", "Measure incremental lift from a CSV"),
    "allocate": ("allocate", "Split a budget by response curves"),
    "bench": ("bench", "Measure the agents in made-up markets"),
    "backtest": ("backtest", "Replay an ads export: the agent, rules and people"),
    "experiment": ("experiment.group", "Size, analyze and list experiments"),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="drumbeat")
def cli() -> None:
    """Runs recurring marketing campaigns end to end; people stay in charge."""


def main() -> None:
    """The entry point: runs a command and turns what it raises into an exit code."""
    from drumbeat.cli.exits import run
    from drumbeat.cli.interrupts import INTERRUPTS
    from drumbeat.cli.streams import open_all

    open_all()
    INTERRUPTS.listen()
    # Starting up makes many objects that all stay; looking through them for garbage again and
    # again costs a sixth of a short command's time.
    gc.set_threshold(50_000, 20, 20)
    # Records are validated by pydantic, which otherwise looks through every installed package for
    # plugins of its own before the first one; who has some says so in this variable.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Our matrices are small: numpy's own threads would only spin beside each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(run(cli))


if __name__ == "__main__":
    main()
